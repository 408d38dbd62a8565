"""What lies in the recycle bin, of all kinds at once, and when it goes for good."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.access import walks
from accounts.access.actor import Actor
from accounts.access.visibility import governed_kinds
from accounts.access.walks import Walk
from accounts.machine import executor
from config.kernel.registry import Kind
from config.kernel.states import Side, State, is_banned


def walk(*, by: Actor, is_all: bool = False) -> Walk:
    """One's own; everybody's, for who may browse. Kind after kind, the newest things first."""
    return walks.chained([(kind.model, walks.keyset(_rows(kind, by, is_all))) for kind in governed_kinds()])


def purge_at(thing: Any, now: datetime) -> datetime | None:
    """When it goes for good by itself; None: what an administrator has closed stays, and what stands in it (S7)."""
    if is_banned(thing.facts, now) or executor.is_closed_above(thing, now):
        return None
    deleted_at: datetime = thing.deleted_at
    return deleted_at + timedelta(days=settings.BIN_DAYS)


def going(kind: Kind, within: timedelta, *, by: Actor) -> Any:
    """One's own of a kind that will have gone by then, but for what an administrator's ban on itself keeps."""
    kept = max(timedelta(), timedelta(days=settings.BIN_DAYS) - within)
    rows = _rows(kind, by, False).binned_before(by.now - kept).not_closed_by(Side.ADMIN, by.now)
    return rows.order_by("deleted_at")


def _rows(kind: Kind, by: Actor, is_all: bool) -> Any:
    things: Any = kind.model._default_manager
    rows = things.reached_by(by).filter(state=State.DELETED) if is_all else things.binned_for(by)
    return rows.with_chain() if hasattr(rows, "with_chain") else rows
