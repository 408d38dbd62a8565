"""Bodies, read strictly and within limits (S22): JSON and forms, UTF-8, nothing ambiguous."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
from django.conf import settings
from rest_framework.parsers import BaseParser

from config.kernel.errors import Code, Invalid

MAX_DEPTH = 16
MAX_DIGITS = 20
MAX_FIELDS = 200

# An unclosed string goes to the end of the text: to begin anew at each of its quotes would cost the square of them.
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_LONG_NUMBER = re.compile(rf"[0-9.]{{{MAX_DIGITS + 1}}}")


def read_body(stream: Any, length: str | None) -> str:
    """The body as text. Raises BODY_TOO_LARGE before reading where it says its length, BODY_NOT_TEXT."""
    limit = settings.MAX_BODY_BYTES
    if length and length.isdecimal() and int(length) > limit:
        raise Invalid(Code.BODY_TOO_LARGE, limit=limit)
    raw: bytes = stream.read(limit + 1)
    if len(raw) > limit:
        raise Invalid(Code.BODY_TOO_LARGE, limit=limit)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid(Code.BODY_NOT_TEXT) from None


def loads(text: str) -> Any:
    """JSON within the limits: depth 16, numbers of 20 digits, no NaN, no lone surrogates. Raises Invalid.

    Of a key given twice the values must agree.
    """
    skeleton = _STRINGS.sub('""', text)
    depth = deepest = 0
    for character in skeleton:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    if deepest > MAX_DEPTH or _LONG_NUMBER.search(skeleton):
        raise Invalid(Code.BODY_TOO_COMPLEX)
    try:
        orjson.loads(text)  # the stricter of the two, which says nothing of keys given twice
    except orjson.JSONDecodeError:
        raise Invalid(Code.BODY_MALFORMED) from None
    return json.loads(text, object_pairs_hook=_agreed)


class StrictJSONParser(BaseParser):
    """A JSON object, or nothing at all."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        text = read_body(stream, _length(parser_context))
        data = loads(text) if text.strip() else {}
        if not isinstance(data, dict):
            raise Invalid(Code.NOT_AN_OBJECT, field="body")
        return data


class StrictFormParser(BaseParser):
    """A form."""

    media_type = "application/x-www-form-urlencoded"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        return read_pairs(read_body(stream, _length(parser_context)))


def read_pairs(text: str) -> dict[str, str]:
    """The fields of a form or a query string; of a field given twice the values must agree.

    Raises BODY_NOT_TEXT, BODY_TOO_COMPLEX, BODY_MALFORMED.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeDecodeError:
        raise Invalid(Code.BODY_NOT_TEXT) from None
    except ValueError:
        raise Invalid(Code.BODY_TOO_COMPLEX) from None
    return _agreed(pairs)


def _agreed(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Never "first wins" or "last wins": what reads the request before us might take the other."""
    data: dict[str, Any] = {}
    for name, value in pairs:
        if data.setdefault(name, value) != value:
            raise Invalid(Code.BODY_MALFORMED)
    return data


def _length(parser_context: Mapping[str, Any] | None) -> str | None:
    request = (parser_context or {}).get("request")
    return request.META.get("CONTENT_LENGTH") if request is not None else None
