"""Which verbs somebody may do to a thing now: the executor's own questions, asked without doing anything."""

from typing import Any

from accounts.access.actor import Actor
from accounts.machine import executor
from config.kernel.errors import DomainError
from config.kernel.states import Order, State, Table, Verb, settled


def offers(table: Table, thing: Any, *, by: Actor) -> list[Verb]:
    """The verbs that would change something, in the order of the table. `thing` comes from `.visible_to(by)`."""
    return [row.verb for row in table.rows if row.sets and _would_change(table, thing, row.verb, by)]


def check(table: Table, thing: Any, verb: Verb, *, by: Actor) -> bool:
    """Would the verb change something? Raises what stands in its way, as `executor.fire`."""
    executor.permit(table, thing, verb, by=by)
    after = executor.judge(table, thing, Order(verb, now=by.now, by=by.key, side=by.side_in(verb)))
    if verb is Verb.DIS and thing.state_at(by.now) is State.DISABLED:
        return _can_amend(table, thing, by)
    return table.row(verb).sets == ("gone", True) or after != settled(thing.facts, by.now)


def _would_change(table: Table, thing: Any, verb: Verb, by: Actor) -> bool:
    try:
        return check(table, thing, verb, by=by)
    except DomainError:
        return False


def _can_amend(table: Table, thing: Any, by: Actor) -> bool:
    """Whose ban may be amended gives another reason, and sees whether that would count (S7)."""
    order = Order(Verb.DIS, now=by.now, by=by.key, side=by.side_in(Verb.DIS), reason=f"{thing.reason}.")
    return executor.judge(table, thing, order) != settled(thing.facts, by.now)
