"""Emptying one thing out of the bin by hand: by who has just proved who they are and has typed its name."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.access.actor import Actor
from accounts.machine import executor
from config.kernel.errors import Code, Invalid, WrongState
from config.kernel.states import Order, State, Table, Verb


@dataclass(frozen=True, slots=True)
class Purged:
    """How many things of each kind are gone for good, or would be."""

    removed: Mapping[str, int]
    is_dry: bool


def purge(table: Table, queryset: Any, key: str, *, by: Actor, read: executor.Reader) -> Purged:
    """DEL out of the bin. `read` gives `confirm`, and `dry_run`: look at what would go.

    Raises as `executor.fire`, REAUTHENTICATE, Invalid (NOT_CONFIRMED), WrongState outside the bin, HAS_CHILDREN while
    something below is not in it.
    """
    with transaction.atomic():
        thing = executor.find(queryset, key, by=by, kind=table.kind)
        executor.permit(table, thing, Verb.DEL, by=by)
        check_proved(Verb.DEL, by)
        given = dict(read())
        if given["confirm"] != thing.name:
            raise Invalid(Code.NOT_CONFIRMED, field="confirm")
        check_binned(table, thing, by=by)
        removed = Counter(doomed.kind for doomed, _ in executor.contents(table, thing, by=by))
        if not given.get("dry_run"):
            executor.apply(table, thing, Verb.DEL, by=by, given={})
    return Purged(removed, bool(given.get("dry_run")))


def check_proved(verb: Verb, by: Actor) -> None:
    """Pass, or REAUTHENTICATE: who removes for good by hand has just proved who they are (S3)."""
    if verb is Verb.DEL:
        by.check_fresh()


def check_binned(table: Table, thing: Any, *, by: Actor) -> None:
    """Pass, or WrongState outside the bin, or as the lifecycle refuses DEL to the caller."""
    if (state := thing.state_at(by.now)) is not State.DELETED:
        raise WrongState(verb=Verb.DEL, state=state.name, kind=table.kind)
    executor.judge(table, thing, Order(Verb.DEL, now=by.now, by=by.key, side=by.side_in(Verb.DEL)))
