"""States, verbs and the judgment of the lifecycle: facts in, facts out; nothing is read or written here.

The facts are what happened; the state tells them (domain.md §2). A verb sets facts, and nothing is ever
overwritten by another verb, so enabling or recycling finds again what was there before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

from config.kernel.errors import Code, Invalid, WrongState


class State(IntEnum):
    """The wire's numbers. 0 and 1 are the documents'; 3 and 5 are ours."""

    ENABLED = 0
    DISABLED = 1
    OFFLINE = 3
    DELETED = 5


class Verb(StrEnum):
    """The documents' three letters; full names in FULL_NAMES."""

    ADD = "ADD"
    DEL = "DEL"
    SET = "SET"
    DOL = "DOL"
    DIS = "DIS"
    ENB = "ENB"
    RCC = "RCC"
    PUB = "PUB"
    OFF = "OFF"
    GET = "GET"
    GIT = "GIT"
    QRY = "QRY"
    QRI = "QRI"


# What a reserved row refuses (S10).
CLOSING = frozenset({Verb.DIS, Verb.OFF, Verb.DOL, Verb.DEL})
READS = frozenset({Verb.GET, Verb.GIT, Verb.QRY, Verb.QRI})

FULL_NAMES: Mapping[Verb, str] = MappingProxyType(
    {
        Verb.ADD: "Create",
        Verb.DEL: "Delete",
        Verb.SET: "Update",
        Verb.DOL: "Deleto",
        Verb.DIS: "Disable",
        Verb.ENB: "Enable",
        Verb.RCC: "Recycle",
        Verb.PUB: "Publish",
        Verb.OFF: "Offline",
        Verb.GET: "Get",
        Verb.GIT: "Git",
        Verb.QRY: "Query",
        Verb.QRI: "Queri",
    }
)


NAMES: Mapping[str, State] = MappingProxyType({state.name.lower(): state for state in State})


class Side(StrEnum):
    """On whose behalf a thing was closed: an administrator's ban is not its owner's to lift or to flee (S7)."""

    OWNER = "owner"
    ADMIN = "admin"


class Unset:
    """The type of UNSET: a parameter that was not given, which is not the same as one given as nothing."""

    def __bool__(self) -> bool:
        return False


UNSET = Unset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What has happened to a thing. `expires_at` None: the ban holds until it is lifted."""

    offline: bool = False
    disabled_at: datetime | None = None
    disabled_by: str = ""
    disabled_side: str = ""
    reason: str = ""
    expires_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_by: str = ""

    @property
    def state(self) -> State:
        """The state that tells these facts, whatever the time."""
        if self.deleted_at is not None:
            return State.DELETED
        if self.disabled_at is not None:
            return State.DISABLED
        return State.OFFLINE if self.offline else State.ENABLED


FACT_NAMES = tuple(f.name for f in fields(Facts))
_NOT_DISABLED: dict[str, Any] = {
    "disabled_at": None,
    "disabled_by": "",
    "disabled_side": "",
    "reason": "",
    "expires_at": None,
}


def settled(facts: Facts, now: datetime) -> Facts:
    """The facts with a ban that has ended by `now` taken away; in the bin too."""
    if facts.expires_at is not None and facts.expires_at <= now:
        return replace(facts, **_NOT_DISABLED)
    return facts


def state_at(facts: Facts, now: datetime) -> State:
    return settled(facts, now).state


def state_told(state: State, offline: bool, expires_at: datetime | None, now: datetime) -> State:
    """The state at `now` of a row of which no more was read than this."""
    if state is not State.DISABLED:
        return state
    return state_at(Facts(offline=offline, disabled_at=now, expires_at=expires_at), now)


# From the best to the worst, for what is told by a whole chain.
_BY_BADNESS = (State.ENABLED, State.OFFLINE, State.DISABLED, State.DELETED)


def worst(states: Iterable[State]) -> State:
    """The effective state of a thing whose chain is in these states (domain.md §2)."""
    return max(states, key=_BY_BADNESS.index)


def is_banned(facts: Facts, now: datetime) -> bool:
    """Does an administrator's ban hold, or lie remembered under the bin (S7)?"""
    return settled(facts, now).disabled_side == Side.ADMIN


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: from which states a verb goes, in which it is a repeat, and which fact it sets.

    `sets` is a pair of a fact ("offline", "disabled", "deleted", "gone") and its new value, or None.
    """

    verb: Verb
    sources: frozenset[State]
    repeats: frozenset[State] = frozenset()
    sets: tuple[str, bool] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What may be done to one kind of thing: its transitions, and nothing but data."""

    kind: str
    app: str
    rows: tuple[Transition, ...]
    _by_verb: dict[Verb, Transition] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_verb", {row.verb: row for row in self.rows})

    def row(self, verb: Verb) -> Transition:
        return self._by_verb[verb]

    @property
    def verbs(self) -> tuple[Verb, ...]:
        return tuple(self._by_verb)

    def permission(self, verb: Verb) -> str:
        """`<app>.<verb>_<model>`, the permission that answers for a verb."""
        return f"{self.app}.{verb.lower()}_{self.kind}"


