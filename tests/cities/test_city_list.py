"""QRI and QRY: whose cities are listed, what finds the bin, and the standard query's every parameter."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from tests.cast import Answer, Caller, Cast
from tests.factories import make_city

NOON = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)
AT_NOON = 1_893_499_200  # the same in UNIX seconds
ROW = [
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


def ask(caller: Caller, **given: Any) -> Answer:
    """A list by its default verb; `where` may be an object."""
    if not isinstance(given.get("where", ""), str):
        given["where"] = json.dumps(given["where"])
    verb = given.pop("verb", "QRY" if caller.user and caller.user.role == "god" else "QRI")
    return caller.verb(verb, data=given)


def names(caller: Caller, **given: Any) -> list[str]:
    return [row["name"] for row in ask(caller, **given).result["list"]]


@pytest.fixture
def five(cast: Cast, time_machine: TimeMachineFixture) -> Cast:
    """charlie's five cities: bB, aA, dD, cC, eE, a minute apart from noon on."""
    for minute, letter in enumerate(("b_B_", "a_A_", "d_D_", "c_C_", "e_E_")):
        time_machine.move_to(NOON + timedelta(minutes=minute), tick=False)
        make_city(cast.charlie.user, letter)
    time_machine.move_to(NOON + timedelta(minutes=10), tick=False)
    return cast


def test_by_default_it_is_the_newest_twenty_with_every_number(five: Cast) -> None:
    answer = ask(five.charlie)
    assert {name: answer.result[name] for name in answer.result if name != "list"} == {
        "limit": 20,
        "offset": 0,
        "page": 1,
        "total": 5,
        "sort": "inc:DESC",
        "next": "",
    }
    assert [row["name"] for row in answer.result["list"]] == ["e_E_", "c_C_", "d_D_", "a_A_", "b_B_"]
    assert list(answer.result["list"][0]) == ROW


def test_it_lists_what_is_ones_own_or_shared(five: Cast) -> None:
    assert names(five.alice) == names(five.oscar) == names(five.vera) == ["Alice_City"]
    assert names(five.zoe) == names(five.root, verb="QRI") == []
    make_city(five.zoe.user, "Zoes_own_city")
    assert names(five.zoe) == ["Zoes_own_city"]


def test_a_god_lists_every_city(five: Cast) -> None:
    everything = names(five.root)
    assert {"Alice_City", "a_A_", "b_B_", "c_C_", "d_D_", "e_E_"} <= set(everything)
    assert ask(five.root).result["total"] == len(everything)


def test_the_bin_is_found_by_state_id_or_owner_only(cast: Cast) -> None:
    cast.alice.verb("SET", cast.city.key, {"avatar": "a", "brief": "b", "igrp": "g"})
    cast.alice.verb("DOL", cast.city.key)
    assert cast.alice.user is not None
    finds: list[Any] = [{"city": 5}, {"city": [0, 5]}, {"id": cast.city.key}, {"creator_id": cast.alice.user.key}]
    passes: list[Any] = [
        {"name": "Alice_City"},
        {"name~": "alice"},
        {"avatar": "a"},
        {"brief": "b"},
        {"igrp_name": "g"},
    ]
    for caller in (cast.alice, cast.vera, cast.root):
        assert "Alice_City" not in names(caller)
        for where in [*finds, {"creator_name": "alice"}]:
            assert "Alice_City" in names(caller, where=where), where
        for where in [*passes, {"ipdator_name": "alice"}, {"city": [0, 1, 3]}]:
            assert "Alice_City" not in names(caller, where=where), where


def test_where_finds_nothing_that_is_not_ones_own(five: Cast) -> None:
    for where in ({"id": five.city.key}, {"name": "Alice_City"}, {"creator_name": "alice"}, {"name~": "alice"}):
        answer = ask(five.charlie, where=where)
        assert (answer.result["list"], answer.result["total"], answer.result["next"]) == ([], 0, "")


@pytest.mark.parametrize(
    "where",
    [
        {"name": "D_d_"},
        {"name~": "D_"},
        {"name~": "d_d"},
        {"avatar": "icon"},
        {"brief": "简介"},
        {"igrp_name": "group"},
        {"city": 3},
        {"city": "3"},
        {"cstamp": "2030-01-01 20:02:00"},
        {"istamp": "2030-01-01 20:11:00"},
        {"city": [1, 3, 5]},
        {"name": ["d_D_", "Alice_City", "none"]},
        {"name": "d_D_", "city": 3, "brief": ["x", "简介"]},
    ],
    ids=json.dumps,
)
def test_every_field_finds_what_it_says(five: Cast, time_machine: TimeMachineFixture, where: Any) -> None:
    key = ask(five.charlie, where={"name": "d_D_"}).result["list"][0]["id"]
    time_machine.move_to(NOON + timedelta(minutes=11), tick=False)
    five.charlie.verb("SET", key, {"avatar": "icon", "brief": "简介", "igrp": "group", "enabled": 0})
    assert names(five.charlie, where=where) == ["d_D_"]
    assert names(five.root, where=where | {"id": key}) == ["d_D_"]


