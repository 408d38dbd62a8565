"""The addresses of this floor's documented doors. A trailing slash is accepted, and never redirected."""

from typing import Any

from django.urls import re_path

from accounts.api.keystone import ProjectsViewSet, TokensViewSet, VersionView
from accounts.api.login import LoginView

_TOKENS: Any = {"post": "create", "get": "retrieve", "delete": "destroy"}

urlpatterns = [
    re_path(r"^login/?$", LoginView.as_view(), name="login"),
    re_path(r"^v3/?$", VersionView.as_view(), name="keystone"),
    re_path(r"^v3/auth/tokens/?$", TokensViewSet.as_view(_TOKENS), name="keystone-tokens"),
    re_path(r"^v3/auth/projects/?$", ProjectsViewSet.as_view({"get": "list"}), name="keystone-auth-projects"),
    re_path(r"^v3/projects/?$", ProjectsViewSet.as_view({"get": "list"}), name="keystone-projects"),
]
