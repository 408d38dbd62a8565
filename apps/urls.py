"""The addresses of APIG, and of the XDUA document's apps. A trailing slash is accepted, and never redirected."""

from typing import Any

from django.urls import re_path

from apps.api.apig.apps import AppsV1, AppsV2
from apps.api.apig.codes import AppCodesV1, AppCodesV2
from apps.api.apig.gateways import GatewayViewSet
from apps.api.devltmpl import DevltmplViewSet

app_name = "apps"
_PROJECT = "(?P<project_id>[^/]+)/apigw/instances"
_INSTANCE = f"{_PROJECT}/(?P<instance_id>[^/]+)"
_APP, _CODE = "(?P<id>[^/]+)", "(?P<app_code_id>[^/]+)"
# Those with a word of their own stand before those with an id in its place.
_APPS: dict[str, dict[str, str]] = {
    "apps": {"get": "list", "post": "create"},
    f"apps/secret/{_APP}": {"put": "reset"},
    f"apps/validation/{_APP}": {"get": "check"},
    "resources/outline/apps": {"get": "outline"},
    f"apps/{_APP}": {"get": "retrieve", "put": "update", "delete": "destroy"},
}
_CODES: dict[str, dict[str, str]] = {
    f"apps/{_APP}/app-codes": {"get": "list", "post": "create", "put": "generate"},
    f"apps/{_APP}/app-codes/{_CODE}": {"get": "retrieve", "delete": "destroy"},
}
_ACL: dict[str, dict[str, str]] = {f"apps/{_APP}/app-acl": {"get": "get_acl", "put": "set_acl", "delete": "clear_acl"}}
_GATEWAYS: dict[str, dict[str, str]] = {
    "project/configs": {"get": "configs"},
    "features": {"get": "features", "post": "set_feature"},
}


def _paths(version: str, view: Any, calls: dict[str, dict[str, str]]) -> list[Any]:
    return [re_path(rf"^{version}/{_INSTANCE}/{path}/?$", view.as_view(methods)) for path, methods in calls.items()]


apig_urlpatterns = [
    *_paths("v1", AppsV1, _APPS),
    *_paths("v1", AppCodesV1, _CODES),
    *_paths("v2", AppsV2, _APPS | _ACL),
    *_paths("v2", AppCodesV2, _CODES),
    *_paths("v2", GatewayViewSet, _GATEWAYS),
    re_path(rf"^v2/{_PROJECT}/?$", GatewayViewSet.as_view({"get": "list"})),
    re_path(rf"^v2/{_INSTANCE}/?$", GatewayViewSet.as_view({"get": "retrieve"})),
]
_devltmpl = DevltmplViewSet.as_view({"put": "update_app"})
urlpatterns = [
    *apig_urlpatterns,
    re_path(r"^devltmpl/(?P<id>[^/]+)/?$", _devltmpl, name="devltmpl"),
    re_path(r"^devltmpl\.(?P<suffix>[^/]+)/(?P<id>[^/]+)/?$", _devltmpl, name="devltmpl-verb"),
    re_path(r"^devltmpl/(?P<id>[^/]+)/(?P<tail>[^/]+)/?$", _devltmpl, name="devltmpl-tail"),
]
# For the schema alone.
schema_urlpatterns = [re_path(r"^devltmpl/(?P<id>[^/]+)#SET$", _devltmpl)]
