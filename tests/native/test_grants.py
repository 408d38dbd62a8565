"""Sharing through the native API: to a person, at once; what each role then may; changing it, ending it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.people import sharing
from cities.models import CityGrant
from config.kernel.states import State
from tests.cast import Answer, Caller, Cast
from tests.factories import make_city, make_user

NOON = "2031-03-04T12:00:00+00:00"
STAMP = "2031-03-04T12:00:00Z"
LATER = "2031-03-05T12:00:00Z"


def key(caller: Caller) -> str:
    assert caller.user is not None
    return caller.user.key


def give(cast: Cast, to: str, role: str = "viewer", by: Caller | None = None, **more: Any) -> Answer:
    given = {"thing": f"city/{cast.city.key}", "user": to, "role": role, **more}
    return (by or cast.alice).api("POST", "grants", given)


def grant_of(cast: Cast, who: str) -> str:
    return f"grants/{CityGrant.objects.get(user=getattr(cast, who).user).key}"


def told() -> list[tuple[str, Any, Any]]:
    """(verb, before, after) of the newest event."""
    event = AuditEvent.objects.latest("id")
    return [(event.verb, event.before, event.after)]


def test_a_grant_is_answered_whole_and_in_force_at_once(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False):
        answer = give(cast, key(cast.charlie), "operator", expires_at="2031-03-05T20:00:00+08:00")
        assert cast.charlie.verb("OFF", cast.city.key).status == 200
    made = answer.body["id"]
    assert (answer.status, answer.headers["Location"]) == (201, f"/api/v1/grants/{made}")
    assert answer.body == {
        "id": made,
        "thing": f"city/{cast.city.key}",
        "thing_name": "Alice_City",
        "user": key(cast.charlie),
        "role": "operator",
        "status": "active",
        "expires_at": LATER,
        "granted_by": key(cast.alice),
        "created_at": STAMP,
        "version": 1,
        "url": f"/api/v1/grants/{made}",
    }


@pytest.mark.parametrize(("role", "allowed"), [("viewer", {"GET"}), ("operator", {"GET", "PATCH", "offline"})])
def test_a_role_is_what_one_then_may(cast: Cast, role: str, allowed: set[str]) -> None:
    assert give(cast, key(cast.charlie), role).status == 201
    path = f"cities/{cast.city.key}"
    calls = {"GET": path, "PATCH": path, "DELETE": path, "offline": f"{path}/offline", "disable": f"{path}/disable"}
    for name, where in calls.items():
        status = cast.charlie.api(name if name.isupper() else "POST", where).status
        assert status == (200 if name in allowed else 403), name
    assert give(cast, key(cast.vera), by=cast.charlie).code == "forbidden"


def test_a_grant_ends_at_its_end_by_itself(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        made = give(cast, key(cast.charlie), expires_at="2031-03-04T12:00:10Z").body["id"]
        clock.shift(9)
        assert cast.charlie.api("GET", f"cities/{cast.city.key}").status == 200
        assert cast.charlie.api("GET", f"grants/{made}").status == 200
        clock.shift(1)
        assert cast.charlie.api("GET", f"cities/{cast.city.key}").status == 404
        assert cast.charlie.api("GET", f"grants/{made}").status == 404
        assert cast.charlie.api("GET", "grants").body["results"] == []
        assert give(cast, key(cast.charlie), expires_at="2031-03-04T13:00:00Z").body["id"] == made, "anew"
        assert cast.charlie.api("GET", f"cities/{cast.city.key}").status == 200


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"role": "owner"}, "#/role", "bad_choice"),
        ({"role": "operate"}, "#/role", "bad_choice"),
        ({"role": None}, "#/role", "bad_choice"),
        ({"role": ["viewer"]}, "#/role", "bad_choice"),
        ({"user": "no such id"}, "#/user", "wrong_type"),
        ({"user": "a@b"}, "#/user", "wrong_type"),
        ({"user": ""}, "#/user", "wrong_type"),
        ({"user": 7}, "#/user", "wrong_type"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "#/expires_at", "expires_in_past"),
        ({"expires_at": "2031-03-05T12:00:00"}, "#/expires_at", "wrong_type"),
        ({"thing": "city"}, "#/thing", "bad_choice"),
        ({"thing": "planet/abcd1234"}, "#/thing", "bad_choice"),
        ({"thing": None}, "#/thing", "bad_choice"),
        ({"note": "x"}, "#/note", "unknown_field"),
    ],
)
def test_what_is_said_badly_is_given_to_nobody(cast: Cast, given: Any, pointer: str, code: str) -> None:
    sent = {"thing": f"city/{cast.city.key}", "user": key(cast.charlie), "role": "viewer"} | given
    answer = cast.alice.api("POST", "grants", sent)
    assert (answer.status, answer.body["errors"][0]["pointer"], answer.code) == (422, pointer, code)
    assert CityGrant.objects.count() == 3


def test_every_fault_is_told_of_a_city_that_one_owns(cast: Cast) -> None:
    answer = cast.alice.api("POST", "grants", {"thing": f"city/{cast.city.key}", "expires_at": 1, "x": 2})
    assert [(fault["pointer"], fault["code"]) for fault in answer.body["errors"]] == [
        ("#/user", "required"),
        ("#/role", "required"),
        ("#/expires_at", "wrong_type"),
        ("#/x", "unknown_field"),
    ]


def test_its_owner_is_given_no_lesser_role(cast: Cast) -> None:
    answer = give(cast, key(cast.alice))
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "#/user")
    assert cast.alice.api("PATCH", grant_of(cast, "alice"), {"role": "viewer"}).code == "forbidden"
    assert cast.alice.api("DELETE", grant_of(cast, "alice")).code == "forbidden"
    assert cast.alice.api("DELETE", f"cities/{cast.city.key}").status == 204, "still the owner"


def test_the_same_again_changes_nothing_and_something_else_replaces_it(cast: Cast) -> None:
    before = AuditEvent.objects.count()
    same = give(cast, key(cast.vera))
    assert (same.status, same.body["version"], AuditEvent.objects.count()) == (201, 1, before)
    other = give(cast, key(cast.vera), "operator", expires_at=LATER)
    assert (other.body["id"], other.body["version"], other.body["role"]) == (same.body["id"], 2, "operator")
    assert AuditEvent.objects.count() == before + 1
    vera = key(cast.vera)
    assert told() == [
        (
            "SHARE",
            {"user": vera, "role": "viewer", "ends_at": None},
            {"user": vera, "role": "operator", "ends_at": LATER},
        )
    ]


def test_role_and_end_can_be_changed_one_without_the_other(cast: Cast) -> None:
    path, before = grant_of(cast, "vera"), AuditEvent.objects.count()
    ending = cast.alice.api("PATCH", path, {"expires_at": LATER})
    assert [ending.body[name] for name in ("role", "expires_at", "version")] == ["viewer", LATER, 2]
    promoted = cast.alice.api("PATCH", path, {"role": "operator"})
    assert [promoted.body[name] for name in ("role", "expires_at", "version")] == ["operator", LATER, 3]
    for_good = cast.alice.api("PATCH", path, {"expires_at": None})
    assert [for_good.body[name] for name in ("role", "expires_at", "version")] == ["operator", None, 4]
    assert cast.alice.api("PATCH", path, {}).body["version"] == 4
    assert AuditEvent.objects.count() == before + 3
    bad = cast.alice.api("PATCH", path, {"role": "owner", "user": "x", "expires_at": "2020-01-01T00:00:00Z"})
    assert [fault["pointer"] for fault in bad.body["errors"]] == ["#/role", "#/user"]


def test_ending_a_grant_ends_what_one_may_and_is_one_event(cast: Cast) -> None:
    path, before = grant_of(cast, "oscar"), AuditEvent.objects.count()
    answer = cast.alice.api("DELETE", path)
    assert (answer.status, answer.body) == (204, None)
    assert AuditEvent.objects.count() == before + 1
    assert told() == [("UNSHARE", {"user": key(cast.oscar), "role": "operator", "ends_at": None}, {})]
    assert cast.oscar.api("GET", f"cities/{cast.city.key}").status == 404
    assert cast.alice.api("DELETE", path).status == 404


@pytest.mark.parametrize(
    ("who", "status"), [("oscar", 403), ("vera", 403), ("zoe", 403), ("root", 403), ("charlie", 404), ("nobody", 401)]
)
def test_only_the_owner_gives_changes_and_takes_away(cast: Cast, who: str, status: int) -> None:
    caller, path = getattr(cast, who), grant_of(cast, "oscar")
    assert give(cast, key(cast.charlie), by=caller).status == status
    assert give(cast, "some@one.example", by=caller).status == status
    # Of others' grants one who is but granted something is told nothing.
    seen = 404 if who == "vera" else status
    assert caller.api("PATCH", path, {"role": "viewer"}).status == seen
    assert caller.api("DELETE", path).status == seen


def test_who_may_look_at_which_grants(cast: Cast) -> None:
    on = f"grants?thing=city/{cast.city.key}"
    for caller in (cast.alice, cast.zoe, cast.root):
        assert [grant["role"] for grant in caller.api("GET", on).body["results"]] == ["viewer", "operator", "owner"]
    assert cast.oscar.api("GET", on).code == "forbidden"
    assert cast.charlie.api("GET", on).code == cast.charlie.api("GET", "grants?thing=city/zzzzzzzz").code == "not_found"
    assert cast.alice.api("GET", "grants?thing=town/zzzzzzzz").status == 422
    assert [grant["user"] for grant in cast.oscar.api("GET", "grants").body["results"]] == [key(cast.oscar)]
    assert cast.alice.api("GET", "grants").body["results"] == [], "what one owns is no grant to tell of"
    assert cast.alice.api("GET", grant_of(cast, "vera")).body["user"] == key(cast.vera)
    assert cast.vera.api("GET", grant_of(cast, "oscar")).status == 404


def test_nothing_of_a_city_in_the_bin_is_shared(cast: Cast) -> None:
    cast.city = make_city(cast.alice.user, "Gone_City", State.DELETED)  # type: ignore[arg-type]
    for to in (key(cast.charlie), "some@one.example"):
        assert give(cast, to).code == "wrong_state"


def test_a_thing_is_shared_with_so_many_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "GRANTS_PER_THING", 4)
    assert sharing.GRANTS_PER_THING == 4
    assert give(cast, key(cast.charlie)).status == 201
    for to in (make_user().key, "nobodyyy", "some@one.example"):
        answer = give(cast, to)
        assert (answer.status, answer.code, answer.body["detail"]) == (
            409,
            "limit_reached",
            "The limit of 4 is reached.",
        )
    assert give(cast, key(cast.charlie), "operator").status == 201, "a change is no more of them"


def test_the_limit_is_five_hundred() -> None:
    assert sharing.GRANTS_PER_THING == 500


def test_a_grant_that_has_ended_is_there_for_nobody_and_takes_no_place(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "GRANTS_PER_THING", 4)
    soon = (timezone.now() + timedelta(minutes=1)).isoformat()
    made = give(cast, key(cast.charlie), expires_at=soon).body["id"]
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        for caller in (cast.charlie, cast.alice, cast.root):
            assert caller.api("GET", f"grants/{made}").status == 404
        assert cast.alice.api("DELETE", f"grants/{made}").status == 404
        assert cast.alice.api("PATCH", f"grants/{made}", {"expires_at": None}).status == 404
        listed = cast.alice.api("GET", f"grants?thing=city/{cast.city.key}").body["results"]
        assert made not in [grant["id"] for grant in listed]
        assert give(cast, "nobodyyy").status == 201
        assert give(cast, "some@one.example").code == "limit_reached"
