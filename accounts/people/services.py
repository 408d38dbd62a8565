"""People: registering, and switching users and organizations off and on."""

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.access.actor import Actor
from accounts.audit import journal
from accounts.lifecycle import USER
from accounts.machine import executor
from accounts.models import Organization, SignIn, User
from accounts.people import companies
from accounts.people.hashers import Md5Argon2Hasher
from config.kernel import ids, names
from config.kernel.errors import Code, Forbidden, Invalid, NameTaken
from config.kernel.roles import Role
from config.kernel.states import Table, Verb


def register(name: str, role: Role, *, by: Actor, password: str | None = None, email: str = "") -> User:
    """A new user: a developer in a company of their own, zoon and god as admins of the super corp (S10).

    `password` is plain text; None: cannot sign in by password. Raises Invalid for the name, NameTaken for
    the name or the e-mail, Forbidden for a caller who is not the system: nobody makes more than a developer, and that
    only where the platform lets people sign up.
    """
    is_signing_up = by.is_anonymous and role is Role.DEVELOPER and settings.SIGNUP
    if not (by.is_system or is_signing_up):
        raise Forbidden(verb=Verb.ADD, kind=USER.kind)
    name = names.clean_user_name(name)
    user = User(name=name, name_key=names.name_key(name), email=email.strip().lower(), role=role)
    user.set_password(password)  # Argon2 takes its time: before the transaction, which holds locks
    user.is_corp_admin = True
    try:
        with transaction.atomic():
            user.corp = super_corp() if role is not Role.DEVELOPER else companies.found(name, by=by)
            event = executor.add(USER, user, by=by, after={"role": str(role), "corp": user.corp.key})
            journal.write_personal(event, {}, {"name": name, "email": user.email})
    except IntegrityError as error:
        raise NameTaken(field="email" if "email" in str(error) else "name") from None
    return user


def super_corp() -> Organization:
    """The platform's own company, made by the first migration."""
    return Organization.objects.get(kind=Organization.Kind.CORP, key=ids.SUPER)


def super_shop() -> Organization:
    """The platform's own shop: every credential's, unless its maker asked for another."""
    return Organization.objects.get(kind=Organization.Kind.SHOP, key=ids.SUPER)


def find_shop(key: str) -> Organization:
    """The shop of an id that somebody gave. Raises Invalid."""
    found = Organization.objects.filter(kind=Organization.Kind.SHOP, key=key if ids.is_key(key) else "")
    if (shop := found.select_related("parent__parent").first()) is None:
        raise Invalid(Code.BAD_CHOICE, field="shop", allowed="the id of a shop")
    return shop


def switch(table: Table, row: Any, verb: Verb, *, by: Actor, **given: Any) -> executor.Done:
    """DIS, ENB or DEL of a user, an organization or a credential. Raises WrongState, RESERVED, Forbidden.

    Disabling a user ends all their logins and sessions in the same transaction (S5).
    """
    if not by.is_system:
        raise Forbidden(verb=verb, kind=table.kind)
    with transaction.atomic():
        locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
        return executor.apply(table, locked, verb, by=by, given=given)


def change_password(user: User, password: str, *, by: Actor, md5: bool = False) -> None:
    """Set a new password; all logins and sessions end with the old one (S5). `md5`: the md5 hex of it is given."""
    fresh = User()
    fresh.set_password(password)
    if md5:
        fresh.password = Md5Argon2Hasher().encode_md5(password)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        changes = {"password": fresh.password, "login_epoch": locked.login_epoch + 1}
        executor.edit(USER, locked, changes, by=by, shown={"password": "changed"})
        # Whoever knew the old one may have left an address behind, and is known where they came from.
        EmailAddress.objects.filter(user=locked, verified=False, primary=False).delete()
        SignIn.objects.filter(user=locked).delete()
