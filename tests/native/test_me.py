"""Oneself through the native API: who I am, what I may, how much is left; and what of it I may change."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEvent, AuditPersonal, NameProbe, User
from tests.cast import Caller, Cast
from tests.factories import make_city, make_token, make_user

NOON = "2031-03-04T12:00:00+00:00"
STAMP = "2031-03-04T12:00:00Z"


def test_everything_about_oneself_is_told(db: None) -> None:
    with time_machine.travel(NOON, tick=False):
        user = make_user("alice", email="alice@polis.example")
        make_city(user)
        text = make_token(user, "laptop", ends_at=timezone.now() + timedelta(days=1))
        answer = Caller(text).api("GET", "me")
    token = answer.body["token"].pop("id")
    assert len(token) == 8
    assert (answer.status, answer.headers["ETag"]) == (200, '"1.0.0"')
    assert answer.body == {
        "id": user.key,
        "name": "alice",
        "email": "alice@polis.example",
        "avatar": "",
        "language": "",
        "time_zone": "",
        "role": "developer",
        "organization": {"id": user.corp.key, "name": "alice", "is_admin": True},
        "may": {"city": ["ADD", "QRI"], "project": ["ADD", "QRI"], "gateway": ["QRI"], "app": ["QRI"]},
        "limits": {"city": {"used": 1, "limit": 100}},
        "token": {
            "name": "laptop",
            "scopes": ["read", "verbs", "credentials"],
            "cities": [],
            "expires_at": "2031-03-05T12:00:00Z",
        },
        "created_at": STAMP,
        "updated_at": STAMP,
        "version": 1,
    }


@pytest.mark.parametrize(
    ("who", "verbs"),
    [
        ("alice", {"ADD", "QRI"}),
        ("zoe", {"ADD", "QRI", "GET", "DIS", "ENB", "RCC", "BROWSE"}),
        ("root", {"ADD", "QRI", "GET", "DIS", "ENB", "RCC", "DEL", "QRY", "BROWSE"}),
    ],
)
def test_what_one_may_without_a_grant_is_told(cast: Cast, who: str, verbs: set[str]) -> None:
    assert set(getattr(cast, who).api("GET", "me").body["may"]["city"]) == verbs


def test_what_the_token_may_not_is_not_told(cast: Cast) -> None:
    caller = Caller(make_token(cast.root.user, scopes=["get", "dis"]))  # type: ignore[arg-type]
    assert set(caller.api("GET", "me").body["may"]["city"]) == {"GET", "DIS"}


def test_the_limit_counts_what_lies_in_the_bin_and_stewards_have_none(cast: Cast, settings: Any) -> None:
    settings.CITIES_PER_USER = 3
    make_city(cast.alice.user)  # type: ignore[arg-type]
    cast.alice.api("DELETE", f"cities/{cast.city.key}")
    make_city(cast.root.user)  # type: ignore[arg-type]
    limits = {who: getattr(cast, who).api("GET", "me").body["limits"]["city"] for who in ("alice", "vera", "root")}
    assert limits == {
        "alice": {"used": 2, "limit": 3},
        "vera": {"used": 0, "limit": 3},
        "root": {"used": 1, "limit": None},
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Alicia"),
        ("name", "爱丽丝"),
        ("avatar", "face.png"),
        ("language", "zh-hans"),
        ("time_zone", "Asia/Shanghai"),
    ],
)
def test_each_field_can_be_changed_and_the_trail_says_only_that(cast: Cast, field: str, value: str) -> None:
    before, count = cast.alice.api("GET", "me").body, AuditEvent.objects.count()
    with time_machine.travel(NOON, tick=False):
        answer = cast.alice.api("PATCH", "me", {field: value})
    assert (answer.status, answer.body) == (200, before | {field: value, "version": 2, "updated_at": STAMP})
    assert AuditEvent.objects.count() == count + 1
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.kind, event.thing, event.thing_name) == ("SET", "user", before["id"], "")
    assert (event.before, event.after) == ({}, {field: "changed"})
    personal = AuditPersonal.objects.get(event=event.pk)
    assert (personal.person, personal.before, personal.after) == (before["id"], {field: before[field]}, {field: value})
    assert not AuditEvent.objects.filter(after__icontains=value).exists()


def test_a_language_and_a_time_zone_can_be_the_platforms_again(cast: Cast) -> None:
    cast.alice.api("PATCH", "me", {"language": "en", "time_zone": "UTC"})
    answer = cast.alice.api("PATCH", "me", {"language": "", "time_zone": ""})
    assert (answer.body["language"], answer.body["time_zone"], answer.body["version"]) == ("", "", 3)


def test_a_change_of_nothing_is_no_event(cast: Cast) -> None:
    count = AuditEvent.objects.count()
    for given in ({}, {"name": "alice"}, {"language": ""}):
        assert cast.alice.api("PATCH", "me", given).body["version"] == 1
    assert AuditEvent.objects.count() == count


def test_all_faults_are_told_at_once(cast: Cast) -> None:
    given = {"name": "a", "avatar": "x" * 41, "language": "fr", "time_zone": "Mars/Base", "role": "god", "email": "x"}
    answer = cast.alice.api("PATCH", "me", given)
    assert answer.status == 422
    assert [(fault["pointer"], fault["code"]) for fault in answer.body["errors"]] == [
        ("#/name", "too_short"),
        ("#/avatar", "too_long"),
        ("#/language", "bad_choice"),
        ("#/time_zone", "bad_choice"),
        ("#/role", "unknown_field"),
        ("#/email", "unknown_field"),
    ]
    assert cast.alice.api("GET", "me").body["version"] == 1


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "a b", "bad_character"),
        ("name", "ab\u200b", "bad_character"),
        ("name", "x" * 65, "too_long"),
        ("name", None, "wrong_type"),
        ("language", "zh", "bad_choice"),
        ("language", None, "wrong_type"),
        ("language", "../../etc/passwd", "bad_choice"),
        ("time_zone", "asia/shanghai", "bad_choice"),
        ("time_zone", "../UTC", "bad_choice"),
        ("time_zone", 8, "wrong_type"),
        ("avatar", "a\nb", "bad_character"),
    ],
)
def test_a_value_that_is_none_is_refused(cast: Cast, field: str, value: Any, code: str) -> None:
    answer = cast.alice.api("PATCH", "me", {field: value})
    assert (answer.status, answer.code, answer.body["errors"][0]["pointer"]) == (422, code, f"#/{field}")


@pytest.mark.parametrize("field", ["role", "email", "tel", "password", "corp", "organization", "is_corp_admin", "id"])
def test_nothing_else_of_oneself_can_be_changed(cast: Cast, field: str) -> None:
    assert cast.alice.api("PATCH", "me", {field: "god"}).code == "unknown_field"


def test_a_taken_name_is_counted_with_the_taken_names_of_cities(cast: Cast) -> None:
    with time_machine.travel(timezone.now().replace(second=10), tick=False):
        for _ in range(15):
            answer = cast.charlie.api("PATCH", "me", {"name": "ALICE"})
            assert (answer.status, answer.code) == (409, "name_taken")
            assert cast.charlie.api("POST", "cities", {"name": "Alice_City"}).code == "name_taken"
        for name in ("ALICE", "nobodys_name"):
            answer = cast.charlie.api("PATCH", "me", {"name": name})
            assert (answer.status, answer.code, answer.headers["Retry-After"]) == (429, "too_many_requests", "50")
        assert cast.charlie.api("PATCH", "me", {"avatar": "x"}).status == 200
    assert NameProbe.objects.get(user=cast.charlie.user).count == 30
    assert User.objects.get(pk=cast.charlie.user.pk).name == "charlie"  # type: ignore[union-attr]


def test_one_is_oneself_alone(cast: Cast) -> None:
    assert cast.root.api("GET", f"me/{cast.alice.user.key}").code == "no_such_route"  # type: ignore[union-attr]
    assert cast.alice.api("POST", "me", {}).status == 405
    assert cast.alice.api("DELETE", "me").status == 405
    assert cast.alice.api("GET", "me?id=x").body["errors"][0]["parameter"] == "id"


def test_a_name_that_grows_when_it_is_folded_is_too_long(cast: Cast) -> None:
    answer = cast.alice.api("PATCH", "me", {"name": "\ufdfa" * 60})
    assert (answer.status, answer.code) == (422, "too_long")
