"""The thirteen verbs of a city, as the document has them (003). Each: read, one call, answer."""

from datetime import UTC, datetime
from typing import Any

from rest_framework.response import Response

from accounts.access.actor import Actor
from accounts.doors.xdua import VerbViewSet
from accounts.machine import executor
from cities import services
from cities.api import fields, listing
from cities.api.xdua_schema import FIELDS, STANDARD_QUERY, describe
from cities.lifecycle import CITY
from cities.models import City
from config.dialects.fields import DomainSerializer, Line, Name, Switch, Whole
from config.dialects.xdua.codes import CITY as CITY_ERRORS
from config.dialects.xdua.envelope import Envelope
from config.dialects.xdua.query import LAST_SECOND, read_fields, read_query
from config.kernel import ids
from config.kernel.errors import NotVisible
from config.kernel.states import Verb, check_future


class CreateSerializer(DomainSerializer):
    name = Name()
    avatar = Line(40, required=False)
    brief = Line(64, required=False)


class UpdateSerializer(DomainSerializer):
    """# assumed: `secret` is optional here, although the document's table says 必须, a leftover of 应用 (ADR 2)."""

    name = Name(required=False)
    avatar = Line(40, required=False)
    brief = Line(64, required=False)
    igrp = Line(64, required=False)
    enabled = Switch(required=False)
    secret = Line(64, shortest=1, required=False)


UPDATABLE = ("name", "avatar", "brief", "igrp", "enabled")


class DisableSerializer(DomainSerializer):
    stato = Line(64, required=False)
    expire = Whole(0, LAST_SECOND, required=False)


class RecycleSerializer(DomainSerializer):
    """The document's case: the developer gives their uid and the city's name."""

    uid = Line(8)
    name = Line(64)


