"""The rows of a narrowed list that lie next to a place, in the order of their making, among however many.

PostgreSQL takes it that what a condition lets pass lies evenly among the rows. So it walks from the place on, and reads
a million where none of the newer ones passes; or it gathers a million by an index, where the next fifty would do. Here
the nearest are walked, and no further. Where they are not enough, what lies beyond is gathered if few are expected
there, and walked where many are.
"""

import json
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

NEAR = 20_000  # inner ids: walked in some milliseconds, whatever the condition
FEW = 100_000  # rows that are gathered and put in order sooner than a million are walked


def nearest(rows: QuerySet[Any], place: int, many: int, *, is_back: bool = False) -> list[int]:
    """The inner ids of so many rows, the nearest first: below a place, 0: from the newest on; or back, above it."""
    keys = rows.values_list("pk", flat=True)
    if connection.vendor != "postgresql":
        return list(_in_order(_beyond(keys, place, is_back) if place or is_back else keys, is_back)[:many])
    start = place if place or is_back else _above_all(rows)
    edge = start + NEAR if is_back else start - NEAR
    near = _beyond(keys, start, is_back).filter(**{"pk__lte" if is_back else "pk__gte": edge})
    found = list(_in_order(near, is_back)[:many])
    if len(found) == many or edge <= 0:
        return found
    return found + list(_far(_beyond(keys, edge, is_back), is_back)[: many - len(found)])


def gathered(rows: QuerySet[Any], *, is_back: bool = False) -> QuerySet[Any]:
    """Rows that are few, newest first, or back: found by what narrows them, and then sorted by what no index has."""
    order = F("pk") + 0
    return rows.order_by(order.asc() if is_back else order.desc())


def _far(keys: QuerySet[Any], is_back: bool) -> QuerySet[Any]:
    return _in_order(keys, is_back) if _expected(keys) > FEW else gathered(keys, is_back=is_back)


def _expected(keys: QuerySet[Any]) -> int:
    """How many rows PostgreSQL expects, by its statistics; none where Django itself knows that there are none."""
    plan = keys.order_by().explain(format="json")
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"]) if plan else 0


def _above_all(rows: QuerySet[Any]) -> int:
    newest = rows.model._default_manager.order_by("-pk").values_list("pk", flat=True)[:1]
    return next(iter(newest), 0) + 1


def _beyond(keys: QuerySet[Any], place: int, is_back: bool) -> QuerySet[Any]:
    return keys.filter(**{"pk__gt" if is_back else "pk__lt": place})


def _in_order(keys: QuerySet[Any], is_back: bool) -> QuerySet[Any]:
    return keys.order_by("pk" if is_back else "-pk")
