"""The addresses of the CloudRoom dialect. A trailing slash is accepted, and never redirected."""

from django.urls import re_path

from projects.api.cloudroom import ProjectViewSet

app_name = "projects"
_ACTIONS = {
    "project/update/secret": "update_secret",
    "project/add": "add",
    "project/query/list": "query_list",
    "project/update": "change",
    "project/delete": "remove",
}

urlpatterns = [
    re_path(rf"^CLOUDROOM-API/{address}/?$", ProjectViewSet.as_view({"post": action}), name=action)
    for address, action in _ACTIONS.items()
]
