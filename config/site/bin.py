"""The recycle bin, of all kinds at once: `bin` of the native API."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.response import Response

from accounts import policies
from accounts.api import schema
from accounts.doors.native import SCOPE, NativeViewSet, sees_all
from accounts.machine import binned
from config.dialects.native import openapi
from config.dialects.native.query import LIST, read_params, read_query
from config.kernel import registry
from config.kernel.policies import Policy
from config.kernel.states import Verb

# Things of one kind after those of another, the newest things first.
ORDERINGS = ("kind",)
FIELDS = ("kind", "id", "name", "deleted_at", "deleted_by", "purge_at")


class BinViewSet(NativeViewSet):
    """What lies in the caller's bin; with `?scope=all` in everybody's, for who may browse."""

    kind = "bin"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.BIN}
    verbs: ClassVar[Mapping[str, str]] = {"list": Verb.QRI}

    @openapi.describe_list("bin_list", "What lies in my bin", schema.BINNED, ORDERINGS, query=[SCOPE])
    def list(self, request: Any) -> Response:
        self.actor.check_scope(Verb.QRI)
        params = read_params(request, (*LIST, "scope"))
        query = read_query(params, orderings=ORDERINGS, fields=FIELDS)
        is_all = sees_all(params.get("scope"), by=self.actor, kind=self.kind)
        page = binned.walk(by=self.actor, is_all=is_all).page(self.ask(query))
        return self.listed(request, page, [self._shape(thing, query.fields) for thing in page.rows])

    def _shape(self, thing: Any, fields: tuple[str, ...]) -> dict[str, Any]:
        shown = {
            "kind": registry.kind_of(thing).name,
            "id": thing.key,
            "name": thing.name,
            "deleted_at": thing.deleted_at,
            "deleted_by": thing.deleted_by,
            "purge_at": binned.purge_at(thing, self.actor.now),
        }
        return {name: shown[name] for name in fields}
