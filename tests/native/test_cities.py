"""Cities as resources of the native API: each answer to the letter, and every way of sending it badly."""

import re
from typing import Any

import pytest
import time_machine

from accounts.models import AuditEvent
from tests.cast import Cast
from tests.factories import make_city

NOON = "2031-03-04T12:00:00+00:00"
STAMP = "2031-03-04T12:00:00Z"


def city_of(cast: Cast) -> str:
    return f"cities/{cast.city.key}"


def test_a_new_city_is_answered_whole_and_with_its_address(cast: Cast) -> None:
    given = {"name": "Second_城", "avatar": "face.png", "brief": "the second", "type": "test"}
    with time_machine.travel(NOON, tick=False):
        answer = cast.alice.api("POST", "cities", given)
    key = answer.body["id"]
    assert re.fullmatch("[A-Za-z0-9]{8}", key)
    assert answer.status == 201
    assert answer.headers["Location"] == f"/api/v1/cities/{key}"
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.body == {
        "id": key,
        "name": "Second_城",
        "avatar": "face.png",
        "brief": "the second",
        "type": "test",
        "state": "enabled",
        "effective_state": "enabled",
        "reason": "",
        "expires_at": None,
        "owner": {"id": cast.alice.user.key, "name": "alice"},  # type: ignore[union-attr]
        "created_at": STAMP,
        "updated_at": STAMP,
        "version": 1,
        "url": f"/api/v1/cities/{key}",
    }
    assert cast.alice.api("GET", f"cities/{key}").body == answer.body


def test_a_name_alone_makes_a_city(cast: Cast) -> None:
    answer = cast.alice.api("POST", "cities", {"name": "Second_City"})
    assert [answer.body[name] for name in ("avatar", "brief", "type")] == ["", "", ""]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Other_City"), ("avatar", "a.png"), ("brief", "news"), ("type", "shop"), ("brief", "")],
)
def test_each_field_can_be_changed_and_the_rest_stays(cast: Cast, field: str, value: str) -> None:
    made = {"name": "Second_City", "avatar": "old.png", "brief": "old", "type": "old"}
    key = cast.alice.api("POST", "cities", made).body["id"]
    before = cast.alice.api("GET", f"cities/{key}").body
    with time_machine.travel(NOON, tick=False):
        answer = cast.alice.api("PATCH", f"cities/{key}", {field: value})
    assert answer.status == 200
    assert answer.body == before | {field: value, "version": 2, "updated_at": STAMP}
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.door, event.before, event.after) == (
        "SET",
        "native",
        {field: made[field]},
        {field: value},
    )


@pytest.mark.parametrize("given", [{}, {"name": "Alice_City"}, {"brief": ""}])
def test_a_change_of_nothing_is_no_event_and_no_new_version(cast: Cast, given: dict[str, str]) -> None:
    before = AuditEvent.objects.count()
    answer = cast.alice.api("PATCH", city_of(cast), given)
    assert (answer.status, answer.body["version"]) == (200, 1)
    assert AuditEvent.objects.count() == before


def test_a_taken_name_is_a_conflict_that_names_nobody(cast: Cast) -> None:
    own = make_city(cast.charlie.user, "Own_City").key  # type: ignore[arg-type]
    for answer in (
        cast.charlie.api("POST", "cities", {"name": "alice_CITY"}),
        cast.charlie.api("PATCH", f"cities/{own}", {"name": "alice_CITY"}),
    ):
        assert (answer.status, answer.code) == (409, "name_taken")
        assert answer.body["errors"] == [
            {"pointer": "#/name", "code": "name_taken", "detail": "This name is taken."},
        ]


def test_the_limit_of_cities_is_a_conflict(cast: Cast, settings: Any) -> None:
    settings.CITIES_PER_USER = 1
    answer = cast.alice.api("POST", "cities", {"name": "Second_City"})
    assert (answer.status, answer.code, answer.body["detail"]) == (409, "limit_reached", "The limit of 1 is reached.")


def test_delete_answers_nothing_and_puts_it_into_the_bin(cast: Cast) -> None:
    answer = cast.alice.api("DELETE", city_of(cast))
    assert (answer.status, answer.body, answer.headers.get("Content-Length")) == (204, None, "0")
    shown = cast.alice.api("GET", city_of(cast)).body
    assert (shown["state"], shown["effective_state"], shown["version"]) == ("deleted", "deleted", 2)
    assert cast.alice.api("GET", "cities").body["results"] == []
    assert [thing["id"] for thing in cast.alice.api("GET", "bin").body["results"]] == [cast.city.key]
    assert cast.alice.api("DELETE", city_of(cast)).status == 204, "a repeat"
    assert cast.alice.api("PATCH", city_of(cast), {"brief": "x"}).code == "wrong_state"


def test_who_does_not_see_a_city_is_told_that_there_is_none(cast: Cast) -> None:
    for method in ("GET", "PATCH", "DELETE"):
        answer = cast.charlie.api(method, city_of(cast), None if method == "GET" else {"zz": 1})
        assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize(
    ("who", "allowed"),
    [("oscar", {"GET", "PATCH"}), ("vera", {"GET"}), ("zoe", {"GET"}), ("root", {"GET"})],
)
def test_who_sees_a_city_may_do_what_the_role_says(cast: Cast, who: str, allowed: set[str]) -> None:
    caller = getattr(cast, who)
    statuses = {method: caller.api(method, city_of(cast)).status for method in ("GET", "PATCH", "DELETE")}
    assert statuses == {method: 200 if method in allowed else 403 for method in ("GET", "PATCH", "DELETE")}


def test_a_list_holds_what_is_ones_own_and_what_is_shared(cast: Cast) -> None:
    mine = make_city(cast.vera.user, "Vera_City").key  # type: ignore[arg-type]
    answer = cast.vera.api("GET", "cities")
    assert set(answer.body) == {"results", "next", "previous"}
    assert [city["id"] for city in answer.body["results"]] == [mine, cast.city.key]
    assert answer.body["results"][1] == cast.vera.api("GET", city_of(cast)).body
    assert cast.charlie.api("GET", "cities").body == {"results": [], "next": None, "previous": None}


def test_only_who_may_browse_sees_the_cities_of_all(cast: Cast) -> None:
    assert [city["id"] for city in cast.zoe.api("GET", "cities?scope=all").body["results"]] == [
        cast.city.key,
        "ConsoleX",
    ]
    assert cast.zoe.api("GET", "cities").body["results"] == []
    assert cast.alice.api("GET", "cities?scope=all").code == "forbidden"


def test_some_fields_are_shown_where_some_are_asked_for(cast: Cast) -> None:
    answer = cast.alice.api("GET", f"{city_of(cast)}?fields=state,id")
    assert answer.body == {"state": "enabled", "id": cast.city.key}
    unknown = cast.alice.api("GET", f"{city_of(cast)}?fields=secret_digest")
    assert unknown.body["errors"][0] | {"detail": ""} == {"parameter": "fields", "code": "unknown_field", "detail": ""}
