"""The addresses of this floor's documented doors. A trailing slash is accepted, and never redirected."""

from django.urls import re_path

from accounts.api.login import LoginView

urlpatterns = [re_path(r"^login/?$", LoginView.as_view(), name="login")]
