"""XDUA's envelope: {"error": 0, "reason": "Success", "result": {…}}, for failures too; the status is the real one."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation

from config.dialects.xdua.codes import Row, row_of
from config.kernel import ids
from config.kernel.errors import Code, DomainError

_LANGUAGES = {"zh": "zh-hans", "en": "en"}


class Envelope:
    """A dialect for config.dialects.base; `own` is the resource's overlay of error rows."""

    def __init__(self, own: dict[tuple[Code, str], Row]) -> None:
        self.own = own

    def wrap(self, data: Any) -> dict[str, Any]:
        return {"error": 0, "reason": "Success", "result": {} if data is None else data}

    def failure(self, error: DomainError, request: Any, named: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        row = row_of(error.code, error.field, self.own)
        with translation.override(language_of(request)):
            result: dict[str, Any] = {"detail": error.sentence}
        if error.field:
            result["field"] = error.field
        if (key := named.get("id")) is not None:
            result = {"id": ids.without_tokens(key), **result}
        body: dict[str, Any] = {"error": row.number, "reason": row.name, "result": result}
        if settings.DEBUG:
            body["debug"] = {"code": error.code, "request_id": getattr(request, "request_id", "")}
        return row.status, body


def language_of(request: Any) -> str:
    """The language of a sentence: `XduaAcceptLang: zh|en`, zh where it says neither [vendor]."""
    return _LANGUAGES.get(request.headers.get("XduaAcceptLang", "").lower(), "zh-hans")
