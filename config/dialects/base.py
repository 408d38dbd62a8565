"""The one seam between the domain and a dialect: a renderer, strict parsers, one `wrap`, one `failure`."""

import logging
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.dialects.parsing import StrictFormParser, StrictJSONParser
from config.kernel.errors import Code, DomainError

log = logging.getLogger("polis.dialects")


class JSONRenderer(BaseRenderer):
    """orjson, for every dialect."""

    media_type = "application/json"
    format = "json"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else orjson.dumps(data, option=orjson.OPT_UTC_Z)


class AlwaysJSON(BaseContentNegotiation):
    """A dialect has one form: what a client says it accepts changes nothing."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        media_type = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Dialect(Protocol):
    """What a dialect must say: how a success and how a failure look."""

    def wrap(self, data: Any) -> Any:
        """The body of a success."""

    def failure(self, error: DomainError, request: Any, named: Mapping[str, str]) -> tuple[int, Any]:
        """Status and body of a failure; `named` is what the request's address named."""


class DialectMixin:
    """For views: put first. The view returns plain domain data; errors and successes are dressed here."""

    dialect: ClassVar[Dialect]
    renderer_classes = (JSONRenderer,)
    parser_classes: ClassVar[Any] = (StrictJSONParser, StrictFormParser)
    content_negotiation_class = AlwaysJSON
    permission_classes = ()
    kwargs: dict[str, Any]

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Not REST framework's, whose `Allow` knows of no verbs and would replace that of a 405."""
        return {}

    def get_exception_handler(self) -> Any:
        return self.answer_failure

    def answer_failure(self, exception: Exception, context: Mapping[str, Any]) -> Response:
        request = context["request"]
        error = translated(exception, request)
        if error.code is Code.UNSUPPORTED_MEDIA_TYPE:
            error.facts["expected"] = ", ".join(parser.media_type for parser in self.parser_classes)
        status, body = self.dialect.failure(error, request, self.kwargs)
        response = Response(body, status=status)
        dress_failure(response, error)
        response.exception = True
        return response

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(response, Response) and not response.exception:
            response.data = self.dialect.wrap(response.data)
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        return final


def dress_failure(response: HttpResponse, error: DomainError) -> None:
    """The headers that an error brings."""
    if (seconds := error.facts.get("retry_after")) is not None:
        response["Retry-After"] = str(seconds)
    if error.code is Code.METHOD_NOT_ALLOWED:
        response["Allow"] = error.facts["allowed"]


def translated(exception: Exception, request: Any) -> DomainError:
    """Whatever went wrong, as an error of the domain. What is nobody's fault but ours is logged, with its trace."""
    if isinstance(exception, DomainError):
        return exception
    for kind, code in _KNOWN:
        if isinstance(exception, kind):
            return DomainError(code, limit=settings.MAX_BODY_BYTES)
    if isinstance(exception, exceptions.MethodNotAllowed):
        return DomainError(Code.METHOD_NOT_ALLOWED, method=request.method, allowed="")
    request_id = getattr(request, "request_id", "")
    if isinstance(exception, OperationalError):
        # Locks that were not had in time, a statement over its time, a database that is away.
        log.warning("busy %s: %s", request_id, type(exception.__cause__ or exception).__name__)
        return DomainError(Code.BUSY, retry_after=1)
    log.error("internal error %s", request_id, exc_info=exception)
    return DomainError(Code.INTERNAL, request_id=request_id)


_KNOWN: tuple[tuple[type[Exception], Code], ...] = (
    (Http404, Code.NO_SUCH_ROUTE),
    (PermissionDenied, Code.FORBIDDEN),
    (RequestDataTooBig, Code.BODY_TOO_LARGE),
    (SuspiciousOperation, Code.BAD_REQUEST),  # such as more parameters than anybody means
    (exceptions.UnsupportedMediaType, Code.UNSUPPORTED_MEDIA_TYPE),
    (exceptions.ParseError, Code.BODY_MALFORMED),
)
