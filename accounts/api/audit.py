"""The trail: `audit` of the native API."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import policies
from accounts.access import walks
from accounts.access.actor import Door
from accounts.access.visibility import governed_kinds, named_thing, thing_pattern
from accounts.api import schema
from accounts.audit import export, reading
from accounts.audit.journal import About
from accounts.doors.base import UNREADABLE
from accounts.doors.native import NativeViewSet
from accounts.models import AuditEvent
from config.dialects.native import openapi
from config.dialects.native.fields import read_moment
from config.dialects.native.query import LIST, of_the_query, read_params, read_query
from config.kernel import ids, words
from config.kernel.errors import Code, Invalid
from config.kernel.policies import Policy
from config.kernel.states import Verb

ORDERINGS = ("-at", "at")
EXACT = ("actor", "verb", "door", "outcome", "code", "request_id", "batch")
FILTERS = ("thing", *EXACT, "since", "until")
FIELDS = (
    "at", "actor", "actor_kind", "door", "request_id", "verb", "thing", "thing_name", "city", "outcome", "code",
    "before", "after", "batch", "count",
)  # fmt: skip


# Whose things nobody shares: for who may browse.
OTHERS = frozenset(words.KINDS) - {kind.name for kind in governed_kinds()}
CHOICES = {"door": [str(door) for door in Door], "outcome": ["ok", "refused"]}
AS = OpenApiParameter("as", str, enum=list(export.MEDIA_TYPES), description="the form of the file; csv without it")
QUERY = [
    OpenApiParameter(
        "thing",
        {"type": "string", "pattern": f"{thing_pattern()}|^({'|'.join(sorted(OTHERS))})/.+$"},
        description="<kind>/<id>: what was done to it; without it, what I did. Zoon and god: also user, policy, …",
    ),
    OpenApiParameter("actor", str, description="the id of who did it"),
    OpenApiParameter("verb", str, description="its three letters, or SHARE, UNSHARE, OFFER, TRANSFER, MOVE"),
    OpenApiParameter("door", str, enum=CHOICES["door"], description="where it came in"),
    OpenApiParameter("outcome", str, enum=CHOICES["outcome"], description="done, or refused"),
    OpenApiParameter("code", str, description="of a refusal"),
    OpenApiParameter("request_id", str, description="the X-Request-Id of the call"),
    OpenApiParameter("batch", str, description="what was done in one go"),
    OpenApiParameter("since", datetime, description="from this moment on"),
    OpenApiParameter("until", datetime, description="before this moment"),
]


class AuditViewSet(NativeViewSet):
    """Events."""

    kind = "audit"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.AUDIT}
    verbs: ClassVar[Mapping[str, str]] = {"list": Verb.QRI, "export": export.EXPORT}

    @openapi.describe_list("audit_list", "What was done", schema.EVENT, ORDERINGS, query=QUERY)
    def list(self, request: Any) -> Response:
        params = read_params(request, (*LIST, *FILTERS))
        events = self._events(params.get("thing"))
        query = read_query(params, orderings=ORDERINGS, fields=FIELDS)
        walk = walks.keyset(self._narrowed(events, params), is_descending=query.ordering.startswith("-"))
        page = walk.page(self.ask(query))
        return self.listed(request, page, [_shape(event, query.fields) for event in page.rows])

    @openapi.describe_file("audit_export", "The trail as a file, for god", export.MEDIA_TYPES.values(), [*QUERY, AS])
    @action(detail=False, methods=["get"])
    def export(self, request: Any) -> StreamingHttpResponse:
        params = read_params(request, (*FILTERS, "as"))
        export.permit(by=self.actor)
        form = _form(params)
        events = self._narrowed(self._events(params.get("thing")), params)
        # Who only asks for the headers takes nothing.
        told = {name: _harmless(name, text) for name, text in params.items() if name != "as"}
        rows = export.export(events, form, by=self.actor, told=told) if request.method == "GET" else ()
        return StreamingHttpResponse(rows, headers=export.head_of(form, self.actor.now))

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        if final.streaming:
            final["Cache-Control"] = "no-store"
        return final

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
        name, _, key = thing.partition("/")
        if name in OTHERS and (other := reading.of_other(name, key, by=self.actor)) is not None:
            return other
        with of_the_query():
            kind, key = named_thing(thing)
        return reading.of_thing(kind, key, by=self.actor)

    def _narrowed(self, events: Any, params: Mapping[str, str]) -> Any:
        with of_the_query():
            times = {name: read_moment(params[name], field=name) for name in ("since", "until") if name in params}
        exactly = {name: params.get(name, "") for name in EXACT}
        for name, allowed in CHOICES.items():
            _check_choice(name, exactly[name] or allowed[0], allowed)
        return reading.narrowed(events, exactly | {"verb": exactly["verb"].upper()}, **times)


def _form(params: Mapping[str, str]) -> str:
    form = params.get("as", "csv")
    _check_choice("as", form, export.MEDIA_TYPES)
    return form


def _harmless(name: str, text: str) -> str:
    """What was asked for, as the trail may keep it: moments, which were read, and ids (S17)."""
    if name in ("since", "until"):
        return text
    return "/".join(ids.foreign_id(part) for part in text.split("/", 1))


def _check_choice(name: str, given: str, allowed: Iterable[str]) -> None:
    if given not in allowed:
        with of_the_query():
            raise Invalid(Code.BAD_CHOICE, field=name, allowed=", ".join(allowed))


def _shape(event: AuditEvent, fields: tuple[str, ...]) -> dict[str, Any]:
    shown = {name: getattr(event, name) for name in fields if name not in {"thing"}}
    if "thing" in fields:
        shown["thing"] = f"{event.kind}/{event.thing}" if event.thing else event.kind
    return {name: shown[name] for name in fields}
