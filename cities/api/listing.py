"""A page of cities for a standard query: whose they are, where it stands, how many there are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.access.actor import Actor
from accounts.access.visibility import count_listed
from accounts.access.walks import Position
from cities.models import City
from cities.querysets import CityQuerySet
from config.dialects.xdua.query import Query
from config.kernel import cursors
from config.kernel.errors import Code, Invalid
from config.kernel.roles import Role

COUNT_LIMIT = 10_001


@dataclass(frozen=True, slots=True)
class Page:
    """`total` is None where it was not asked for, and a lower bound where `is_at_least`."""

    cities: list[City]
    total: int | None
    is_at_least: bool
    next: str


def own_cities(query: Query, *, by: Actor) -> Page:
    """QRI: what is mine or shared with me."""
    if query.where or query.sort != "inc" or not query.is_descending:
        # Filtered or sorted otherwise: the leg gives whose they are, the cities' own columns the rest.
        mine = City.objects.held_by(by).where(query.where, by.now)
        return _walk(mine, query, by)
    return _walk_leg(query, by)


def all_cities(query: Query, *, by: Actor) -> Page:
    """QRY: every city of the platform. The caller has been asked for the permission."""
    return _walk(City.objects.reached_by(by).where(query.where, by.now), query, by)


def _walk_leg(query: Query, by: Actor) -> Page:
    after = _after(query, by)
    start = 0 if after else query.offset
    page = slice(start, start + query.limit + 1)
    rows = City.objects.listed_for(by, page=page, before=after[1] if after else None).with_people()
    total = count_listed(City.objects.all(), by, COUNT_LIMIT) if query.wants_total else None
    return _page(list(rows), total, query, by)


def _walk(found: CityQuerySet, query: Query, by: Actor) -> Page:
    after = _after(query, by)
    start = 0 if after else query.offset
    walked = found.walked(query.sort, by.now, is_descending=query.is_descending, after=after)
    rows = list(walked.with_people()[start : start + query.limit + 1])
    total = _count(found, by) if query.wants_total else None
    return _page(rows, total, query, by)


def _count(found: CityQuerySet, by: Actor) -> int:
    if by.role is Role.GOD:
        return found.count()
    return found.order_by()[:COUNT_LIMIT].count()


def _page(rows: list[City], total: int | None, query: Query, by: Actor) -> Page:
    """One row more than the page was asked for: whether there is a next one is known without counting."""
    cities = rows[: query.limit]
    following = ""
    if len(rows) > query.limit:
        value, pk = City.objects.position(cities[-1], query.sort)
        position = [value.isoformat() if isinstance(value, datetime) else value, pk]
        following = cursors.encode(position, principal=by.key, query=query.identity)
    is_at_least = total == COUNT_LIMIT and by.role is not Role.GOD
    return Page(cities, total, is_at_least, following)


def _after(query: Query, by: Actor) -> Position | None:
    if not query.cursor:
        return None
    position: Any = cursors.decode(query.cursor, principal=by.key, query=query.identity)
    try:
        value, pk = position
    except (TypeError, ValueError):
        raise Invalid(Code.BAD_CURSOR, field="cursor") from None
    if query.sort in {"cstamp", "istamp", "expire"}:
        value = datetime.fromisoformat(value)
    return value, pk
