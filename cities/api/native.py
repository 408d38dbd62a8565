"""Cities as resources (native API): what they have beside what every governed kind has."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.response import Response

from accounts.api.governed import GovernedViewSet, described
from accounts.machine import executor
from cities import services
from cities.api import pages, shapes
from cities.api.filters import CityFilters
from cities.api.native_schema import SHOWN, describe_list
from cities.lifecycle import CITY
from cities.models import City
from cities.policies import POLICIES
from config.dialects.fields import Line, Name
from config.dialects.native import openapi
from config.dialects.native.fields import NativeSerializer
from config.dialects.native.query import COUNTED, read_params, read_query
from config.kernel.policies import Policy
from config.kernel.states import State, Verb


class CityInput(NativeSerializer):
    """A new city."""

    name = Name()
    avatar = Line(40, required=False)
    brief = Line(64, required=False)
    type = Line(32, required=False)


class CityChanges(NativeSerializer):
    """What is to be different."""

    name = Name(required=False)
    avatar = Line(40, required=False)
    brief = Line(64, required=False)
    type = Line(32, required=False)


@described(
    "cities",
    "city",
    SHOWN,
    list=describe_list,
    create=openapi.describe_write("cities_create", "Create a city", CityInput, {201: SHOWN}, is_one=False),
    partial_update=openapi.describe_write("cities_update", "Change a city", CityChanges, {200: SHOWN}, is_post=False),
)
class CityViewSet(GovernedViewSet):
    """Cities."""

    kind, table, path = CITY.kind, CITY, "cities"
    fields = tuple(shapes.FIELDS)
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in POLICIES}

    def rows(self) -> Any:
        return City.objects.with_people()

    def shape(self, thing: City, fields: tuple[str, ...]) -> dict[str, Any]:
        return shapes.shown(thing, self.actor.now, fields)

    def effective(self, thing: City) -> State:
        return thing.state_at(self.actor.now)  # nothing stands above it

    def list(self, request: Any) -> Response:
        executor.permit(CITY, None, Verb.QRI, by=self.actor)
        params = read_params(request, (*COUNTED, "scope", *CityFilters.parameters()))
        query = read_query(params, orderings=pages.ORDERINGS, fields=self.fields)
        walk, found = pages.cities_of(query, by=self.actor)
        page = walk.page(self.ask(query))
        rows = [self.shape(city, query.fields) for city in page.rows]
        return self.listed(request, page, rows, pages.count(found, by=self.actor) if query.wants_count else None)

    def create(self, request: Any) -> Response:
        city = services.create_city(by=self.actor, read=lambda: CityInput(data=request.data).read())
        return self.answer(request, city, made_at=f"cities/{city.key}")

    def partial_update(self, request: Any, id: str) -> Response:
        updated = services.update_city(id, by=self.actor, read=lambda: CityChanges(data=request.data).read())
        return self.answer(request, updated.city)
