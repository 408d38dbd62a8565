"""DIS and ENB: whose ban it is, what it says, when it ends; one that has ended is over for every reader at once."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from time_machine import TimeMachineFixture

from cities.models import City
from tests.cast import Caller, Cast
from tests.cities import trail

NOON = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)
AT_NOON = 1_893_499_200  # the same in UNIX seconds
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _at_noon(time_machine: TimeMachineFixture, db: None) -> None:
    time_machine.move_to(NOON, tick=False)


def ban(caller: Caller, key: str) -> tuple[int, str, int]:
    """What a reader sees of it: state, reason, end."""
    data = caller.verb("GET", key).result["data"]
    return data["city"], data["stato"], data["expire"]


def side(key: str) -> str:
    return City.objects.get(key=key).disabled_side


def test_it_answers_with_the_id_alone(cast: Cast) -> None:
    answer = cast.zoe.verb("DIS", cast.city.key)
    assert answer.body == {"error": 0, "reason": "Success", "result": {"id": cast.city.key}}


def test_reason_and_end_are_shown(cast: Cast) -> None:
    cast.zoe.verb("DIS", cast.city.key, {"stato": "违规", "expire": AT_NOON + 3600})
    assert ban(cast.alice, cast.city.key) == (1, "违规", AT_NOON + 3600)


def test_without_reason_and_end_it_holds_until_it_is_lifted(cast: Cast, time_machine: TimeMachineFixture) -> None:
    cast.zoe.verb("DIS", cast.city.key)
    assert ban(cast.alice, cast.city.key) == (1, "", 0)
    time_machine.move_to(NOON + timedelta(days=40_000), tick=False)
    assert ban(cast.alice, cast.city.key) == (1, "", 0)


def test_the_event_tells_whose_ban_it_is(cast: Cast) -> None:
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam", "expire": AT_NOON + 3600})
    event = trail.events(cast.city.key)[-1]
    assert cast.zoe.user is not None
    assert (event.verb, event.actor) == ("DIS", cast.zoe.user.key)
    assert event.before["state"] == 0
    assert (event.after["state"], event.after["reason"], event.after["disabled_side"]) == (1, "spam", "admin")


@pytest.mark.parametrize("expire", [1, AT_NOON - 1, AT_NOON, str(AT_NOON)])
@pytest.mark.parametrize("who", ["zoe", "alice"])
def test_an_end_that_has_passed_is_refused(cast: Cast, who: str, expire: Any) -> None:
    before = trail.everything()
    refused = getattr(cast, who).verb("DIS", cast.city.key, {"expire": expire})
    assert (refused.status, refused.reason) == (400, "ExpireInPast")
    assert trail.everything() == before


@pytest.mark.parametrize(
    ("who", "given", "seen"),
    [
        # its own side amends what it gives; what is left out stays
        ("zoe", {"stato": "new"}, (1, "new", AT_NOON + 60)),
        ("root", {"expire": AT_NOON + 90}, (1, "old", AT_NOON + 90)),
        ("root", {"expire": 0}, (1, "old", 0)),
        ("zoe", {"stato": ""}, (1, "", AT_NOON + 60)),
    ],
)
def test_administrators_amend_what_they_give(cast: Cast, who: str, given: Any, seen: Any) -> None:
    cast.zoe.verb("DIS", cast.city.key, {"stato": "old", "expire": AT_NOON + 60})
    done = len(trail.events())
    assert getattr(cast, who).verb("DIS", cast.city.key, given).status == 200
    assert ban(cast.alice, cast.city.key) == seen
    assert [event.verb for event in trail.events()[done:]] == ["DIS"]


def test_an_owner_amends_their_own_closing(cast: Cast) -> None:
    cast.alice.verb("DIS", cast.city.key, {"stato": "old", "expire": AT_NOON + 60})
    cast.alice.verb("DIS", cast.city.key, {"expire": AT_NOON + 90})
    assert ban(cast.alice, cast.city.key) == (1, "old", AT_NOON + 90)
    assert side(cast.city.key) == "owner"


@pytest.mark.parametrize("given", [None, {"stato": "old"}, {"expire": AT_NOON + 60}], ids=str)
@pytest.mark.parametrize("who", ["zoe", "alice"])
def test_nothing_or_the_same_over_ones_own_side_is_a_repeat(cast: Cast, who: str, given: Any) -> None:
    getattr(cast, who).verb("DIS", cast.city.key, {"stato": "old", "expire": AT_NOON + 60})
    before = trail.everything()
    assert getattr(cast, who).verb("DIS", cast.city.key, given).status == 200
    assert trail.everything() == before


@pytest.mark.parametrize("given", [None, {"stato": "mine", "expire": AT_NOON + 1}], ids=["nothing", "something"])
def test_an_owner_over_an_administrator_changes_nothing(cast: Cast, given: Any) -> None:
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam", "expire": AT_NOON + 60})
    before = trail.everything()
    assert cast.alice.verb("DIS", cast.city.key, given).status == 200
    assert trail.everything() == before


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"stato": "spam", "expire": AT_NOON + 90}, (1, "spam", AT_NOON + 90)),
        ({"stato": "spam"}, (1, "spam", 0)),  # a missing end is never, not the owner's
        (None, (1, "", 0)),
    ],
)
def test_an_administrator_takes_over_from_the_owner(cast: Cast, given: Any, seen: Any) -> None:
    cast.alice.verb("DIS", cast.city.key, {"stato": "holiday", "expire": AT_NOON + 60})
    done = len(trail.events())
    cast.zoe.verb("DIS", cast.city.key, given)
    assert ban(cast.alice, cast.city.key) == seen
    assert side(cast.city.key) == "admin"
    assert [event.verb for event in trail.events()[done:]] == ["DIS"]


@pytest.mark.parametrize(("steps", "state"), [((), 0), (("OFF",), 3)], ids=["enabled", "offline"])
def test_enabling_gives_back_what_it_was(cast: Cast, steps: tuple[str, ...], state: int) -> None:
    for step in steps:
        cast.alice.verb(step, cast.city.key)
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam", "expire": AT_NOON + 60})
    cast.root.verb("ENB", cast.city.key)
    assert ban(cast.alice, cast.city.key) == (state, "", 0)
    assert side(cast.city.key) == ""


def test_a_ban_is_over_for_every_reader_at_its_second(cast: Cast, time_machine: TimeMachineFixture) -> None:
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam", "expire": AT_NOON + 3600})
    time_machine.move_to(NOON + HOUR - timedelta(seconds=1), tick=False)
    assert readers(cast) == [1, "spam", 0, 1, True, False, True, False]
    assert cast.alice.verb("OFF", cast.city.key).status == 409
    time_machine.move_to(NOON + HOUR, tick=False)
    assert readers(cast) == [0, "", 1, 0, False, True, False, True]
    assert City.objects.get(key=cast.city.key).state == 1  # nobody has written it down yet
    assert cast.alice.verb("OFF", cast.city.key).status == 200


def readers(cast: Cast) -> list[Any]:
    """GET of the city, then whether lists find it as disabled, as enabled, with that reason and end, or none."""
    key = cast.city.key
    shown = cast.alice.verb("GET", key).result["data"]
    listed = next(row for row in cast.alice.verb("QRI").result["list"] if row["id"] == key)
    finds = [
        any(row["id"] == key for row in caller.verb(verb, data={"where": where}).result["list"])
        for caller, verb, where in (
            (cast.alice, "QRI", '{"city":1}'),
            (cast.root, "QRY", '{"city":0}'),
            (cast.alice, "QRI", '{"stato":"spam"}'),
            (cast.root, "QRY", '{"expire":0}'),
        )
    ]
    assert listed["stato"] == shown["stato"]
    return [shown["city"], shown["stato"], shown["enabeld"], listed["city"], *finds]


def test_a_repeat_does_not_write_an_ended_ban_down(cast: Cast, time_machine: TimeMachineFixture) -> None:
    cast.zoe.verb("DIS", cast.city.key, {"expire": AT_NOON + 60})
    time_machine.move_to(NOON + HOUR, tick=False)
    before = trail.everything()
    for caller, verb in ((cast.alice, "PUB"), (cast.zoe, "ENB"), (cast.zoe, "RCC"), (cast.alice, "SET")):
        assert caller.verb(verb, cast.city.key).status == 200
    assert trail.everything() == before


@pytest.mark.parametrize(("verb", "given"), [("OFF", None), ("DIS", None), ("DOL", None), ("SET", {"brief": "new"})])
def test_a_verb_after_an_ended_ban_writes_the_end_down_first(
    cast: Cast, time_machine: TimeMachineFixture, verb: str, given: Any
) -> None:
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam", "expire": AT_NOON + 60})
    done = len(trail.events())
    time_machine.move_to(NOON + HOUR, tick=False)
    assert cast.alice.verb(verb, cast.city.key, given).status == 200
    end, change = trail.events()[done:]
    assert (end.verb, end.actor_kind, end.actor) == ("ENB", "system", "")
    assert (end.before["state"], end.after["state"], change.verb) == (1, 0, verb)


def test_an_owners_closing_after_an_ended_ban_is_the_owners(cast: Cast, time_machine: TimeMachineFixture) -> None:
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam", "expire": AT_NOON + 60})
    time_machine.move_to(NOON + HOUR, tick=False)
    cast.alice.verb("DIS", cast.city.key)
    assert (ban(cast.alice, cast.city.key), side(cast.city.key)) == ((1, "", 0), "owner")


def test_the_sweep_writes_it_down_once_with_one_event_by_the_system(
    cast: Cast, time_machine: TimeMachineFixture
) -> None:
    cast.alice.verb("OFF", cast.city.key)
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam", "expire": AT_NOON + 60})
    done = len(trail.events())
    call_command("expire_states", stdout=StringIO())
    assert trail.events()[done:] == []
    time_machine.move_to(NOON + HOUR, tick=False)
    for _ in range(2):
        call_command("expire_states", stdout=StringIO())
    (event,) = trail.events()[done:]
    assert (event.verb, event.thing, event.actor_kind, event.door) == ("ENB", cast.city.key, "system", "system")
    assert City.objects.get(key=cast.city.key).state == 3
