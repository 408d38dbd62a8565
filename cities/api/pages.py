"""A page of cities for the native API: whose they are, in which order, how many."""

from typing import Any

from accounts.access.actor import Actor
from accounts.access.visibility import count_listed
from accounts.access.walks import Position, Walk, keyset
from accounts.doors.native import sees_all
from cities.api.filters import FINDS_THE_BIN, CityFilters
from cities.models import City
from cities.querysets import CityQuerySet
from config.dialects.native.query import Query
from config.kernel.roles import Role
from config.kernel.states import State

COUNT_LIMIT = 10_001
# Newest first is the order of the inner ids, whose clock never goes back.
ORDERINGS = ("-created_at", "created_at", "-updated_at", "updated_at", "name", "-name")
_COLUMNS = {"created_at": "pk", "updated_at": "updated_at", "name": "name_key"}


def cities_of(query: Query, *, by: Actor) -> tuple[Walk, CityQuerySet | None]:
    """The list that is asked for; beside it its rows, None where that is the leg of one's own.

    Raises Invalid, Forbidden.
    """
    given = dict(query.filters)
    is_all = sees_all(given.pop("scope", None), by=by, kind="city")
    if not is_all and not given and query.ordering == ORDERINGS[0]:
        return _leg(by), None
    finds_the_bin = bool(FINDS_THE_BIN & given.keys())
    if is_all:
        found = City.objects.reached_by(by)
        found = found if finds_the_bin else found.exclude(state=State.DELETED)
    else:
        found = City.objects.held_by(by, live=None if finds_the_bin else True)
    narrowed: CityQuerySet = CityFilters.narrow(found, given, now=by.now, of_all=is_all)
    column, is_descending = _COLUMNS[query.ordering.lstrip("-")], query.ordering.startswith("-")
    if is_all:
        return keyset(narrowed.with_people(), column, is_descending=is_descending), narrowed
    return keyset(narrowed, column, is_descending=is_descending, shown=City.objects.with_people()), narrowed


def count(found: CityQuerySet | None, *, by: Actor) -> tuple[int, bool]:
    """How many there are, and whether that is all: only a god is told beyond 10,000 (S22)."""
    at_most = None if by.role is Role.GOD else COUNT_LIMIT
    number = count_listed(City.objects.all(), by, at_most) if found is None else found.order_by()[:at_most].count()
    return number, at_most is None or number < at_most


def _leg(by: Actor) -> Walk:
    """What is granted to somebody, from the grants' own index: a page costs a page."""

    def fetch(at: Position | None, is_back: bool, number: int) -> list[Any]:
        edges = {"after" if is_back else "before": at[1]} if at is not None else {}
        return list(City.objects.listed_for(by, page=slice(0, number), **edges).with_people())

    return Walk(fetch, lambda city: (city.pk, city.pk))
