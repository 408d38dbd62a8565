"""The first thing that sees a request: its moment, its id, its client's address, and a line in the log.

And what a browser may do with an answer.
"""

import logging
import time
from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import get_random_string

from config.kernel import addresses, ids

log = logging.getLogger("polis.request")

# Whoever reads the log is not who got the mail (S15).
_LINKS = ("/account/password/reset/", "/account/mail/confirm/")
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class RequestMiddleware:
    """Sets `request.now`, `request.request_id`, `request.client_address`; answers carry X-Request-Id.

    `now` is taken here, once: every query and row of the request is about this moment.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        request.now = timezone.now()
        request.request_id = ids.foreign_id(request.headers.get("X-Request-Id")) or get_random_string(20)
        request.client_address = believe_proxies(request)
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id
        # The path without the query string: whatever a caller puts there stays out of the log.
        milliseconds = (time.monotonic() - began) * 1000
        log.info(
            "%s %s %s %.0fms %s",
            request.method,
            ascii(_told(request.path))[1:-1],
            response.status_code,
            milliseconds,
            request.request_id,
        )
        return response


# Data is no page, whatever somebody gets a browser to take it for.
_CLOSED = "default-src 'none'; frame-ancestors 'none'"


class BrowserPolicyMiddleware(CSPMiddleware):
    """Content-Security-Policy (S25): of a page what CONTENT_SECURITY_POLICY and its view say, of all else nothing."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.headers.get("Content-Type", "").startswith("text/html"):
            return super().process_response(request, response)
        response.headers[HEADER] = _CLOSED
        return response


def _told(path: str) -> str:
    """A path as it may be written down: without a token, and without what makes a link in a mail worth something."""
    link = next((link for link in _LINKS if path.startswith(link)), None)
    return f"{link}…" if link is not None else ids.without_tokens(path)


def believe_proxies(request: HttpRequest) -> str:
    """The client's address: the first untrusted from the right (S19).

    What X-Forwarded-* say counts only behind POLIS_TRUSTED_PROXIES; otherwise they are taken away, so that
    nothing further in can believe them.
    """
    address = addresses.plain(request.META.get("REMOTE_ADDR", ""))
    if not _is_trusted(address):
        for name in _FORWARDED:
            request.META.pop(name, None)
        return address
    if request.META.get("HTTP_X_FORWARDED_PROTO", "").strip().lower() == "https":
        request.environ["wsgi.url_scheme"] = "https"
    for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        candidate = addresses.plain(hop)
        if not candidate:
            break
        address = candidate
        if not _is_trusted(candidate):
            break
    return address


def _is_trusted(address: str) -> bool:
    return addresses.is_within(address, settings.TRUSTED_PROXIES)
