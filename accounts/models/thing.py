"""What every governed thing has: a public id, the facts, the state that tells them, a version, stamps."""

import re
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from config.kernel import ids, names
from config.kernel.states import CLOSING, FACT_NAMES, Facts, Side, State, Verb, state_at, worst


class KeyField(models.CharField):  # type: ignore[type-arg]
    """Text compared byte by byte on both databases: PostgreSQL's collation C is what SQLite does anyway."""

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else None
        return parameters


class ThingQuerySet(models.QuerySet[Any]):
    """Reads that know the time: a ban that has ended is over for every reader at once."""

    def in_states(self, states: list[State], now: datetime) -> Self:
        """Things that are in one of these states at `now`."""
        return self.filter(in_states(states, now))

    def closed_by(self, side: Side, now: datetime) -> Self:
        """Things on which a ban of this side holds at `now`, in the bin too."""
        return self._banned(now).filter(disabled_side=side)

    def not_closed_by(self, side: Side, now: datetime) -> Self:
        """Things on which no ban of this side holds at `now`, or lies remembered under the bin."""
        return self.filter(~Q(disabled_side=side) | Q(expires_at__lte=now))

    def closed_by_hand_of(self, key: str, now: datetime) -> Self:
        """Things on which a ban holds at `now` that this person has set, by the id that the trail calls them."""
        return self._banned(now).filter(disabled_by=key)

    def back_before(self, until: datetime, now: datetime) -> Self:
        """Things whose ban holds at `now`, and will have ended by then."""
        return self.filter(expires_at__gt=now, expires_at__lte=until)

    def binned_before(self, moment: datetime) -> Self:
        """Things that have been in the bin since before a moment."""
        return self.filter(state=State.DELETED, deleted_at__lt=moment)

    def made_between(self, since: datetime | None, until: datetime | None) -> Self:
        """Things made from a moment on, and before another; None: from the first on, to the last."""
        found = self.filter(created_at__gte=since) if since is not None else self
        return found.filter(created_at__lt=until) if until is not None else found

    def holding(self, part: str, *, of_all: bool = True) -> Self:
        """Things whose name has this part, as `holds` tells."""
        return self.filter(holds(part, of_all=of_all))

    def found_by(self, part: str, exactly: Q, among: Q | None = None, *, of_all: bool = True) -> Self:
        """Things that are told exactly, or are `among` some and have this part in their name, if it is long enough.

        The second condition says no more than the first, and is all of indexes: of the first, PostgreSQL would ask
        each row that it finds for its pairs again.
        """
        if len(part) < names.SHORTEST_MATCH:
            return self.filter(exactly)
        told = exactly | (Q(name_key__contains=part) & (among or Q()))
        found = self.filter(told)
        return found.filter(exactly | Q(name_key__has_parts=part)) if of_all else found

    def _banned(self, now: datetime) -> Self:
        # The indexes of bans have no other rows.
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), disabled_at__isnull=False)


def holds(part: str, *, of_all: bool = True) -> Q:
    """The condition of having this part in one's name: folded, of two characters and more.

    Of everybody's things, they are found by the index of pairs. What is one's own, or stands in a thing, is found by
    that, and the names of those are read: PostgreSQL takes it that pairs meet by chance, expects four names where
    50,000 have the word, and would gather these first.
    """
    found = Q(name_key__contains=part)
    return found & Q(name_key__has_parts=part) if of_all else found


def in_states(states: list[State], now: datetime, via: str = "") -> Q:
    """The condition of being in one of these states at `now`, told from the stored state and the facts; of what a row
    leads to `via` its columns.
    """
    ended = _of(via, state=State.DISABLED, expires_at__lte=now)
    found = Q(pk__in=())
    if State.DELETED in states:
        found |= _of(via, state=State.DELETED)
    if State.DISABLED in states:
        holds = _of(via, expires_at__isnull=True) | _of(via, expires_at__gt=now)
        found |= _of(via, state=State.DISABLED) & holds
    if State.OFFLINE in states:
        found |= _of(via, state=State.OFFLINE) | (ended & _of(via, offline=True))
    if State.ENABLED in states:
        found |= _of(via, state=State.ENABLED) | (ended & _of(via, offline=False))
    return found


def _of(via: str, **columns: Any) -> Q:
    return Q(**{f"{via}__{name}" if via else name: value for name, value in columns.items()})


def only(rows: "models.QuerySet[Any]") -> Any:
    """The row of a unique column, None where there is none.

    `first()` would have it ordered, for which Django hashes every column that it selects: on a hot path that shows.
    """
    return next(iter(rows.order_by()), None)


