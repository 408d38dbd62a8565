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


def narrowed(model: Any, filters: type[ThingFilters], given: Mapping[str, str], *, by: Actor) -> Any:
    """The rows of a model with a CompanyQuerySet that are asked for. Raises Invalid, Forbidden, NotVisible."""
    asked = dict(given)
    is_all = sees_all(asked.pop("scope", None), by=by, kind=registry.kind_of(model).name)
    found = _scoped(model, asked, by=by, is_all=is_all)
    if not FINDS_THE_BIN & asked.keys():
        found = found.exclude(state=State.DELETED)
    return filters.narrow(found, asked, now=by.now)


def newest(model: Any, filters: type[ThingFilters], given: Mapping[str, str], *, by: Actor) -> Walk:
    """The same, newest first. Raises as `narrowed`."""
    return keyset(narrowed(model, filters, given, by=by).with_chain())


def _scoped(model: Any, asked: dict[str, str], *, by: Actor, is_all: bool) -> Any:
    rows = model._default_manager
    ways = {kind: way for kind, way in rows.all().above.items() if kind in asked}
    if not ways:
        return rows.reached_by(by) if is_all else rows.listed(by)
    found = rows.visible_to(by)
    for kind, way in ways.items():  # what stands below it, as far as one sees it
        found = found.filter(**{way: find_thing(registry.kind(kind), asked.pop(kind), by=by)})
    return found
