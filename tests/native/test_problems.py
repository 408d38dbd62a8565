"""What a failure of the native API looks like (RFC 9457), and which status each error of the domain has."""

from typing import Any

import pytest

from config.dialects.native.problems import STATUSES
from tests.cast import Answer, Caller, Cast

MEMBERS = {"type", "title", "status", "detail", "code", "instance", "request_id"}

# Every error of the domain, by the status that says best what a program is to do about it.
EXPECTED: dict[int, set[str]] = {
    400: {"bad_request", "body_not_text", "body_malformed", "body_too_complex"},
    401: {
        "token_missing", "token_unknown", "token_expired", "token_disabled", "user_disabled", "login_disabled",
        "credential_wrong",
        "signin_failed", "bad_signature",
    },
    403: {
        "address_not_allowed", "csrf_failed", "api_not_supported", "api_not_implemented", "https_required",
        "chain_closed", "wrong_color", "wrong_audience", "wrong_shop", "forbidden", "out_of_scope", "exceeds_maker",
        "reauthenticate", "beyond_cities",
    },
    404: {"not_found", "no_such_route"},
    405: {"method_not_allowed"},
    409: {
        "idempotency_in_flight", "name_taken", "app_key_taken", "wrong_state", "reserved", "limit_reached",
        "has_children", "policy_fixed",
    },
    411: {"length_required"},
    412: {"stale"},
    413: {"body_too_large"},
    415: {"unsupported_media_type"},
    422: {
        "unknown_verb", "conflicting_verbs", "secret_in_query", "idempotency_mismatch", "required", "wrong_type",
        "too_short", "too_long", "bad_start", "bad_character", "bad_choice", "out_of_range", "expires_in_past",
        "unknown_field", "not_an_object", "too_many_values", "bad_cursor", "not_confirmed", "switch_off",
    },
    428: {"precondition_required"},
    429: {"too_many_requests"},
    500: {"internal"},
    503: {"busy"},
}  # fmt: skip


def test_every_error_has_its_status() -> None:
    given: dict[int, set[str]] = {}
    for code, status in STATUSES.items():
        given.setdefault(status, set()).add(str(code))
    assert given == EXPECTED


def is_problem(answer: Answer, status: int, code: str, instance: str) -> None:
    body = answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(body) - {"errors"} == MEMBERS
    assert (answer.status, body["status"], body["code"], body["instance"]) == (status, status, code, instance)
    assert body["type"] == f"/api/problems#{code}"
    assert body["request_id"] == answer.headers["X-Request-Id"] != ""


def test_a_problem_has_its_members_and_no_others(cast: Cast) -> None:
    answer = cast.charlie.api("GET", f"cities/{cast.city.key}", X_Request_Id="mine-1")
    is_problem(answer, 404, "not_found", f"/api/v1/cities/{cast.city.key}")
    assert answer.body == {
        "type": "/api/problems#not_found",
        "title": "Not found",
        "status": 404,
        "detail": "There is no such object.",
        "code": "not_found",
        "instance": f"/api/v1/cities/{cast.city.key}",
        "request_id": "mine-1",
    }


@pytest.mark.parametrize(
    ("call", "data", "status", "code"),
    [
        ("GET cities?limit=x", None, 422, "wrong_type"),
        ("POST cities", {}, 422, "required"),
        ("POST cities", b"{", 400, "body_malformed"),
        ("POST cities", b"x" * 262145, 413, "body_too_large"),
        ("POST cities", {"name": "Alice_City"}, 409, "name_taken"),
        ("POST cities/{city}/enable", None, 403, "forbidden"),
        ("PUT cities", None, 405, "method_not_allowed"),
        ("GET planets", None, 404, "no_such_route"),
    ],
)
def test_each_refusal_is_a_problem(cast: Cast, call: str, data: Any, status: int, code: str) -> None:
    method, where = call.format(city=cast.city.key).split()
    is_problem(cast.alice.api(method, where, data), status, code, f"/api/v1/{where.partition('?')[0]}")


