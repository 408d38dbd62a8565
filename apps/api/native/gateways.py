"""Gateways as resources (native API): what they have beside what all that belongs to a company has."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.response import Response

from accounts.api import belonging
from accounts.api.belonging import BelongingViewSet
from accounts.api.governed import described
from accounts.api.secrets import SecretsMixin, described_secrets
from accounts.machine import executor
from accounts.machine.rotation import Rotated
from apps.api import native_schema as schema
from apps.api.filters import GatewayFilters
from apps.lifecycle import GATEWAY
from apps.models import Gateway
from apps.policies import GATEWAYS
from apps.services import gateways
from config.dialects.fields import Line, Name, Whole
from config.dialects.native import openapi
from config.dialects.native.fields import Choice, Flag, NativeSerializer
from config.kernel import ids
from config.kernel.policies import Policy


class _GatewayBody(NativeSerializer):
    app_key_secret_switch = Flag(required=False)
    app_limit = Whole(0, gateways.MOST["app_limit"], required=False)
    app_code_limit = Whole(0, gateways.MOST["app_code_limit"], required=False)
    profile = Choice(*Gateway.Profile.values, required=False)
    unsigned_body = Flag(required=False)

    def read(self) -> dict[str, Any]:
        """As the service names them; in what it is made has been read before."""
        given = super().read()
        given.pop("project", None)
        if "app_key_secret_switch" in given:
            given["key_switch"] = given.pop("app_key_secret_switch")
        return given


class GatewayInput(_GatewayBody):
    """A new gateway of a project; what is beside the two is its owner's to say."""

    project = Line(10, pattern=f"^{ids.APP_ID}$")
    name = Name(3, 64)


class GatewayChanges(_GatewayBody):
    """What is to be different; all but the name is its owner's to change."""

    name = Name(3, 64, required=False)


@described(
    "gateways",
    "gateway",
    schema.GATEWAY,
    list=belonging.describe_list(
        "gateways", "My company's gateways, and those shared with me", schema.GATEWAY, Gateway, GatewayFilters
    ),
    create=openapi.describe_write(
        "gateways_create", "Create a gateway", GatewayInput, {201: schema.NEW_GATEWAY}, is_one=False
    ),
    partial_update=openapi.describe_write(
        "gateways_update", "Change a gateway", GatewayChanges, {200: schema.GATEWAY}, is_post=False
    ),
    **described_secrets("gateways"),
)
class GatewayViewSet(SecretsMixin, BelongingViewSet):
    """Gateways."""

    kind, table, path, parent = GATEWAY.kind, GATEWAY, "gateways", "project"
    model, filters, made = Gateway, GatewayFilters, "gateway_key"
    fields = tuple(schema.GATEWAY.fields)
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in GATEWAYS}

    def shape(self, thing: Gateway, fields: tuple[str, ...]) -> dict[str, Any]:
        project, city = thing.project, thing.project.city
        shown = {
            "id": thing.key,
            "name": thing.name,
            "project": {"app_id": project.key, "name": project.name},
            "city": {"id": city.key, "name": city.name} if city is not None else None,
            "app_key_secret_switch": thing.key_switch,
            "app_limit": thing.app_limit,
            "app_code_limit": thing.app_code_limit,
            "profile": thing.profile,
            "unsigned_body": thing.unsigned_body,
            **self.standing(thing),
        }
        return {name: shown[name] for name in fields}

    def create(self, request: Any) -> Response:
        read = lambda: GatewayInput(data=request.data).read()  # noqa: E731
        gateway, key = gateways.create_gateway(self.read_parent(request, GatewayInput), by=self.actor, read=read)
        return self.answer(request, gateway, made_at=f"gateways/{gateway.key}", gateway_key=key)

    def partial_update(self, request: Any, id: str) -> Response:
        gateway = gateways.update_gateway(id, by=self.actor, read=lambda: GatewayChanges(data=request.data).read())
        return self.answer(request, gateway)

    def rotate_one(self, id: str, read: executor.Reader) -> Rotated:
        return gateways.rotate_key(id, by=self.actor, read=read, may_end_older=False)

    def end_one(self, id: str, number: int) -> None:
        gateways.end_key(id, number, by=self.actor)

    def permit_rotation(self, thing: Gateway) -> None:
        gateways.permit_rotation(thing, by=self.actor)
