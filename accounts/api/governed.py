"""What every kind with the full lifecycle has in the native API: its detail, its verbs as POST actions, its purge."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access.visibility import find_thing
from accounts.doors.native import NativeViewSet
from accounts.machine import executor, purging
from config.dialects.fields import Line
from config.dialects.native import openapi
from config.dialects.native.fields import Flag, Moment, NativeSerializer
from config.dialects.native.query import read_fields, read_params
from config.kernel import registry
from config.kernel.states import State, Table, Verb, check_future

VERBS: Mapping[str, str] = {
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


class Closing(NativeSerializer):
    """Why, and until when; null or nothing: until it is enabled again."""

    reason = Line(64, required=False)
    expires_at = Moment(required=False)


def read_closing(request: Any, now: datetime) -> dict[str, Any]:
    """What DIS is given. Raises Invalid."""
    given = Closing(data=request.data).read()
    check_future(given.get("expires_at"), now, field="expires_at")
    return given


class Purge(NativeSerializer):
    """`confirm` is its name; with `dry_run` nothing goes."""

    confirm = Line(64)
    dry_run = Flag(required=False)


class GovernedViewSet(NativeViewSet):
    """Abstract. `path` is the resource's name, `fields` the members of what is shown of a thing."""

    table: ClassVar[Table]
    path: ClassVar[str]
    fields: ClassVar[tuple[str, ...]]
    verbs: ClassVar[Mapping[str, str]] = VERBS

    def rows(self) -> Any:
        """All, with what is shown of them."""
        raise NotImplementedError

    def shape(self, thing: Any, fields: tuple[str, ...]) -> dict[str, Any]:
        """A thing as it is answered."""
        raise NotImplementedError

    def effective(self, thing: Any) -> State:
        """The worst state along its chain."""
        raise NotImplementedError

    def retrieve(self, request: Any, id: str) -> Response:
        thing = find_thing(registry.kind(self.kind), id, by=self.actor, rows=self.rows())
        executor.permit(self.table, thing, Verb.GET, by=self.actor)
        return self.answer(request, thing, fields=read_fields(read_params(request, ("fields",)), self.fields))

    def destroy(self, request: Any, id: str) -> Response:
        self.fire(request, id)
        return Response(status=204)

    @action(detail=True, methods=["post"])
    def disable(self, request: Any, id: str) -> Response:
        return self.fire(request, id, read=lambda: read_closing(request, self.actor.now))

    @action(detail=True, methods=["post"])
    def enable(self, request: Any, id: str) -> Response:
        return self.fire(request, id)

    @action(detail=True, methods=["post"])
    def publish(self, request: Any, id: str) -> Response:
        return self.fire(request, id)

    @action(detail=True, methods=["post"])
    def offline(self, request: Any, id: str) -> Response:
        return self.fire(request, id)

    @action(detail=True, methods=["post"])
    def recycle(self, request: Any, id: str) -> Response:
        return self.fire(request, id)

    @action(detail=True, methods=["post"])
    def purge(self, request: Any, id: str) -> Response:
        read = lambda: Purge(data=request.data).read()  # noqa: E731
        purged = purging.purge(self.table, self.rows(), id, by=self.actor, read=read)
        return Response({"id": id, "dry_run": purged.is_dry, "removed": purged.removed})

    def judge_again(self, request: Any, id: str) -> None:
        if self.verb == Verb.DEL:
            self.actor.check_fresh()
        if not id:
            executor.permit(self.table, None, Verb.ADD, by=self.actor)
        elif self.verb != Verb.DEL or self.rows().filter(key=id).exists():  # what it has itself removed is not seen
            self.judge_thing(find_thing(registry.kind(self.kind), id, by=self.actor, rows=self.rows()))

    def judge_thing(self, thing: Any) -> None:
        """May the caller still do to this thing what the call has done?"""
        executor.permit(self.table, thing, Verb(self.verb), by=self.actor)

    def fire(self, request: Any, id: str, read: executor.Reader | None = None) -> Response:
        """The verb of the action, and the thing after it."""
        given = read or (lambda: NativeSerializer(data=request.data).read())  # nothing
        done = executor.fire(self.table, self.rows(), id, Verb(self.verb), by=self.actor, read=given)
        return self.answer(request, done.thing)

    def answer(
        self, request: Any, thing: Any, *, made_at: str = "", fields: tuple[str, ...] = (), **more: Any
    ) -> Response:
        """A thing with its ETag; `more` is what is shown beside it, this once."""
        body = partial(self._body, thing, fields or self.fields, more)
        state = thing.state_at(self.actor.now)
        return self.shown(request, thing.version, state, self.effective(thing), body, made_at=made_at)

    def _body(self, thing: Any, fields: tuple[str, ...], more: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.shape(thing, fields), **more}


def described(
    path: str,
    noun: str,
    shown: serializers.Serializer[Any],
    **own: Any,
) -> Callable[[Any], Any]:
    """The descriptions of a kind's interfaces; `own` are those that are not alike for all."""
    write = openapi.describe_write
    purged = openapi.shape(
        f"{type(shown).__name__}Purged",
        id=str,
        dry_run=bool,
        removed=lambda: serializers.DictField(child=serializers.IntegerField()),
    )
    return extend_schema_view(
        retrieve=openapi.describe_detail(f"{path}_get", f"One {noun}", shown),
        destroy=write(f"{path}_delete", f"Move a {noun} to the bin", None, {204: None}, is_post=False),
        disable=write(f"{path}_disable", f"Close a {noun}", Closing, {200: shown}),
        enable=write(f"{path}_enable", "Lift a closing: it is again what it was", None, {200: shown}),
        publish=write(f"{path}_publish", f"Put a {noun} back on line", None, {200: shown}),
        offline=write(f"{path}_offline", f"Take a {noun} off line", None, {200: shown}),
        recycle=write(f"{path}_recycle", f"Restore a {noun} from the bin", None, {200: shown}),
        purge=write(f"{path}_purge", f"Empty a {noun} out of the bin, for good", Purge, {200: purged}),
        **own,
    )