def present_state(now: datetime) -> models.Case:
    """The state at `now` as an expression, for a subquery that needs nothing else of the row."""
    ended = Q(state=State.DISABLED, expires_at__lte=now)
    return models.Case(
        models.When(ended & Q(offline=True), then=models.Value(int(State.OFFLINE))),
        models.When(ended, then=models.Value(int(State.ENABLED))),
        default=models.F("state"),
        output_field=models.PositiveSmallIntegerField(),
    )


STATE_TELLS_FACTS = (
    Q(state=State.DELETED, deleted_at__isnull=False)
    | Q(state=State.DISABLED, deleted_at__isnull=True, disabled_at__isnull=False)
    | Q(state=State.OFFLINE, deleted_at__isnull=True, disabled_at__isnull=True, offline=True)
    | Q(state=State.ENABLED, deleted_at__isnull=True, disabled_at__isnull=True, offline=False)
)
FACTS_AGREE = (
    Q(disabled_at__isnull=False, disabled_side__in=["owner", "admin"])
    | Q(disabled_at__isnull=True, disabled_side="", disabled_by="", reason="", expires_at__isnull=True)
) & (Q(deleted_at__isnull=False) | Q(deleted_by=""))


def indexes_of_lists(kind: str) -> list[models.Index]:
    """By what a list of very many is narrowed: who has closed a thing, on whose behalf, and when it was made."""
    closed = Q(disabled_at__isnull=False)
    return [
        models.Index(models.F("disabled_side"), models.F("id").desc(), name=f"{kind}_side", condition=closed),
        models.Index(models.F("disabled_by"), models.F("id").desc(), name=f"{kind}_closer", condition=closed),
        models.Index(fields=["created_at", "id"], name=f"{kind}_created"),
    ]


class Thing(models.Model):
    """Abstract. `state` is written by the executor alone; a check constraint ties it to the facts."""

    key = KeyField(max_length=8, unique=True, editable=False, default=ids.new_key)
    offline = models.BooleanField(default=False, editable=False)
    disabled_at = models.DateTimeField(null=True, editable=False)
    disabled_by = models.CharField(max_length=64, blank=True, editable=False)
    disabled_side = models.CharField(max_length=5, blank=True, editable=False)
    reason = models.CharField(max_length=64, blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.CharField(max_length=64, blank=True, editable=False)
    state = models.PositiveSmallIntegerField(
        choices=[(state.value, state.name) for state in State], default=State.ENABLED, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)

    # What a public id of this kind looks like.
    id_pattern: ClassVar[str] = ids.KEY

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=STATE_TELLS_FACTS, name="%(class)s_state_tells_facts"),
            models.CheckConstraint(condition=FACTS_AGREE, name="%(class)s_facts_agree"),
        ]

    @property
    def facts(self) -> Facts:
        return Facts(**{name: getattr(self, name) for name in FACT_NAMES})

    def state_at(self, now: datetime) -> State:
        """The state that every reader sees at `now`."""
        return state_at(self.facts, now)

    @property
    def above(self) -> "tuple[Thing, ...]":
        """What it stands in, the nearest first; all of it is read along."""
        return ()

    def effective_at(self, now: datetime) -> State:
        """The worst state along its chain at `now`: computed, never copied down (domain.md §2)."""
        return worst([self.state_at(now), *(thing.state_at(now) for thing in self.above)])

    def history(self, kind: str) -> Q:
        """Which events of the trail are about it."""
        return Q(kind=kind, thing=self.key)

    @classmethod
    def told_beside(cls, key: str) -> Q:
        """Events about other things that its owner, and who may browse, read in its history too: none."""
        return Q(pk__in=())

    @classmethod
    def read_id(cls, text: object) -> str:
        """A public id of this kind as it is stored; "" for what has not its form."""
        return text if isinstance(text, str) and re.fullmatch(cls.id_pattern, text) else ""

    @property
    def owners(self) -> dict[str, Any]:
        """Whose it is, as a condition on people; {}: nobody's."""
        return {}

    @property
    def city_key(self) -> str:
        """The city it stands in, for the trail; "" for what stands in none."""
        return ""

    @property
    def is_reserved(self) -> bool:
        """One of the rows on which the platform stands: it cannot be closed, deleted or handed on (S10)."""
        return self.key in ids.RESERVED

    def refuses(self, verb: Verb) -> bool:
        """Does it refuse the verb, from everybody?"""
        return verb in CLOSING and self.is_reserved

    def goes_with(self, above: Any) -> bool:
        """Does it go where its owner removes what it stands in?"""
        return True

    def check_room(self) -> None:
        """Pass, or LimitReached: is there room for it to come out of the bin? Locks what it stands in."""

    def stamp(self, user: models.Model | None, now: datetime) -> list[str]:
        """Note who changed it (None: the system) and when; the names of the fields that were set."""
        self.updated_at = now
        return ["updated_at"]

    def follow(self, before: Facts, after: Facts) -> list[str]:
        """Set what follows from a change within the same row; the names of the fields that were set."""
        return []
