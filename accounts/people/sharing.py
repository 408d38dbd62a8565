"""Grants are given in this one place: the owner's with the thing, others' by the owner alone (domain.md §3, S9).

Whom an id or a mail belongs to, nobody learns here: a grant to an id that is nobody's looks as if it were in force, one
to a mail is an offer, whether or not somebody has that mail (S13).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from accounts.access.actor import Actor
from accounts.access.visibility import held_share
from accounts.audit import journal
from accounts.machine import executor, knowing, notices
from accounts.models import FOREVER, Grant, User
from accounts.models.grant import permission_of
from accounts.people import grants
from config.kernel import ids, names, registry
from config.kernel.errors import Code, Forbidden, Invalid, LimitReached, NotVisible, WrongState
from config.kernel.registry import Kind
from config.kernel.roles import Share
from config.kernel.states import check_future

SHARE, UNSHARE = "SHARE", "UNSHARE"
ROLES = {"viewer": Share.VIEWER, "operator": Share.OPERATOR}
GRANTS_PER_THING = 500


def own(thing: Any, *, by: Actor, owner: User | None = None) -> None:
    """The owner's grant, `by`'s own unless another is named: part of ADD or of a transfer, whose event tells it."""
    assert by.user is not None
    kind, live = registry.kind_of(thing), thing.deleted_at is None
    terms = _terms(kind, Share.OWNER, FOREVER, by)
    grants.table_of(kind).create(content_object=thing, user=owner or by.user, live=live, **terms)


def share(kind: Kind, key: str, *, by: Actor, read: executor.Reader) -> Grant:
    """Give a role on the thing of a key; to the same person a second time replaces the first, or changes nothing.

    `read` gives `user` (an id or a mail), `role` (a Share) and `ends_at`. Raises NotVisible; Forbidden for anybody but
    the owner, OUT_OF_SCOPE; Invalid for what is no id and no mail, for the owner's own role or grant, for an end that
    has passed; WrongState for a thing in the bin; LimitReached.
    """
    with transaction.atomic():
        thing = find_for_owner(kind, key, SHARE, by=by)
        by.check_new()
        given = read()
        addressee = _clean_addressee(given["user"])
        role, ends_at = given["role"], _clean_end(given.get("ends_at"), by)
        former = _former(thing, addressee)
        if role is Share.OWNER or (former is not None and former.share is Share.OWNER):
            field, allowed = ("role", ", ".join(ROLES)) if role is Share.OWNER else ("user", "others than its owner")
            raise Invalid(Code.BAD_CHOICE, field=field, allowed=allowed)
        if thing.deleted_at is not None:
            raise WrongState(verb=SHARE, state="DELETED", kind=kind.name)
        person = User.objects.filter(key=addressee).first()  # nobody's key is a mail
        if former is None or former.ends_at <= by.now:
            LimitReached.check(thing.grants.filter(ends_at__gt=by.now)[:GRANTS_PER_THING].count(), GRANTS_PER_THING)
        if former is not None:
            return _change(kind, thing, former, role, ends_at, by=by)
        invited = "" if person is not None else addressee
        grant: Grant = thing.grants.create(user=person, invited=invited, **_terms(kind, role, ends_at, by))
        journal.write(by, SHARE, executor.about(kind.table, thing), {}, _told(grant, addressee))
        notices.of_share(kind.name, thing, grant, addressee, by=by)
        return grant


def alter(key: str, *, by: Actor, read: executor.Reader) -> Grant:
    """Change role or end of a grant; `read` gives any of `role` and `ends_at`. Raises as `share`, and STALE."""
    with transaction.atomic():
        kind, thing, grant = _found(key, SHARE, by=by)
        given = read()
        if thing.deleted_at is not None:
            raise WrongState(verb=SHARE, state="DELETED", kind=kind.name)
        ends_at = _clean_end(given["ends_at"], by) if "ends_at" in given else grant.ends_at
        return _change(kind, thing, grant, given.get("role", grant.share), ends_at, by=by)


def unshare(key: str, *, by: Actor) -> None:
    """Take a grant or an offer away. Raises NotVisible, Forbidden for anybody but the owner, STALE."""
    with transaction.atomic():
        kind, thing, grant = _found(key, UNSHARE, by=by)
        told = _told(grant, _addressee(grant))
        grant.delete()
        journal.write(by, UNSHARE, executor.about(kind.table, thing), told, {})
        knowing.of_grant(kind, thing, grant, grant.share, _addressee(grant), by=by)


def accept(key: str, *, by: Actor, read: executor.Reader = dict) -> Grant:
    """Take up an offer made to one's mail. Raises as `_offered`, WrongState for a binned thing."""
    with transaction.atomic():
        kind, thing, grant = _offered(key, by)
        read()
        if grant.user_id is not None:
            return grant
        if thing.deleted_at is not None:
            raise WrongState(verb=SHARE, state="DELETED", kind=kind.name)
        assert by.user is not None
        former = thing.grants.filter(user=by.user).select_related("permission").first()
        if former is not None and former.share is Share.OWNER:
            raise WrongState(verb=SHARE, state="ENABLED", kind=kind.name)
        if former is not None:
            former.delete()
        grant.user, grant.invited = by.user, ""
        _save(grant, "user", "invited")
        before = _told(former, by.user.key) if former is not None else {}
        journal.write(by, SHARE, executor.about(kind.table, thing), before, _told(grant, by.user.key))
        if former is not None and former.share is not grant.share:
            knowing.of_grant(kind, thing, grant, former.share, by.user.key, by=by)
        return grant


