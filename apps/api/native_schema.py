"""How gateways, apps and AppCodes are described in the native API's OpenAPI."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from accounts.api.belonging import STANDING
from accounts.api.secrets import known_to_former, once, shown_at
from apps.models import App, Gateway
from config.dialects.native.openapi import STATE, nested, nullable, shape

ORIGINS = tuple(origin.lower() for origin in App.Origin.values)
_GATEWAY: dict[str, Any] = {
    "id": str,
    "name": str,
    "project": nested("GatewayProject", app_id=str, name=str),
    "city": nested("GatewayCity", or_null=True, id=str, name=str),
    "app_key_secret_switch": bool,
    "app_limit": int,
    "app_code_limit": int,
    "profile": tuple(Gateway.Profile.values),
    "unsigned_body": bool,
    **STANDING,
}
_APP: dict[str, Any] = {
    "id": str,
    "devl_id": str,
    "name": str,
    "remark": str,
    "avatar": str,
    "app_key": str,
    "gateway": nested("AppGateway", id=str, name=str),
    "project": nested("AppProject", app_id=str),
    "creator": ORIGINS,
    **STANDING,
}
_CODE: dict[str, Any] = {
    "id": str,
    "hint": str,
    "state": STATE,
    "created_at": "date-time",
    "known_to_former": known_to_former,
    "last_used_at": nullable("date-time"),
    "last_used_ip": nullable(str),
}
# An id is always there: links lead from it.
_ID = {"id": serializers.CharField}
GATEWAY = shape("Gateway", **_GATEWAY)
NEW_GATEWAY = shape("NewGateway", **{**_GATEWAY, **_ID}, gateway_key=once, secret_shown_at=shown_at)
APP = shape("App", **_APP)
NEW_APP = shape("NewApp", **{**_APP, **_ID}, app_secret=once, secret_shown_at=shown_at)
CODE = shape("AppCode", **_CODE)
NEW_CODE = shape("NewAppCode", **_CODE, app_code=once, secret_shown_at=shown_at)
OF_APP = OpenApiParameter("id", str, OpenApiParameter.PATH, description="its app")
CODE_ID = OpenApiParameter("code", str, OpenApiParameter.PATH, description="its id")
