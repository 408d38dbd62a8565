"""How 修改应用 is described in OpenAPI, beside the verbs of a city."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers

from cities.api.xdua_schema import FAULT, FAULTS, envelope
from config.dialects.xdua import verbs

_ID = "rYub4wrT"
_CHANGES = {"name": "新的应用名", "brief": "新的应用介绍"}
_UPDATED = inline_serializer(
    "DevltmplUpdated",
    {"id": serializers.CharField(), "ipdates": serializers.DictField(), "updates": serializers.DictField()},
)
_ABOUT = "修改应用 · change an app, and with it one's own password"


def describe(request: type[serializers.Serializer[Any]]) -> Any:
    """The one verb that an app has in the document."""
    header = OpenApiParameter(verbs.HEADER, {"type": "string", "enum": ["SET"]}, OpenApiParameter.HEADER, required=True)
    answer = {"error": 0, "reason": "Success", "result": {"id": _ID, "ipdates": _CHANGES, "updates": _CHANGES}}
    return extend_schema(
        operation_id="SetDevltmpl",
        summary=_ABOUT,
        description=_ABOUT,
        parameters=[header],
        request=request,
        responses={
            200: OpenApiResponse(envelope("SetDevltmpl", _UPDATED)),
            **{status: OpenApiResponse(FAULT, words) for status, words in FAULTS.items()},
        },
        examples=[
            OpenApiExample("Success", answer, response_only=True),
            OpenApiExample("Request", _CHANGES, request_only=True),
        ],
        tags=["devltmpl"],
    )