_E, _D, _O, _X = State.ENABLED, State.DISABLED, State.OFFLINE, State.DELETED
_ANY = frozenset(State)
_LIVE = frozenset({_E, _O})

FULL_LIFE = (
    Transition(Verb.ADD, frozenset()),
    Transition(Verb.SET, _LIVE),
    Transition(Verb.OFF, frozenset({_E}), frozenset({_O}), ("offline", True)),
    Transition(Verb.PUB, frozenset({_O}), frozenset({_E}), ("offline", False)),
    Transition(Verb.DIS, _LIVE, frozenset({_D}), ("disabled", True)),
    Transition(Verb.ENB, frozenset({_D}), _LIVE, ("disabled", False)),
    Transition(Verb.DOL, _LIVE | {_D}, frozenset({_X}), ("deleted", True)),
    Transition(Verb.RCC, frozenset({_X}), _LIVE | {_D}, ("deleted", False)),
    Transition(Verb.DEL, _ANY, frozenset(), ("gone", True)),
    Transition(Verb.GET, _ANY),
    Transition(Verb.GIT, _ANY),
    Transition(Verb.QRY, _ANY),
    Transition(Verb.QRI, _ANY),
)
SWITCHED_LIFE = tuple(row for row in FULL_LIFE if row.verb in {Verb.ADD, Verb.SET, Verb.DIS, Verb.ENB})
# A credential's DEL ends it for good: deleted, its hash overwritten, with no way back (S5).
CREDENTIAL_LIFE = (
    Transition(Verb.ADD, frozenset()),
    Transition(Verb.SET, _LIVE),
    Transition(Verb.DIS, _LIVE, frozenset({_D}), ("disabled", True)),
    Transition(Verb.ENB, frozenset({_D}), _LIVE, ("disabled", False)),
    Transition(Verb.DEL, _LIVE | {_D}, frozenset({_X}), ("deleted", True)),
)


@dataclass(frozen=True, slots=True)
class Order:
    """One verb as it is given: when, by whom and on whose behalf, with what.

    `reason` and `expires_at` are UNSET where they were left out; `expires_at` None means never.
    """

    verb: Verb
    now: datetime
    by: str
    side: Side
    reason: str | Unset = UNSET
    expires_at: datetime | Unset | None = UNSET


def check_future(moment: datetime | None, now: datetime, *, field: str) -> None:
    """Pass, or EXPIRES_IN_PAST: an end that is given is yet to come. None is never."""
    if moment is not None and moment <= now:
        raise Invalid(Code.EXPIRES_IN_PAST, field=field)


def decide(table: Table, facts: Facts, order: Order) -> Facts:
    """The facts after the verb; equal to the settled ones where it is a repeat. Raises WrongState.

    The caller removes the thing where the row sets "gone". Source: domain.md §2, S7.
    """
    row = table.row(order.verb)
    present = settled(facts, order.now)
    state = present.state
    if state in row.repeats:
        return _amended(present, order) if order.verb is Verb.DIS else present
    if state not in row.sources:
        raise WrongState(verb=order.verb, state=state.name, kind=table.kind)
    if row.sets is None:
        return present
    if row.sets == ("disabled", False) and order.side is Side.OWNER and present.disabled_side == Side.ADMIN:
        # Only credentials are their owner's to enable; an administrator's closing of one is not (S5, S7).
        raise WrongState(verb=order.verb, state=state.name, banned=True)
    return replace(present, **_facts_set(row.sets, present, order))


def _facts_set(sets: tuple[str, bool], facts: Facts, order: Order) -> dict[str, Any]:
    fact, value = sets
    if fact == "offline":
        return {"offline": value}
    if fact == "deleted":
        return {"deleted_at": order.now if value else None, "deleted_by": order.by if value else ""}
    if fact == "disabled":
        return _disabled(order) if value else dict(_NOT_DISABLED)
    if order.side is Side.OWNER and facts.disabled_side == Side.ADMIN:
        # A ban is not fled by deleting: the name stays held until an administrator decides (S7).
        raise WrongState(verb=order.verb, state=facts.state.name, banned=True)
    return {}


def _disabled(order: Order) -> dict[str, Any]:
    return {
        "disabled_at": order.now,
        "disabled_by": order.by,
        "disabled_side": str(order.side),
        "reason": "" if isinstance(order.reason, Unset) else order.reason,
        "expires_at": None if isinstance(order.expires_at, Unset) else order.expires_at,
    }


def _amended(facts: Facts, order: Order) -> Facts:
    """DIS over DISABLED: whose ban holds, and who may amend it (S7)."""
    if facts.disabled_side == Side.ADMIN and order.side is Side.OWNER:
        return facts
    if facts.disabled_side == Side.OWNER and order.side is Side.ADMIN:
        return replace(facts, **_disabled(order))
    given: dict[str, Any] = {}
    if not isinstance(order.reason, Unset):
        given["reason"] = order.reason
    if not isinstance(order.expires_at, Unset):
        given["expires_at"] = order.expires_at
    return replace(facts, **given)
