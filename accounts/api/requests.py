"""What owners ask of the administrators: `requests` of the native API."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from accounts import policies
from accounts.access import walks
from accounts.access.policies import check
from accounts.access.visibility import named_thing, thing_pattern
from accounts.api import schema
from accounts.audit.journal import About
from accounts.doors.base import UNREADABLE
from accounts.doors.native import SCOPE, NativeViewSet, address, sees_all
from accounts.models import Request
from accounts.people import requests
from config.dialects.fields import Line
from config.dialects.native import openapi
from config.dialects.native.fields import Choice, Flag, NativeSerializer
from config.dialects.native.query import LIST, of_the_query, read_fields, read_params, read_query
from config.kernel.errors import Code, Invalid
from config.kernel.policies import Policy
from config.kernel.states import State, Verb

NEWEST, OLDEST = "-created_at", "created_at"
FIELDS = (
    "id", "thing", "thing_name", "verb", "message", "state", "user", "answer", "answered_by", "answered_at",
    "created_at", "version", "url",
)  # fmt: skip
STATES = OpenApiParameter("state", {"type": "string", "enum": [*schema.REQUEST_STATES]}, description="in this state")


class RequestInput(NativeSerializer):
    """What is to be done to which thing, and why."""

    thing = Line(64, pattern=thing_pattern())
    verb = Choice(*requests.VERBS)
    message = Line(requests.LONGEST, required=False)

    def read(self) -> dict[str, Any]:
        given = super().read()
        return {**given, "verb": requests.VERBS[given["verb"]]}


class RequestAnswer(NativeSerializer):
    """Whether it is done, and what is said about it."""

    grant = Flag()
    answer = Line(requests.LONGEST, required=False)


class RequestViewSet(NativeViewSet):
    """Requests."""

    kind = requests.KIND
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.REQUESTS}
    verbs: ClassVar[Mapping[str, str]] = {
        "list": Verb.QRI,
        "create": requests.REQUEST,
        "retrieve": Verb.GET,
        "partial_update": requests.ANSWER,
        "destroy": requests.RETRACT,
    }

    @openapi.describe_list(
        "requests_list", "What I asked for; the queue", schema.REQUEST, (NEWEST, OLDEST), query=[SCOPE, STATES]
    )
    def list(self, request: Any) -> Response:
        self.actor.check_scope(Verb.QRI)
        params = read_params(request, (*LIST, "scope", "state"))
        is_all = sees_all(params.get("scope"), by=self.actor, kind=self.kind)
        # Of everybody's the one that waits longest comes first.
        query = read_query(params, orderings=(OLDEST, NEWEST) if is_all else (NEWEST, OLDEST), fields=FIELDS)
        rows = requests.everybodys(by=self.actor) if is_all else requests.mine(by=self.actor)
        walk = walks.keyset(_narrowed(rows, params), is_descending=query.ordering == NEWEST)
        page = walk.page(self.ask(query))
        return self.listed(request, page, [_shape(row, query.fields) for row in page.rows])

    @openapi.describe_detail("requests_get", "One request", schema.REQUEST, is_whole=False)
    def retrieve(self, request: Any, id: str) -> Response:
        row = requests.find(id, by=self.actor)
        return self._answer(request, row, fields=read_fields(read_params(request, ("fields",)), FIELDS))

    @openapi.describe_write(
        "requests_create", "Ask for a thing of mine", RequestInput, {201: schema.REQUEST}, is_one=False
    )
    def create(self, request: Any) -> Response:
        kind, key = named_thing(str(request.data.get("thing", "")))
        row = requests.ask(kind, key, by=self.actor, read=lambda: RequestInput(data=request.data).read())
        return self._answer(request, row, made_at=f"requests/{row.key}")

    @openapi.describe_write(
        "requests_answer", "Grant or refuse it", RequestAnswer, {200: schema.REQUEST}, is_post=False
    )
    def partial_update(self, request: Any, id: str) -> Response:
        row = requests.answer(
            id,
            by=self.actor,
            read=lambda: RequestAnswer(data=request.data).read(),
            judge=lambda row: check(row, self.actor, is_secure=request.is_secure()),
        )
        return self._answer(request, row)

    @openapi.describe_write("requests_withdraw", "Take it back", None, {204: None}, is_post=False)
    def destroy(self, request: Any, id: str) -> Response:
        requests.withdraw(id, by=self.actor)
        return Response(status=204)

    def named(self, request: Any) -> About:
        """A refused request is told where the thing's own history is read."""
        if "id" in self.kwargs:
            return super().named(request)
        try:
            kind, key = named_thing(str(request.data.get("thing", "")))
        except UNREADABLE:
            return super().named(request)
        return About(kind.name, key)

    def judge_again(self, request: Any, id: str) -> None:
        kind, key = named_thing(str(request.data.get("thing", "")))
        requests.check_may_ask(kind, key, by=self.actor)

    def _answer(self, request: Any, row: Request, *, made_at: str = "", fields: tuple[str, ...] = FIELDS) -> Response:
        # What becomes of the thing settles it without a new version.
        body = lambda: _shape(row, fields)  # noqa: E731
        return self.shown(request, row.version, State.ENABLED, State.ENABLED, body, made_at=made_at, is_whole=False)


def _narrowed(rows: Any, params: Mapping[str, str]) -> Any:
    if (state := params.get("state")) is None:
        return rows
    if state not in schema.REQUEST_STATES:
        with of_the_query():
            raise Invalid(Code.BAD_CHOICE, field="state", allowed=", ".join(schema.REQUEST_STATES))
    return requests.in_state(rows, state)


def _shape(row: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    shown = {
        "id": row.key,
        "thing": f"{row.kind}/{row.thing}",
        "thing_name": row.thing_name,
        "verb": requests.WORDS[row.verb],
        "message": row.message,
        "state": requests.state_of(row),
        "user": {"id": row.user.key, "name": row.user.name},
        "answer": row.answer,
        "answered_by": row.answered_by.key if row.answered_by is not None else None,
        "answered_at": row.answered_at,
        "created_at": row.created_at,
        "version": row.version,
        "url": address(f"requests/{row.key}"),
    }
    return {name: shown[name] for name in fields}
