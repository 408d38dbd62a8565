"""What an operation on many things would do, told beforehand: by the executor's own questions, with no lock."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.access.actor import Actor
from accounts.machine import below, offers, purging
from accounts.models import Operation, OperationItem
from config.kernel import registry
from config.kernel.errors import Code, DomainError, NotVisible
from config.kernel.registry import Kind
from config.kernel.states import State, Verb, is_banned

_AT_A_TIME = 500  # rows


@dataclass(slots=True)
class Outlook:
    """The items of each outcome, and of those passed by, of each reason."""

    done: list[OperationItem] = field(default_factory=list)
    same: list[OperationItem] = field(default_factory=list)
    skipped: dict[str, list[OperationItem]] = field(default_factory=lambda: defaultdict(list))


def look(operation: Operation, *, by: Actor) -> Outlook:
    """Judge each thing as it would be judged now, and do nothing. How much room RCC finds it does not foretell."""
    kind, verb, outlook = registry.kind(operation.kind), Verb(operation.verb), Outlook()
    items = list(operation.items.order_by("pk"))
    for at in range(0, len(items), _AT_A_TIME):
        some = items[at : at + _AT_A_TIME]
        things = {thing.key: thing for thing in _seen(kind, by).filter(key__in=[item.thing for item in some])}
        held = below.holders_of_standing(kind.name, things.values()) if verb is Verb.DEL else set()
        for item in some:
            try:
                changes = _would_change(kind, things.get(item.thing), verb, held, by)
                (outlook.done if changes else outlook.same).append(item)
            except DomainError as error:
                outlook.skipped[error.code].append(item)
    return outlook


def stands(thing: Any, verb: Verb, now: datetime) -> bool:
    """A ban of the administrators' keeps its own reason and end: what is said of many is not said of it."""
    return verb is Verb.DIS and thing.state_at(now) is State.DISABLED and is_banned(thing.facts, now)


def _seen(kind: Kind, by: Actor) -> Any:
    rows: Any = kind.model._default_manager
    seen = rows.visible_to(by)
    return seen.with_chain() if hasattr(seen, "with_chain") else seen


def _would_change(kind: Kind, thing: Any, verb: Verb, held: set[int], by: Actor) -> bool:
    if thing is None:
        raise NotVisible(kind=kind.name)
    changes = offers.check(kind.table, thing, verb, by=by) and not stands(thing, verb, by.now)
    if verb is Verb.DEL:
        purging.check_binned(kind.table, thing, by=by)
        if thing.pk in held:
            raise DomainError(Code.HAS_CHILDREN, children="")
    return changes
