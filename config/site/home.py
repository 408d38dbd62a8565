"""Where one lands: `/` leads on to where one belongs, and developers belong here."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, re_path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.web import entry


@require_safe
@never_cache
@login_required
def home(request: Any) -> HttpResponse:
    """To the super-console or to the developers'."""
    return HttpResponseRedirect(entry.way_home(request.user))


@require_safe
@never_cache
@login_required
def console(request: Any) -> HttpResponse:
    """The developers' console: who one is here, and where one's programs call."""
    root = f"{settings.BASE_URL}/" if settings.BASE_URL else request.build_absolute_uri("/")
    return render(request, "console/home.html", {"api": f"{root}api/v1"})


urlpatterns = [
    path("", home, name="home"),
    re_path(r"^console/?$", console, name="console"),
]
