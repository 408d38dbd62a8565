"""The addresses of the XDUA dialect for cities. A trailing slash is accepted, and never redirected."""

from django.urls import re_path

from accounts.doors.xdua import action_name
from cities.api.xdua import CityViewSet
from cities.lifecycle import CITY
from config.dialects.xdua import verbs
from config.kernel.states import Verb

app_name = "cities"
_collection = CityViewSet.as_view({"post": "create_city", "get": "queri_city", "put": "recycle_city"})
_city = CityViewSet.as_view({"get": "get_city", "put": "update_city", "delete": "delete_city"})

urlpatterns = [
    re_path(r"^city/?$", _collection, name="city-list"),
    re_path(r"^city\.(?P<suffix>[^/]+)/?$", _collection, name="city-list-verb"),
    re_path(r"^city/(?P<id>[^/]+)/?$", _city, name="city"),
    re_path(r"^city\.(?P<suffix>[^/]+)/(?P<id>[^/]+)/?$", _city, name="city-verb"),
    re_path(r"^city/(?P<id>[^/]+)/(?P<tail>[^/]+)/?$", _city, name="city-tail"),
]

# For the schema alone: an operation for each verb, told apart by the header that it requires.
schema_urlpatterns = [
    re_path(
        rf"^city{'/(?P<id>[^/]+)' if verb in verbs.ON_ONE else ''}#{verb}$",
        CityViewSet.as_view({verbs.METHODS[verb].lower(): action_name(verb, CITY.kind)}),
    )
    for verb in Verb
] + [re_path(r"^city#RCC$", CityViewSet.as_view({"put": "recycle_city_by_name"}))]
