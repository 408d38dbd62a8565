"""Who has which role on what: `grants` of the native API."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import policies
from accounts.access import walks
from accounts.access.visibility import governed_kinds, named_thing, thing_pattern
from accounts.api import schema
from accounts.audit.journal import About
from accounts.doors.base import UNREADABLE
from accounts.doors.native import NativeViewSet, address
from accounts.models import FOREVER, Grant
from accounts.people import grants, sharing
from config.dialects.fields import Line
from config.dialects.native import openapi
from config.dialects.native.fields import Choice, Moment, NativeSerializer
from config.dialects.native.query import LIST, of_the_query, read_fields, read_params, read_query
from config.kernel import ids, registry
from config.kernel.policies import Policy
from config.kernel.states import State, Verb

ORDERINGS = ("-created_at", "created_at")
FIELDS = (
    "id", "thing", "thing_name", "user", "role", "status", "expires_at", "granted_by", "created_at", "version", "url",
)  # fmt: skip


THING = OpenApiParameter(
    "thing",
    {"type": "string", "pattern": thing_pattern()},
    description="<kind>/<id>: the grants on it, for its owner",
)


class _Terms(NativeSerializer):
    def read(self) -> dict[str, Any]:
        given = super().read()
        if "role" in given:
            given["role"] = sharing.ROLES[given["role"]]
        if "expires_at" in given:
            given["ends_at"] = given.pop("expires_at")
        return given


class GrantInput(_Terms):
    """To a user's id it is in force at once; to an e-mail address it is an offer."""

    thing = Line(64, pattern=thing_pattern())
    user = Line(254, pattern=f"^({ids.KEY}|.+@.+)$")
    role = Choice(*sharing.ROLES)
    expires_at = Moment(required=False)


class GrantChanges(_Terms):
    """What is to be different; null as the end: for good."""

    role = Choice(*sharing.ROLES, required=False)
    expires_at = Moment(required=False)


class GrantViewSet(NativeViewSet):
    """Grants."""

    kind = "grant"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.GRANTS}
    verbs: ClassVar[Mapping[str, str]] = {
        "list": Verb.QRI,
        "create": sharing.SHARE,
        "retrieve": Verb.GET,
        "partial_update": Verb.SET,
        "destroy": sharing.UNSHARE,
        "accept": "ACCEPT",
        "decline": "DECLINE",
    }

    @openapi.describe_list(
        "grants_list", "Shares that I have, or that a thing has", schema.GRANT, ORDERINGS, query=[THING]
    )
    def list(self, request: Any) -> Response:
        self.actor.check_scope(Verb.QRI)
        params = read_params(request, (*LIST, "thing"))
        query = read_query(params, orderings=ORDERINGS, fields=FIELDS)
        page = self._walk(params.get("thing"), is_descending=query.ordering.startswith("-")).page(self.ask(query))
        return self.listed(request, page, [_shape(grant, query.fields) for grant in page.rows])

    @openapi.describe_detail("grants_get", "One grant", schema.GRANT)
    def retrieve(self, request: Any, id: str) -> Response:
        grant = grants.find(id, by=self.actor)
        self.actor.check_scope(Verb.GET)
        return self._answer(request, grant, fields=read_fields(read_params(request, ("fields",)), FIELDS))

    @openapi.describe_write("grants_create", "Share a thing", GrantInput, {201: schema.GRANT}, is_one=False)
    def create(self, request: Any) -> Response:
        kind, key = named_thing(str(request.data.get("thing", "")))
        grant = sharing.share(kind, key, by=self.actor, read=lambda: GrantInput(data=request.data).read())
        return self._answer(request, grant, made_at=f"grants/{grant.key}")

    @openapi.describe_write("grants_update", "Change role or end", GrantChanges, {200: schema.GRANT}, is_post=False)
    def partial_update(self, request: Any, id: str) -> Response:
        grant = sharing.alter(id, by=self.actor, read=lambda: GrantChanges(data=request.data).read())
        return self._answer(request, grant)

    @openapi.describe_write("grants_delete", "Take a grant away", None, {204: None}, is_post=False)
    def destroy(self, request: Any, id: str) -> Response:
        sharing.unshare(id, by=self.actor)
        return Response(status=204)

    @openapi.describe_write("grants_accept", "Take up an offer", None, {200: schema.GRANT})
    @action(detail=True, methods=["post"])
    def accept(self, request: Any, id: str) -> Response:
        grant = sharing.accept(id, by=self.actor, read=lambda: NativeSerializer(data=request.data).read())
        return self._answer(request, grant)

    @openapi.describe_write("grants_decline", "Turn down an offer", None, {204: None})
    @action(detail=True, methods=["post"])
    def decline(self, request: Any, id: str) -> Response:
        sharing.decline(id, by=self.actor, read=lambda: NativeSerializer(data=request.data).read())
        return Response(status=204)

    def named(self, request: Any) -> About:
        """A refused sharing is told where the thing's own history is read."""
        if "id" in self.kwargs:
            return super().named(request)
        try:
            kind, key = named_thing(str(request.data.get("thing") or request.GET.get("thing", "")))
        except UNREADABLE:
            return super().named(request)
        return About(kind.name, key)

    def judge_again(self, request: Any, id: str) -> None:
        if not id:
            kind, key = named_thing(str(request.data.get("thing", "")))
            sharing.check_may_share(kind, key, by=self.actor)
        elif self.action == "accept":  # taken up, it is one's own to see
            grants.find(id, by=self.actor)

    def _walk(self, thing: str | None, *, is_descending: bool) -> walks.Walk:
        if thing is None:
            every = [(grants.table_of(kind).model, grants.mine(kind, by=self.actor)) for kind in governed_kinds()]
            parts = [(model, walks.keyset(rows, is_descending=is_descending)) for model, rows in every]
            return walks.chained(parts)
        with of_the_query():
            kind, key = named_thing(thing)
        return walks.keyset(grants.on(kind, key, by=self.actor), is_descending=is_descending)

    def _answer(self, request: Any, grant: Grant, *, made_at: str = "", fields: tuple[str, ...] = FIELDS) -> Response:
        # A grant has no states of its own: it is there, or it is not.
        return self.shown(
            request, grant.version, State.ENABLED, State.ENABLED, lambda: _shape(grant, fields), made_at=made_at
        )


def _shape(grant: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    thing = grant.content_object
    shown = {
        "id": grant.key,
        "thing": f"{registry.kind_of(thing).name}/{thing.key}",
        "thing_name": thing.name,
        "user": grant.user.key if grant.user is not None else grant.invited,
        "role": grant.share.name.lower(),
        "status": "pending" if grant.is_pending else "active",
        "expires_at": None if grant.ends_at == FOREVER else grant.ends_at,
        "granted_by": grant.granted_by.key if grant.granted_by is not None else None,
        "created_at": grant.created_at,
        "version": grant.version,
        "url": address(f"grants/{grant.key}"),
    }
    return {name: shown[name] for name in fields}