def decline(key: str, *, by: Actor, read: executor.Reader = dict) -> None:
    """Turn down an offer that was made to one's mail. Raises as `_offered`; WrongState once it is taken up."""
    with transaction.atomic():
        kind, thing, grant = _offered(key, by)
        read()
        if grant.user_id is not None:
            raise WrongState(verb=UNSHARE, state="ENABLED", kind=kind.name)
        told = _told(grant, "")
        grant.delete()
        journal.write(by, UNSHARE, executor.about(kind.table, thing), told, {})


def find_for_owner(kind: Kind, key: str, verb: str, *, by: Actor) -> Any:
    """The thing, locked, for its owner alone. Raises NotVisible, Forbidden, OUT_OF_SCOPE."""
    thing = executor.find(kind.model._default_manager.all(), key, by=by, kind=kind.name)  # type: ignore[arg-type]
    if not by.is_system and held_share(thing) is not Share.OWNER:
        raise Forbidden(verb=verb, kind=kind.name)
    by.check_scope(verb)
    return thing


def check_may_share(kind: Kind, key: str, *, by: Actor) -> None:
    """Pass, or raise as `share` would before it is given anything."""
    with transaction.atomic():
        find_for_owner(kind, key, SHARE, by=by)


def _found(key: str, verb: str, *, by: Actor) -> tuple[Kind, Any, Grant]:
    """A grant that the owner may change, and its thing; both locked, the thing first. Raises as `find_for_owner`."""
    seen = grants.find(key, by=by)
    kind = registry.kind_of(seen.content_object)
    try:
        thing = find_for_owner(kind, seen.content_object.key, verb, by=by)
    except NotVisible:  # who has an offer need not see the thing
        raise Forbidden(verb=verb, kind=kind.name) from None
    grant = _locked(thing, key, by)
    if grant.share is Share.OWNER:
        raise Forbidden(verb=verb, kind=kind.name)
    by.check_version(grant)
    return kind, thing, grant


