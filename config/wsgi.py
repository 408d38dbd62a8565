"""The WSGI application, with the limits that hold for a server and not for a command."""

import os
import re
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("POLIS_STATEMENT_TIMEOUT_MS", "2000")  # S22: a query that takes longer is a 503

_CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)
_django = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - every door is loaded now, and not on somebody's first request

from accounts.machine import usage  # noqa: E402 - there are models from here on

usage.serve()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    """Django, without the charset that a request claims: it would decode by whatever codec is named, or fail to.

    All that is read here is UTF-8. What was sent stays beside it, for a signature is over that.
    """
    environ["polis.content_type"] = environ.get("CONTENT_TYPE", "")
    environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    return _django(environ, start_response)
