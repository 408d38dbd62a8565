"""What a list of a company's things holds, for the native API and the console: whose they are, in what they stand."""

from collections.abc import Mapping
from typing import Any

from accounts.access.actor import Actor
from accounts.access.visibility import find_thing
from accounts.access.walks import Walk, keyset
from accounts.api.filters import FINDS_THE_BIN, ThingFilters
from accounts.doors.native import sees_all
from config.kernel import registry
from config.kernel.states import State


def walk(
    model: Any,
    filters: type[ThingFilters],
    given: Mapping[str, str],
    *,
    by: Actor,
    column: str = "pk",
    is_descending: bool = True,
) -> Walk:
    """The rows of a model with a CompanyQuerySet that are asked for, in the order of a column.

    Raises Invalid, Forbidden, NotVisible.
    """
    asked, rows = dict(given), model._default_manager
    is_all = sees_all(asked.pop("scope", None), by=by, kind=registry.kind_of(model).name)
    ways = {kind: way for kind, way in rows.all().above.items() if kind in asked}
    of_all = is_all and not ways
    found = rows.reached_by(by) if of_all else _own(rows, ways, asked, by)
    if not FINDS_THE_BIN & asked.keys():
        found = found.exclude(state=State.DELETED)
    found = filters.narrow(found, asked, now=by.now, of_all=of_all)
    if of_all:
        return keyset(found.with_chain(), column, is_descending=is_descending)
    return keyset(found, column, is_descending=is_descending, shown=rows.with_chain())


def _own(rows: Any, ways: Mapping[str, str], asked: dict[str, str], by: Actor) -> Any:
    """One's own and what is shared; or what stands in what is named, as far as one sees it."""
    if not ways:
        return rows.listed(by)
    found = rows.visible_to(by)
    for kind, way in ways.items():
        found = found.filter(**{way: find_thing(registry.kind(kind), asked.pop(kind), by=by)})
    return found
