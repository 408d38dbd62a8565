"""CloudRoom's envelope: {"RspCode": "0", "RspDesc": "请求成功", "Data": {…}}, HTTP 200 for every business outcome."""

from collections.abc import Mapping
from typing import Any

from config.dialects.cloudroom.codes import SUCCESS, Row, row_of
from config.kernel.errors import DomainError


class Envelope:
    """A dialect for config.dialects.base."""

    def wrap(self, data: Any) -> dict[str, Any]:
        return {**_said(SUCCESS), **({"Data": data} if data is not None else {})}

    def failure(self, error: DomainError, request: Any, named: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        row = row_of(error.code, error.field)
        return row.status, _said(row)


def _said(row: Row) -> dict[str, str]:
    return {"RspCode": row.code, "RspDesc": row.description}
