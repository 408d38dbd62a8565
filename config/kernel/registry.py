"""What the floors above tell the floors below: kind → model, table, policies. Filled in each app's `ready()`.

It lets the machinery in `accounts` speak of cities, projects and apps by name, without importing them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from config.kernel.policies import Policy
from config.kernel.states import Table

if TYPE_CHECKING:
    from django.db.models import Model, Subquery


@dataclass(frozen=True, slots=True)
class Quota:
    """`limit` None: no limit for this user."""

    used: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing: `parent` is the kind above it, `label` is "app.Model".

    `is_made_below`: one is always made in something of the parent's kind, by who has a share of that.
    """

    table: Table
    label: str
    policies: tuple[Policy, ...] = ()
    parent: str = ""
    is_made_below: bool = False
    # Of how many of these a user holds and may hold: for who asks, and for who judges.
    quota: "Callable[[Any], Quota] | None" = None
    # Of a verb that is not of its lifecycle: may one (thing, by=), and would it be done? Each passes or raises.
    services: "Mapping[str, tuple[Callable[..., None], Callable[..., None]]]" = field(default_factory=dict)
    _by_verb: dict[str, Policy] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_verb", {policy.verb: policy for policy in self.policies})

    @property
    def name(self) -> str:
        return self.table.kind

    @property
    def model(self) -> "type[Model]":
        from django.apps import apps as django_apps

        return django_apps.get_model(self.label)

    def policy(self, verb: str) -> Policy:
        """The row of a verb; KeyError where the kind has none for it."""
        return self._by_verb[verb]


_kinds: dict[str, Kind] = {}
_policies: dict[str, Policy] = {}
_on_company: list[Callable[[Any, Any], None]] = []
_on_leaving: list[Callable[[Any, Any, Any, bool], None]] = []
# Given a moment, the state of the city that `audience` names, as an expression for the token's own query.
_audience_state: list[Callable[[datetime], "Subquery"]] = []


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind(name: str) -> Kind:
    return _kinds[name]


def kinds() -> Iterator[Kind]:
    yield from _kinds.values()


def kind_of(thing: Any) -> Kind:
    """The kind of a model or an instance of it; KeyError where it is none."""
    label = thing._meta.label
    for candidate in _kinds.values():
        if candidate.label == label:
            return candidate
    raise KeyError(label)


def register_policies(*rows: Policy) -> None:
    """The rows of an app's interfaces. ValueError for two rows of one name, which an override could not tell apart."""
    for row in rows:
        if _policies.setdefault(row.name, row) != row:
            raise ValueError(f"Two policies are called {row.name}.")


def policies() -> Iterator[Policy]:
    """Every row, in the order of the floors."""
    yield from _policies.values()


def find_policy(name: str) -> Policy | None:
    """The row of that name, None where there is none."""
    return _policies.get(name)


def kind_of_policy(row: Policy) -> Kind | None:
    """The kind whose verb a row is about, None for what is of no kind."""
    return next((kind for kind in _kinds.values() if row in kind.policies or kind.name == row.resource), None)


def children(name: str) -> list[Kind]:
    """The kinds that stand directly below one."""
    return [candidate for candidate in _kinds.values() if candidate.parent == name]


def by_permission(permission: str) -> tuple[Kind, str]:
    """The kind and the stem of "<app>.<stem>_<kind>"; KeyError where there is none."""
    app, _, codename = permission.partition(".")
    stem, _, name = codename.partition("_")
    found = _kinds[name]
    if found.table.app != app:
        raise KeyError(permission)
    return found, stem


def on_company(found: Callable[[Any, Any], None]) -> None:
    """Say what every company has from the moment it exists: called with the company and who founds it."""
    _on_company[:] = [found]


def company_founded(company: Any, by: Any) -> None:
    for found in _on_company:
        found(company, by)


def on_leaving(found: Callable[[Any, Any, Any, bool], None]) -> None:
    """Say what becomes of a company whose people go: called with the company, who has left it, by whom, and `keeps`."""
    _on_leaving[:] = [found]


def company_left(company: Any, user: Any, by: Any, *, keeps: bool) -> None:
    for found in _on_leaving:
        found(company, user, by, keeps)


def set_audience_state(expression: Callable[[datetime], "Subquery"]) -> None:
    _audience_state[:] = [expression]


def audience_state(now: datetime) -> "Subquery":
    return _audience_state[0](now)
