"""Grants are given in this one place: the owner's with the thing, others' by the owner alone (domain.md §3, S9)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.access.actor import Actor
from accounts.access.visibility import held_share
from accounts.audit import journal
from accounts.machine import executor
from accounts.models import FOREVER, Grant, User
from accounts.models.grant import permission_of, share_of
from config.kernel import registry
from config.kernel.errors import Code, Forbidden, Invalid, WrongState
from config.kernel.roles import Share
from config.kernel.states import Table


def own(thing: Any, *, by: Actor) -> None:
    """The owner's grant, part of ADD: its event tells it."""
    assert by.user is not None
    _grants(thing).create(**_row(thing, by.user, Share.OWNER, by=by))


def share(thing: Any, user: User, role: Share, *, by: Actor, ends_at: datetime = FOREVER) -> Grant:
    """Give a user a role on a thing, until `ends_at`; a second time replaces the first, or changes nothing.

    Raises Forbidden for anybody but the owner, Invalid (BAD_CHOICE) for the owner's own role or grant,
    WrongState for a thing in the bin.
    """
    table = registry.kind_of(thing).table
    with transaction.atomic():
        found = _found_by_owner(table, thing, by)
        former = found.grants.filter(user=user).select_related("permission").first()
        if role is Share.OWNER or (former is not None and share_of(former.permission.codename) is Share.OWNER):
            raise Invalid(Code.BAD_CHOICE, field="role", allowed="viewer, operator")
        if found.deleted_at is not None:
            raise WrongState(verb="share", state="DELETED", kind=table.kind)
        if former is not None and (share_of(former.permission.codename), former.ends_at) == (role, ends_at):
            return former
        row = _row(found, user, role, by=by) | {"ends_at": ends_at}
        grant, _ = found.grants.update_or_create(user=user, defaults=row)
        before = _told(former) if former else {}
        told = {"user": user.key, **_told(grant)}
        journal.write(by, "SHARE", executor.about(table, found), before, told)
    return grant


def unshare(thing: Any, user: User, *, by: Actor) -> bool:
    """Take a user's grant away; False where there was none. Raises Forbidden for anybody but the owner."""
    table = registry.kind_of(thing).table
    with transaction.atomic():
        found = _found_by_owner(table, thing, by)
        grants = found.grants.filter(user=user).exclude(permission__codename__startswith=f"{Share.OWNER}_")
        if not grants.delete()[0]:
            return False
        journal.write(by, "UNSHARE", executor.about(table, found), {"user": user.key}, {})
    return True


def _found_by_owner(table: Table, thing: Any, by: Actor) -> Any:
    """The row, locked, for its owner alone. Raises NotVisible, Forbidden."""
    found = executor.find(type(thing)._default_manager.all(), thing.key, by=by, kind=table.kind)
    if not by.is_system and held_share(found) is not Share.OWNER:
        raise Forbidden(verb="share", kind=table.kind)
    return found


def _told(grant: Grant) -> dict[str, Any]:
    role = share_of(grant.permission.codename)
    ends_at = None if grant.ends_at == FOREVER else grant.ends_at
    return {"role": role.name.lower() if role else "", "ends_at": ends_at}


def _grants(thing: Any) -> Any:
    return type(thing).grants.rel.related_model._default_manager


def _row(thing: Any, user: User, role: Share, *, by: Actor) -> dict[str, Any]:
    table = registry.kind_of(thing).table
    return {
        "content_object": thing,
        "user": user,
        "permission": permission_of(table.app, f"{role}_{table.kind}"),
        "granted_by": by.user,
        "ends_at": FOREVER,
    }
