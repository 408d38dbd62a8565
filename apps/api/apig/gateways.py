"""Gateways by APIG v2 [vendor]: which there are, what they may hold, their switches."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.response import Response

from accounts.machine import executor
from apps import policies
from apps.api.apig import fields, schema, shapes
from apps.api.apig.schema import describe, described
from apps.api.apig.views import InstanceViewSet
from apps.lifecycle import GATEWAY
from apps.models import App, Gateway
from apps.services import gateways as services
from config.kernel import names
from config.kernel.policies import Policy
from config.kernel.states import Verb

COUNTED = 10_001


@described(
    list=describe(
        "ListInstances",
        "The gateways of a project",
        schema.INSTANCES,
        path=(),
        parameters=[*schema.PAGE_V2, *schema.query(instance_id=str, instance_name=str)],
    ),
    retrieve=describe("ShowInstance", "One gateway", schema.INSTANCE, path=schema.AT_GATEWAY),
    configs=describe("ListConfigs", "What it may hold, and its switch", schema.CONFIGS, path=schema.AT_GATEWAY),
    features=describe(
        "ListFeatures", "Its features", schema.FEATURES, parameters=schema.PAGE_V2, path=schema.AT_GATEWAY
    ),
    set_feature=describe(
        "CreateFeature", "Set a feature", schema.FEATURE, 201, request=fields.FeatureBody, path=schema.AT_GATEWAY
    ),
)
class GatewayViewSet(InstanceViewSet):
    """Instances of a project."""

    kind, version = GATEWAY.kind, "v2"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.GATEWAYS}
    verbs: ClassVar[Mapping[str, str]] = {
        "list": Verb.QRI,
        "retrieve": Verb.GET,
        "configs": Verb.GET,
        "features": Verb.GET,
        "set_feature": Verb.SET,
    }

    def list(self, request: Any, **_: Any) -> Response:
        project = services.above(self.kwargs["project_id"], by=self.actor)
        executor.permit(GATEWAY, None, Verb.QRI, by=self.actor)
        params, page = self.params, fields.read_page(self.params, self.version)
        found = Gateway.objects.with_chain().visible_to(self.actor).of_project(project)
        if "instance_id" in params:
            found = found.filter(key=params["instance_id"])
        if "instance_name" in params:
            found = found.holding(names.name_key(params["instance_name"]), of_all=False)
        shown = [shapes.gateway(each, self.actor.now) for each in found[page]]
        return Response({"total": found[:COUNTED].count(), "size": len(shown), "instances": shown})

    def retrieve(self, request: Any, **_: Any) -> Response:
        return Response(shapes.gateway(self._permitted(), self.actor.now))

    def configs(self, request: Any, **_: Any) -> Response:
        gateway = self._permitted()
        held = App.objects.of_gateway(gateway)[:COUNTED].count()
        rows = shapes.configs(gateway, held, self.actor.now)
        return Response({"total": len(rows), "size": len(rows), "configs": rows})

    def features(self, request: Any, **_: Any) -> Response:
        gateway = self._permitted()
        page = fields.read_page(self.params, self.version)
        rows = [shapes.feature(gateway, given) for _, given in sorted(gateway.features.items())]
        return Response({"total": len(rows), "size": len(rows[page]), "features": rows[page]})

    def set_feature(self, request: Any, **_: Any) -> Response:
        read = lambda: fields.FeatureBody(data=request.data).read()  # noqa: E731
        gateway, feature = services.set_feature(self.kwargs["instance_id"], self.gateways(), by=self.actor, read=read)
        return Response(shapes.feature(gateway, feature), 201)

    def _permitted(self) -> Gateway:
        gateway = self.gateway()
        executor.permit(GATEWAY, gateway, Verb.GET, by=self.actor)
        return gateway
