"""Invariant 7: every dialect answers every error of the domain with a code of its own table, which names each one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import RequestFactory

from config.dialects.apig import codes as apig
from config.dialects.apig.envelope import Envelope as Apig
from config.dialects.base import Dialect
from config.dialects.cloudroom import codes as cloudroom
from config.dialects.cloudroom.envelope import Envelope as CloudRoom
from config.dialects.native.problems import STATUSES, Problems
from config.dialects.xdua import codes as xdua
from config.dialects.xdua.envelope import Envelope as Xdua
from config.kernel.errors import Code, DomainError


@dataclass(frozen=True)
class Told:
    """A dialect, its table, and how an answer of it names the error: by the row, and by the body."""

    dialect: Dialect
    table: Mapping[Code, Any]
    of_row: Callable[[Code, Any], Any]
    of_body: Callable[[Any], Any]


DIALECTS = {
    "native": Told(Problems(), STATUSES, lambda code, _: str(code), lambda body: body["code"]),
    "xdua": Told(
        Xdua(xdua.CITY),
        xdua.TABLE | {code: row for (code, field), row in xdua.CITY.items() if not field},
        lambda _, row: (row.number, row.name),
        lambda body: (body["error"], body["reason"]),
    ),
    "cloudroom": Told(
        CloudRoom(),
        cloudroom.TABLE,
        lambda _, row: (row.code, row.description),
        lambda body: (body["RspCode"], body["RspDesc"]),
    ),
    "apig": Told(Apig(), apig.TABLE, lambda _, row: row.code, lambda body: body["error_code"]),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_a_table_names_every_error(name: str) -> None:
    assert set(DIALECTS[name].table) == set(Code)


@pytest.mark.parametrize("code", Code)
@pytest.mark.parametrize("name", DIALECTS)
def test_an_error_is_answered_as_its_row_says(name: str, code: Code) -> None:
    told = DIALECTS[name]
    status, body = told.dialect.failure(DomainError(code), RequestFactory().get("/"), {})
    assert told.of_body(body) == told.of_row(code, told.table[code])
    assert 400 <= status <= 503 or (name == "cloudroom" and status == 200 and body["RspCode"] != "0")
