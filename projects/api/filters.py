"""What a list of projects may be narrowed by, with django-filter."""

from accounts.api.filters import ThingFilters
from config.dialects.native import filters


class ProjectFilters(ThingFilters):
    """The filters of GET /projects."""

    organization = filters.text("the id of its company", field_name="company__key")