def test_people_are_found_by_id_and_by_name(cast: Cast) -> None:
    cast.oscar.verb("SET", cast.city.key, {"brief": "new"})
    assert cast.alice.user is not None
    assert cast.oscar.user is not None
    for where in (
        {"creator_id": cast.alice.user.key, "creator_name": "alice"},
        {"ipdator_id": cast.oscar.user.key, "ipdator_name": ["oscar", "nobody"]},
    ):
        assert names(cast.vera, where=where) == ["Alice_City"]
    assert names(cast.vera, where={"ipdator_name": "alice"}) == []


def test_reason_and_end_find_a_ban(cast: Cast, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam", "expire": 253_402_214_399})
    for where in ({"stato": "spam"}, {"expire": 253_402_214_399}, {"expire": [0, 253_402_214_399]}):
        assert names(cast.alice, where=where) == ["Alice_City"]
    for where in ({"stato": ""}, {"expire": 0}, {"stato": "spa"}):
        assert names(cast.alice, where=where) == []


@pytest.mark.parametrize("wild", ["%%", "__", "a%", "\\\\", "*?"])
def test_a_contains_match_knows_no_wild_cards(cast: Cast, wild: str) -> None:
    make_city(cast.alice.user, "PlainName")
    assert "PlainName" not in names(cast.alice, where={"name~": wild})


def test_an_empty_list_of_values_finds_nothing(cast: Cast) -> None:
    for field in ("city", "name", "name~", "id", "stato", "expire", "cstamp"):
        answer = ask(cast.alice, where={field: []})
        assert (answer.status, answer.result["list"], answer.result["total"]) == (200, [], 0)


@pytest.mark.parametrize(
    ("given", "found", "numbers"),
    [
        ({"limit": 2}, ["e_E_", "c_C_"], (2, 0, 1)),
        ({"limit": 2, "offset": 1}, ["c_C_", "d_D_"], (2, 1, 1)),
        ({"limit": 2, "offset": 4}, ["b_B_"], (2, 4, 3)),
        ({"limit": 2, "page": 2}, ["d_D_", "a_A_"], (2, 2, 2)),
        ({"limit": 2, "page": 3, "offset": 1}, ["b_B_"], (2, 4, 3)),
        ({"limit": 2, "page": 0, "offset": 2}, ["d_D_", "a_A_"], (2, 2, 2)),
        ({"limit": 2, "page": 9}, [], (2, 16, 9)),
        ({"limit": 500, "offset": 10_000}, [], (500, 10_000, 21)),
    ],
    ids=str,
)
@pytest.mark.parametrize("where", ["", '{"city": 0}'], ids=["all", "filtered"])
def test_limit_offset_and_page(five: Cast, where: str, given: Any, found: Any, numbers: Any) -> None:
    answer = ask(five.charlie, **given, where=where)
    assert [row["name"] for row in answer.result["list"]] == found
    assert tuple(answer.result[name] for name in ("limit", "offset", "page")) == numbers
    assert answer.result["total"] == 5


# b was taken off line a minute before a, and d banned for that minute; ties go by age, in the sort's direction.
@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("name:ASC", "abcde"),
        ("name:desc", "edcba"),
        ("name", "abcde"),
        ("inc:ASC", "badce"),
        ("inc:DESC", "ecdab"),
        ("cstamp:ASC", "badce"),
        ("istamp:DESC", "adbec"),
        ("city:DESC", "abecd"),
        ("expire:ASC", "badce"),
    ],
)
@pytest.mark.parametrize("parameter", ["sort", "order"])
def test_it_sorts_by_what_is_so_now(
    five: Cast, time_machine: TimeMachineFixture, parameter: str, sort: str, found: str
) -> None:
    keys = {row["name"][0]: row["id"] for row in ask(five.charlie).result["list"]}
    five.zoe.verb("DIS", keys["d"], {"expire": AT_NOON + 660})  # over by the time of asking
    five.charlie.verb("OFF", keys["b"])
    time_machine.move_to(NOON + timedelta(minutes=11), tick=False)
    five.charlie.verb("OFF", keys["a"])
    assert "".join(name[0] for name in names(five.charlie, **{parameter: sort})) == found


def test_the_sort_is_told_in_full(cast: Cast) -> None:
    assert ask(cast.alice, sort="name").result["sort"] == "name:ASC"
    assert ask(cast.alice, sort="name:desc").result["sort"] == "name:DESC"


def test_fields_chooses_in_lists_too(cast: Cast) -> None:
    assert ask(cast.alice, fields="name,enabeld").result["list"] == [{"name": "Alice_City", "enabeld": 1}]
    assert len(ask(cast.alice, fields="@all").result["list"][0]) == 22


def test_total_zero_does_not_count(five: Cast) -> None:
    for where in ("", '{"city": 0}'):
        answer = ask(five.charlie, total=0, limit=2, where=where)
        assert (answer.result["total"], len(answer.result["list"])) == (None, 2)


@pytest.mark.parametrize("extra", [{"filter": "x"}, {"schema": "x"}, {"format": "raw"}, {"where": ""}, {"where": "{}"}])
def test_what_the_vendor_has_besides_is_accepted(cast: Cast, extra: dict[str, str]) -> None:
    assert names(cast.alice, **extra) == ["Alice_City"]
