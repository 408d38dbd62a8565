"""Each code of the domain has its row in APIG's table; statuses, codes and messages by hand, from apig.md "Errors"."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from config.dialects.apig.codes import row_of
from config.dialects.apig.envelope import Envelope
from config.dialects.apig.keystone import Keystone
from config.kernel.errors import Code, DomainError

REQUEST = SimpleNamespace(request_id="r-1")
ADDRESS = {"version": "v1", "project_id": "p1", "instance_id": "i1", "id": "a1", "app_code_id": "c1"}
_INVALID = "Invalid parameter value,parameterName:{}. Please refer to the support documentation"
_MISSING = "The request parameters must be specified,parameterName:{}. Please refer to the support documentation"
OF_VALUE = (Code.WRONG_TYPE, Code.TOO_SHORT, Code.TOO_LONG, Code.BAD_START, Code.BAD_CHARACTER, Code.BAD_CHOICE)

ROWS: list[tuple[DomainError, int, str, str]] = [
    (DomainError(Code.TOKEN_MISSING), 401, "APIG.1000", "The token must be provided"),
    (DomainError(Code.TOKEN_EXPIRED), 401, "APIG.1001", "The token has expired or is no longer in service"),
    (DomainError(Code.TOKEN_DISABLED), 401, "APIG.1001", "The token has expired or is no longer in service"),
    (DomainError(Code.TOKEN_UNKNOWN), 401, "APIG.1002", "The token is invalid"),
    (DomainError(Code.BAD_SIGNATURE, fault="why"), 401, "APIG.0301", "Incorrect IAM authentication information: why"),
    (DomainError(Code.FORBIDDEN), 403, "APIG.1005", "No permissions to request this method"),
    (DomainError(Code.OUT_OF_SCOPE), 403, "APIG.1005", "No permissions to request this method"),
    (DomainError(Code.BEYOND_CITIES), 403, "APIG.1005", "No permissions to request this method"),
    (DomainError(Code.HTTPS_REQUIRED), 403, "APIG.1005", "No permissions to request this method"),
    (DomainError(Code.TOO_MANY_REQUESTS, retry_after=3), 429, "APIG.9008", "Too many requests"),
    (DomainError(Code.INTERNAL), 500, "APIG.9999", "System error"),
    (DomainError(Code.BUSY, retry_after=1), 503, "APIG.9999", "The system is busy. Try again later"),
    (
        DomainError(Code.WRONG_STATE, state="DISABLED"),
        403,
        "APIG.1136",
        "This is not possible in the present state: This cannot be done in the present state (DISABLED).",
    ),
    (
        DomainError(Code.CHAIN_CLOSED, link="corp"),
        403,
        "APIG.1136",
        "This is not possible in the present state: The corp of this access token is not in service.",
    ),
    (DomainError(Code.NOT_FOUND, kind="app"), 404, "APIG.3004", "App a1 does not exist"),
    (DomainError(Code.NOT_FOUND, kind="appcode"), 404, "APIG.3082", "AppCode c1 does not exist"),
    (DomainError(Code.NOT_FOUND, kind="gateway"), 404, "APIG.3030", "The instance does not exist;id:i1"),
    (DomainError(Code.NOT_FOUND, kind="project"), 404, "APIG.3030", "The instance does not exist;id:i1"),
    (DomainError(Code.NAME_TAKEN, field="name"), 400, "APIG.3203", "The app name already exists."),
    (DomainError(Code.APP_KEY_TAKEN, field="app_key"), 400, "APIG.3310", "The AppKey already exists."),
    (
        DomainError(Code.SWITCH_OFF),
        400,
        "APIG.2000",
        "Parameter error: A key or secret of one's own needs APP_KEY_SECRET_SWITCH, which is off at this gateway.",
    ),
    (
        DomainError(Code.LIMIT_REACHED, limit=50, kind="app"),
        403,
        "APIG.3103",
        "The number of apps exceeds the limit: The limit of 50 is reached.",
    ),
    (
        DomainError(Code.LIMIT_REACHED, limit=5, kind="appcode"),
        403,
        "APIG.3131",
        "The number of AppCodes exceeds the limit: The limit of 5 is reached.",
    ),
    (
        DomainError(Code.RESERVED, kind="app"),
        409,
        "APIG.3405",
        "An app that comes from the market cannot be deleted",
    ),
    (DomainError(Code.REQUIRED, field="name"), 400, "APIG.2001", _MISSING.format("name")),
    *(
        (DomainError(code, field=field), 400, "APIG.2011", _INVALID.format(field))
        for field in ("name", "app_key", "app_secret", "app_code")
        for code in OF_VALUE
    ),
    *(
        (DomainError(Code.BAD_CHARACTER, field=field), 400, "APIG.2012", _INVALID.format(field))
        for field in ("id", "app_code_id", "instance_id", "project_id")
    ),
    (
        DomainError(Code.TOO_LONG, field="remark", limit=255),
        400,
        "APIG.2006",
        "The description is too long: remark must have at most 255 characters.",
    ),
    (
        DomainError(Code.WRONG_TYPE, field="remark", expected="string"),
        400,
        "APIG.2000",
        "Parameter error: remark must be of type string.",
    ),
    (
        DomainError(Code.TOO_SHORT, field="other", limit=3),
        400,
        "APIG.2002",
        "The parameter value is too small: other must have at least 3 characters.",
    ),
    (
        DomainError(Code.TOO_LONG, field="other", limit=3),
        400,
        "APIG.2003",
        "The parameter value is too large: other must have at most 3 characters.",
    ),
    (
        DomainError(Code.OUT_OF_RANGE, field="page_no", minimum=1, maximum=9),
        400,
        "APIG.2004",
        "The parameter value is out of range: page_no must be between 1 and 9.",
    ),
    (
        DomainError(Code.BODY_MALFORMED),
        400,
        "APIG.2000",
        "Parameter error: What was sent cannot be read: it is not well-formed.",
    ),
    (DomainError(Code.BODY_NOT_TEXT), 400, "APIG.2000", "Parameter error: The body of the request is not UTF-8."),
    (DomainError(Code.BODY_TOO_LARGE, limit=1), 413, "APIG.0201", "Request entity too large"),
    (DomainError(Code.NO_SUCH_ROUTE), 404, "APIG.0101", "The API does not exist"),
]


def said(error: DomainError, named: dict[str, str] = ADDRESS) -> tuple[int, Any]:
    return Envelope().failure(error, REQUEST, named)


@pytest.mark.parametrize(("error", "status", "code", "message"), ROWS)
def test_a_failure_is_told_as_the_document_tells_it(error: DomainError, status: int, code: str, message: str) -> None:
    assert said(error) == (status, {"error_code": code, "error_msg": message})


def test_every_code_is_told_in_the_documents_form() -> None:
    for code in Code:
        status, body = said(DomainError(code))
        assert 400 <= status <= 503
        assert set(body) == {"error_code", "error_msg"}
        assert body["error_code"].startswith("APIG.")
        assert "{" not in body["error_msg"]


def test_a_message_is_english_whatever_the_caller_reads() -> None:
    with translation.override("zh-hans"):
        assert said(DomainError(Code.BODY_NOT_TEXT))[1]["error_msg"].endswith("is not UTF-8.")


def test_where_no_gateway_is_named_the_project_is() -> None:
    assert said(DomainError(Code.NOT_FOUND, kind="project"), {"project_id": "p1"})[1]["error_msg"].endswith("id:p1")
    assert said(DomainError(Code.NOT_FOUND), {})[1]["error_msg"] == "The instance does not exist;id:"


def test_a_token_in_an_address_is_not_repeated() -> None:
    message = said(DomainError(Code.NOT_FOUND, kind="app"), {"id": "polis_abc"})[1]["error_msg"]
    assert message == "App polis_… does not exist"


def test_what_is_said_of_a_kind_comes_before_what_is_said_of_a_field() -> None:
    assert row_of(Code.NOT_FOUND, "app", "name").code == "APIG.3004"


def test_a_success_is_as_it_is() -> None:
    assert Envelope().wrap({"id": 1}) == {"id": 1}
    assert Keystone().wrap(None) is None


@pytest.mark.parametrize(
    ("error", "status", "title", "message"),
    [
        (Code.TOKEN_MISSING, 401, "Unauthorized", "The request you have made requires authentication."),
        (Code.SIGNIN_FAILED, 401, "Unauthorized", "The request you have made requires authentication."),
        (Code.BAD_SIGNATURE, 401, "Unauthorized", "The request you have made requires authentication."),
        (Code.OUT_OF_SCOPE, 403, "Forbidden", "You are not authorized to perform the requested action."),
        (Code.NOT_FOUND, 404, "Not Found", "The resource could not be found."),
        (Code.REQUIRED, 400, "Bad Request", "auth is required."),
        (Code.INTERNAL, 500, "Internal Server Error",
         "An unexpected error prevented the server from fulfilling your request."),
    ],
)  # fmt: skip
def test_keystones_failures_are_its_own(error: Code, status: int, title: str, message: str) -> None:
    answer = Keystone().failure(DomainError(error, field="auth"), REQUEST, {})
    assert answer == (status, {"error": {"code": status, "title": title, "message": message}})
