"""How cities are described in the native API's OpenAPI."""

from accounts.doors.native import SCOPE
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

describe_list = openapi.describe_list(
    "cities_list",
    "Cities that are mine or shared with me",
    SHOWN,
    ORDERINGS,
    filters=CityFilters,
    query=[SCOPE],
    counts=True,
)
