"""CloudRoom's envelope: {"RspCode": "0", "RspDesc": "请求成功", "Data": {…}}, HTTP 200 for every business outcome."""

from collections.abc import Mapping
from typing import Any

from config.dialects.cloudroom.codes import SUCCESS, TOO_OFTEN, Row, row_of
from config.kernel.errors import Code, DomainError


class Envelope:
    """A dialect for config.dialects.base."""

    def wrap(self, data: Any) -> dict[str, Any]:
        return {**_said(SUCCESS), **({"Data": data} if data is not None else {})}

    def failure(self, error: DomainError, request: Any, named: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        is_rate = error.code is Code.TOO_MANY_REQUESTS and error.facts.get("rate", False)
        row = TOO_OFTEN if is_rate else row_of(error.code, error.field)
        return row.status, _said(row)


def _said(row: Row) -> dict[str, str]:
    return {"RspCode": row.code, "RspDesc": row.description}
