"""DOL and RCC: the bin gives back exactly what was put into it, and only a steward takes things out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from tests.cast import Cast
from tests.cities import trail
from tests.factories import make_city

NOON = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)
AT_NOON = 1_893_499_200  # the same in UNIX seconds


def seen(cast: Cast) -> tuple[int, str, int]:
    data = cast.alice.verb("GET", cast.city.key).result["data"]
    return data["city"], data["stato"], data["expire"]


def uid(cast: Cast) -> str:
    assert cast.alice.user is not None
    return cast.alice.user.key


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([("alice", "DOL")], 0),
        ([("alice", "OFF"), ("alice", "DOL")], 3),
        ([("alice", "DIS"), ("alice", "DOL")], 1),
        ([("alice", "OFF"), ("zoe", "DIS"), ("alice", "DOL")], 1),
    ],
    ids=["enabled", "offline", "disabled", "offline under a ban"],
)
def test_it_gives_back_what_it_was(cast: Cast, steps: list[tuple[str, str]], state: int) -> None:
    for person, step in steps:
        getattr(cast, person).verb(step, cast.city.key)
    assert seen(cast)[0] == 5
    assert cast.zoe.verb("RCC", cast.city.key).result == {"id": cast.city.key}
    assert seen(cast)[0] == state


def test_a_ban_comes_back_whole_and_offline_under_it(cast: Cast, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    cast.alice.verb("OFF", cast.city.key)
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam", "expire": AT_NOON + 3600})
    cast.alice.verb("DOL", cast.city.key)
    assert seen(cast) == (5, "spam", AT_NOON + 3600)
    cast.root.verb("RCC", cast.city.key)
    assert seen(cast) == (1, "spam", AT_NOON + 3600)
    cast.root.verb("ENB", cast.city.key)
    assert seen(cast) == (3, "", 0)


def test_a_ban_ends_in_the_bin_too(cast: Cast, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam", "expire": AT_NOON + 60})
    cast.alice.verb("DOL", cast.city.key)
    time_machine.move_to(NOON + timedelta(minutes=1), tick=False)
    assert seen(cast) == (5, "", 0)
    done = len(trail.events())
    cast.zoe.verb("RCC", cast.city.key)
    assert seen(cast) == (0, "", 0)
    assert [(event.verb, event.actor_kind) for event in trail.events()[done:]] == [("ENB", "system"), ("RCC", "user")]


def test_the_grants_come_back_with_it(cast: Cast) -> None:
    cast.alice.verb("DOL", cast.city.key)
    assert [row["id"] for row in cast.vera.verb("QRI").result["list"]] == []
    cast.zoe.verb("RCC", cast.city.key)
    for caller in (cast.vera, cast.oscar, cast.alice):
        assert [row["id"] for row in caller.verb("QRI").result["list"]] == [cast.city.key]
    assert cast.vera.verb("SET", cast.city.key, {"brief": "x"}).status == 403
    assert cast.oscar.verb("SET", cast.city.key, {"brief": "x"}).status == 200
    assert cast.charlie.verb("GET", cast.city.key).status == 404


def test_binning_and_recycling_are_one_event_each_with_both_states(cast: Cast) -> None:
    done = len(trail.events())
    cast.alice.verb("DOL", cast.city.key)
    cast.zoe.verb("RCC", cast.city.key)
    told = [(event.verb, event.before["state"], event.after["state"]) for event in trail.events()[done:]]
    assert told == [("DOL", 0, 5), ("RCC", 5, 0)]


@pytest.mark.parametrize("who", ["zoe", "root"])
def test_a_steward_recycles_by_uid_and_name(cast: Cast, who: str) -> None:
    cast.alice.verb("DOL", cast.city.key)
    answer = getattr(cast, who).verb("RCC", data={"uid": uid(cast), "name": "alice_CITY"})
    assert (answer.status, answer.result) == (200, {"id": cast.city.key})
    assert seen(cast)[0] == 0
    assert trail.verbs(cast.city.key)[-1] == "RCC"


def test_by_name_a_repeat_changes_nothing(cast: Cast) -> None:
    before = trail.everything()
    assert cast.zoe.verb("RCC", data={"uid": uid(cast), "name": "Alice_City"}).result == {"id": cast.city.key}
    assert trail.everything() == before


@pytest.mark.parametrize("who", ["alice", "oscar", "vera", "charlie"])
def test_nobody_else_may_by_name_whether_there_is_such_a_city_or_not(cast: Cast, who: str) -> None:
    cast.alice.verb("DOL", cast.city.key)
    before = trail.everything()
    real = getattr(cast, who).verb("RCC", data={"uid": uid(cast), "name": "Alice_City"})
    none = getattr(cast, who).verb("RCC", data={"uid": uid(cast), "name": "No_such_city"})
    assert (real.status, real.reason) == (403, "Forbidden")
    assert (none.status, none.body) == (real.status, real.body)
    assert trail.everything() == before


def test_a_city_of_somebody_else_is_not_found_under_this_uid(cast: Cast) -> None:
    make_city(cast.charlie.user, "Charlies_Own")
    refused = cast.zoe.verb("RCC", data={"uid": uid(cast), "name": "Charlies_Own"})
    assert (refused.status, refused.reason) == (404, "CityNotFound")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "ParameterRequired"),
        ({"uid": "AAAAAAAA"}, "CityNameRequired"),
        ({"name": "Alice_City"}, "ParameterRequired"),
        ({"uid": 7, "name": "Alice_City"}, "ParameterWrongType"),
        ({"uid": "AAAAAAAAA", "name": "Alice_City"}, "ParameterTooLong"),
        ({"uid": "AAAAAAAA", "name": "a\u0000bc"}, "CityNameBadCharacter"),
    ],
    ids=str,
)
def test_it_needs_both_uid_and_name(cast: Cast, given: dict[str, Any], reason: str) -> None:
    before = trail.everything()
    refused = cast.zoe.verb("RCC", data=given)
    assert (refused.status, refused.reason) == (400, reason)
    assert trail.everything() == before
