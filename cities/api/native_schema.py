"""How cities are described in the native API's OpenAPI."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from cities.api.filters import CityFilters
from cities.api.pages import ORDERINGS
from config.dialects.native import openapi
from config.dialects.native.openapi import STATE, nested, nullable, shape

SHOWN = shape(
    "City",
    id=str,
    name=str,
    avatar=str,
    brief=str,
    type=str,
    state=STATE,
    effective_state=STATE,
    reason=str,
    expires_at=nullable("date-time"),
    owner=nested("Owner", or_null=True, id=str, name=str),
    created_at="date-time",
    updated_at="date-time",
    version=int,
    url=str,
)
PURGED = shape("Purged", id=str, dry_run=bool, removed=lambda: serializers.DictField(child=serializers.IntegerField()))
SCOPE = OpenApiParameter("scope", {"type": "string", "enum": ["all"]}, description="everybody's: for zoon and god")

describe_list = openapi.describe_list(
    "cities_list",
    "Cities that are mine or shared with me",
    SHOWN,
    ORDERINGS,
    filters=CityFilters,
    query=[SCOPE],
    counts=True,
)


def describe_verb(name: str, about: str, request: type[serializers.Serializer[Any]] | None = None) -> Any:
    """A verb as a POST action, which answers with the city."""
    return openapi.describe_write(f"cities_{name}", about, request, {200: SHOWN})
