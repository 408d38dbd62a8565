"""Reads of cities, each by its name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.db.models import Case, DateTimeField, F, Q, Value, When

from accounts.access import walks
from accounts.access.visibility import GovernedQuerySet
from accounts.access.walks import Position
from accounts.models import User
from accounts.models.thing import holds, in_states, present_state
from config.kernel import names
from config.kernel.states import State

_EPOCH = datetime.fromtimestamp(0, UTC)
_TEXTS = {
    "id": "key",
    "avatar": "avatar",
    "brief": "brief",
    "creator_id": "creator__key",
    "creator_name": "creator__name",
    "ipdator_id": "updater__key",
    "ipdator_name": "updater__name",
    "code": "code",
    "type": "type",
    "igrp_name": "igrp",
}
_SORTS = {
    "inc": "pk",
    "id": "key",
    "name": "name_key",
    "city": "present",
    "expire": "until",
    "cstamp": "created_at",
    "istamp": "updated_at",
}
# Who names one of these finds the bin too: a state, an id, an owner (domain.md §2).
_FINDS_THE_BIN = frozenset({"city", "id", "creator_id", "creator_name"})


class CityQuerySet(GovernedQuerySet):
    """Everything that is asked about cities."""

    def within(self, cities: Iterable[str]) -> Self:
        return self.filter(key__in=list(cities))

    def with_people(self) -> Self:
        """With creator and last updater, in the same query."""
        return self.select_related("creator", "updater")

    def where(self, conditions: Mapping[str, tuple[Any, ...]], now: datetime) -> Self:
        """The documented fields, each with any of its values; without the bin unless they name what finds it."""
        found = self
        if not _FINDS_THE_BIN & conditions.keys():
            found = found.exclude(state=State.DELETED)
        for name, values in conditions.items():
            found = found.filter(_condition(name, values, now))
        return found

    def looked_up(self, term: str, *, with_bin: bool = False) -> Self:
        """By exact id, by the owner's id or name, or by a part of the name of two characters and more.

        An id and an owner find the bin too; a part of a name does only if asked to (domain.md §2).
        """
        folded = names.name_key(term)
        owners = User.objects.filter(Q(key=term) | Q(name_key=folded)).values_list("pk", flat=True)
        exactly = Q(key=term) | Q(creator__in=list(owners))
        return self.found_by(folded, exactly, None if with_bin else ~Q(state=State.DELETED))

    def meant_by(self, words: Sequence[str]) -> Self:
        """Those that every word fits: as the id, as the owner's id, or as the whole name."""
        owners = dict(User.objects.filter(key__in=words).values_list("key", "pk"))
        found = self
        for word in words:
            fits = Q(key=word) | Q(name_key=names.name_key(word))
            found = found.filter(fits | Q(creator=owners[word]) if word in owners else fits)
        return found

    def walked(self, sort: str, now: datetime, *, is_descending: bool, after: Position | None = None) -> Self:
        """In the order of a field as it is at `now`, ties by age; from after a position on."""
        column, direction = _SORTS[sort], "-" if is_descending else ""
        found = self.annotate(**{column: _PRESENT[column](now)}) if column in _PRESENT else self
        if after is not None:
            found = found.filter(walks.beyond(column, after, "lt" if is_descending else "gt"))
        return found.order_by(*dict.fromkeys([f"{direction}{column}", f"{direction}pk"]))

    @staticmethod
    def position(city: Any, sort: str) -> Position:
        """Where a walk stands that has come to this city."""
        return getattr(city, _SORTS[sort]), city.pk


def _until(now: datetime) -> Case:
    """`expire` for sorting: never and over, the wire's 0, are the epoch."""
    return Case(When(expires_at__gt=now, then=F("expires_at")), default=Value(_EPOCH), output_field=DateTimeField())


# What is sorted by that no column tells, for time changes it.
_PRESENT = {"present": present_state, "until": _until}


def _condition(name: str, values: tuple[Any, ...], now: datetime) -> Q:
    if name == "city":
        return in_states(list(values), now)
    if name in _TEXTS:
        return Q(**{f"{_TEXTS[name]}__in": values})
    if name == "name":
        return Q(name_key__in=[names.name_key(value) for value in values])
    return _any_of(_BY_NAME[name](value, now) for value in values)


def _any_of(conditions: Any) -> Q:
    found = Q(pk__in=())
    for condition in conditions:
        found |= condition
    return found


def _matches(value: str, now: datetime) -> Q:
    return holds(names.name_key(value))


def _for_reason(value: str, now: datetime) -> Q:
    """The reason of a ban that has ended is nobody's reason any more."""
    is_over = Q(expires_at__isnull=False, expires_at__lte=now)
    return Q(reason=value) & ~is_over if value else Q(reason="") | is_over


def _until_second(value: int, now: datetime) -> Q:
    if not value:
        return Q(expires_at__isnull=True) | Q(expires_at__lte=now)
    return _within("expires_at", datetime.fromtimestamp(value, UTC)) & Q(expires_at__gt=now)


def _within(column: str, second: datetime) -> Q:
    """The wire's stamps are of a second; the columns know more."""
    return Q(**{f"{column}__gte": second, f"{column}__lte": second + timedelta(microseconds=999_999)})


_BY_NAME: dict[str, Callable[[Any, datetime], Q]] = {
    "name~": _matches,
    "stato": _for_reason,
    "expire": _until_second,
    "cstamp": lambda value, now: _within("created_at", value),
    "istamp": lambda value, now: _within("updated_at", value),
}
