"""People, as administrators handle them: looking at them, closing them, giving them a role (S10).

A zoon acts on developers, a god on everybody, nobody on themselves; the last enabled god stays.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.access.actor import Actor
from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN, USER
from accounts.machine import executor
from accounts.models import AccessKey, AccessToken, Organization, User
from accounts.people import companies, membership, services
from config.kernel import ids, names
from config.kernel.errors import Code, DomainError, Forbidden, NotVisible
from config.kernel.roles import Role
from config.kernel.states import State, Verb

SET_ROLE = "SETROLE"
_GODS = Q(role=Role.GOD, state=State.ENABLED)
# What a role is given by may be closed, too; the role itself is a god's to give.
_ZOONS = frozenset({Verb.DIS, Verb.ENB})


def listed(*, by: Actor) -> Any:
    """Everybody, for zoon and god; Forbidden for others. Raises OUT_OF_SCOPE, BEYOND_CITIES."""
    if not (by.is_system or by.may_browse):
        raise Forbidden(verb=Verb.QRI, kind=USER.kind)
    by.check_scope(Verb.QRI)
    by.check_unbound()
    return _rows()


def called(text: str) -> Q:
    """Whom somebody may mean: each way is a walk of an index."""
    start = names.name_key(text)
    begins = Q(name_key__gte=start, name_key__lt=f"{start}{chr(0x10FFFF)}")
    return begins | Q(key=User.read_id(text)) | Q(email=text.lower())


def find(key: str, *, by: Actor) -> User:
    """Somebody, for zoon and god; to others nobody is there, they themselves are at `/me`.

    Raises NotVisible, OUT_OF_SCOPE, BEYOND_CITIES.
    """
    user = _seen(key, by)
    by.check_scope(Verb.GET)
    by.check_unbound()
    return user


def may(user: User, verb: str, by: Actor) -> bool:
    """Is the verb this administrator's, on this person?"""
    if by.is_system:
        return True
    if by.user is None or by.user.pk == user.pk:
        return False
    return by.is_god or (by.role is Role.ZOON and verb in _ZOONS and user.platform_role is Role.DEVELOPER)


def switch(key: str, verb: Verb, *, by: Actor, read: executor.Reader = dict) -> executor.Done:
    """DIS or ENB; DIS ends all their logins and sessions (S5). `read` gives `reason` and `expires_at`.

    Raises NotVisible, Forbidden, OUT_OF_SCOPE, BEYOND_CITIES, STALE, Invalid, RESERVED for the last enabled god.
    """
    with transaction.atomic():
        user = _locked(_seen(key, by), by)
        permit(user, verb, by=by)
        return executor.apply(USER, user, verb, by=by, given=read())


def set_role(key: str, *, by: Actor, read: executor.Reader) -> executor.Done:
    """Another role, which `read` gives as `role`: into the super corp as an admin, or out of it (ADR 22).

    All their logins, sessions, tokens and access keys end: none is to be worth more than when it was made, nor to
    outlive the role (S4, S5). Raises as `switch`, REAUTHENTICATE, and as `membership.move`.
    """
    with transaction.atomic():
        user = _locked(_seen(key, by), by)
        permit(user, SET_ROLE, by=by)
        role = Role(read()["role"])
        if user.platform_role is role:
            return executor.Done(user, False)
        if user.is_reserved:
            raise DomainError(Code.RESERVED, verb=SET_ROLE, kind=USER.kind)
        membership.move(user, _company_for(user, role, by), SET_ROLE, by=by, is_admin=True, role=role)
        _end_credentials(user, by)
        return executor.Done(user, True)


def permit(user: User, verb: str, *, by: Actor) -> None:
    """Pass, or Forbidden, OUT_OF_SCOPE, BEYOND_CITIES, REAUTHENTICATE or STALE, for who is known to see them."""
    if not may(user, verb, by):
        raise Forbidden(verb=verb, kind=USER.kind)
    by.check_scope(verb)
    by.check_unbound()
    if verb == SET_ROLE:
        by.check_fresh()
    by.check_version(user)


def check_may(key: str, verb: str, *, by: Actor) -> None:
    """Pass, or raise as the verb would before it is given anything."""
    permit(_seen(key, by), verb, by=by)


def _rows() -> Any:
    return User.objects.select_related("corp")


def _seen(key: str, by: Actor) -> User:
    user: User | None = None
    if by.is_system or by.may_browse:
        user = _rows().filter(key=key if ids.is_key(key) else "").first()
    if user is None:
        raise NotVisible(kind=USER.kind)
    return user


def _locked(seen: User, by: Actor) -> User:
    """Locked, with all on whom it depends: who asks, whose own role may go at this moment, and the gods.

    Raises Forbidden for who is in service as an administrator no more.
    """
    others = _GODS if by.user is None else Q(pk=by.user.pk) | _GODS
    user = membership.lock(seen.key, people_too=others)
    if by.user is not None:
        now = User.objects.get(pk=by.user.pk)
        if now.role != by.user.role or not now.is_enabled(by.now):
            raise Forbidden(kind=USER.kind)
    return user


def _company_for(user: User, role: Role, by: Actor) -> Organization:
    """The super corp; for a developer the company that has waited for them and is still theirs alone, or a new one."""
    if role is not Role.DEVELOPER:
        return services.super_corp()
    kept: Organization | None = Organization.objects.select_for_update().filter(kept_for=user.key).first()
    if kept is None:
        return companies.found(user.name, by=by)
    kept.kept_for = ""
    executor.touch(kept, "kept_for", by=by)
    return kept


def _end_credentials(user: User, by: Actor) -> None:
    """Tokens and access keys, for good, each with its event; those of a signing in end with that."""
    tokens = AccessToken.objects.filter(login=None)
    for table, rows in ((ACCESS_TOKEN, tokens), (ACCESS_KEY, AccessKey.objects.all())):
        live = rows.filter(user=user).exclude(Q(state=State.DELETED) | Q(ends_at__lte=by.now))
        for row in live.select_for_update(of=("self",)).order_by("pk"):
            executor.apply(table, row, Verb.DEL, by=by, given={})
