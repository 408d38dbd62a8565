"""What a list of cities may be narrowed by, with django-filter."""

from typing import Any

from django.db.models import Q

from accounts.models.thing import in_states
from cities.querysets import CityQuerySet
from config.dialects.native import filters
from config.dialects.native.filters import StrictFilter, StrictFilterSet
from config.kernel import names
from config.kernel.states import State

# Who names one of these finds the bin too (domain.md §2).
FINDS_THE_BIN = frozenset({"state", "owner"})


class CityFilters(StrictFilterSet):
    """The filters of GET /cities."""

    state = StrictFilter(filters.read_states, "comma list of states", filters.STATES, method="in_states")
    owner = filters.text("the id of its owner", field_name="creator__key")
    name = filters.text("the whole name, however it is written", method="named")
    name__startswith = filters.text("how the name begins", method="beginning")
    name__contains = StrictFilter(filters.read_match, "a part of the name, 2 characters or more", method="containing")
    type = filters.text("the whole type")
    created_at__gte = filters.moment("created_at", "gte")
    created_at__lt = filters.moment("created_at", "lt")
    updated_at__gte = filters.moment("updated_at", "gte")
    updated_at__lt = filters.moment("updated_at", "lt")
    search = StrictFilter(filters.read_match, "a part of the name, or the whole id", method="searched")

    def in_states(self, cities: CityQuerySet, name: str, value: list[State]) -> Any:
        return cities.filter(in_states(value, self.context["now"]))

    def named(self, cities: CityQuerySet, name: str, value: str) -> Any:
        return cities.filter(name_key=names.name_key(value))

    def beginning(self, cities: CityQuerySet, name: str, value: str) -> Any:
        return cities.filter(name_key__startswith=names.name_key(value))

    def containing(self, cities: CityQuerySet, name: str, value: str) -> Any:
        return cities.holding(value, of_all=self.context["of_all"])

    def searched(self, cities: CityQuerySet, name: str, value: str) -> Any:
        return cities.found_by(value, Q(key=self.data["search"]), of_all=self.context["of_all"])
