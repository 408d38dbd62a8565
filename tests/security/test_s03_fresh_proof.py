"""S3: making credentials and purging need a proof of who asks that is less than a quarter of an hour old."""

import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from accounts.access.actor import Actor
from accounts.lifecycle import USER
from accounts.models import AccessKey, AccessToken
from accounts.people import services
from cities.models import City
from config.kernel.roles import Role
from config.kernel.states import State, Verb
from tests.cast import Answer, Caller
from tests.factories import make_city, make_token, make_user

NOON = "2031-03-04T12:00:00+00:00"
PASSWORD = "correct horse 9"


@pytest.fixture
def clock(db: None) -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def alice(clock: Any) -> Caller:
    """With a token of a command, made at noon."""
    user = make_user("alice", password=PASSWORD)
    out = io.StringIO()
    call_command("issue_token", "alice", stdout=out)
    return Caller(out.getvalue().strip(), user)


@pytest.fixture
def city(alice: Caller) -> City:
    assert alice.user is not None
    return make_city(alice.user, "Binned_City", State.DELETED)


def calls(caller: Caller, city: City) -> dict[str, Answer]:
    return {
        "tokens": caller.api("POST", "tokens", {"name": "x", "scopes": ["read", "verbs", "credentials"]}),
        "access-keys": caller.api("POST", "access-keys", {"name": "x"}),
        "purge": caller.api("POST", f"cities/{city.key}/purge", {"confirm": "Binned_City", "dry_run": True}),
    }


def test_at_a_quarter_of_an_hour_it_still_counts(alice: Caller, city: City, clock: Any) -> None:
    clock.shift(timedelta(minutes=15))
    assert {name: answer.status for name, answer in calls(alice, city).items()} == {
        "tokens": 201,
        "access-keys": 201,
        "purge": 200,
    }


def test_after_it_nothing_is_made_and_nothing_purged(alice: Caller, city: City, clock: Any) -> None:
    clock.shift(timedelta(minutes=15, milliseconds=1))
    for answer in calls(alice, city).values():
        assert (answer.status, answer.code) == (403, "reauthenticate")
        assert answer.body["detail"] == "This needs a sign-in of the last 15 minutes. Sign in anew."
    assert (AccessToken.objects.count(), AccessKey.objects.count()) == (1, 0)
    assert alice.api("GET", "cities").status == 200, "for all else it serves on"
    assert alice.api("POST", "cities", {"name": "Other_City"}).status == 201


def test_an_old_proof_hands_no_city_on(alice: Caller, clock: Any) -> None:
    city = make_city(alice.user, "Standing_City")  # type: ignore[arg-type]
    path = f"cities/{city.key}/transfer"
    clock.shift(timedelta(minutes=15, milliseconds=1))
    for body in ({"user": "Somebody"}, {"zz": 1}):
        assert alice.api("POST", path, body).code == "reauthenticate"
    fresh = Caller(make_token(alice.user), alice.user)  # type: ignore[arg-type]
    assert fresh.api("POST", path, {"user": "Somebody"}).status == 201
    assert alice.api("DELETE", path).status == 204, "to take it back needs none"


def test_nor_does_a_gods(alice: Caller, clock: Any) -> None:
    city = make_city(alice.user, "Standing_City")  # type: ignore[arg-type]
    root = make_user("root", Role.GOD)
    god = Caller(make_token(root), root)
    services.switch(USER, alice.user, Verb.DIS, by=Actor.system())  # type: ignore[arg-type]
    body = {"user": root.key, "force": True}
    clock.shift(timedelta(minutes=16))
    assert god.api("POST", f"cities/{city.key}/transfer", body).code == "reauthenticate"
    again = Caller(make_token(root), root)
    assert again.api("POST", f"cities/{city.key}/transfer", body).status == 200


def test_it_is_asked_for_before_the_body_is_looked_at(alice: Caller, clock: Any) -> None:
    clock.shift(timedelta(minutes=16))
    assert alice.api("POST", "tokens", {"zz": 1}).code == "reauthenticate"


def test_naming_disabling_and_ending_need_none(alice: Caller, clock: Any) -> None:
    made = alice.api("POST", "tokens", {"name": "x"}).body["id"]
    clock.shift(timedelta(days=1))
    assert alice.api("PATCH", f"tokens/{made}", {"name": "y"}).status == 200
    assert alice.api("POST", f"tokens/{made}/disable").status == 200
    assert alice.api("POST", f"tokens/{made}/enable").status == 200
    assert alice.api("DELETE", f"tokens/{made}").status == 204


def test_what_a_token_makes_carries_its_makers_proof_and_no_younger_one(alice: Caller, city: City, clock: Any) -> None:
    clock.shift(timedelta(minutes=14))
    child = Caller(calls(alice, city)["tokens"].body["token"])
    grandchild = Caller(calls(child, city)["tokens"].body["token"])
    assert {answer.status for answer in calls(grandchild, city).values()} == {200, 201}
    clock.shift(timedelta(minutes=1, milliseconds=1))
    for caller in (alice, child, grandchild):
        assert {answer.code for answer in calls(caller, city).values()} == {"reauthenticate"}
    assert len(set(AccessToken.objects.values_list("proved_at", flat=True))) == 1


def test_disabling_and_enabling_proves_nothing(alice: Caller, city: City, clock: Any) -> None:
    made = calls(alice, city)["tokens"].body
    clock.shift(timedelta(minutes=16))
    for step in ("disable", "enable"):
        assert alice.api("POST", f"tokens/{made['id']}/{step}").status == 200
    assert {answer.code for answer in calls(Caller(made["token"]), city).values()} == {"reauthenticate"}


def test_a_command_of_later_is_a_proof_of_later(alice: Caller, city: City, clock: Any) -> None:
    clock.shift(timedelta(days=1))
    out = io.StringIO()
    call_command("issue_token", "alice", stdout=out)
    assert {answer.status for answer in calls(Caller(out.getvalue().strip()), city).values()} == {200, 201}


def test_a_sign_in_is_a_proof_and_its_token_makes_none(alice: Caller, city: City, clock: Any) -> None:
    clock.shift(timedelta(days=1))
    sent = {"by": "name", "ustr": "alice", "pwd": hashlib.md5(PASSWORD.encode()).hexdigest()}
    signed = Caller(Caller().call("POST", "/login", sent).result["token"])
    answers = calls(signed, city)
    assert answers["purge"].status == 200
    assert (answers["tokens"].code, answers["access-keys"].code) == ("out_of_scope", "out_of_scope")


def test_a_token_that_nobody_has_proved_is_never_fresh(alice: Caller, city: City) -> None:
    AccessToken.objects.update(proved_at=None)
    assert {answer.code for answer in calls(alice, city).values()} == {"reauthenticate"}
