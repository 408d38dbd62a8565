"""The policy registry: `policies` of the native API. To be read by who may browse, to be overridden by god."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.response import Response

from accounts import policies
from accounts.api import schema
from accounts.doors.native import NativeViewSet, address
from accounts.machine import overrides
from accounts.machine.overrides import Row
from config.dialects.native import openapi
from config.dialects.native.fields import NativeSerializer, OrNull
from config.dialects.native.query import read_fields, read_params
from config.kernel.errors import Code, DomainError
from config.kernel.policies import ACITYS, ENABLES, Policy, read_acitys, read_enable, write_acitys
from config.kernel.states import State, Verb

FIELDS = tuple(schema.POLICY.fields)


class PolicyChanges(NativeSerializer):
    """`acitys`: a comma list of the states allowed, of city, zone, corp, shop, user, token and login."""

    enable = OrNull(read_enable, {"enum": [*ENABLES, None]}, required=False)
    acitys = OrNull(read_acitys, {"pattern": ACITYS}, required=False)


class PolicyViewSet(NativeViewSet):
    """Policy rows, by their names."""

    kind = "policy"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.POLICIES}
    verbs: ClassVar[Mapping[str, str]] = {"list": Verb.QRI, "retrieve": Verb.GET, "partial_update": Verb.SET}

    @openapi.describe_whole_list("policies_list", "Every policy row; for zoon and god", schema.POLICY)
    def list(self, request: Any) -> Response:
        rows = overrides.every(by=self.actor)
        fields = read_fields(read_params(request, ("fields",)), FIELDS)
        results = [_shape(row, fields) for row in rows]
        return Response({"results": results, "next": None, "previous": None})

    @openapi.describe_detail("policies_get", "One policy row", schema.POLICY)
    def retrieve(self, request: Any, id: str) -> Response:
        row = overrides.find(id, by=self.actor)
        return self._answer(request, row, read_fields(read_params(request, ("fields",)), FIELDS))

    @openapi.describe_write(
        "policies_update",
        "Override a policy row, or return it to its default; for god",
        PolicyChanges,
        {200: schema.POLICY},
        is_post=False,
        needs_version=True,
    )
    def partial_update(self, request: Any, id: str) -> Response:
        return self._answer(request, overrides.override(id, by=self.actor, read=lambda: self._read(request)))

    def _read(self, request: Any) -> dict[str, Any]:
        if "If-Match" not in request.headers:
            raise DomainError(Code.PRECONDITION_REQUIRED)
        return PolicyChanges(data=request.data).read()

    def _answer(self, request: Any, row: Row, fields: tuple[str, ...] = FIELDS) -> Response:
        state = State.ENABLED  # it has none: its gate does
        return self.shown(request, row.version, state, state, lambda: _shape(row, fields))


def _shape(row: Row, fields: tuple[str, ...]) -> dict[str, Any]:
    shown = {
        "name": row.policy.name,
        "documented": dict(row.policy.documented),
        "overridden": dict(row.overridden),
        "effective": _values(row.effective),
        "overridable": not row.policy.is_fixed,
        "follows": row.policy.follows or None,
        "version": row.version,
        "url": address(f"policies/{row.policy.name}"),
    }
    return {name: shown[name] for name in fields}


def _values(policy: Policy) -> dict[str, Any]:
    """A row in its own words; Acitys in the shortest that the document has."""
    return {
        "http_schema": policy.http_schema,
        "method": str(policy.verb),
        "color": "".join(sorted(policy.colors)),
        "audience": policy.audience,
        "shop": policy.shop,
        "subject": policy.subject,
        "roles": sorted(policy.roles),
        "resource": policy.resource,
        "kparam": policy.kparam,
        "action": policy.action,
        "acitys": write_acitys(policy.acitys),
        "enable": policy.enable,
    }
