"""One's own tokens and access keys: `tokens` and `access-keys` of the native API."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import policies
from accounts.access import walks
from accounts.api import schema
from accounts.doors.native import NativeViewSet, address
from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN
from accounts.people import credentials
from config.dialects.fields import Label, Line
from config.dialects.native import filters, openapi
from config.dialects.native.fields import Moment, NativeSerializer, Words
from config.dialects.native.query import LIST, of_the_query, read_fields, read_params, read_query
from config.kernel import scopes
from config.kernel.policies import Policy
from config.kernel.states import State, Table, Verb

ORDERINGS = ("-created_at", "created_at")
_MANY = 100
_OF_USE = {"last_used_at", "last_used_ip"}
_KEY = {"pattern": "^[A-Za-z0-9]{8}$"}


class CredentialInput(NativeSerializer):
    """What is left out is as the maker's; of the maker's scopes all but `credentials`."""

    name = Label()
    expires_at = Moment(required=False)
    scopes = Words(_MANY, each={"enum": sorted(scopes.KNOWN)}, required=False)
    cities = Words(_MANY, each=_KEY, required=False)
    addresses = Words(_MANY, each={"examples": ["192.0.2.0/24"]}, required=False)
    audience = Line(8, pattern=_KEY["pattern"], required=False)
    shop = Line(8, pattern=_KEY["pattern"], required=False)

    def read(self) -> dict[str, Any]:
        given = super().read()
        return {("ends_at" if name == "expires_at" else name): value for name, value in given.items()}


class CredentialName(NativeSerializer):
    """The name, which is all that can be changed: how far a credential reaches is settled at its making."""

    name = Label()


class CredentialDisabling(NativeSerializer):
    """Why."""

    reason = Line(64, required=False)


class CredentialViewSet(NativeViewSet):
    """Abstract: the same for both kinds."""

    table: ClassVar[Table]
    path: ClassVar[str]
    id_field: ClassVar[str]
    verbs: ClassVar[Mapping[str, str]] = {
        "list": Verb.QRI,
        "create": Verb.ADD,
        "retrieve": Verb.GET,
        "partial_update": Verb.SET,
        "destroy": Verb.DEL,
        "disable": Verb.DIS,
        "enable": Verb.ENB,
    }

    @property
    def fields(self) -> tuple[str, ...]:
        """The members of an answer."""
        return (
            self.id_field, "name", "state", "reason", "scopes", "cities", "addresses", "audience", "shop",
            "secret_hint", "expires_at", "last_used_at", "last_used_ip", "created_at", "updated_at", "version", "url",
        )  # fmt: skip

    def list(self, request: Any) -> Response:
        rows = credentials.mine(self.table, by=self.actor)
        params = read_params(request, (*LIST, "state"))
        query = read_query(params, orderings=ORDERINGS, fields=self.fields)
        rows = self._narrowed(rows, params.get("state"))
        page = walks.keyset(rows, is_descending=query.ordering.startswith("-")).page(self.ask(query))
        return self.listed(request, page, [self._shape(row, query.fields) for row in page.rows])

    def retrieve(self, request: Any, id: str) -> Response:
        row = credentials.find(self.table, id, by=self.actor)
        return self._answer(request, row, fields=read_fields(read_params(request, ("fields",)), self.fields))

    def create(self, request: Any) -> Response:
        row, secret = credentials.make(
            self.table, by=self.actor, read=lambda: CredentialInput(data=request.data).read()
        )
        return self._answer(request, row, made_at=f"{self.path}/{row.key}", secret=secret)

    def partial_update(self, request: Any, id: str) -> Response:
        row = credentials.rename(self.table, id, by=self.actor, read=lambda: CredentialName(data=request.data).read())
        return self._answer(request, row)

    def destroy(self, request: Any, id: str) -> Response:
        credentials.fire(self.table, id, Verb.DEL, by=self.actor)
        return Response(status=204)

    @action(detail=True, methods=["post"])
    def disable(self, request: Any, id: str) -> Response:
        return self._fire(request, id, CredentialDisabling)

    @action(detail=True, methods=["post"])
    def enable(self, request: Any, id: str) -> Response:
        return self._fire(request, id, NativeSerializer)

    def judge_again(self, request: Any, id: str) -> None:
        if id:
            credentials.check_may_fire(self.table, id, Verb(self.verb), by=self.actor)
        else:
            credentials.check_may_make(self.actor)

    def _fire(self, request: Any, id: str, serializer: type[NativeSerializer]) -> Response:
        row = credentials.fire(
            self.table, id, Verb(self.verb), by=self.actor, read=lambda: serializer(data=request.data).read()
        )
        return self._answer(request, row)

    def _answer(
        self, request: Any, row: Any, *, made_at: str = "", secret: str = "", fields: tuple[str, ...] = ()
    ) -> Response:
        state = row.state_at(self.actor.now)

        def body() -> dict[str, Any]:
            return self._shape(row, fields or self.fields) | ({self.secret: secret} if secret else {})

        # Its use touches it, and bumps no version.
        is_whole = not _OF_USE & set(fields or self.fields)
        return self.shown(request, row.version, state, state, body, made_at=made_at, is_whole=is_whole)

    def _shape(self, row: Any, fields: tuple[str, ...]) -> dict[str, Any]:
        shown = {
            self.id_field: row.key,
            "name": row.name,
            "state": row.state_at(self.actor.now).name.lower(),
            "reason": row.reason,
            "scopes": row.scopes,
            "cities": row.cities,
            "addresses": row.addresses,
            "audience": row.audience,
            "shop": row.shop.key,
            "secret_hint": row.hint,
            "expires_at": row.ends_at,
            "last_used_at": row.last_used_at,
            "last_used_ip": row.last_used_ip,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "version": row.version,
            "url": address(f"{self.path}/{row.key}"),
        }
        return {name: shown[name] for name in fields}

    def _narrowed(self, rows: Any, states: str | None) -> Any:
        """Without what has ended, unless that state is named."""
        if states is None:
            return rows.exclude(state=State.DELETED)
        with of_the_query():
            return rows.in_states(filters.read_states(states, field="state"), self.actor.now)


def _described(name: str, about: str, shown: Any, created: Any) -> Callable[[Any], Any]:
    """The descriptions of a kind's interfaces."""
    states = OpenApiParameter(
        "state", filters.STATES, description="comma list of states; ended ones are left out otherwise"
    )
    write = openapi.describe_write
    return extend_schema_view(
        list=openapi.describe_list(f"{name}_list", f"My {name.replace('_', ' ')}", shown, ORDERINGS, query=[states]),
        retrieve=openapi.describe_detail(f"{name}_get", f"Show {about}", shown),
        create=write(f"{name}_create", f"Make {about}", CredentialInput, {201: created}, is_one=False),
        partial_update=write(f"{name}_update", f"Rename {about}", CredentialName, {200: shown}, is_post=False),
        destroy=write(f"{name}_delete", f"End {about} for good", None, {204: None}, is_post=False),
        disable=write(f"{name}_disable", f"Disable {about}", CredentialDisabling, {200: shown}),
        enable=write(f"{name}_enable", f"Enable {about}", None, {200: shown}),
    )


@_described("tokens", "an access token", schema.TOKEN, schema.NEW_TOKEN)
class TokenViewSet(CredentialViewSet):
    """Access tokens."""

    kind, table = ACCESS_TOKEN.kind, ACCESS_TOKEN
    path, id_field, secret = "tokens", "id", "token"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.TOKENS}


@_described("access_keys", "an access key", schema.ACCESS_KEY, schema.NEW_ACCESS_KEY)
class AccessKeyViewSet(CredentialViewSet):
    """Access keys: an AK, and an SK to sign requests with."""

    kind, table = ACCESS_KEY.kind, ACCESS_KEY
    path, id_field, secret = "access-keys", "ak", "sk"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.ACCESS_KEYS}
