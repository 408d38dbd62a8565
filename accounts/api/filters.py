"""What a list of things may be narrowed by, whatever their kind; with django-filter."""

from typing import Any

from django.db.models import Q

from accounts.models.thing import in_states
from config.dialects.native import filters
from config.dialects.native.filters import StrictFilter, StrictFilterSet
from config.kernel import names
from config.kernel.states import State

# Who names one of these finds the bin too (domain.md §2).
FINDS_THE_BIN = frozenset({"state"})


class ThingFilters(StrictFilterSet):
    """State, name and age."""

    state = StrictFilter(filters.read_states, "comma list of states", filters.STATES, method="in_states")
    name = filters.text("the whole name, however it is written", method="named")
    name__contains = StrictFilter(filters.read_match, "a part of the name, 2 characters or more", method="containing")
    created_at__gte = filters.moment("created_at", "gte")
    created_at__lt = filters.moment("created_at", "lt")
    search = StrictFilter(filters.read_match, "a part of the name, or the whole id", method="searched")

    def in_states(self, things: Any, name: str, value: list[State]) -> Any:
        return things.filter(in_states(value, self.context["now"]))

    def named(self, things: Any, name: str, value: str) -> Any:
        return things.filter(name_key=names.name_key(value))

    def containing(self, things: Any, name: str, value: str) -> Any:
        return things.holding(value, of_all=self.context["of_all"])

    def searched(self, things: Any, name: str, value: str) -> Any:
        # An id is told in its own letters: what is looked for in names is folded.
        return things.found_by(value, Q(key=things.model.read_id(self.data["search"])), of_all=self.context["of_all"])
