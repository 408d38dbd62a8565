"""`purge`: out of the bin for good, by who has just proved who they are and types the city's name."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEvent
from cities.models import City, CityGrant
from config.kernel.states import State, Verb
from tests.cast import Answer, Caller, Cast
from tests.factories import actor, do, make_city

CONFIRM = {"confirm": "Alice_City"}


def purge(caller: Caller, cast: Cast, data: Any) -> Answer:
    return caller.api("POST", f"cities/{cast.city.key}/purge", data)


@pytest.fixture
def binned(cast: Cast) -> Cast:
    do(cast.city, Verb.DOL, actor(cast.alice.user))  # type: ignore[arg-type]
    return cast


def test_it_is_gone_with_its_grants_and_its_name_is_free(binned: Cast) -> None:
    answer = purge(binned.alice, binned, CONFIRM)
    assert (answer.status, answer.body) == (
        200,
        {"id": binned.city.key, "dry_run": False, "removed": {"city": 1}},
    )
    assert not City.objects.filter(key=binned.city.key).exists()
    assert not CityGrant.objects.exists()
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.thing, event.before) == ("DEL", binned.city.key, {"state": 5, "name": "Alice_City"})
    assert binned.alice.api("GET", f"cities/{binned.city.key}").status == 404
    assert binned.charlie.api("POST", "cities", {"name": "Alice_City"}).status == 201


def test_a_dry_run_tells_what_would_go_and_leaves_it(binned: Cast) -> None:
    before = AuditEvent.objects.count()
    answer = purge(binned.alice, binned, CONFIRM | {"dry_run": True})
    assert (answer.status, answer.body["dry_run"], answer.body["removed"]) == (200, True, {"city": 1})
    assert binned.alice.api("GET", f"cities/{binned.city.key}").body["state"] == "deleted"
    assert AuditEvent.objects.count() == before
    assert purge(binned.alice, binned, CONFIRM | {"dry_run": False}).body["dry_run"] is False


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({}, "#/confirm", "required"),
        ({"confirm": "alice_city"}, "#/confirm", "not_confirmed"),
        ({"confirm": "Alice_City "}, "#/confirm", "not_confirmed"),
        ({"confirm": ""}, "#/confirm", "not_confirmed"),
        ({"confirm": None}, "#/confirm", "wrong_type"),
        ({"confirm": "Other", "dry_run": True}, "#/confirm", "not_confirmed"),
        (CONFIRM | {"dry_run": "true"}, "#/dry_run", "wrong_type"),
        (CONFIRM | {"dry_run": 1}, "#/dry_run", "wrong_type"),
        (CONFIRM | {"force": True}, "#/force", "unknown_field"),
    ],
)
def test_what_is_not_typed_rightly_purges_nothing(binned: Cast, given: Any, pointer: str, code: str) -> None:
    answer = purge(binned.alice, binned, given)
    assert (answer.status, answer.code, answer.body["errors"][0]["pointer"]) == (422, code, pointer)
    assert City.objects.filter(key=binned.city.key).exists()


@pytest.mark.parametrize("state", [State.ENABLED, State.OFFLINE, State.DISABLED])
def test_only_what_is_in_the_bin_is_purged(cast: Cast, state: State) -> None:
    cast.city = make_city(cast.alice.user, "Other_City", state)  # type: ignore[arg-type]
    for caller in (cast.alice, cast.root):
        answer = purge(caller, cast, {"confirm": "Other_City"})
        assert (answer.status, answer.code) == (409, "wrong_state")
        assert purge(caller, cast, {"confirm": "Other_City", "dry_run": True}).code == "wrong_state"


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("oscar", 403, "forbidden"),
        ("vera", 403, "forbidden"),
        ("zoe", 403, "forbidden"),
        ("charlie", 404, "not_found"),
        ("nobody", 401, "token_missing"),
    ],
)
def test_only_its_owner_and_a_god_purge(binned: Cast, who: str, status: int, code: str) -> None:
    answer = purge(getattr(binned, who), binned, CONFIRM)
    assert (answer.status, answer.code) == (status, code)
    assert purge(binned.root, binned, CONFIRM).status == 200


def test_it_needs_a_proof_of_the_last_quarter_of_an_hour(binned: Cast) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=5), tick=False):
        for given in (CONFIRM, CONFIRM | {"dry_run": True}, {"confirm": "wrong"}):
            answer = purge(binned.alice, binned, given)
            assert (answer.status, answer.code) == (403, "reauthenticate")
        assert purge(binned.oscar, binned, CONFIRM).code == "forbidden", "who may not is not asked for a proof"
    assert City.objects.filter(key=binned.city.key).exists()


def test_what_an_administrator_closed_its_owner_does_not_purge(cast: Cast) -> None:
    do(cast.city, Verb.DIS, actor(cast.zoe.user))  # type: ignore[arg-type]
    do(cast.city, Verb.DOL, actor(cast.alice.user))  # type: ignore[arg-type]
    for given in (CONFIRM, CONFIRM | {"dry_run": True}):
        answer = purge(cast.alice, cast, given)
        assert (answer.status, answer.code) == (409, "wrong_state")
    assert cast.charlie.api("POST", "cities", {"name": "Alice_City"}).code == "name_taken"
    assert purge(cast.root, cast, CONFIRM).status == 200


def test_what_its_owner_closed_its_owner_purges(cast: Cast) -> None:
    do(cast.city, Verb.DIS, actor(cast.alice.user))  # type: ignore[arg-type]
    do(cast.city, Verb.DOL, actor(cast.alice.user))  # type: ignore[arg-type]
    assert purge(cast.alice, cast, CONFIRM).status == 200


def test_a_parameter_of_the_address_is_refused_and_not_overlooked(cast: Cast) -> None:
    cast.alice.api("DELETE", f"cities/{cast.city.key}")
    answer = cast.alice.api("POST", f"cities/{cast.city.key}/purge?dry_run=true", {"confirm": "Alice_City"})
    assert (answer.status, answer.body["errors"][0]["parameter"]) == (422, "dry_run")
    assert cast.alice.api("GET", f"cities/{cast.city.key}").body["state"] == "deleted"
