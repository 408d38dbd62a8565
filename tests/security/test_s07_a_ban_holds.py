"""S7: whose closing holds is part of the state, and an administrator's is not fled: in every order that was thought of.

Orders that nobody thought of are tests/cities/test_stateful.py's.
"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.machine import sweeps
from cities.models import City
from tests.cast import Cast

HOUR = timedelta(hours=1)


def shown(cast: Cast) -> tuple[int, str, int]:
    """State, reason and end, as every reader sees them."""
    data = cast.root.verb("GET", cast.city.key).result["data"]
    return data["city"], data["stato"], data["expire"]


def unix(moment: Any) -> int:
    return int(moment.timestamp())


@pytest.mark.parametrize(
    "moves",
    [
        ["ENB"],
        ["DIS"],
        ["PUB"],
        ["OFF", "PUB"],
        ["SET"],
        ["DOL", "RCC"],
        ["DOL", "ENB"],
        ["DOL", "PUB"],
        ["DOL", "DEL"],
        ["DEL"],
        ["DIS", "ENB", "DOL", "DEL", "PUB"],
    ],
)
def test_nothing_its_owner_does_ends_an_administrators_ban(cast: Cast, moves: list[str]) -> None:
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam"})
    for verb in moves:
        cast.alice.verb(verb, cast.city.key, {"stato": "mine", "expire": 0, "enabled": 1})
    cast.root.verb("RCC", cast.city.key)
    assert shown(cast) == (1, "spam", 0)


@pytest.mark.parametrize("given", [{}, {"stato": "mine"}, {"expire": 0}, {"stato": "", "expire": 0}])
def test_the_owners_closing_over_an_administrators_changes_nothing(cast: Cast, given: dict[str, Any]) -> None:
    ends = timezone.now() + HOUR
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam", "expire": unix(ends)})
    assert cast.alice.verb("DIS", cast.city.key, given | {"expire": unix(ends - HOUR / 2)}).status == 200
    assert cast.alice.verb("DIS", cast.city.key, given).status == 200
    assert shown(cast) == (1, "spam", unix(ends))


def test_an_administrators_takes_over_the_owners_and_its_missing_end_is_never(cast: Cast) -> None:
    cast.alice.verb("DIS", cast.city.key, {"stato": "moving", "expire": unix(timezone.now() + HOUR)})
    cast.zoe.verb("DIS", cast.city.key)
    assert shown(cast) == (1, "", 0)
    with time_machine.travel(timezone.now() + 2 * HOUR, tick=False):
        assert shown(cast) == (1, "", 0)
        assert cast.alice.verb("DEL", cast.city.key).status == 409


def test_ones_own_sides_is_amended_by_what_is_given(cast: Cast) -> None:
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam"})
    ends = unix(timezone.now() + HOUR)
    cast.root.verb("DIS", cast.city.key, {"expire": ends})
    assert shown(cast) == (1, "spam", ends)
    cast.zoe.verb("DIS", cast.city.key, {"stato": "scam"})
    assert shown(cast) == (1, "scam", ends)


def test_a_name_under_a_ban_stays_held(cast: Cast) -> None:
    cast.zoe.verb("DIS", cast.city.key)
    cast.alice.verb("DOL", cast.city.key)
    assert cast.alice.verb("DEL", cast.city.key).reason == "CityWrongState"
    assert cast.alice.verb("ADD", data={"name": "Alice_City"}).reason == "CityNameTaken"


def test_the_bins_sweep_passes_a_ban_by_until_it_has_ended(cast: Cast) -> None:
    cast.zoe.verb("DIS", cast.city.key, {"expire": unix(timezone.now() + timedelta(days=60))})
    cast.alice.verb("DOL", cast.city.key)
    for days, stands in ((31, True), (59, True), (61, False)):
        sweeps.purge_deleted(timezone.now() + timedelta(days=days))
        assert City.objects.filter(pk=cast.city.pk).exists() is stands


def test_a_ban_ends_at_its_second_for_everybody_in_the_bin_too(cast: Cast) -> None:
    ends = timezone.now().replace(microsecond=0) + HOUR
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam", "expire": unix(ends)})
    cast.alice.verb("DOL", cast.city.key)
    with time_machine.travel(ends - timedelta(seconds=1), tick=False):
        assert cast.alice.verb("DEL", cast.city.key).status == 409
    with time_machine.travel(ends, tick=False):
        cast.root.verb("RCC", cast.city.key)
        assert shown(cast) == (0, "", 0)


def test_a_steward_is_held_by_a_ban_on_a_city_of_their_own(cast: Cast) -> None:
    own = cast.zoe.verb("ADD", data={"name": "Zoes_City"}).result["id"]
    cast.root.verb("DIS", own, {"stato": "spam"})
    assert cast.zoe.verb("DEL", own).reason == "CityWrongState"
    assert cast.root.verb("DEL", own).status == 200


def test_what_its_owner_took_off_line_no_administrator_publishes(cast: Cast) -> None:
    cast.alice.verb("OFF", cast.city.key)
    for verb in ("DIS", "ENB", "PUB", "RCC", "ENB"):
        cast.zoe.verb(verb, cast.city.key)
        cast.root.verb(verb, cast.city.key)
    assert shown(cast)[0] == 3
