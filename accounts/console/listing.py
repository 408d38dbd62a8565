"""The list of a governed kind: one's own and what is shared, or what stands within a thing."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.access.actor import Actor
from accounts.access.visibility import find_thing
from accounts.access.walks import Walk
from accounts.audit.journal import About
from accounts.console import lists, things
from accounts.console.room import Room, Visit
from accounts.console.ways import address
from accounts.machine import executor
from accounts.pages import show
from accounts.pages.forms import sentence_of
from config.kernel import registry, words
from config.kernel.errors import DomainError, Invalid
from config.kernel.policies import Policy
from config.kernel.states import State, Table, Verb


class ListedRoom(Room):
    """Abstract, for one kind. `filters` are those of its list in the native API."""

    table: ClassVar[Table]
    filters: ClassVar[Any]

    def rows(self) -> Any:
        """All, with what is shown of them."""
        raise NotImplementedError

    def walk(self, given: Mapping[str, str], by: Actor) -> Walk:
        """The list that is asked for, as the native API gives it. Raises Invalid, NotVisible."""
        raise NotImplementedError

    @property
    def path(self) -> str:
        return things.PATHS[self.kind]

    @property
    def section(self) -> str:  # type: ignore[override]
        """Its entry of the menu."""
        return self.path

    def about(self, named: Mapping[str, str], by: Actor) -> About:
        return things.told_as(self.kind, named.get("key", ""))

    def policy_of(self, verb: str) -> Policy:
        return registry.kind(self.kind).policy(verb)

    def find(self, key: str, by: Actor) -> Any:
        """A thing of the kind that they see. Raises NotVisible."""
        return find_thing(registry.kind(self.kind), key, by=by, rows=self.rows())

    def index(self, visit: Visit) -> HttpResponse:
        """One's own and what is shared; within a thing, what stands in it."""
        executor.permit(self.table, None, Verb.QRI, by=visit.by)
        given = {name: value for name in self._known if (value := visit.asked(name))}
        told: dict[str, Any] = {"given": given, "kind": self.kind, "title": things.PLURALS[self.kind]}
        may_make = True
        if holder := next((kind for kind in reversed(things.PATHS) if kind in given and kind in self.above), ""):
            above = find_thing(registry.kind(holder), given[holder], by=visit.by)
            told |= {"head": things.head(above, holder, visit.by), "tab": self.path}
            may_make = self._may_make_in(above, visit.by)
        walk, told["error"] = self._walked(given, visit)
        page = lists.page_of(walk, visit, self.path, given)
        told |= {"page": page, "rows": [self.row(thing, visit.by) for thing in page.rows]}
        told |= {"states": [(state.name.lower(), words.STATES[state]) for state in State]}
        query = {name: given[name] for name in given if name in self.above}
        asks = self.asks_whom(visit)
        told |= {"new": self.new_address(query) if may_make and not asks else "", "above": query, "asks_whom": asks}
        return self.show(visit, "console/list.html", told)

    def _may_make_in(self, above: Any, by: Actor) -> bool:
        try:
            executor.permit_below(self.table, above, by=by)
        except DomainError:
            return False
        return True

    def _walked(self, given: Mapping[str, str], visit: Visit) -> tuple[Walk, str]:
        """The list that is asked for, and ""; where that cannot be read, all that stands there, and what is wrong."""
        try:
            visit.check_asked(self._known)
            return self.walk(given, visit.by), ""
        except Invalid as error:  # such as too short a part of a name
            called = {"search": _("Name or id"), "state": _("State")}.get(error.field, error.field)
            all_there = {name: given[name] for name in given if name in self.above}
            return self.walk(all_there, visit.by), sentence_of(error, field=called)

    @property
    def _known(self) -> list[str]:
        """What such a list may be narrowed by."""
        return sorted({*self.filters.parameters(), *self.above})

    @property
    def above(self) -> Mapping[str, str]:
        """The kinds that stand above, and the way to each."""
        return getattr(self.rows(), "above", {})

    def asks_whom(self, visit: Visit) -> str:
        """Whom somebody asks who can make none of the kind anywhere, in a sentence; "" for who can."""
        return ""

    def new_address(self, query: Mapping[str, str]) -> str:
        """Where one is made; within what the list is of."""
        return address(f"{self.kind}_new", **query)

    def row(self, thing: Any, by: Actor) -> dict[str, Any]:
        """A thing in a list."""
        state, effective = thing.state_at(by.now), thing.effective_at(by.now)
        return {
            "thing": thing,
            "address": things.of(thing, self.kind),
            "badge": show.badge(state),
            "closed_above": show.badge(effective) if effective is not state else "",
            "where": [(words.KINDS[kind], each.name) for kind, each in self.where(thing)],
            "updated": show.moment(thing.updated_at),
        }

    def where(self, thing: Any) -> list[tuple[str, Any]]:
        """In what it stands: kinds and things, the nearest first."""
        return things.above_of(thing)
