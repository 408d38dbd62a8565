"""Cities as resources: CRUD, and the verbs as POST actions (native API). Each: read, one call, answer."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access.visibility import find_thing
from accounts.doors.native import NativeViewSet
from accounts.machine import executor
from cities import services
from cities.api import pages, shapes
from cities.api.filters import CityFilters
from cities.api.native_schema import PURGED, SHOWN, describe_list, describe_verb
from cities.lifecycle import CITY
from cities.models import City
from cities.policies import POLICIES
from config.dialects.fields import Line, Name
from config.dialects.native import openapi
from config.dialects.native.fields import Flag, Moment, NativeSerializer
from config.dialects.native.query import COUNTED, read_fields, read_params, read_query
from config.kernel import registry
from config.kernel.policies import Policy
from config.kernel.states import Verb, check_future


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


class Closing(NativeSerializer):
    """Why, and until when; null or nothing: until it is enabled again."""

    reason = Line(64, required=False)
    expires_at = Moment(required=False)


class Purge(NativeSerializer):
    """`confirm` is the name of the city; with `dry_run` nothing goes."""

    confirm = Line(64)
    dry_run = Flag(required=False)


class CityViewSet(NativeViewSet):
    """Cities."""

    kind = CITY.kind
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in POLICIES}
    verbs: ClassVar[Mapping[str, str]] = {
        "list": Verb.QRI,
        "create": Verb.ADD,
        "retrieve": Verb.GET,
        "partial_update": Verb.SET,
        "destroy": Verb.DOL,
        "disable": Verb.DIS,
        "enable": Verb.ENB,
        "publish": Verb.PUB,
        "offline": Verb.OFF,
        "recycle": Verb.RCC,
        "purge": Verb.DEL,
    }

    @describe_list
    def list(self, request: Any) -> Response:
        executor.permit(CITY, None, Verb.QRI, by=self.actor)
        params = read_params(request, (*COUNTED, "scope", *CityFilters.parameters()))
        query = read_query(params, orderings=pages.ORDERINGS, fields=tuple(shapes.FIELDS))
        walk, found = pages.cities_of(query, by=self.actor)
        page = walk.page(self.ask(query))
        rows = [shapes.shown(city, self.actor.now, query.fields) for city in page.rows]
        return self.listed(request, page, rows, pages.count(found, by=self.actor) if query.wants_count else None)

    @openapi.describe_detail("cities_get", "One city", SHOWN)
    def retrieve(self, request: Any, id: str) -> Response:
        city = find_thing(registry.kind(CITY.kind), id, by=self.actor, rows=City.objects.with_people())
        executor.permit(CITY, city, Verb.GET, by=self.actor)
        fields = read_fields(read_params(request, ("fields",)), tuple(shapes.FIELDS))
        return self._answer(request, city, fields=fields)

    @openapi.describe_write("cities_create", "Create a city", CityInput, {201: SHOWN}, is_one=False)
    def create(self, request: Any) -> Response:
        city = services.create_city(by=self.actor, read=lambda: CityInput(data=request.data).read())
        return self._answer(request, city, made_at=f"cities/{city.key}")

    @openapi.describe_write("cities_update", "Change a city", CityChanges, {200: SHOWN}, is_post=False)
    def partial_update(self, request: Any, id: str) -> Response:
        updated = services.update_city(id, by=self.actor, read=lambda: CityChanges(data=request.data).read())
        return self._answer(request, updated.city)

    @openapi.describe_write("cities_delete", "Move a city to the bin", None, {204: None}, is_post=False)
    def destroy(self, request: Any, id: str) -> Response:
        self._fire(request, id)
        return Response(status=204)

    @describe_verb("disable", "Close a city", Closing)
    @action(detail=True, methods=["post"])
    def disable(self, request: Any, id: str) -> Response:
        return self._fire(request, id, read=lambda: self._read_closing(request))

    @describe_verb("enable", "Lift a closing: the city is again what it was")
    @action(detail=True, methods=["post"])
    def enable(self, request: Any, id: str) -> Response:
        return self._fire(request, id)

    @describe_verb("publish", "Put a city back on line")
    @action(detail=True, methods=["post"])
    def publish(self, request: Any, id: str) -> Response:
        return self._fire(request, id)

    @describe_verb("offline", "Take a city off line")
    @action(detail=True, methods=["post"])
    def offline(self, request: Any, id: str) -> Response:
        return self._fire(request, id)

    @describe_verb("recycle", "Restore a city from the bin")
    @action(detail=True, methods=["post"])
    def recycle(self, request: Any, id: str) -> Response:
        return self._fire(request, id)

    @openapi.describe_write("cities_purge", "Empty a city out of the bin, for good", Purge, {200: PURGED})
    @action(detail=True, methods=["post"])
    def purge(self, request: Any, id: str) -> Response:
        purged = services.purge_city(id, by=self.actor, read=lambda: Purge(data=request.data).read())
        return Response({"id": id, "dry_run": purged.is_dry, "removed": purged.removed})

    def judge_again(self, request: Any, id: str) -> None:
        if self.verb == Verb.DEL:
            self.actor.check_fresh()
        if not id:
            executor.permit(CITY, None, Verb.ADD, by=self.actor)
        elif self.verb != Verb.DEL or City.objects.filter(key=id).exists():  # what it has itself removed is not seen
            city = find_thing(registry.kind(CITY.kind), id, by=self.actor)
            executor.permit(CITY, city, Verb(self.verb), by=self.actor)

    def _fire(self, request: Any, id: str, read: executor.Reader | None = None) -> Response:
        given = read or (lambda: NativeSerializer(data=request.data).read())  # nothing
        done = executor.fire(CITY, City.objects.with_people(), id, Verb(self.verb), by=self.actor, read=given)
        return self._answer(request, done.thing)

    def _answer(self, request: Any, city: City, *, made_at: str = "", fields: Any = tuple(shapes.FIELDS)) -> Response:
        state = city.state_at(self.actor.now)
        body = partial(shapes.shown, city, self.actor.now, fields)
        return self.shown(request, city.version, state, state, body, made_at=made_at)

    def _read_closing(self, request: Any) -> dict[str, Any]:
        given = Closing(data=request.data).read()
        check_future(given.get("expires_at"), self.actor.now, field="expires_at")
        return given
