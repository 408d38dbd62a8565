"""DEL and the purge: final, with a tombstone; and neither is a way out of an administrator's ban."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from cities.models import City, CityGrant
from tests.cast import Cast
from tests.cities import trail
from tests.factories import make_city

NOON = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)
AT_NOON = 1_893_499_200  # the same in UNIX seconds


def purge() -> str:
    out = StringIO()
    call_command("purge_deleted", stdout=out)
    return out.getvalue()


def is_there(key: str) -> bool:
    return City.objects.filter(key=key).exists()


@pytest.mark.parametrize("who", ["alice", "root"])
def test_it_is_final(cast: Cast, who: str) -> None:
    answer = getattr(cast, who).verb("DEL", cast.city.key)
    assert answer.body == {"error": 0, "reason": "Success", "result": {"id": cast.city.key}}
    assert not is_there(cast.city.key)
    assert not CityGrant.objects.filter(content_object_id=cast.city.pk).exists()
    for caller, verb in ((cast.alice, "GET"), (cast.root, "RCC"), (cast.alice, "DEL"), (cast.root, "DEL")):
        gone = caller.verb(verb, cast.city.key)
        assert (gone.status, gone.reason, gone.result["id"]) == (404, "CityNotFound", cast.city.key)


def test_it_leaves_a_tombstone(cast: Cast) -> None:
    cast.alice.verb("DOL", cast.city.key)
    cast.alice.verb("DEL", cast.city.key)
    event = trail.events(cast.city.key)[-1]
    assert cast.alice.user is not None
    assert (event.verb, event.actor, event.thing_name) == ("DEL", cast.alice.user.key, "Alice_City")
    assert (event.before, event.after) == ({"state": 5, "name": "Alice_City"}, {})


def test_it_frees_the_name(cast: Cast) -> None:
    cast.alice.verb("DEL", cast.city.key)
    made = cast.charlie.verb("ADD", data={"name": "Alice_City"})
    assert made.status == 200
    assert made.result["id"] != cast.city.key


@pytest.mark.parametrize(
    "steps",
    [
        [("zoe", "DIS")],
        [("root", "DIS")],
        [("zoe", "DIS"), ("alice", "DOL")],
        [("alice", "OFF"), ("zoe", "DIS"), ("alice", "DOL")],
        [("alice", "DIS"), ("zoe", "DIS")],
        [("zoe", "DIS"), ("alice", "DIS"), ("alice", "DOL")],
        [("zoe", "DIS"), ("alice", "DOL"), ("zoe", "RCC")],
    ],
    ids=lambda steps: "-".join(f"{person}.{verb}" for person, verb in steps),
)
def test_an_owner_does_not_flee_a_ban_by_it(cast: Cast, steps: list[tuple[str, str]]) -> None:
    for person, step in steps:
        assert getattr(cast, person).verb(step, cast.city.key).status == 200
    before = trail.everything()
    refused = cast.alice.verb("DEL", cast.city.key)
    assert (refused.status, refused.reason) == (409, "CityWrongState")
    assert trail.everything() == before
    assert cast.alice.verb("ADD", data={"name": "Alice_City"}).reason == "CityNameTaken"
    assert cast.root.verb("DEL", cast.city.key).status == 200


def test_a_zoon_does_not_flee_a_ban_on_a_city_of_their_own(cast: Cast) -> None:
    own = make_city(cast.zoe.user, "Zoes_own_city")
    cast.root.verb("DIS", own.key)
    before = trail.everything()
    refused = cast.zoe.verb("DEL", own.key)
    assert (refused.status, refused.reason) == (409, "CityWrongState")
    assert trail.everything() == before


def test_once_the_ban_is_lifted_the_owner_may(cast: Cast) -> None:
    cast.zoe.verb("DIS", cast.city.key)
    cast.zoe.verb("ENB", cast.city.key)
    assert cast.alice.verb("DEL", cast.city.key).status == 200


def test_once_the_ban_has_ended_the_owner_may(cast: Cast, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    cast.zoe.verb("DIS", cast.city.key, {"expire": AT_NOON + 60})
    cast.alice.verb("DOL", cast.city.key)
    assert cast.alice.verb("DEL", cast.city.key).status == 409
    time_machine.move_to(NOON + timedelta(minutes=1), tick=False)
    assert cast.alice.verb("DEL", cast.city.key).status == 200


def test_an_owners_own_closing_is_no_hindrance(cast: Cast) -> None:
    cast.alice.verb("DIS", cast.city.key)
    assert cast.alice.verb("DEL", cast.city.key).status == 200


@pytest.mark.parametrize("verb", ["DIS", "OFF", "DOL", "DEL"])
def test_the_consoles_city_refuses_to_be_closed_even_by_root(cast: Cast, verb: str) -> None:
    before = trail.everything()
    refused = cast.root.verb(verb, "ConsoleX")
    assert refused.status == (403 if verb in ("OFF", "DOL") else 409)
    assert refused.reason == ("Forbidden" if verb in ("OFF", "DOL") else "CityReserved")
    assert trail.everything() == before


def test_the_purge_takes_what_has_been_in_the_bin_for_more_than_its_days(
    cast: Cast, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON, tick=False)
    stays = make_city(cast.charlie.user, "Stays_here")
    cast.alice.verb("DOL", cast.city.key)
    time_machine.move_to(NOON + timedelta(days=30), tick=False)
    assert purge() == "0 purged (older than 30 days)\n"
    assert is_there(cast.city.key)
    time_machine.move_to(NOON + timedelta(days=30, seconds=1), tick=False)
    assert purge() == "1 purged (older than 30 days)\n"
    assert not is_there(cast.city.key)
    assert is_there(stays.key)
    event = trail.events(cast.city.key)[-1]
    assert (event.verb, event.actor_kind, event.thing_name) == ("DEL", "system", "Alice_City")
    assert cast.charlie.verb("ADD", data={"name": "Alice_City"}).status == 200


def test_the_days_are_a_setting(cast: Cast, time_machine: TimeMachineFixture, settings: Settings) -> None:
    settings.BIN_DAYS = 2
    time_machine.move_to(NOON, tick=False)
    cast.alice.verb("DOL", cast.city.key)
    time_machine.move_to(NOON + timedelta(days=2, seconds=1), tick=False)
    assert purge() == "1 purged (older than 2 days)\n"


def test_the_days_are_counted_from_the_last_binning(cast: Cast, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    cast.alice.verb("DOL", cast.city.key)
    time_machine.move_to(NOON + timedelta(days=20), tick=False)
    cast.zoe.verb("RCC", cast.city.key)
    cast.alice.verb("DOL", cast.city.key)
    time_machine.move_to(NOON + timedelta(days=31), tick=False)
    purge()
    assert is_there(cast.city.key)


def test_the_purge_passes_by_what_an_administrator_has_closed(cast: Cast, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    for person, step in ((cast.zoe, "DIS"), (cast.alice, "DOL")):
        person.verb(step, cast.city.key)
    time_machine.move_to(NOON + timedelta(days=400), tick=False)
    before = trail.everything()
    assert purge() == "0 purged (older than 30 days)\n"
    assert trail.everything() == before


def test_the_purge_takes_it_once_the_ban_has_ended(cast: Cast, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    cast.zoe.verb("DIS", cast.city.key, {"expire": AT_NOON + 60 * 86_400})
    cast.alice.verb("DOL", cast.city.key)
    time_machine.move_to(NOON + timedelta(days=59), tick=False)
    purge()
    assert is_there(cast.city.key)
    time_machine.move_to(NOON + timedelta(days=60), tick=False)
    purge()
    assert not is_there(cast.city.key)


def test_the_purge_takes_what_its_owner_had_closed(cast: Cast, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    for step in ("DIS", "DOL"):
        cast.alice.verb(step, cast.city.key)
    time_machine.move_to(NOON + timedelta(days=31), tick=False)
    purge()
    assert not is_there(cast.city.key)