def test_a_fault_says_where_it_is(cast: Cast) -> None:
    assert cast.alice.api("GET", "cities?limit=x").body["errors"] == [
        {"parameter": "limit", "code": "wrong_type", "detail": "limit must be of type integer."}
    ]
    assert cast.alice.api("POST", "cities", {"name": 1}).body["errors"] == [
        {"pointer": "#/name", "code": "wrong_type", "detail": "name must be of type string."}
    ]
    assert cast.alice.api("POST", "cities", {"name": "Fine_City"}, Idempotency_Key="").body["errors"] == [
        {"header": "Idempotency-Key", "code": "required", "detail": "Idempotency-Key is required."}
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "token_missing"), ("polis_x", "token_unknown"), ("Bearer x", "token_unknown"), ("Basic x", "token_unknown")],
)
def test_who_is_nobody_is_told_how_to_be_somebody(cast: Cast, text: str, code: str) -> None:
    answer = Caller(text).api("GET", "me")
    is_problem(answer, 401, code, "/api/v1/me")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="polis"'


def test_only_who_is_nobody_is_told_so(cast: Cast) -> None:
    assert "WWW-Authenticate" not in cast.charlie.api("GET", f"cities/{cast.city.key}").headers
    assert "WWW-Authenticate" not in cast.alice.api("GET", "me").headers


def test_it_is_told_in_the_callers_language(cast: Cast) -> None:
    for language in ("zh", "zh-CN,zh;q=0.9,en;q=0.5"):
        answer = cast.alice.api("POST", "cities", {"name": "abc"}, Accept_Language=language)
        assert answer.body["detail"] == answer.body["errors"][0]["detail"] == "name 至少需要 4 个字符。"
        assert (answer.body["title"], answer.body["code"]) == ("Too short", "too_short"), "the same for every reader"
        assert answer.headers["Content-Language"] == "zh-hans"
    assert cast.alice.api("GET", "planets", Accept_Language="zh").body["detail"] == "该地址没有任何内容。"
    assert cast.alice.api("GET", "cities/zzzzzzzz").body["detail"] == "There is no such object."


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "cities", "GET, HEAD, POST"),
        ("DELETE", "cities", "GET, HEAD, POST"),
        ("OPTIONS", "cities", "GET, HEAD, POST"),
        ("TRACE", "cities", "GET, HEAD, POST"),
        ("POST", "cities/{city}", "DELETE, GET, HEAD, PATCH"),
        ("PUT", "cities/{city}", "DELETE, GET, HEAD, PATCH"),
        ("GET", "cities/{city}/disable", "POST"),
        ("DELETE", "cities/{city}/purge", "POST"),
        ("POST", "me", "GET, HEAD, PATCH"),
        ("OPTIONS", "me", "GET, HEAD, PATCH"),
        ("POST", "audit", "GET, HEAD"),
        ("PATCH", "tokens", "GET, HEAD, POST"),
        ("PUT", "grants/zzzzzzzz/accept", "POST"),
    ],
)
def test_another_method_is_told_which_are_allowed(cast: Cast, method: str, path: str, allow: str) -> None:
    where = path.format(city=cast.city.key)
    answer = cast.alice.api(method, where)
    is_problem(answer, 405, "method_not_allowed", f"/api/v1/{where}")
    assert answer.headers["Allow"] == allow
    assert answer.body["detail"] == f"The method {method} is not allowed here. Allowed: {allow}."


def test_nobody_is_not_told_which_methods_there_are(cast: Cast) -> None:
    assert cast.nobody.api("PUT", "cities").status == 401


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v2/cities", "/api/v1/cities/", "/api/v1/cities/a/b"]
)
def test_where_nothing_is_the_answer_is_a_problem_too(cast: Cast, path: str) -> None:
    is_problem(cast.alice.call("GET", path), 404, "no_such_route", path)


def test_what_only_begins_like_the_api_is_not_answered_in_its_words(cast: Cast) -> None:
    answer = cast.alice.call("GET", "/apiary")
    assert (answer.status, answer.body) == (404, None)
