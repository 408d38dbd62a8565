"""What is sent for a city, badly: all faults at once, each with its pointer, and nothing is made of it."""

from typing import Any

import pytest

from cities.models import City
from tests.cast import Answer, Caller, Cast
from tests.factories import make_token


def faults(answer: Answer) -> list[tuple[str, str]]:
    """Where each fault is, and its code."""
    return [(fault["pointer"], fault["code"]) for fault in answer.body["errors"]]


def city_of(cast: Cast) -> str:
    return f"cities/{cast.city.key}"


@pytest.mark.parametrize(("method", "path"), [("POST", "cities"), ("PATCH", "")])
def test_all_faults_are_told_at_once_each_with_its_pointer(cast: Cast, method: str, path: str) -> None:
    given = {"name": "abc", "avatar": None, "brief": "x" * 65, "type": 7, "state": "deleted", "a/b~c": 1}
    answer = cast.alice.api(method, path or city_of(cast), given)
    assert (answer.status, answer.code) == (422, "too_short")
    assert faults(answer) == [
        ("#/name", "too_short"),
        ("#/avatar", "wrong_type"),
        ("#/brief", "too_long"),
        ("#/type", "wrong_type"),
        ("#/state", "unknown_field"),
        ("#/a~1b~0c", "unknown_field"),
    ]
    assert answer.body["errors"][0]["detail"] == "name must have at least 4 characters."
    assert not City.objects.exclude(version=1, brief="").exists()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("abc", "too_short"),
        ("x" * 33, "too_long"),
        ("1city", "bad_start"),
        ("a city", "bad_character"),
        ("City\n", "bad_character"),
        ("Ｃity", "bad_character"),
        (None, "wrong_type"),
        (["City"], "wrong_type"),
        (True, "wrong_type"),
    ],
)
def test_a_name_that_is_none_is_refused(cast: Cast, name: Any, code: str) -> None:
    for answer in (
        cast.alice.api("POST", "cities", {"name": name}),
        cast.alice.api("PATCH", city_of(cast), {"name": name}),
    ):
        assert (answer.status, faults(answer)) == (422, [("#/name", code)])


@pytest.mark.parametrize("member", ["igrp", "secret", "enabled", "offline", "owner", "version", "id", "creator"])
def test_no_other_member_is_taken(cast: Cast, member: str) -> None:
    answer = cast.alice.api("PATCH", city_of(cast), {member: "x"})
    assert (answer.status, faults(answer)) == (422, [(f"#/{member}", "unknown_field")])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "required"),
        (b"  \n", 422, "required"),
        (b"{}", 422, "required"),
        (b"[]", 422, "not_an_object"),
        (b'"City"', 422, "not_an_object"),
        (b"null", 422, "not_an_object"),
        (b"7", 422, "not_an_object"),
        (b'{"name": "Fine_City"', 400, "body_malformed"),
        (b'{"name": "Fine_City",}', 400, "body_malformed"),
        (b'{"name": NaN}', 400, "body_malformed"),
        (b"name=Fine_City", 400, "body_malformed"),
        (b'{"name": "Fine_City", "name": "Other_City"}', 400, "body_malformed"),
        (b'{"name": "\xff"}', 400, "body_not_text"),
        (b'{"name": ' + b"[" * 16 + b"]" * 16 + b"}", 400, "body_too_complex"),
        (b'{"name": 123456789012345678901}', 400, "body_too_complex"),
        (b'{"name": "' + b"x" * 262144 + b'"}', 413, "body_too_large"),
    ],
)
def test_a_body_that_cannot_be_read_makes_nothing(cast: Cast, body: bytes, status: int, code: str) -> None:
    answer = cast.alice.api("POST", "cities", body)
    assert (answer.status, answer.code) == (status, code)
    assert set(City.objects.values_list("name", flat=True)) == {"ConsoleX", "Alice_City"}


def test_of_no_object_it_is_the_whole_body_that_is_at_fault(cast: Cast) -> None:
    answer = cast.alice.api("POST", "cities", b"[]")
    assert answer.body["errors"] == [
        {"pointer": "#", "code": "not_an_object", "detail": "body must be a JSON object."},
    ]


def test_a_depth_of_sixteen_and_a_key_that_is_given_twice_alike_are_read(cast: Cast) -> None:
    deep = b'{"name": "Deep_City", "deep": ' + b"[" * 15 + b"]" * 15 + b"}"
    assert faults(cast.alice.api("POST", "cities", deep)) == [("#/deep", "unknown_field")]
    assert cast.alice.api("POST", "cities", b'{"name": "Twin_City", "name": "Twin_City"}').status == 201


@pytest.mark.parametrize(
    "media_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "text/json", ""],
)
def test_any_other_form_of_body_is_415(cast: Cast, media_type: str) -> None:
    body = b'{"name": "Form_City"}'
    sent = {"Authorization": cast.alice.token}
    for method, path in (("POST", "/api/v1/cities"), ("PATCH", f"/api/v1/{city_of(cast)}")):
        response = cast.alice.client.generic(method, path, body, media_type, headers=sent)
        assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


def test_who_may_not_is_refused_before_the_body_is_looked_at(cast: Cast) -> None:
    caller = Caller(make_token(cast.charlie.user, scopes=["read"]))  # type: ignore[arg-type]
    assert caller.api("POST", "cities", {}).code == "out_of_scope"
