"""Who belongs to which company: moving somebody from one to another, and what ends for them in the one they leave.

Everybody is of one company. Who moves people locks companies first, in the order of their making, then people.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.access.actor import Actor
from accounts.access.visibility import governed_kinds
from accounts.audit import journal
from accounts.lifecycle import ORGANIZATION, USER
from accounts.machine import executor, knowing
from accounts.models import Organization, User
from accounts.models.thing import in_states
from accounts.people import companies, grants, sharing
from config.kernel import ids, registry
from config.kernel.errors import Code, DomainError, Forbidden, LimitReached, NotVisible
from config.kernel.roles import Role, Share
from config.kernel.states import State, Verb

LEAVE, UNINVITE = "LEAVE", "UNINVITE"
MEMBERS_PER_COMPANY = 500


def listed(key: str, *, by: Actor) -> Any:
    """The people of a company, for its people and for who may browse. Raises NotVisible, OUT_OF_SCOPE."""
    return User.objects.filter(corp=companies.find_visible(key, by=by))


def lock(key: str, companies_too: Iterable[int] = (), people_too: Any = None) -> User:
    """A user, locked, with their company, locked before them; `people_too` is a condition of whom else to lock.

    Raises NotVisible. Call it inside a transaction.
    """
    while True:
        seen = User.objects.filter(key=key if ids.is_key(key) else "").values_list("pk", "corp_id").first()
        if seen is None:
            raise NotVisible(kind=USER.kind)
        pk, corp = seen
        wanted = Organization.objects.select_for_update(no_key=True).filter(pk__in={corp, *companies_too})
        held = {company.pk: company for company in wanted.order_by("pk")}
        people = {user.pk: user for user in _lock_people(pk, people_too)}
        if (user := people.get(pk)) is not None and user.corp_id == corp and corp in held:
            user.corp = held[corp]
            return user
        # They have moved while they were waited for.


def _lock_people(pk: int, others: Any) -> Any:
    # Not their keys: who is told of something, or stands in a row that is written, need not be waited for.
    rows = User.objects.select_for_update(no_key=True)
    mine = rows.filter(pk=pk)
    return (mine if others is None else mine | rows.filter(others)).order_by("pk")


def move(
    user: User,
    to: Organization,
    verb: str,
    *,
    by: Actor,
    is_admin: bool,
    role: Role | None = None,
    told: Mapping[str, Any] | None = None,
) -> None:
    """Into another company, and into another role of the platform where one is given; the one event is the user's.

    User and both companies are locked. With them goes what they had of the former one: what its people have granted
    them, and their cities, which its projects leave. An empty company goes with the last of its people; one that holds
    something waits for who gets a role. `told` goes along in the event.

    Raises RESERVED for the last admin among others, LimitReached, HAS_CHILDREN for the last person of a company that
    holds something; WrongState where one of its projects stands in a city of theirs that an administrator has closed.
    """
    check_not_last(user, by)
    if to.key not in ids.RESERVED:
        LimitReached.check(User.objects.filter(corp=to)[:MEMBERS_PER_COMPANY].count(), MEMBERS_PER_COMPANY)
    former, before = user.corp, _standing(user, role)
    user.corp, user.is_corp_admin = to, is_admin
    if role is not None:
        user.role, user.login_epoch = role, user.login_epoch + 1
    executor.touch(user, "corp", "is_corp_admin", "role", "login_epoch", by=by)
    journal.write(by, verb, executor.about(USER, user), before, {**_standing(user, role), **(told or {})})
    for asked in former.invitations.filter(invited_by=user, is_admin=True):
        journal.write(by, UNINVITE, executor.about(ORGANIZATION, former), {"invitation": asked.key}, {})
        asked.delete()
    left = former.pk  # an empty company goes with the last of its people
    # Things before the grants on them, as whoever shares them locks them.
    registry.company_left(former, user, by, keeps=role is not None)
    _end_grants(user, left, by)


def _standing(user: User, role: Role | None) -> dict[str, Any]:
    known = {"role": user.role} if role is not None else {}
    return {**known, "corp": user.corp.key, "is_corp_admin": user.is_corp_admin}


def check_not_last(user: User, by: Actor, *, though_alone: bool = False) -> None:
    """Pass, or RESERVED: others, or with `though_alone` nobody, must not be left without an admin in service.

    The company is locked. In the super corp the role decides.
    """
    others = User.objects.filter(corp=user.corp_id).exclude(pk=user.pk)
    if not user.is_corp_admin or user.corp.key in ids.RESERVED or not (though_alone or others.exists()):
        return
    if not others.filter(in_states([State.ENABLED], by.now), is_corp_admin=True).exists():
        raise DomainError(Code.RESERVED, verb=LEAVE, kind=ORGANIZATION.kind)


def _end_grants(user: User, former: int, by: Actor) -> None:
    """Whatever who leaves it has on the company's things ends, and whatever its people have granted them (S9).

    What is theirs stays theirs, and so does what strangers have given, and offers to a mail: to end these would tell
    whose it is (S13).
    """
    for kind in governed_kinds():
        is_the_companys = Q(granted_by__corp=former)
        if way := getattr(kind.model._default_manager.all(), "to_company", ""):
            is_the_companys |= Q(**{f"content_object__{way}": former})
        held = grants.table_of(kind).filter(is_the_companys, user=user)
        held = held.exclude(permission__codename=f"{Share.OWNER}_{kind.name}")
        rows = held.select_for_update(of=("self",)).select_related("permission", "content_object", "user")
        for grant in rows.order_by("pk"):
            about = executor.about(kind.table, grant.content_object)
            told = sharing.told(grant)
            grant.delete()
            journal.write(by, sharing.UNSHARE, about, told, {})
            knowing.of_grant(kind, grant.content_object, grant, grant.share, user.key, by=by)


def remove(key: str, member: str, *, by: Actor) -> None:
    """Somebody leaves a company, by their own will or its admin's or a god's; they get a company of their own.

    Raises NotVisible, Forbidden, OUT_OF_SCOPE, STALE (of the company's version), RESERVED for the last admin, for the
    only person and for the super corp.
    """
    with transaction.atomic():
        company, user = _found(key, member, LEAVE, by=by)
        check_not_last(user, by, though_alone=True)
        move(user, companies.found(user.name, by=by), LEAVE, by=by, is_admin=True)
        executor.touch(company, by=by)


def set_admin(key: str, member: str, *, by: Actor, read: executor.Reader) -> tuple[Organization, User]:
    """SET: `read` gives `is_admin`. Raises as `remove`, and REAUTHENTICATE for who makes an admin."""
    with transaction.atomic():
        company, user = _found(key, member, Verb.SET, by=by)
        given = read()
        if "is_admin" not in given or given["is_admin"] == user.is_corp_admin:
            return company, user
        if given["is_admin"]:
            by.check_fresh()
        else:
            check_not_last(user, by, though_alone=True)
        grade(user, Verb.SET, by=by, is_admin=given["is_admin"])
        executor.touch(company, by=by)
        return company, user


def grade(user: User, verb: str, *, by: Actor, is_admin: bool, told: Mapping[str, Any] | None = None) -> None:
    """Admin of their company or not; user and company are locked, and it is permitted."""
    before, user.is_corp_admin = {"is_corp_admin": user.is_corp_admin}, is_admin
    executor.touch(user, "is_corp_admin", by=by)
    journal.write(by, verb, executor.about(USER, user), before, {"is_corp_admin": is_admin, **(told or {})})


def _found(key: str, member: str, verb: str, *, by: Actor) -> tuple[Organization, User]:
    """A company and one of its people, both locked, for who may do that. Raises NotVisible, Forbidden, and so on."""
    company = companies.lock_visible(key, by=by)
    is_self = by.user is not None and by.user.key == member and verb == LEAVE
    if not (is_self or companies.manages_now(company, by)):
        raise Forbidden(verb=verb, kind=ORGANIZATION.kind)
    by.check_scope(verb)
    by.check_unbound()
    user = (
        User.objects.select_for_update(no_key=True)
        .filter(key=member if ids.is_key(member) else "", corp=company)
        .first()
    )
    if user is None:
        raise NotVisible(kind=USER.kind)
    by.check_version(company)
    if company.key in ids.RESERVED:
        raise DomainError(Code.RESERVED, verb=verb, kind=ORGANIZATION.kind)
    user.corp = company
    return company, user
