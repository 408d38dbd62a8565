"""What every governed thing has: a public id, the facts, the state that tells them, a version, stamps."""

import re
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from config.kernel import ids
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
        holds = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.filter(holds, disabled_side=side)


def in_states(states: list[State], now: datetime) -> Q:
    """The condition of being in one of these states at `now`, told from the stored state and the facts."""
    ended = Q(state=State.DISABLED, expires_at__lte=now)
    found = Q(pk__in=())
    if State.DELETED in states:
        found |= Q(state=State.DELETED)
    if State.DISABLED in states:
        found |= Q(state=State.DISABLED) & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    if State.OFFLINE in states:
        found |= Q(state=State.OFFLINE) | (ended & Q(offline=True))
    if State.ENABLED in states:
        found |= Q(state=State.ENABLED) | (ended & Q(offline=False))
    return found


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
