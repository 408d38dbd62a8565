"""What time does, written down: bans that ended, things too long in the bin, minutes of refusals that are over."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.access.actor import Actor
from accounts.audit import journal
from accounts.machine import executor, notices
from config.kernel import registry
from config.kernel.errors import DomainError, WrongState
from config.kernel.states import Verb, is_banned


def expire_states(now: datetime | None = None) -> int:
    """Write down every ban that has ended, with an event by the system. How many there were."""
    by = Actor.system(now)
    settled = 0
    for kind in registry.kinds():
        keys = kind.model._default_manager.filter(expires_at__lte=by.now).values_list("pk", flat=True)
        for key in list(keys):
            with transaction.atomic():
                row = kind.model._default_manager.select_for_update().filter(pk=key).first()
                settled += row is not None and executor.settle(kind.table, row, by=by)
    return settled


def purge_deleted(now: datetime | None = None) -> int:
    """Remove what has been in the bin for more than POLIS_BIN_DAYS, with everything under it.

    What an administrator has closed stays, and so does whatever it stands in (S7).

    How many things went, those under others not counted.
    """
    by = Actor.system(now)
    before = by.now - timedelta(days=settings.BIN_DAYS)
    purged = 0
    for kind in registry.kinds():
        if not hasattr(kind.model, "grants"):
            continue  # credentials that have ended stay as a record
        model: Any = kind.model
        binned = model._default_manager.all().binned_before(before)
        for key in list(binned.values_list("pk", flat=True).order_by("pk")):
            purged += _purge(kind, key, before, by)
    return purged


def _purge(kind: registry.Kind, key: int, before: datetime, by: Actor) -> bool:
    # What cannot go yet must not hold up the rest.
    with suppress(DomainError, WrongState), transaction.atomic():
        rows: Any = kind.model._default_manager.select_for_update()
        row: Any = rows.filter(pk=key).binned_before(before).first()
        if row is None or is_banned(row.facts, by.now) or executor.is_closed_above(row, by.now):
            return False
        executor.remove(kind.table, row, by=by, is_retention=True)
        notices.of_verb(kind.name, row, Verb.DEL, by=by, by_time=True)
        return True
    return False


def write_tallies(now: datetime | None = None) -> int:
    """Write down the refusals of the minutes that are over."""
    return journal.write_tallies(Actor.system(now).now)
