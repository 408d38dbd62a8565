"""The WSGI application, with the limits that hold for a server and not for a command."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("POLIS_STATEMENT_TIMEOUT_MS", "2000")  # S22: a query that takes longer is a 503

application = get_wsgi_application()
