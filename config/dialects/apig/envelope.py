"""APIG's envelope: a plain body with its 2xx; of a failure {"error_code": "APIG.xxxx", "error_msg": "…"}."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation

from config.dialects.apig.codes import row_of
from config.kernel import ids
from config.kernel.errors import DomainError

# Where an address names the thing of a kind. Project and gateway are one to who asks: of the two the gateway is named,
# so that nobody is told which of them is not there (S13).
_NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "app": ("app_id", "id"),
    "appcode": ("app_code_id", "id"),
}
_INSTANCE = ("instance_id", "project_id")


class Envelope:
    """A dialect for config.dialects.base."""

    def wrap(self, data: Any) -> Any:
        return data

    def failure(self, error: DomainError, request: Any, named: Mapping[str, str]) -> tuple[int, dict[str, str]]:
        kind = str(error.facts.get("kind", ""))
        row = row_of(error.code, kind, error.field)
        with translation.override("en"):  # the vendor's messages know one language
            sentence = error.sentence
        told = {
            "id": ids.without_tokens(_id_of(kind, named)),
            "field": error.field,
            "fault": error.facts.get("fault", ""),
            "sentence": sentence,
        }
        return row.status, {"error_code": row.code, "error_msg": row.message.format_map(told)}


def _id_of(kind: str, named: Mapping[str, str]) -> str:
    """The id that the address names for a thing of this kind; "" where it names none."""
    return next((named[name] for name in _NAMED_BY.get(kind, _INSTANCE) if name in named), "")
