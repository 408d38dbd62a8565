"""The WSGI application, with the limits that hold for a server and not for a command."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("POLIS_STATEMENT_TIMEOUT_MS", "2000")  # S22: a query that takes longer is a 503

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - every door is loaded now, and not on somebody's first request
