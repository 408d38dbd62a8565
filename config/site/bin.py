"""The recycle bin, of all kinds at once: `bin` of the native API."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from rest_framework.response import Response

from accounts import policies
from accounts.access import walks
from accounts.access.visibility import governed_kinds
from accounts.api import schema
from accounts.doors.native import SCOPE, NativeViewSet, sees_all
from config.dialects.native import openapi
from config.dialects.native.query import LIST, read_params, read_query
from config.kernel import registry
from config.kernel.policies import Policy
from config.kernel.states import State, Verb, is_banned

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
        parts = [(kind.model, walks.keyset(self._binned(kind, is_all))) for kind in governed_kinds()]
        page = walks.chained(parts).page(self.ask(query))
        return self.listed(request, page, [self._shape(thing, query.fields) for thing in page.rows])

    def _binned(self, kind: registry.Kind, is_all: bool) -> Any:
        things: Any = kind.model._default_manager
        if is_all:
            return things.reached_by(self.actor).filter(state=State.DELETED)
        return things.binned_for(self.actor)

    def _shape(self, thing: Any, fields: tuple[str, ...]) -> dict[str, Any]:
        # What an administrator has closed is not purged by itself (S7).
        stays = is_banned(thing.facts, self.actor.now)
        shown = {
            "kind": registry.kind_of(thing).name,
            "id": thing.key,
            "name": thing.name,
            "deleted_at": thing.deleted_at,
            "deleted_by": thing.deleted_by,
            "purge_at": None if stays else thing.deleted_at + timedelta(days=settings.BIN_DAYS),
        }
        return {name: shown[name] for name in fields}
