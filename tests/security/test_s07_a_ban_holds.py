"""S7: whose closing holds is part of the state, and an administrator's is not fled: in every order that was thought of.

Orders that nobody thought of are tests/cities/test_stateful.py's.
"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.lifecycle import USER
from accounts.machine import sweeps
from accounts.people import services
from cities.models import City
from config.kernel.states import Verb
from tests.cast import Answer, Caller, Cast
from tests.factories import make_project

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


# ── it changes hands, and what stands in it its place ────────────────────────────────────────────────────────────────


def transfer(cast: Cast, step: str, by: Caller, **body: Any) -> Answer:
    return by.api("POST", f"cities/{cast.city.key}/transfer{step}", body or None)


def to(caller: Caller) -> str:
    assert caller.user is not None
    return caller.user.key


@pytest.mark.parametrize("is_binned", [False, True])
def test_what_is_banned_is_not_handed_on_whenever_it_was_offered(cast: Cast, is_binned: bool) -> None:
    assert transfer(cast, "", cast.alice, user=to(cast.charlie)).status == 201
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam"})
    if is_binned:
        cast.alice.verb("DOL", cast.city.key)
    for step, by, body in (("/accept", cast.charlie, {}), ("", cast.alice, {"user": to(cast.vera)})):
        answer = transfer(cast, step, by, **body)
        assert (answer.status, answer.code) == (409, "wrong_state")
    cast.root.verb("RCC", cast.city.key)
    assert shown(cast) == (1, "spam", 0)
    assert cast.root.verb("GET", cast.city.key).result["data"]["creator_id"] == to(cast.alice)


def test_it_is_handed_on_from_the_second_at_which_the_ban_ends(cast: Cast) -> None:
    ends = timezone.now().replace(microsecond=0) + HOUR
    transfer(cast, "", cast.alice, user=to(cast.charlie))
    cast.zoe.verb("DIS", cast.city.key, {"expire": unix(ends)})
    with time_machine.travel(ends - timedelta(seconds=1), tick=False):
        assert transfer(cast, "/accept", cast.charlie).status == 409
    with time_machine.travel(ends, tick=False):
        assert transfer(cast, "/accept", cast.charlie).status == 200


@pytest.mark.parametrize("is_binned", [False, True])
def test_by_force_a_ban_goes_along_untouched_and_holds_the_new_owner(cast: Cast, is_binned: bool) -> None:
    ends = timezone.now() + HOUR
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam", "expire": unix(ends)})
    if is_binned:
        cast.alice.verb("DOL", cast.city.key)
    assert cast.alice.user is not None
    services.switch(USER, cast.alice.user, Verb.DIS, by=Actor.system())
    before = City.objects.get(pk=cast.city.pk).facts
    assert transfer(cast, "", cast.root, user=to(cast.charlie), force=True).status == 200
    assert City.objects.get(pk=cast.city.pk).facts == before
    for verb in ("ENB", "DIS", "PUB", "DOL", "DEL", "RCC"):
        cast.charlie.verb(verb, cast.city.key, {"stato": "mine", "expire": 0})
    assert transfer(cast, "", cast.charlie, user=to(cast.vera)).code == "wrong_state"
    cast.root.verb("RCC", cast.city.key)
    assert shown(cast) == (1, "spam", unix(ends))


def test_what_stands_in_it_is_not_free_by_a_way_round(cast: Cast) -> None:
    """Moved out, evicted, another moved in, deleted, made again in its place: none of it serves while the ban holds."""
    assert cast.alice.user is not None
    project = make_project(cast.alice.user, city=cast.city.key)
    other = cast.alice.api("POST", "cities", {"name": "Other_City"}).body["id"]
    path = f"projects/{project.key}"
    cast.zoe.verb("DIS", cast.city.key, {"stato": "spam"})
    for target in (other, None):
        assert cast.alice.api("POST", f"{path}/move", {"city": target}).code == "wrong_state"
    assert cast.alice.api("DELETE", path).status == 204
    assert cast.alice.api("POST", f"{path}/move", {"city": None}).code == "wrong_state"
    assert cast.alice.api("POST", f"{path}/purge", {"confirm": project.name}).code == "wrong_state"
    assert cast.alice.api("POST", "projects", {"name": "Again", "city": cast.city.key}).code == "wrong_state"
    cast.root.api("POST", f"{path}/recycle")
    assert cast.alice.api("GET", path).body["effective_state"] == "disabled"
    cast.zoe.verb("ENB", cast.city.key)
    assert cast.alice.api("POST", f"{path}/move", {"city": other}).body["effective_state"] == "enabled"


def test_a_project_that_is_banned_takes_its_ban_nowhere_and_lifts_it_nowhere(cast: Cast) -> None:
    assert cast.alice.user is not None
    project = make_project(cast.alice.user, city=cast.city.key)
    ends = (timezone.now() + HOUR).replace(microsecond=0)
    closed = cast.zoe.api("POST", f"projects/{project.key}/disable", {"expires_at": ends.isoformat()})
    assert closed.status == 200
    path = f"projects/{project.key}/move"
    with time_machine.travel(ends - timedelta(seconds=1), tick=False):
        assert cast.alice.api("POST", path, {"city": None}).code == "wrong_state"
    with time_machine.travel(ends, tick=False):
        assert cast.alice.api("POST", path, {"city": None}).status == 200
