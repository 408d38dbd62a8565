"""How resources of the native API are described in OpenAPI: what all of them have in common, said once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
    inline_serializer,
)
from rest_framework import serializers

from config.dialects import openapi  # noqa: F401 - makes the fields of all dialects known to the schema
from config.dialects.native.filters import StrictFilterSet
from config.dialects.native.problems import MEDIA_TYPE
from config.dialects.native.query import DEFAULT_LIMIT, MAX_LIMIT
from config.kernel.errors import Code

PROBLEM = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(help_text="where the problem is explained"),
        "title": serializers.CharField(),
        "status": serializers.IntegerField(),
        "detail": serializers.CharField(help_text="a sentence in the caller's language"),
        "code": serializers.ChoiceField([str(code) for code in Code]),
        "instance": serializers.CharField(),
        "request_id": serializers.CharField(),
        "errors": inline_serializer(
            "Fault",
            {
                "pointer": serializers.CharField(required=False, help_text="a member of the body, as JSON pointer"),
                "parameter": serializers.CharField(required=False, help_text="a parameter of the query"),
                "header": serializers.CharField(required=False),
                "code": serializers.CharField(),
                "detail": serializers.CharField(),
            },
            many=True,
            required=False,
        ),
    },
)
_FAULTS = {
    400: "the request cannot be read",
    401: "nobody, or a dead credential",
    403: "not permitted, or refused by a policy",
    404: "none there, or none to be seen",
    405: "not a method of this address",
    409: "wrong state, taken name, limit reached, or the same call is still running",
    411: "a body of unknown length",
    412: "If-Match names another version",
    413: "too large",
    415: "not JSON",
    422: "what was sent is not valid",
    429: "too many calls, or too many taken names",
    503: "busy",
}
# Of a write that is never done blindly.
_UNSAID = {428: "it does not say by If-Match which version is meant"}


def _header(name: str, about: str, *, response: Sequence[int] = (), kind: Any = str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, description=about, response=list(response) or False)


ID = OpenApiParameter("id", str, OpenApiParameter.PATH, description="its public id")
_ETAGS = {"type": "string", "pattern": r'^(\*|"[0-9]{1,9}(\.[0-9]\.[0-9])?")$'}
_KEY = {"type": "string", "pattern": "^[!#-~]{1,255}$"}
IF_MATCH = _header("If-Match", "the ETag of what is to be changed; its version is compared, * is any", kind=_ETAGS)
IF_NONE_MATCH = _header("If-None-Match", "an ETag that the caller has: 304 where it still holds", kind=_ETAGS)
IDEMPOTENCY_KEY = _header("Idempotency-Key", "the same key and body again, and it is done once", kind=_KEY)
_RATE = [
    _header("RateLimit-Limit", "calls a minute", response=[200, 201, 204, 429], kind=int),
    _header("RateLimit-Remaining", "of these still to be had", response=[200, 201, 204, 429], kind=int),
    _header("RateLimit-Reset", "seconds until they are anew", response=[200, 201, 204, 429], kind=int),
]


def fields_of(row: serializers.Serializer[Any]) -> OpenApiParameter:
    """Which members of an answer are wanted."""
    name = f"({'|'.join(row.fields)})"
    return OpenApiParameter(
        "fields", {"type": "string", "pattern": f"^{name}(,{name})*$"}, description="comma list of members to answer"
    )


def _page_of(row: serializers.Serializer[Any], *, counts: bool) -> serializers.Serializer[Any]:
    """A page of a list."""
    fields: dict[str, Any] = {
        "results": type(row)(many=True),
        "next": serializers.CharField(allow_null=True, help_text="the address of the next page"),
        "previous": serializers.CharField(allow_null=True),
    }
    if counts:
        fields["count"] = serializers.IntegerField(required=False, help_text="with count=exact")
        fields["count_is"] = serializers.ChoiceField(["exact", "at_least"], required=False)
    page = inline_serializer(f"{type(row).__name__}Page", fields)
    extend_schema_serializer(many=False)(type(page))  # one page, and not a list of them
    return page


def describe_list(
    operation: str,
    about: str,
    row: serializers.Serializer[Any],
    orderings: Sequence[str],
    *,
    filters: type[StrictFilterSet] | None = None,
    query: Sequence[OpenApiParameter] = (),
    counts: bool = False,
) -> Callable[[Any], Any]:
    """A page of a list, with its filters."""
    parameters = [
        OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
        OpenApiParameter("cursor", str, description="from the next or previous of a page"),
        OpenApiParameter("ordering", {"type": "string", "enum": list(orderings), "default": orderings[0]}),
        fields_of(row),
        *query,
    ]
    if counts:
        about_count = "how many there are; only a god is told beyond 10,000"
        parameters.append(OpenApiParameter("count", {"type": "string", "enum": ["exact"]}, description=about_count))
    for name, each in (filters.base_filters if filters is not None else {}).items():
        parameters.append(OpenApiParameter(name, dict(each.schema), description=each.about))
    link = _header("Link", "rel next and prev", response=[200])
    return _describe(operation, about, None, {200: _page_of(row, counts=counts)}, [*parameters, link])


def describe_file(operation: str, about: str, media_types: Iterable[str], query: Sequence[OpenApiParameter]) -> Any:
    """A file, streamed, in one of some forms."""
    answers = {(200, each): OpenApiTypes.STR for each in media_types}
    told = {(status, MEDIA_TYPE): OpenApiResponse(PROBLEM, words) for status, words in _FAULTS.items()}
    return extend_schema(
        operation_id=operation,
        summary=about,
        description=about,
        request=None,
        parameters=[*query, *_RATE],
        responses={**answers, **told},
    )


def describe_whole_list(operation: str, about: str, row: serializers.Serializer[Any]) -> Callable[[Any], Any]:
    """A list that is one page, whatever there is."""
    return _describe(operation, about, None, {200: _page_of(row, counts=False)}, [fields_of(row)])


def describe_detail(
    operation: str,
    about: str,
    shown: Any,
    *,
    has_fields: bool = True,
    is_one: bool = True,
    is_whole: bool = True,
    more: Sequence[OpenApiParameter] = (),
) -> Any:
    """One thing, with its ETag; never 304 where the version does not tell of all that is shown."""
    etag = _header("ETag", "version, state and effective state", response=[200])
    parameters = [*([ID] if is_one else []), *more, *([fields_of(shown)] if has_fields else []), etag]
    responses = {200: shown}
    if is_whole:
        parameters.append(IF_NONE_MATCH)
        responses[304] = OpenApiResponse(description="as the caller has it")
    return _describe(operation, about, None, responses, parameters)


def describe_write(
    operation: str,
    about: str,
    request: type[serializers.Serializer[Any]] | None,
    responses: Mapping[int, Any],
    *,
    is_post: bool = True,
    is_one: bool = True,
    needs_version: bool = False,
    more: Sequence[OpenApiParameter] = (),
) -> Callable[[Any], Any]:
    """A call that changes something: POST, PATCH or DELETE; `needs_version`: never without If-Match."""
    parameters = [*([ID] if is_one else []), *more, IF_MATCH, *([IDEMPOTENCY_KEY] if is_post else [])]
    shown = [status for status in responses if status != 204]
    if shown:
        parameters.append(_header("ETag", "version, state and effective state", response=shown))
    if 201 in responses:
        parameters.append(_header("Location", "the address of what was made", response=[201]))
    if is_post:
        parameters.append(_header("Idempotent-Replayed", "true: the answer of the first call", response=shown))
    return _describe(operation, about, request, dict(responses), parameters, faults=_UNSAID if needs_version else {})


def describe_question(operation: str, about: str, request: Any, responses: Mapping[int, Any]) -> Callable[[Any], Any]:
    """A POST that changes nothing: it has a body because what it asks must be in no address."""
    return _describe(operation, about, request, dict(responses), [])


def _describe(
    operation: str,
    about: str,
    request: Any,
    responses: Mapping[int, Any],
    parameters: list[OpenApiParameter],
    *,
    faults: Mapping[int, str] = MappingProxyType({}),
) -> Callable[[Any], Any]:
    told = {(status, MEDIA_TYPE): OpenApiResponse(PROBLEM, words) for status, words in {**_FAULTS, **faults}.items()}
    answers = {
        (status, "application/json") if not isinstance(shown, OpenApiResponse) and shown is not None else status: shown
        for status, shown in responses.items()
    }
    return extend_schema(
        operation_id=operation,
        summary=about,
        description=about,
        request=request,
        parameters=[*parameters, *_RATE],
        responses={**answers, **told},
    )


# ── fields ───────────────────────────────────────────────────────────────────────────────────────────────────────


class FlagSchema(OpenApiSerializerFieldExtension):
    """true or false."""

    target_class = "config.dialects.native.fields.Flag"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "boolean"}


class OrNullSchema(OpenApiSerializerFieldExtension):
    """A text of some form, or null."""

    target_class = "config.dialects.native.fields.OrNull"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": ["string", "null"], **self.target.form}


class ChoiceSchema(OpenApiSerializerFieldExtension):
    """One of some words."""

    target_class = "config.dialects.native.fields.Choice"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.target.choices)}


class WordsSchema(OpenApiSerializerFieldExtension):
    """A list of texts."""

    target_class = "config.dialects.native.fields.Words"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", **self.target.each}, "maxItems": self.target.longest}


class ReferenceSchema(OpenApiSerializerFieldExtension):
    """An id, or null."""

    target_class = "config.dialects.native.fields.Reference"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": ["string", "null"], "pattern": self.target.pattern}


class MomentSchema(OpenApiSerializerFieldExtension):
    """A moment, or null."""

    target_class = "config.dialects.native.fields.Moment"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "date-time"}


def shape(title: str, /, **fields: Any) -> serializers.Serializer[Any]:
    """What is answered: members and their types. With `fields=` a caller may leave any of them out."""
    return inline_serializer(title, {key: _member(kind) for key, kind in fields.items()})


def nullable(kind: Any) -> Callable[[], Any]:
    """The type, or null."""
    return partial(_PLAIN[kind], required=False, allow_null=True)


def nested(title: str, /, *, or_null: bool = False, **fields: Any) -> Callable[[], Any]:
    """An object within an answer."""
    made = type(shape(title, **fields))
    return partial(made, required=False, allow_null=or_null)


def _member(kind: Any) -> serializers.Field[Any, Any, Any, Any]:
    # Made in their order, which is the order that a reader sees.
    if isinstance(kind, serializers.Field):
        return kind
    if isinstance(kind, tuple):
        return serializers.ChoiceField([*kind], required=False)
    made: serializers.Field[Any, Any, Any, Any] = _PLAIN[kind](required=False) if kind in _PLAIN else kind()
    return made


_PLAIN: dict[Any, Any] = {
    str: serializers.CharField,
    int: serializers.IntegerField,
    bool: serializers.BooleanField,
    "date-time": serializers.DateTimeField,
    dict: serializers.DictField,
    list: lambda **options: serializers.ListField(child=serializers.CharField(), **options),
}
STATE = ("enabled", "disabled", "offline", "deleted")
