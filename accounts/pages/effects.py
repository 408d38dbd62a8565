"""What a verb does to what stands below a thing, and what of that is in its way: told before it is done."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access.actor import Actor
from accounts.machine import below, executor
from accounts.machine.below import Below, Many
from config.kernel import words
from config.kernel.errors import DomainError
from config.kernel.states import Order, State, Table, Verb, worst

Counted = list[tuple[str, Many]]
ListOf = Callable[[str], str]


def _nowhere(kind: str) -> str:
    """For whoever leads nobody there."""
    return ""


@dataclass(frozen=True, slots=True)
class Effect:
    """A sentence, "" where there is nothing to be said; and what must be in the bin before: words, and where it is."""

    told: str = ""
    in_the_way: tuple[tuple[str, str], ...] = ()


def foretell(table: Table, thing: Any, verb: Verb, *, by: Actor, list_of: ListOf = _nowhere) -> Effect:
    """For somebody who is known to be permitted it; `list_of`: the address of what of a kind stands below it."""
    if not below.kinds_below(table.kind):
        return Effect()
    try:
        after = executor.judge(table, thing, Order(verb, now=by.now, by=by.key, side=by.side_in(verb)))
    except DomainError:  # the verb's own page says what that is
        return Effect()
    counted = below.count(table.kind, thing, by.now)
    if verb is Verb.DEL:
        return _of_removal(counted, list_of)
    return Effect(_of_service(thing, after.state, _of(counted, "serving"), by.now))


def foretell_many(kind: str, verb: Verb, keys: Sequence[str], now: datetime) -> str:
    """The same in short, for many things of a kind: what stands below them, or goes from the bin with them."""
    counted = below.count_of_many(kind, keys, now)
    told = _of(counted, "binned" if verb is Verb.DEL else "standing")
    if not told:
        return _("Nothing stands below them.") if counted else ""
    said = _("With them go for good: %(things)s.") if verb is Verb.DEL else _("Below them stand: %(things)s.")
    return said % {"things": _listed(told)}


def _of_service(thing: Any, after: State, serving: Counted, now: datetime) -> str:
    """Who goes out of service with a thing that is to be in that state, or comes into it."""
    is_serving = thing.effective_at(now) is State.ENABLED
    will_serve = worst([after, *(above.state_at(now) for above in thing.above)]) is State.ENABLED
    if not is_serving and not will_serve:
        return _("Nothing below it is in service now, and nothing will be.")
    if is_serving and will_serve:
        return ""
    if not serving:
        return _("Nothing below it is concerned.")
    things, many = _listed(serving), _sum(serving)
    if is_serving:
        goes = ngettext("%(things)s goes out of service with it.", "%(things)s go out of service with it.", many)
        return goes % {"things": things}
    comes = ngettext("%(things)s comes into service with it.", "%(things)s come into service with it.", many)
    return comes % {"things": things}


def _of_removal(counted: list[Below], list_of: ListOf) -> Effect:
    """What goes with it from the bin; what does not lie there is in the way."""
    binned, standing = _of(counted, "binned"), _of(counted, "standing")
    in_the_way = tuple((_word(kind, many), list_of(kind)) for kind, many in standing)
    if not binned:
        return Effect("" if standing else _("Nothing stands below it."), in_the_way)
    many = _sum(binned)
    goes = ngettext(
        "%(things)s in the recycle bin goes for good with it.",
        "%(things)s in the recycle bin go for good with it.",
        many,
    )
    return Effect(goes % {"things": _listed(binned)}, in_the_way)


def _of(counted: Iterable[Below], name: str) -> Counted:
    """One of the numbers, of the kinds that have any."""
    return [(each.kind, getattr(each, name)) for each in counted if getattr(each, name)]


def _sum(counted: Counted) -> int:
    return sum(number.many for __, number in counted)


def _listed(counted: Counted) -> str:
    return words.listed([_word(kind, many) for kind, many in counted])


def _word(kind: str, many: Many) -> str:
    return words.counted(kind, many.many, is_more=many.is_more)