def _offered(key: str, by: Actor) -> tuple[Kind, Any, Grant]:
    """An offer to one's own mail, and its thing, both locked. Raises NotVisible, Forbidden for others', STALE.

    What was offered and is one's own by now is found too: to take it up again changes nothing.
    """
    seen = grants.find(key, by=by)
    by.check_scope(SHARE)
    by.check_unbound()
    kind = registry.kind_of(seen.content_object)
    thing: Any = kind.model._default_manager.select_for_update().filter(pk=seen.content_object.pk).first()
    if thing is None:  # it went while it was waited for, and the offer with it
        raise NotVisible(kind="grant")
    grant = _locked(thing, key, by)
    assert by.user is not None
    is_mine = grant.user_id == by.user.pk and grant.share is not Share.OWNER
    if not is_mine and not (grant.is_pending and grant.invited == by.user.email):
        raise Forbidden(verb=SHARE, kind=kind.name)
    by.check_version(grant)
    return kind, thing, grant


def _locked(thing: Any, key: str, by: Actor) -> Grant:
    locked = thing.grants.select_for_update(of=("self",))
    # The content type is what guardian looks at when a grant is saved.
    rows = locked.select_related("permission__content_type", "granted_by", "user")
    grant: Grant | None = rows.filter(key=key, ends_at__gt=by.now).first()
    if grant is None:  # it went while the thing was waited for
        raise NotVisible(kind="grant")
    return grant


def _former(thing: Any, addressee: str) -> Grant | None:
    found: Any = thing.grants.select_related("permission", "user")
    return found.filter(Q(user__key=addressee) | Q(user=None, invited=addressee)).first()


def _change(kind: Kind, thing: Any, grant: Grant, role: Share, ends_at: datetime, *, by: Actor) -> Grant:
    if (grant.share, grant.ends_at) == (role, ends_at):
        return grant
    before, former, was_over = _told(grant, _addressee(grant)), grant.share, grant.ends_at <= by.now
    grant.permission = permission_of(kind.table.app, f"{role}_{kind.name}")
    grant.ends_at, grant.granted_by = ends_at, by.user
    _save(grant, "permission", "ends_at", "granted_by")
    journal.write(by, SHARE, executor.about(kind.table, thing), before, _told(grant, _addressee(grant)))
    if role is not former or was_over:
        notices.of_share(kind.name, thing, grant, _addressee(grant), by=by)
        knowing.of_grant(kind, thing, grant, former, _addressee(grant), by=by)
    return grant


def _save(grant: Grant, *fields: str) -> None:
    grant.version += 1
    grant.save(update_fields=["version", *fields])


def _clean_addressee(text: str) -> str:
    """An id, or a mail in lower case. Raises Invalid."""
    if ids.is_key(text):
        return text
    # In lower case some letters are two.
    mail = names.clean_text(text.lower(), field="user", longest=254)
    try:
        validate_email(mail)
    except ValidationError:
        raise Invalid(Code.WRONG_TYPE, field="user", expected="a user's id or e-mail address") from None
    return mail


def _clean_end(ends_at: datetime | None, by: Actor) -> datetime:
    """Without an end it is for good. Raises EXPIRES_IN_PAST."""
    check_future(ends_at, by.now, field="expires_at")
    return ends_at or FOREVER


def _terms(kind: Kind, role: Share, ends_at: datetime, by: Actor) -> dict[str, Any]:
    permission = permission_of(kind.table.app, f"{role}_{kind.name}")
    return {"permission": permission, "ends_at": ends_at, "granted_by": by.user, "created_at": by.now}


def _addressee(grant: Grant) -> str:
    return grant.user.key if grant.user is not None else grant.invited


def told(grant: Grant) -> Mapping[str, Any]:
    """What the trail says of a grant that is in force."""
    return _told(grant, _addressee(grant))


def _told(grant: Grant, addressee: str) -> Mapping[str, Any]:
    """What the trail says: people by id, and of a mail nothing but the offer's id (S18)."""
    whom = {"offer": grant.key} if "@" in addressee or not addressee else {"user": addressee}
    ends_at = None if grant.ends_at == FOREVER else grant.ends_at
    return {**whom, "role": _role_name(grant.share), "ends_at": ends_at}


def _role_name(share: Share | None) -> str:
    return share.name.lower() if share is not None else ""
