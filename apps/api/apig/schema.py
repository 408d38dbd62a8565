"""How APIG's calls are described in OpenAPI: what is answered, and the errors that all have in common."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
    inline_serializer,
)
from rest_framework import serializers

from config.dialects import openapi  # noqa: F401 - makes our fields known to the schema
from config.kernel import ids, names

_TEXT, _WHOLE = serializers.CharField, serializers.IntegerField
_ID = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
_APP_FIELDS = ("id", "name", "app_key", "app_secret", "creator", "remark", "register_time", "update_time")
_FAULT = inline_serializer("ApigFault", {"error_code": _TEXT(), "error_msg": _TEXT()})
_FAULTS = {
    400: "bad input, a taken name or key",
    401: "nobody, a dead token, a wrong signature",
    403: "not permitted, too many, or closed",
    404: "none there, or none to be seen",
    405: "no such method here",
    409: "the market's, or in use",
    411: "a body of unknown length",
    413: "too large",
    415: "not JSON",
    429: "too many requests",
    503: "busy",
}


class NameSchema(OpenApiSerializerFieldExtension):
    """3–64 of Han, letters, digits and `_`, beginning with Han or a letter."""

    target_class = "apps.api.apig.fields.AppName"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "string", "minLength": 3, "maxLength": 64, "pattern": names.PATTERN}


class KeySchema(OpenApiSerializerFieldExtension):
    """A key or secret of one's own, of its version's length."""

    target_class = "apps.api.apig.fields.AppKey"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        shortest, longest = self.target.lengths
        return {"type": "string", "minLength": shortest, "maxLength": longest, "pattern": self.target.pattern}


class SecretSchema(KeySchema):
    """The same; "" and the mask are none."""

    target_class = "apps.api.apig.fields.AppSecret"


class FlagSchema(OpenApiSerializerFieldExtension):
    """true or false."""

    target_class = "apps.api.apig.fields.Flag"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "boolean"}


def _app(title: str, **more: Any) -> serializers.Serializer[Any]:
    return inline_serializer(title, {**{name: _TEXT() for name in _APP_FIELDS}, "status": _WHOLE(), **more})


def _page(title: str, member: str, row: serializers.Serializer[Any]) -> serializers.Serializer[Any]:
    page = inline_serializer(title, {"total": _WHOLE(), "size": _WHOLE(), member: type(row)(many=True)})
    extend_schema_serializer(many=False)(type(page))  # it is one, although a list is asked for
    return page


APP_V1 = _app("AppV1")
APP = _app("App", app_type=_TEXT())
APPS = _page("Apps", "apps", _app("AppRow", app_type=_TEXT(), bind_num=_WHOLE()))
CHECKED = inline_serializer("AppChecked", {"id": _TEXT(), "name": _TEXT(), "remark": _TEXT()})
OUTLINE = inline_serializer("AppCounts", {"authed_nums": _WHOLE(), "unauthed_nums": _WHOLE()})
ACL = inline_serializer(
    "AppAcl", {"app_id": _TEXT(), "app_acl_type": _TEXT(), "app_acl_values": serializers.ListField(child=_TEXT())}
)
CODE = inline_serializer("AppCode", {name: _TEXT() for name in ("id", "app_id", "app_code", "create_time")})
CODES = _page("AppCodes", "app_codes", CODE)
INSTANCE = inline_serializer(
    "Instance",
    {
        **{name: _TEXT() for name in ("id", "project_id", "instance_name", "status", "type", "spec")},
        **{name: _WHOLE() for name in ("instance_status", "create_time", "charging_mode")},
        **{name: _TEXT() for name in ("enterprise_project_id", "cbc_metadata", "loadbalancer_provider")},
    },
)
INSTANCES = _page("Instances", "instances", INSTANCE)
_CONFIG_FIELDS = ("config_id", "config_name", "config_value", "config_time", "remark")
CONFIGS = _page(
    "Configs",
    "configs",
    inline_serializer("Config", {**{name: _TEXT() for name in _CONFIG_FIELDS}, "used": _WHOLE(required=False)}),
)
FEATURE = inline_serializer(
    "Feature",
    {
        **{name: _TEXT() for name in ("id", "name", "config", "instance_id", "update_time")},
        "enable": serializers.BooleanField(),
    },
)
FEATURES = _page("Features", "features", FEATURE)


def query(**parameters: type) -> list[OpenApiParameter]:
    """What may be in the query string."""
    return [OpenApiParameter(name, kind, OpenApiParameter.QUERY) for name, kind in parameters.items()]


AT_GATEWAY, AT_CODE = ("instance_id",), ("instance_id", "id", "app_code_id")
PAGE_V1 = query(page_no=int, page_size=int)
PAGE_V2 = query(offset=int, limit=int)
FILTERS = query(id=str, name=str, precise_search=str, status=int, app_key=str, creator=str)


def describe(
    operation: str,
    about: str,
    shown: Any,
    status: int = 200,
    *,
    path: Sequence[str] = ("instance_id", "id"),
    request: Any = None,
    parameters: Sequence[OpenApiParameter] = (),
) -> Callable[[Any], Any]:
    """The description of a call: what is sent, what its address names, and what is answered with which status."""
    project = OpenApiParameter("project_id", {"type": "string", "pattern": f"^{ids.APP_ID}$"}, OpenApiParameter.PATH)
    named = [project, *(OpenApiParameter(name, _ID, OpenApiParameter.PATH) for name in path)]
    done: Any = OpenApiResponse(shown) if shown is not None else OpenApiResponse(description="done")
    return extend_schema(
        operation_id=operation,
        summary=about,
        description=about,
        request=request,
        parameters=[*named, *parameters],
        responses={status: done, **{number: OpenApiResponse(_FAULT, words) for number, words in _FAULTS.items()}},
        tags=["apig"],
    )


def described(**descriptions: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """For a view: each of its methods with a description of its own, which its base's has not.

    REST framework's own decorator knows the usual methods alone.
    """

    def decorate(view: Any) -> Any:
        for name, description in descriptions.items():
            setattr(view, name, description(_copy(getattr(view, name))))
        return view

    return decorate


def _copy(method: Any) -> Any:
    @wraps(method)
    def copied(self: Any, *args: Any, **kwargs: Any) -> Any:
        return method(self, *args, **kwargs)

    return copied
