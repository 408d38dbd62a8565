"""How projects are described in the native API's OpenAPI."""

from functools import partial
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from accounts.doors.native import SCOPE
from config.dialects.native.openapi import STATE, nested, nullable, shape
from config.kernel import ids

_PROJECT: dict[str, Any] = {
    "app_id": str,
    "name": str,
    "organization": nested("ProjectOrganization", id=str, name=str, comp_id=int),
    "city": nested("ProjectCity", or_null=True, id=str, name=str),
    "auth_type": ("secret", "token"),
    "is_default": bool,
    "state": STATE,
    "effective_state": STATE,
    "reason": str,
    "expires_at": nullable("date-time"),
    "created_at": "date-time",
    "updated_at": "date-time",
    "version": int,
    "url": str,
}
_once = partial(serializers.CharField, allow_null=True, help_text="shown this once; null in a replay")
_shown_at = partial(serializers.DateTimeField, required=False, help_text="in a replay: when it was shown")
SHOWN = shape("Project", **_PROJECT)
NEW = shape("NewProject", **{**_PROJECT, "app_id": serializers.CharField}, app_secret=_once, secret_shown_at=_shown_at)
ROTATED = shape(
    "Rotated",
    secret=nested("RotatedSecret", or_null=True, n=int, value=_once, expires_at=nullable("date-time")),
    previous=nested("RotatedPrevious", or_null=True, n=int, ends_at=nullable("date-time")),
    secret_shown_at=_shown_at,
)
_secret = nested(
    "SecretShown",
    n=int,
    secret_hint=str,
    is_live=bool,
    created_at="date-time",
    expires_at=nullable("date-time"),
    ended_at=nullable("date-time"),
    last_used_at=nullable("date-time"),
    last_used_ip=nullable(str),
)
SECRETS = shape("Secrets", results=lambda: serializers.ListField(child=_secret()))
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description="its n")
SCOPES = [
    SCOPE,
    OpenApiParameter("city", {"type": "string", "pattern": f"^{ids.KEY}$"}, description="what stands in it"),
]
