"""The trail: `audit` of the native API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from accounts import policies
from accounts.access import walks
from accounts.access.visibility import named_thing, thing_pattern
from accounts.api import schema
from accounts.audit import reading
from accounts.audit.journal import About
from accounts.doors.base import UNREADABLE
from accounts.doors.native import NativeViewSet
from accounts.models import AuditEvent
from config.dialects.native import openapi
from config.dialects.native.fields import read_moment
from config.dialects.native.query import LIST, of_the_query, read_params, read_query
from config.kernel.policies import Policy
from config.kernel.states import Verb

ORDERINGS = ("-at", "at")
FILTERS = ("thing", "actor", "verb", "since", "until")
FIELDS = (
    "at", "actor", "actor_kind", "door", "request_id", "verb", "thing", "thing_name", "city", "outcome", "code",
    "before", "after", "batch", "count",
)  # fmt: skip


QUERY = [
    OpenApiParameter(
        "thing",
        {"type": "string", "pattern": thing_pattern()},
        description="<kind>/<id>: what was done to it; without it, what I did",
    ),
    OpenApiParameter("actor", str, description="the id of who did it"),
    OpenApiParameter("verb", str, description="its three letters, or SHARE, UNSHARE, OFFER, TRANSFER, MOVE"),
    OpenApiParameter("since", datetime, description="from this moment on"),
    OpenApiParameter("until", datetime, description="before this moment"),
]


class AuditViewSet(NativeViewSet):
    """Events."""

    kind = "audit"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.AUDIT}
    verbs: ClassVar[Mapping[str, str]] = {"list": Verb.QRI}

    @openapi.describe_list("audit_list", "What was done", schema.EVENT, ORDERINGS, query=QUERY)
    def list(self, request: Any) -> Response:
        params = read_params(request, (*LIST, *FILTERS))
        events = self._events(params.get("thing"))
        query = read_query(params, orderings=ORDERINGS, fields=FIELDS)
        walk = walks.keyset(self._narrowed(events, params), is_descending=query.ordering.startswith("-"))
        page = walk.page(self.ask(query))
        return self.listed(request, page, [_shape(event, query.fields) for event in page.rows])

    def named(self, request: Any) -> About:
        """A trail that may not be read is the thing's own to tell of."""
        try:
            kind, key = named_thing(request.GET.get("thing", ""))
        except UNREADABLE:
            return super().named(request)
        return About(kind.name, key)

    def _events(self, thing: str | None) -> Any:
        if thing is None:
            return reading.of_all(by=self.actor)
        with of_the_query():
            kind, key = named_thing(thing)
        return reading.of_thing(kind, key, by=self.actor)

    def _narrowed(self, events: Any, params: Mapping[str, str]) -> Any:
        with of_the_query():
            times = {name: read_moment(params[name], field=name) for name in ("since", "until") if name in params}
        return reading.narrowed(events, actor=params.get("actor", ""), verb=params.get("verb", "").upper(), **times)


def _shape(event: AuditEvent, fields: tuple[str, ...]) -> dict[str, Any]:
    shown = {name: getattr(event, name) for name in fields if name not in {"thing"}}
    if "thing" in fields:
        shown["thing"] = f"{event.kind}/{event.thing}" if event.thing else event.kind
    return {name: shown[name] for name in fields}
