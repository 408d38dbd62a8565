"""How projects are described in the native API's OpenAPI."""

from typing import Any

from rest_framework import serializers

from accounts.api.belonging import STANDING
from accounts.api.secrets import once, shown_at
from config.dialects.native.openapi import nested, shape

_PROJECT: dict[str, Any] = {
    "app_id": str,
    "name": str,
    "organization": nested("ProjectOrganization", id=str, name=str, comp_id=int),
    "city": nested("ProjectCity", or_null=True, id=str, name=str),
    "auth_type": ("secret", "token"),
    "is_default": bool,
    **STANDING,
}
SHOWN = shape("Project", **_PROJECT)
NEW = shape("NewProject", **{**_PROJECT, "app_id": serializers.CharField}, app_secret=once, secret_shown_at=shown_at)
