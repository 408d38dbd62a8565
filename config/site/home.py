"""Where one lands: `/` leads on to where one belongs."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.web import entry


@require_safe
@never_cache
@login_required
def home(request: Any) -> HttpResponse:
    """To the super-console or to the developers'."""
    return HttpResponseRedirect(entry.way_home(request.user))


urlpatterns = [
    path("", home, name="home"),
]
