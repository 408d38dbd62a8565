"""Walking a list by cursor: it comes past everything once, and is of use to nobody else and for nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from tests.cast import Caller, Cast
from tests.factories import make_city

NOON = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def five(cast: Cast, time_machine: TimeMachineFixture) -> Cast:
    """charlie's five cities: those of a letter share their second, and one of each pair is off line."""
    for number, name in enumerate(("a_one", "b_one", "a_two", "b_two", "c_one")):
        time_machine.move_to(NOON + timedelta(minutes=number // 2), tick=False)
        key = make_city(cast.charlie.user, name).key
        if name.endswith("two"):
            cast.charlie.verb("OFF", key)
    return cast


def walk(caller: Caller, **given: Any) -> list[str]:
    """Everything that following `next` comes past."""
    found: list[str] = []
    for _ in range(20):
        result = caller.verb("QRI", data=given | {"limit": 2}).result
        found += [row["name"] for row in result["list"]]
        if not result["next"]:
            return found
        given["cursor"] = result["next"]
    raise AssertionError("the walk does not end")


@pytest.mark.parametrize("sort", ["inc", "id", "name", "city", "expire", "cstamp", "istamp"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_a_walk_is_the_list(five: Cast, sort: str, direction: str) -> None:
    order = f"{sort}:{direction}"
    whole = [row["name"] for row in five.charlie.verb("QRI", data={"sort": order}).result["list"]]
    assert len(whole) == 5
    assert walk(five.charlie, sort=order) == whole


def test_a_walk_keeps_its_where(five: Cast) -> None:
    assert walk(five.charlie, where='{"city": 0}') == ["c_one", "b_one", "a_one"]


def test_what_is_made_meanwhile_moves_nothing(five: Cast) -> None:
    first = five.charlie.verb("QRI", data={"limit": 2}).result
    make_city(five.charlie.user, "d_one")
    second = five.charlie.verb("QRI", data={"limit": 2, "cursor": first["next"]}).result
    assert [row["name"] for row in second["list"]] == ["a_two", "b_one"]


def test_the_last_page_has_no_next(five: Cast) -> None:
    for limit, has_next in ((4, True), (5, False), (6, False)):
        assert bool(five.charlie.verb("QRI", data={"limit": limit}).result["next"]) is has_next


@pytest.mark.parametrize(
    "other",
    [
        {"sort": "inc:ASC"},
        {"sort": "name:DESC"},
        {"where": '{"city": 3}'},
        {"where": '{"city": [0, 1]}'},
        {"where": ""},
    ],
    ids=str,
)
def test_it_is_bound_to_its_question(five: Cast, other: dict[str, str]) -> None:
    question = {"where": '{"city": 0}', "limit": "2"}
    cursor = five.charlie.verb("QRI", data=question).result["next"]
    assert five.charlie.verb("QRI", data=question | {"cursor": cursor}).status == 200
    refused = five.charlie.verb("QRI", data=question | other | {"cursor": cursor})
    assert (refused.status, refused.reason) == (400, "BadCursor")


def test_the_page_is_no_part_of_the_question(five: Cast) -> None:
    cursor = five.charlie.verb("QRI", data={"limit": 2}).result["next"]
    answer = five.charlie.verb("QRI", data={"limit": 1, "fields": "name", "total": 0, "cursor": cursor})
    assert answer.result["list"] == [{"name": "a_two"}]


@pytest.mark.parametrize("who", ["alice", "zoe", "root"])
def test_it_is_bound_to_its_principal(five: Cast, who: str) -> None:
    cursor = five.charlie.verb("QRI", data={"limit": 2}).result["next"]
    refused = getattr(five, who).verb("QRI", data={"limit": 2, "cursor": cursor})
    assert (refused.status, refused.reason) == (400, "BadCursor")


def test_it_is_opaque(five: Cast) -> None:
    one, two = (five.charlie.verb("QRI", data={"limit": 2}).result["next"] for _ in range(2))
    assert one != two  # the same place, sealed twice


@pytest.mark.parametrize("cursor", ["x", "AAAA", "é", "=", "%00", "A" * 2048, "{}", "1", "eyJpZCI6MX0"])
def test_one_that_is_not_ours_is_refused(cast: Cast, cursor: str) -> None:
    refused = cast.alice.verb("QRI", data={"cursor": cursor})
    assert (refused.status, refused.reason) == (400, "BadCursor")


def test_one_with_a_letter_changed_is_refused(five: Cast) -> None:
    cursor = five.charlie.verb("QRI", data={"limit": 2}).result["next"]
    for place in (0, 10, 20, 30):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        assert five.charlie.verb("QRI", data={"limit": 2, "cursor": changed}).reason == "BadCursor"
