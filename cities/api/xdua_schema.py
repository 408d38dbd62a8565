"""How the thirteen verbs are described in OpenAPI: an operation each, with an example of what is sent and answered.

Seven of them are one PUT on one address; the header `XduaApiMethod` tells them apart. OpenAPI knows one operation a
method and path, so each path carries its verb as a fragment, which no client sends.
"""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers

from cities.api.fields import ALL, BASE
from config.dialects import openapi  # noqa: F401 - makes our fields known to the schema
from config.dialects.xdua import verbs
from config.kernel.states import Verb

CITY_ID = "rYub4wrT"
_TEXT_FIELDS = tuple(name for name in ALL if name not in {"city", "expire", "enabeld"})


def _field(name: str) -> Any:
    return serializers.CharField(required=False) if name in _TEXT_FIELDS else serializers.IntegerField(required=False)


def envelope(name: str, result: serializers.Serializer[Any]) -> serializers.Serializer[Any]:
    """What every answer stands in."""
    fields: dict[str, Any] = {"error": serializers.IntegerField(), "reason": serializers.CharField(), "result": result}
    return inline_serializer(f"{name}Answer", fields)


_city = inline_serializer("City", {name: _field(name) for name in ALL})
_cities = type(_city)(many=True)
_id = inline_serializer("CityId", {"id": serializers.CharField()})
_changes = {"name": "新的城市名", "brief": "新的城市介绍"}
FAULT = inline_serializer(
    "Fault",
    {
        "error": serializers.IntegerField(help_text="100001… general, 200001… of cities"),
        "reason": serializers.CharField(help_text="a CamelCase name"),
        "result": inline_serializer(
            "FaultResult",
            {
                "id": serializers.CharField(required=False),
                "detail": serializers.CharField(help_text="a sentence in the caller's language"),
                "field": serializers.CharField(required=False),
            },
        ),
    },
)
RESULTS: dict[Verb, serializers.Serializer[Any]] = {
    Verb.SET: inline_serializer(
        "CityUpdated",
        {
            "id": serializers.CharField(),
            "ipdates": serializers.DictField(),
            "updates": serializers.DictField(),
            "secret": serializers.CharField(required=False, help_text="the new city secret, this once"),
        },
    ),
    Verb.GET: inline_serializer("CityShown", {"id": serializers.CharField(), "data": _city}),
    Verb.QRI: inline_serializer(
        "CityPage",
        {
            "limit": serializers.IntegerField(),
            "offset": serializers.IntegerField(),
            "page": serializers.IntegerField(),
            "total": serializers.IntegerField(allow_null=True),
            "total_is": serializers.CharField(required=False, help_text="at_least: counting stopped there"),
            "sort": serializers.CharField(),
            "next": serializers.CharField(allow_blank=True, help_text="the cursor of the next page"),
            "list": _cities,
        },
    ),
}
RESULTS[Verb.GIT], RESULTS[Verb.QRY] = RESULTS[Verb.GET], RESULTS[Verb.QRI]

_shown = dict.fromkeys(BASE, "") | {"id": CITY_ID, "name": "健康手环", "city": 0, "expire": 0}
EXAMPLES: dict[Verb, Any] = {
    Verb.SET: {"id": CITY_ID, "ipdates": _changes, "updates": _changes},
    Verb.GET: {"id": CITY_ID, "data": _shown},
    Verb.GIT: {"id": CITY_ID, "data": _shown},
}
_page = {"limit": 20, "offset": 0, "page": 1, "total": 1, "sort": "inc:DESC", "next": "", "list": [_shown]}
EXAMPLES[Verb.QRI] = EXAMPLES[Verb.QRY] = _page

FAULTS = {
    400: "bad input",
    401: "nobody, or a dead token",
    403: "not permitted, or refused by a policy",
    404: "none there, or none to be seen",
    409: "wrong state, or a taken name",
    411: "a body of unknown length",
    413: "too large",
    415: "not JSON and no form",
    429: "too many requests",
    503: "busy",
}


def _query(name: str, kind: type, about: str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=about)


FIELDS = _query("fields", str, "comma list of fields, or @all")
STANDARD_QUERY = [
    _query("where", str, 'JSON object: field → value or list; "name~" contains'),
    FIELDS,
    OpenApiParameter("offset", {"type": "integer", "minimum": 0, "maximum": 10000}, OpenApiParameter.QUERY),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 500}, OpenApiParameter.QUERY),
    _query("page", int, "from 1; when given, offset is ignored"),
    _query("sort", str, "field:ASC or field:DESC; inc:DESC if not given"),
    _query("cursor", str, "from result.next"),
    OpenApiParameter(
        "total", {"type": "integer", "enum": [0, 1]}, OpenApiParameter.QUERY, description="0: do not count"
    ),
]


def describe(
    verb: Verb,
    about: str,
    request: type[serializers.Serializer[Any]] | None = None,
    *,
    sent: Any = None,
    query: list[OpenApiParameter] | None = None,
    operation: str = "",
) -> Callable[[Any], Any]:
    """The description of one verb: `sent` is an example of the body, `query` what may be in the query string."""
    header = OpenApiParameter(
        verbs.HEADER, {"type": "string", "enum": [str(verb)]}, OpenApiParameter.HEADER, required=True
    )
    answer = EXAMPLES.get(verb, {"id": CITY_ID})
    examples = [OpenApiExample("Success", {"error": 0, "reason": "Success", "result": answer}, response_only=True)]
    if sent is not None:
        examples.append(OpenApiExample("Request", sent, request_only=True))
    done = OpenApiResponse(envelope(operation or f"{verb.title()}City", RESULTS.get(verb, _id)))
    faults = {status: OpenApiResponse(FAULT, description) for status, description in FAULTS.items()}
    return extend_schema(
        operation_id=operation or f"{verb.title()}City",
        summary=about,
        description=about,
        parameters=[header, *(query or [])],
        request=request,
        responses={200: done, **faults},
        examples=examples,
        tags=["city"],
    )
