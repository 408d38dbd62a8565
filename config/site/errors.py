"""What is answered where no view is: in the words of the dialect whose address it was."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views import defaults

from config.dialects.apig.envelope import Envelope as Apig
from config.dialects.apig.keystone import Keystone
from config.dialects.base import JSONRenderer, dress_failure
from config.dialects.cloudroom.envelope import Envelope as Cloudroom
from config.dialects.native.problems import MEDIA_TYPE, Problems
from config.dialects.xdua.envelope import Envelope
from config.kernel.errors import Code, DomainError

_XDUA, _APIG = Envelope({}), Apig()
DIALECTS = {
    "/CLOUDROOM-API": Cloudroom(),
    "/api": Problems(),
    "/city": _XDUA,
    "/devltmpl": _XDUA,
    "/login": _XDUA,
    "/v1": _APIG,
    "/v2": _APIG,
    "/v3": Keystone(),
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    told = _answer(request, DomainError(Code.BAD_REQUEST))
    if told is None and isinstance(exception, RequestDataTooBig):
        return _too_large(request)
    return told or defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, DomainError(Code.FORBIDDEN)) or defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, DomainError(Code.NO_SUCH_ROUTE)) or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    request_id = getattr(request, "request_id", "")
    error = DomainError(Code.INTERNAL, request_id=request_id)
    return _answer(request, error) or defaults.server_error(request)


def _answer(request: HttpRequest, error: DomainError) -> HttpResponse | None:
    dialect: Any = next((dialect for prefix, dialect in DIALECTS.items() if _is_under(request.path, prefix)), None)
    if dialect is None:
        return None
    status, body = dialect.failure(error, request, {})
    media_type = MEDIA_TYPE if isinstance(dialect, Problems) else "application/json; charset=utf-8"
    response = HttpResponse(JSONRenderer().render(body), status=status, content_type=media_type)
    response["Cache-Control"] = "no-store"
    dress_failure(response, error)
    return response


def _too_large(request: HttpRequest) -> HttpResponse:
    """A form that nobody read (S22), said as a page."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024
    response = render(request, "413.html", {"limit": limit}, status=413)
    add_never_cache_headers(response)
    return response


def _is_under(path: str, prefix: str) -> bool:
    """`/city`, `/city/…` and `/city.…`, but not `/cityscape`."""
    return path == prefix or path.startswith((f"{prefix}/", f"{prefix}."))
