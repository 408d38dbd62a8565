"""The references' addresses: the same below each name."""

from django.urls import include, path

from config.site.health import livez
from tests.bench.references import bare_django, bare_drf, raw_sql

urlpatterns = [
    path("livez", livez),
    path("bare-drf/", include(bare_drf.urlpatterns)),
    path("bare-django/", include(bare_django.urlpatterns)),
    path("raw-sql/", include(raw_sql.urlpatterns)),
]
