"""What one was told: `notices` of the native API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.utils import translation
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import policies
from accounts.access import walks
from accounts.api import schema
from accounts.doors.native import NativeViewSet, address
from accounts.models import Notice
from accounts.people import notices, wording
from config.dialects.fields import Line
from config.dialects.native import openapi
from config.dialects.native.fields import Flag, NativeSerializer
from config.dialects.native.query import LIST, of_the_query, read_fields, read_params, read_query
from config.kernel import ids
from config.kernel.errors import Code, Invalid
from config.kernel.policies import Policy
from config.kernel.states import State, Verb

ORDERINGS = ("-created_at", "created_at")
# Of what happened, as far as the event has it; null where it has not.
FACTS = ("reason", "role", "days", "ends_at", "secret", "secrets", "user", "grant", "request", "granted")
FIELDS = (
    "id", "event", "thing", "thing_name", *FACTS, "text", "created_at", "read_at", "version", "url",
)  # fmt: skip
QUERY = [
    OpenApiParameter("unread", {"type": "string", "enum": ["true", "false"]}, description="true: unread ones alone"),
    OpenApiParameter("event", {"type": "string", "enum": [*wording.EVENTS]}, description="of this event alone"),
]


class NoticeChanges(NativeSerializer):
    """Whether it is read."""

    read = Flag()  # type: ignore[assignment]


class ReadUntil(NativeSerializer):
    """The newest that is read now: all that are older are, too."""

    until = Line(8, pattern=f"^{ids.KEY}$")


class NoticeViewSet(NativeViewSet):
    """Notices."""

    kind = notices.KIND
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.NOTICES}
    verbs: ClassVar[Mapping[str, str]] = {
        "list": Verb.QRI,
        "retrieve": Verb.GET,
        "partial_update": Verb.SET,
        "mark_read": Verb.SET,
    }

    @openapi.describe_list("notices_list", "What I was told", schema.NOTICE, ORDERINGS, query=QUERY)
    def list(self, request: Any) -> Response:
        rows = notices.mine(by=self.actor)
        params = read_params(request, (*LIST, "unread", "event"))
        query = read_query(params, orderings=ORDERINGS, fields=FIELDS)
        walk = walks.keyset(_narrowed(rows, params), is_descending=query.ordering.startswith("-"))
        page = walk.page(self.ask(query))
        return self.listed(request, page, [self._shape(notice, query.fields) for notice in page.rows])

    @openapi.describe_detail("notices_get", "One notice", schema.NOTICE)
    def retrieve(self, request: Any, id: str) -> Response:
        notice = notices.find(id, by=self.actor)
        return self._answer(request, notice, fields=read_fields(read_params(request, ("fields",)), FIELDS))

    @openapi.describe_write(
        "notices_update", "Mark it as read or unread", NoticeChanges, {200: schema.NOTICE}, is_post=False
    )
    def partial_update(self, request: Any, id: str) -> Response:
        notice = notices.mark(id, by=self.actor, read=lambda: _read_changes(request))
        return self._answer(request, notice)

    @openapi.describe_write("notices_read", "Mark all up to one as read", ReadUntil, {200: schema.MARKED}, is_one=False)
    @action(detail=False, methods=["post"], url_path="read")
    def mark_read(self, request: Any) -> Response:
        read = ReadUntil(data=request.data).read
        key = request.data.get("until")
        # Up to which comes before all else, since it is what the caller must see.
        marked = notices.mark_until(key if isinstance(key, str) else read()["until"], by=self.actor, read=read)
        return Response({"marked": marked})

    def judge_again(self, request: Any, id: str) -> None:
        notices.check_may_mark(str(request.data.get("until", "")), by=self.actor)

    def _answer(self, request: Any, notice: Notice, *, fields: tuple[str, ...] = FIELDS) -> Response:
        # Its text is in the reader's language, of which the version tells nothing.
        body = lambda: self._shape(notice, fields)  # noqa: E731
        return self.shown(request, notice.version, State.ENABLED, State.ENABLED, body, is_whole=False)

    def _shape(self, notice: Notice, fields: tuple[str, ...]) -> dict[str, Any]:
        shown = {
            "id": notice.key,
            "event": notice.event,
            "thing": f"{notice.kind}/{notice.thing}",
            "thing_name": notice.thing_name,
            **{name: _fact(notice, name) for name in FACTS},
            "text": self._text(notice) if "text" in fields else "",
            "created_at": notice.created_at,
            "read_at": notice.read_at,
            "version": notice.version,
            "url": address(f"notices/{notice.key}"),
        }
        return {name: shown[name] for name in fields}

    def _text(self, notice: Notice) -> str:
        """In the reader's own language; who has none chosen reads the one that the call asks for."""
        user = self.actor.user
        language = (user.language if user is not None else "") or translation.get_language()
        with translation.override(language):
            return wording.text(notice, user.time_zone if user is not None else "")


def _read_changes(request: Any) -> dict[str, Any]:
    changes: NativeSerializer = NoticeChanges(data=request.data)
    return changes.read()


def _fact(notice: Notice, name: str) -> Any:
    value = notice.facts.get(name)
    return datetime.fromisoformat(value) if name == "ends_at" and value else value


def _narrowed(rows: Any, params: Mapping[str, str]) -> Any:
    with of_the_query():
        if params.get("unread", "true") not in {"true", "false"}:
            raise Invalid(Code.BAD_CHOICE, field="unread", allowed="true, false")
        if params.get("event", wording.EVENTS[0]) not in wording.EVENTS:
            raise Invalid(Code.BAD_CHOICE, field="event", allowed=", ".join(wording.EVENTS))
    if "unread" in params:
        rows = rows.filter(read_at__isnull=params["unread"] == "true")
    return rows.filter(event=params["event"]) if "event" in params else rows