class CityViewSet(VerbViewSet):
    """Cities."""

    kind = CITY.kind
    dialect = Envelope(CITY_ERRORS)
    queryset = City.objects.all()

    @describe(Verb.ADD, "创建城市 · create a city", CreateSerializer, sent={"name": "健康手环"})
    def create_city(self, request: Any) -> Response:
        city = services.create_city(by=self.actor, read=CreateSerializer(data=self.params).read)
        return Response({"id": city.key})

    @describe(Verb.DEL, "删除城市 · delete a city for good")
    def delete_city(self, request: Any, id: str) -> Response:
        return self._fire(Verb.DEL, id)

    @describe(Verb.DOL, "软删城市 · move a city to the recycle bin")
    def deleto_city(self, request: Any, id: str) -> Response:
        return self._fire(Verb.DOL, id)

    @describe(Verb.DIS, "关闭城市 · close a city", DisableSerializer, sent={"stato": "冻服更新", "expire": 0})
    def disable_city(self, request: Any, id: str) -> Response:
        return self._fire(Verb.DIS, id, read=lambda: _read_ban(self.params, self.actor))

    @describe(Verb.ENB, "打开城市 · lift a closing: the city is again what it was")
    def enable_city(self, request: Any, id: str) -> Response:
        return self._fire(Verb.ENB, id)

    @describe(Verb.OFF, "下线城市 · take a city off line")
    def offline_city(self, request: Any, id: str) -> Response:
        return self._fire(Verb.OFF, id)

    @describe(Verb.PUB, "发布城市 · put a city back on line")
    def publish_city(self, request: Any, id: str) -> Response:
        return self._fire(Verb.PUB, id)

    @describe(Verb.RCC, "回收城市 · restore a city from the recycle bin")
    def recycle_city(self, request: Any, id: str = "") -> Response:
        return self._fire(Verb.RCC, id) if id else self.recycle_city_by_name(request)

    @describe(
        Verb.RCC,
        "回收城市 · restore a city by its owner's uid and its name",
        RecycleSerializer,
        sent={"uid": "Dmtv7TrE", "name": "健康手环"},
        operation="RccCityByName",
    )
    def recycle_city_by_name(self, request: Any) -> Response:
        done = services.recycle_by_name(by=self.actor, read=RecycleSerializer(data=self.params).read)
        return Response({"id": done.thing.key})

    @describe(
        Verb.SET, "修改城市 · change a city", UpdateSerializer, sent={"name": "新的城市名", "brief": "新的城市介绍"}
    )
    def update_city(self, request: Any, id: str) -> Response:
        updated = services.update_city(id, by=self.actor, read=self._read_changes)
        stored = {name: _stored(updated.city, name) for name in UPDATABLE if name in self.params}
        # The document's table names the key `ipdates`, its example `updates`: both.
        answer = {"id": updated.city.key, "ipdates": stored, "updates": stored}
        return Response(answer | ({"secret": updated.secret} if updated.secret else {}))

    @describe(Verb.GET, "详情城市 · a city in full", query=[FIELDS])
    def get_city(self, request: Any, id: str) -> Response:
        return self._show(Verb.GET, id, tuple(fields.ALL))

    @describe(Verb.GIT, "私详城市 · one of my cities", query=[FIELDS])
    def git_city(self, request: Any, id: str) -> Response:
        return self._show(Verb.GIT, id, tuple(fields.BASE))

    @describe(Verb.QRI, "私查城市 · my cities and those shared with me", query=STANDARD_QUERY)
    def queri_city(self, request: Any) -> Response:
        executor.permit(CITY, None, Verb.QRI, by=self.actor)
        query = read_query(self.params, fields.SHAPE)
        return self._list(query, listing.own_cities(query, by=self.actor))

    @describe(Verb.QRY, "查询城市 · all cities", query=STANDARD_QUERY)
    def query_city(self, request: Any) -> Response:
        executor.permit(CITY, None, Verb.QRY, by=self.actor)
        query = read_query(self.params, fields.SHAPE)
        return self._list(query, listing.all_cities(query, by=self.actor))

    def _fire(self, verb: Verb, id: str, read: executor.Reader = dict) -> Response:
        done = executor.fire(CITY, City.objects.all(), id, verb, by=self.actor, read=read)
        return Response({"id": done.thing.key})

    def _read_changes(self) -> dict[str, Any]:
        given: dict[str, Any] = UpdateSerializer(data=self.params).read()
        if "enabled" in given:
            self.judge(Verb.PUB if given["enabled"] else Verb.OFF, self.request)
        return given

    def _show(self, verb: Verb, id: str, defaults: tuple[str, ...]) -> Response:
        city = City.objects.visible_to(self.actor).with_people().filter(key=id).first() if ids.is_key(id) else None
        if city is None:
            raise NotVisible(kind=self.kind)
        executor.permit(CITY, city, verb, by=self.actor)
        wanted = read_fields(self.params.get("fields", ""), tuple(fields.ALL), defaults)
        data = fields.shown(city, wanted, self.actor.now)
        return Response({"id": city.key, "data": data})

    def _list(self, query: Any, page: listing.Page) -> Response:
        rows = [fields.shown(city, query.fields, self.actor.now) for city in page.cities]
        answer = {"limit": query.limit, "offset": query.offset, "page": query.page, "total": page.total}
        if page.is_at_least:
            answer["total_is"] = "at_least"
        return Response({**answer, "sort": query.sorted_by, "next": page.next, "list": rows})


def _read_ban(params: Any, by: Actor) -> dict[str, Any]:
    """`stato` and `expire` as the executor takes them: 0 is never, and what has passed is refused."""
    sent = DisableSerializer(data=params).read()
    given: dict[str, Any] = {}
    if "stato" in sent:
        given["reason"] = sent["stato"]
    if "expire" in sent:
        ends_at = datetime.fromtimestamp(sent["expire"], UTC) if sent["expire"] else None
        check_future(ends_at, by.now, field="expire")
        given["expires_at"] = ends_at
    return given


def _stored(city: City, name: str) -> Any:
    """A field of SET as it stands now."""
    if name == "enabled":
        return int(not city.offline)
    return getattr(city, name, "")
