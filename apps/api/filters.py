"""What lists of gateways and apps may be narrowed by, with django-filter."""

from accounts.api.filters import ThingFilters
from config.dialects.native import filters


class GatewayFilters(ThingFilters):
    """The filters of GET /gateways."""


class AppFilters(ThingFilters):
    """The filters of GET /apps."""

    app_key = filters.text("the whole key")
