"""GET and GIT: the documented fields, each from where it comes, and no more to anybody than they may see."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from tests.cast import Cast
from tests.cities import trail
from tests.factories import make_city, make_token

GIT_FIELDS = [
    "id",
    "name",
    "avatar",
    "brief",
    "city",
    "stato",
    "expire",
    "creator_id",
    "creator_name",
    "ipdator_id",
    "ipdator_name",
    "cstamp",
    "istamp",
]
GET_FIELDS = [
    *GIT_FIELDS,
    "code",
    "type",
    "city_id",
    "city_name",
    "igrp_id",
    "igrp_name",
    "roue_id",
    "roue_name",
    "enabeld",
]


def test_get_shows_every_documented_field(cast: Cast, time_machine: TimeMachineFixture) -> None:
    assert cast.alice.user is not None
    assert cast.oscar.user is not None
    time_machine.move_to(datetime(2030, 1, 1, 15, 59, 59, 999_999, tzinfo=UTC), tick=False)
    key = make_city(cast.alice.user, "健康手环", avatar="a.png", brief="简介", type="shop").key
    time_machine.move_to(datetime(2030, 1, 1, 16, 0, 0, tzinfo=UTC), tick=False)
    cast.alice.verb("SET", key, {"igrp": "group-7"})
    answer = cast.alice.verb("GET", key)
    assert answer.body == {"error": 0, "reason": "Success", "result": {"id": key, "data": answer.result["data"]}}
    assert answer.result["data"] == {
        "id": key,
        "name": "健康手环",
        "avatar": "a.png",
        "brief": "简介",
        "city": 0,
        "stato": "",
        "expire": 0,
        "creator_id": cast.alice.user.key,
        "creator_name": "alice",
        "ipdator_id": cast.alice.user.key,
        "ipdator_name": "alice",
        # Shanghai is eight hours ahead, and a stamp is cut to its second, not rounded.
        "cstamp": "2030-01-01 23:59:59",
        "istamp": "2030-01-02 00:00:00",
        "code": "",
        "type": "shop",
        "city_id": key,
        "city_name": "健康手环",
        "igrp_id": "group-7",
        "igrp_name": "group-7",
        "roue_id": "",
        "roue_name": "",
        "enabeld": 1,
    }


def test_times_are_told_in_the_zone_of_the_setting(
    cast: Cast, time_machine: TimeMachineFixture, settings: Settings
) -> None:
    time_machine.move_to(datetime(2030, 7, 1, 12, 0, tzinfo=UTC), tick=False)
    key = make_city(cast.alice.user, "New_city").key
    settings.TIME_ZONE = "America/New_York"
    assert cast.alice.verb("GET", key).result["data"]["cstamp"] == "2030-07-01 08:00:00"


@pytest.mark.parametrize(("verb", "fields"), [("GET", GET_FIELDS), ("GIT", GIT_FIELDS)])
def test_by_default_each_shows_the_fields_of_its_own_table(cast: Cast, verb: str, fields: list[str]) -> None:
    assert list(cast.alice.verb(verb, cast.city.key).result["data"]) == fields


@pytest.mark.parametrize("verb", ["GET", "GIT"])
def test_all_is_every_known_field(cast: Cast, verb: str) -> None:
    answer = cast.alice.verb(verb, cast.city.key, {"fields": "@all"})
    assert list(answer.result["data"]) == GET_FIELDS


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ("name", ["name"]),
        ("city,name", ["city", "name"]),
        ("city, name", ["city", "name"]),
        ("name,name", ["name"]),
        ("enabeld", ["enabeld"]),
        (",".join(["name"] * 50), ["name"]),
    ],
)
def test_fields_chooses(cast: Cast, fields: str, shown: list[str]) -> None:
    answer = cast.alice.verb("GIT", cast.city.key, {"fields": fields})
    assert list(answer.result["data"]) == shown
    assert answer.result["id"] == cast.city.key


@pytest.mark.parametrize("verb", ["GET", "GIT"])
@pytest.mark.parametrize("field", ["nonsense", "name,nonsense", "secret_digest", "name,", "creator__password", "@ALL"])
def test_an_unknown_field_is_refused_with_a_list_of_the_known(cast: Cast, verb: str, field: str) -> None:
    refused = cast.alice.verb(verb, cast.city.key, {"fields": field})
    assert (refused.status, refused.reason) == (400, "FieldsUnknownField")
    assert all(known in refused.result["detail"] for known in GET_FIELDS)


@pytest.mark.parametrize(
    ("steps", "state", "enabeld"),
    [((), 0, 1), (("OFF",), 3, 0), (("DIS",), 1, 0), (("DOL",), 5, 0), (("OFF", "DIS", "DOL"), 5, 0)],
)
def test_the_state_is_told_twice(cast: Cast, steps: tuple[str, ...], state: int, enabeld: int) -> None:
    for step in steps:
        cast.alice.verb(step, cast.city.key)
    for caller in (cast.alice, cast.vera, cast.zoe):
        data = caller.verb("GET", cast.city.key).result["data"]
        assert (data["city"], data["enabeld"]) == (state, enabeld)


def test_hidden_and_absent_are_one_answer(cast: Cast) -> None:
    hidden = cast.charlie.verb("GET", cast.city.key)
    absent = cast.charlie.verb("GET", "Absent12")
    assert (hidden.status, hidden.reason) == (404, "CityNotFound")
    assert str(hidden.body).replace(cast.city.key, "Absent12") == str(absent.body)


@pytest.mark.parametrize("query", [{"fields": "nonsense"}, {"fields": "name," * 60}])
def test_bad_input_is_judged_only_for_who_can_see_it(cast: Cast, query: Any) -> None:
    assert cast.charlie.verb("GET", cast.city.key, query).status == 404
    assert cast.zoe.verb("GIT", cast.city.key, query).status == 403


def test_a_read_writes_nothing(cast: Cast) -> None:
    before = trail.everything()
    for caller in (cast.vera, cast.alice, cast.zoe, cast.root):
        assert caller.verb("GET", cast.city.key).status == 200
    assert trail.everything() == before


def test_a_token_without_the_scope_reads_nothing(cast: Cast) -> None:
    assert cast.alice.user is not None
    cast.alice.token = make_token(cast.alice.user, scopes=["verbs"])
    for verb, key in (("GET", cast.city.key), ("GIT", cast.city.key), ("QRI", "")):
        refused = cast.alice.verb(verb, key)
        assert (refused.status, refused.reason) == (403, "OutOfScope")


def test_the_creator_of_the_consoles_city_is_nobody(cast: Cast) -> None:
    data = cast.root.verb("GET", "ConsoleX").result["data"]
    assert (data["creator_id"], data["creator_name"]) == ("", "")


def test_an_answer_is_never_stored_on_its_way(cast: Cast) -> None:
    assert cast.alice.verb("GET", cast.city.key).headers["Cache-Control"] == "no-store"


def test_head_is_get_without_a_body(cast: Cast) -> None:
    answer = cast.alice.call("HEAD", f"/city/{cast.city.key}")
    assert (answer.status, answer.body) == (200, None)
    assert cast.charlie.call("HEAD", f"/city/{cast.city.key}").status == 404
