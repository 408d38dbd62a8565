"""What a list of projects may be narrowed by, with django-filter."""

from typing import Any

from django.db.models import Q

from accounts.models.thing import in_states
from config.dialects.native import filters
from config.dialects.native.filters import StrictFilter, StrictFilterSet
from config.kernel import names
from config.kernel.states import State

# Who names one of these finds the bin too (domain.md §2).
FINDS_THE_BIN = frozenset({"state"})


class ProjectFilters(StrictFilterSet):
    """The filters of GET /projects."""

    state = StrictFilter(filters.read_states, "comma list of states", filters.STATES, method="in_states")
    organization = filters.text("the id of its company", field_name="company__key")
    name = filters.text("the whole name, however it is written", method="named")
    name__contains = StrictFilter(filters.read_match, "a part of the name, 2 characters or more", method="containing")
    created_at__gte = filters.moment("created_at", "gte")
    created_at__lt = filters.moment("created_at", "lt")
    search = StrictFilter(filters.read_match, "a part of the name, or the whole id", method="searched")

    def in_states(self, projects: Any, name: str, value: list[State]) -> Any:
        return projects.filter(in_states(value, self.context["now"]))

    def named(self, projects: Any, name: str, value: str) -> Any:
        return projects.filter(name_key=names.name_key(value))

    def containing(self, projects: Any, name: str, value: str) -> Any:
        return projects.filter(name_key__contains=value)

    def searched(self, projects: Any, name: str, value: str) -> Any:
        return projects.filter(Q(name_key__contains=value) | Q(key=self.data["search"]))
