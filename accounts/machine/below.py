"""What stands below a thing, counted: before a verb is done it is told what becomes of how many.

Whoever holds a million is not counted to the end: no more than READ things are looked at, no more than SAID are told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Sum, When

from accounts.access.visibility import GovernedQuerySet, governed_kinds
from config.kernel.registry import Kind
from config.kernel.states import State

READ = 10_000
SAID = 1_000


@dataclass(frozen=True, slots=True)
class Many:
    """A number; `is_more`: at least that."""

    many: int
    is_more: bool

    def __bool__(self) -> bool:
        return bool(self.many) or self.is_more


@dataclass(frozen=True, slots=True)
class Below:
    """Of one kind: how many serve as long as what stands above does, how many lie in the bin, how many do not."""

    kind: str
    serving: Many
    binned: Many
    standing: Many


def kinds_below(name: str) -> list[Kind]:
    """The kinds of what can stand below something of a kind, the nearest first."""
    return [kind for kind in governed_kinds() if _rows(kind).way_to(name)]


def count(name: str, thing: Any, now: datetime) -> list[Below]:
    """What stands below a thing of a kind: one query for each kind of it."""
    return [_counted(kind, name, {_way(kind, name): thing}, now) for kind in kinds_below(name)]


def count_of_many(name: str, keys: Sequence[str], now: datetime) -> list[Below]:
    """What stands below things of a kind, by their ids: one query for each kind of it."""
    return [_counted(kind, name, {f"{_way(kind, name)}__key__in": keys}, now) for kind in kinds_below(name)]


def holders_of_standing(name: str, things: Iterable[Any]) -> set[int]:
    """Which of these things of a kind hold something that is not in the bin: one query for each kind of it."""
    keys = [thing.pk for thing in things]
    held: set[int] = set()
    for kind in kinds_below(name):
        way, rows = _rows(kind).way_to(name), _rows(kind)
        standing = rows.filter(**{f"{way}__in": keys}).exclude(state=State.DELETED).order_by()
        held.update(standing.values_list(way, flat=True).distinct())
    return held


def _way(kind: Kind, name: str) -> str:
    return _rows(kind).way_to(name)


def _counted(kind: Kind, name: str, held: Mapping[str, Any], now: datetime) -> Below:
    rows = _rows(kind)
    flags = {"serves": _flag(rows.serves_with(name, now)), "is_binned": _flag(Q(state=State.DELETED))}
    looked_at = rows.filter(**held).order_by().annotate(**flags).values("pk", *flags)[: READ + 1]
    found = looked_at.aggregate(seen=Count("pk"), serving=Sum("serves"), binned=Sum("is_binned"))
    seen, serving, binned = found["seen"], found["serving"] or 0, found["binned"] or 0
    told = [_many(number, is_more=seen > READ) for number in (serving, binned, seen - binned)]
    return Below(kind.name, *told)


def _many(number: int, *, is_more: bool) -> Many:
    return Many(min(number, SAID), is_more or number > SAID)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=1), default=0, output_field=IntegerField())


def _rows(kind: Kind) -> GovernedQuerySet:
    rows: GovernedQuerySet = kind.model._default_manager.all()  # type: ignore[assignment]
    return rows
