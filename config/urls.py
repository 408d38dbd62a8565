"""Every door, and nothing but doors."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from apps.verification.door import verify
from config.site.admin import site
from config.site.health import livez, readyz

urlpatterns = [
    path("", include("config.site.home")),
    path("console", RedirectView.as_view(pattern_name="console:home")),
    path("console/", include("config.site.console")),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    re_path(r"^verify(/.*)?$", verify, name="verify"),
    path("account/", include("accounts.web.urls")),
    path("", include("accounts.urls")),
    path("", include("cities.urls")),
    path("", include("projects.urls")),
    path("", include("apps.urls")),
    path("", include("config.site.api")),
    path("", include("config.site.reference")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", site.urls),
]
handler400 = "config.site.errors.bad_request"
handler403 = "config.site.errors.permission_denied"
handler404 = "config.site.errors.not_found"
handler500 = "config.site.errors.server_error"
