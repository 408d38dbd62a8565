"""Walking a list page by page, both ways, by keyset cursors: page 4,000 costs what page 1 costs.

A position is the sort value and the inner id of a row; rows that come or go meanwhile move no other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.access.nearest import gathered
from config.kernel import cursors
from config.kernel.errors import Code, Invalid

Position = tuple[Any, int]


@dataclass(frozen=True, slots=True)
class Ask:
    """One page of a question: `query` is the question without the page, to which a cursor is bound (S13)."""

    limit: int
    cursor: str
    principal: str
    query: str


@dataclass(frozen=True, slots=True)
class Page:
    """The rows, and the cursors of the pages after and before it, "" where there is none."""

    rows: list[Any]
    next: str
    previous: str


@dataclass(frozen=True, slots=True)
class Walk:
    """A list in an order: `fetch` gives up to so many rows beyond a position, forwards or back, nearest first."""

    fetch: Callable[[Position | None, bool, int], list[Any]]
    position: Callable[[Any], Position]

    def page(self, ask: Ask) -> Page:
        """The page that is asked for. Raises Invalid (BAD_CURSOR). One row more is read, to know whether it is all."""
        is_back, at = _read(ask)
        rows = self.fetch(at, is_back, ask.limit + 1)
        is_more, rows = len(rows) > ask.limit, rows[: ask.limit]
        if is_back:
            rows.reverse()
        has_next, has_previous = (at is not None, is_more) if is_back else (is_more, at is not None)
        return Page(
            rows,
            self._cursor(ask, rows[-1], is_back=False) if rows and has_next else "",
            self._cursor(ask, rows[0], is_back=True) if rows and has_previous else "",
        )

    def _cursor(self, ask: Ask, row: Any, *, is_back: bool) -> str:
        value, pk = self.position(row)
        return cursors.encode([is_back, _packed(value), pk], principal=ask.principal, query=ask.query)


def beyond(column: str, at: Position, comparison: str) -> Q:
    """Rows after a position: a range of the index on (column, pk), of which only ties are looked at twice."""
    value, pk = at
    if column == "pk":
        return Q(**{f"pk__{comparison}": pk})
    return Q(**{f"{column}__{comparison}e": value}) & (
        Q(**{f"{column}__{comparison}": value}) | Q(**{f"pk__{comparison}": pk})
    )


def keyset(
    queryset: QuerySet[Any], column: str = "pk", *, is_descending: bool = True, shown: QuerySet[Any] | None = None
) -> Walk:
    """A queryset in the order of a column that no row lacks, ties by age.

    `shown` is given for what somebody has of a table of everybody's: the rows are gathered by their ids, however old
    they are, and read from it.
    """

    def fetch(at: Position | None, is_back: bool, number: int) -> list[Any]:
        goes_down = is_descending != is_back
        found = queryset.filter(beyond(column, at, "lt" if goes_down else "gt")) if at is not None else queryset
        sign = "-" if goes_down else ""
        order = dict.fromkeys([f"{sign}{column}", f"{sign}pk"])
        if shown is None:
            return list(found.order_by(*order)[:number])
        keys = gathered(found, is_back=not goes_down) if column == "pk" else found.order_by(*order)
        return list(shown.filter(pk__in=keys.values("pk")[:number]).order_by(*order))

    return Walk(fetch, lambda row: (getattr(row, column), row.pk))


def chained(parts: list[tuple[type[Any], Walk]]) -> Walk:
    """Lists of rows of different types, one after the other."""
    models = [model for model, _ in parts]

    def fetch(at: Position | None, is_back: bool, number: int) -> list[Any]:
        start = at[0][0] if at is not None else (len(parts) - 1 if is_back else 0)
        inner = (at[0][1], at[1]) if at is not None else None
        rows: list[Any] = []
        for index in range(start, -1, -1) if is_back else range(start, len(parts)):
            rows += parts[index][1].fetch(inner if index == start else None, is_back, number - len(rows))
            if len(rows) == number:
                break
        return rows

    def position(row: Any) -> Position:
        index = models.index(type(row))
        value, pk = parts[index][1].position(row)
        return [index, value], pk

    return Walk(fetch, position)


def _packed(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def _read(ask: Ask) -> tuple[bool, Position | None]:
    if not ask.cursor:
        return False, None
    position: Any = cursors.decode(ask.cursor, principal=ask.principal, query=ask.query)
    try:
        is_back, value, pk = position
    except (TypeError, ValueError):
        raise Invalid(Code.BAD_CURSOR, field="cursor") from None
    return is_back, (datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value, pk)
