"""Keystone's errors: {"error": {"code": 401, "title": "Unauthorized", "message": "…"}}, with Keystone's messages.

Whoever is not let in, is told the same, whatever the reason (S2).
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.utils import translation

from config.dialects.apig.codes import row_of
from config.kernel.errors import DomainError

_MESSAGES: Mapping[int, str] = {
    401: "The request you have made requires authentication.",
    403: "You are not authorized to perform the requested action.",
    404: "The resource could not be found.",
    500: "An unexpected error prevented the server from fulfilling your request.",
}


class Keystone:
    """A dialect for config.dialects.base; the statuses are those of the gateway's."""

    def wrap(self, data: Any) -> Any:
        return data

    def failure(self, error: DomainError, request: Any, named: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        status = row_of(error.code).status
        with translation.override("en"):
            message = _MESSAGES.get(status, error.sentence)
        return status, {"error": {"code": status, "title": HTTPStatus(status).phrase, "message": message}}
