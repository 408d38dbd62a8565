"""What belongs to a company, in the native API: one's own and what is shared, and what stands below something."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.response import Response

from accounts.access.visibility import find_thing
from accounts.api import pages
from accounts.api.filters import ThingFilters
from accounts.api.governed import GovernedViewSet
from accounts.audit.journal import About
from accounts.doors.base import UNREADABLE
from accounts.doors.native import SCOPE, address
from accounts.machine import executor
from config.dialects.native import openapi
from config.dialects.native.fields import NativeSerializer
from config.dialects.native.openapi import STATE, nullable
from config.dialects.native.query import LIST, read_params, read_query
from config.kernel import registry
from config.kernel.states import State, Verb, settled

ORDERINGS = ("-created_at", "created_at", "name", "-name")
_COLUMNS = {"created_at": "pk", "name": "name_key"}
# The members at the end of every such thing, as `BelongingViewSet.standing` answers them.
STANDING: Mapping[str, Any] = {
    "state": STATE,
    "effective_state": STATE,
    "reason": str,
    "expires_at": nullable("date-time"),
    "created_at": "date-time",
    "updated_at": "date-time",
    "version": int,
    "url": str,
}


class BelongingViewSet(GovernedViewSet):
    """Abstract. `model` has a CompanyQuerySet; a list takes what stands `above` as a parameter each.

    `parent` is the kind in which one is made, and the member that names it; "" where that is the company.
    """

    model: ClassVar[Any]
    filters: ClassVar[type[ThingFilters]]
    parent: ClassVar[str] = ""

    def rows(self) -> Any:
        return self.model.objects.with_chain()

    def effective(self, thing: Any) -> State:
        state: State = thing.effective_at(self.actor.now)
        return state

    def standing(self, thing: Any) -> dict[str, Any]:
        """How it stands, and since when: the members that all have."""
        facts = settled(thing.facts, self.actor.now)
        return {
            "state": facts.state.name.lower(),
            "effective_state": self.effective(thing).name.lower(),
            "reason": facts.reason,
            "expires_at": facts.expires_at,
            "created_at": thing.created_at,
            "updated_at": thing.updated_at,
            "version": thing.version,
            "url": address(f"{self.path}/{thing.key}"),
        }

    def list(self, request: Any) -> Response:
        executor.permit(self.table, None, Verb.QRI, by=self.actor)
        params = read_params(request, (*LIST, "scope", *self._above, *self.filters.parameters()))
        query = read_query(params, orderings=ORDERINGS, fields=self.fields)
        column, is_descending = _COLUMNS[query.ordering.lstrip("-")], query.ordering.startswith("-")
        page = pages.walk(
            self.model, self.filters, query.filters, by=self.actor, column=column, is_descending=is_descending
        ).page(self.ask(query))
        return self.listed(request, page, [self.shape(thing, query.fields) for thing in page.rows])

    def named(self, request: Any) -> About:
        """What is refused about something new, or about what stands below, is told where that one's history is read."""
        if "id" in self.kwargs:
            return super().named(request)
        try:
            sent = {self.parent: request.data.get(self.parent)} if request.method == "POST" else request.GET
            kind = next(kind for kind in (self.parent, *self._above) if isinstance(sent.get(kind), str))
        except (*UNREADABLE, StopIteration):
            return super().named(request)
        return About(kind, sent[kind])

    def judge_again(self, request: Any, id: str) -> None:
        if id or not self.parent:
            super().judge_again(request, id)
            return
        above = find_thing(registry.kind(self.parent), str(request.data.get(self.parent)), by=self.actor)
        executor.permit_below(self.table, above, by=self.actor)

    def read_parent(self, request: Any, body: type[NativeSerializer]) -> str:
        """In what a new one is to be made: read before all else, since it is what the caller must see.

        Raises Invalid with every fault of the body where it names none.
        """
        key = request.data.get(self.parent)
        if not isinstance(key, str):
            self.actor.check_scope(Verb.ADD)
            body(data=request.data).read()
        return str(key)

    @property
    def _above(self) -> Mapping[str, str]:
        """The kinds that stand above, and the way to each."""
        above: Mapping[str, str] = self.rows().above
        return above


def describe_list(
    path: str, about: str, shown: serializers.Serializer[Any], model: Any, filters: type[ThingFilters]
) -> Callable[[Any], Any]:
    """The description of a list."""
    kinds = {kind: registry.kind(kind).model for kind in model.objects.all().above}
    above: list[OpenApiParameter] = [
        OpenApiParameter(kind, {"type": "string", "pattern": f"^{table.id_pattern}$"}, description="what stands in it")
        for kind, table in kinds.items()
    ]
    return openapi.describe_list(f"{path}_list", about, shown, ORDERINGS, filters=filters, query=[SCOPE, *above])
