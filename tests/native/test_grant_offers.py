"""What is given to a mail is an offer, whether or not somebody has that mail: taken up or turned down by its owner."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEvent
from cities.models import CityGrant
from config.kernel.roles import Share
from tests.cast import Answer, Caller, Cast
from tests.factories import actor, make_token, make_user, share
from tests.native.test_grants import give, told

MAIL = "dora@polis.example"


def key(caller: Caller) -> str:
    assert caller.user is not None
    return caller.user.key


@pytest.fixture
def dora(cast: Cast) -> Caller:
    user = make_user("dora", email=MAIL)
    return Caller(make_token(user), user)


def offer(cast: Cast, **more: Any) -> Answer:
    return give(cast, "Dora@POLIS.example", **more)


def of(answer: Answer, step: str = "") -> str:
    return f"grants/{answer.body['id']}{step}"


def test_an_offer_gives_nothing_before_it_is_taken_up(cast: Cast, dora: Caller) -> None:
    answer = offer(cast, role="operator")
    assert (answer.status, answer.body["status"], answer.body["user"]) == (201, "pending", MAIL)
    assert dora.api("GET", f"cities/{cast.city.key}").status == 404
    assert [grant["id"] for grant in dora.api("GET", "grants").body["results"]] == [answer.body["id"]]
    assert dora.api("GET", of(answer)).body == answer.body
    taken = dora.api("POST", of(answer, "/accept"))
    assert (taken.status, taken.body["status"], taken.body["user"]) == (200, "active", key(dora))
    assert (taken.body["id"], taken.body["version"]) == (answer.body["id"], 2)
    assert dora.api("POST", f"cities/{cast.city.key}/offline").status == 200
    assert [grant["status"] for grant in dora.api("GET", "grants").body["results"]] == ["active"]


def test_an_offer_is_the_same_whether_or_not_somebody_has_the_mail(cast: Cast, dora: Caller) -> None:
    somebodys, nobodys = offer(cast).body, give(cast, "none@polis.example").body
    for body in (somebodys, nobodys):
        for name in ("id", "url", "created_at", "user"):
            body.pop(name)
    assert somebodys == nobodys
    assert somebodys["status"] == "pending"


def test_an_id_that_is_nobodys_is_answered_as_a_persons(cast: Cast) -> None:
    person, nobody = give(cast, key(cast.charlie)), give(cast, "nobodyyy")
    assert (nobody.status, nobody.body["status"], nobody.body["user"]) == (201, "active", "nobodyyy")
    assert nobody.body.keys() == person.body.keys()
    events = list(AuditEvent.objects.filter(verb="SHARE").order_by("-id")[:2])
    assert [event.after["user"] for event in events] == ["nobodyyy", key(cast.charlie)]
    assert give(cast, "nobodyyy", "operator").body["version"] == 2
    assert cast.alice.api("PATCH", of(nobody), {"role": "viewer"}).body["version"] == 3
    assert cast.alice.api("DELETE", of(nobody)).status == 204


def test_turning_down_ends_the_offer(cast: Cast, dora: Caller) -> None:
    made = offer(cast)
    answer = dora.api("POST", of(made, "/decline"))
    assert (answer.status, answer.body) == (204, None)
    for step in ("", "/accept", "/decline"):
        assert dora.api("POST" if step else "GET", of(made, step)).status == 404
    assert not CityGrant.objects.filter(invited=MAIL).exists()
    assert dora.api("GET", f"cities/{cast.city.key}").status == 404


@pytest.mark.parametrize("step", ["/accept", "/decline"])
def test_nobody_else_answers_an_offer(cast: Cast, dora: Caller, step: str) -> None:
    made = offer(cast)
    for caller in (cast.oscar, cast.charlie):
        assert caller.api("POST", of(made, step)).code == "not_found"
    for caller in (cast.alice, cast.zoe, cast.root):  # who see it
        assert caller.api("POST", of(made, step)).code == "forbidden"
    assert cast.alice.api("GET", of(made)).body["status"] == "pending"
    assert dora.api("POST", of(made, step), {"x": 1}).code == "unknown_field"
    assert dora.api("POST", of(made, step)).status in {200, 204}
    again = dora.api("POST", of(made, step))
    assert (again.status, again.status == 200 and again.body["version"]) == {
        "/accept": (200, 2),
        "/decline": (404, False),
    }[step]


def test_what_is_in_force_can_be_taken_up_again_and_not_turned_down(cast: Cast) -> None:
    grant = CityGrant.objects.get(user=cast.vera.user)
    assert cast.vera.api("POST", f"grants/{grant.key}/accept").body["version"] == 1
    assert cast.vera.api("POST", f"grants/{grant.key}/decline").code == "wrong_state"
    assert cast.vera.api("GET", f"cities/{cast.city.key}").status == 200


def test_to_whom_something_is_offered_does_not_change_or_end_it(cast: Cast, dora: Caller) -> None:
    made = offer(cast)
    assert dora.api("PATCH", of(made), {"role": "operator"}).code == "forbidden"
    assert dora.api("DELETE", of(made)).code == "forbidden"
    assert cast.alice.api("PATCH", of(made), {"role": "operator"}).body["role"] == "operator"
    assert cast.alice.api("DELETE", of(made)).status == 204
    assert dora.api("GET", of(made)).status == 404


def test_an_offer_repeated_is_the_same_one(cast: Cast) -> None:
    first, before = offer(cast).body, AuditEvent.objects.count()
    assert offer(cast).body == first
    assert AuditEvent.objects.count() == before
    assert offer(cast, role="operator").body["version"] == 2
    assert AuditEvent.objects.count() == before + 1


def test_an_offer_ends_at_its_end(cast: Cast, dora: Caller) -> None:
    made = offer(cast, expires_at=(timezone.now() + timedelta(minutes=1)).isoformat())
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        for step in ("/accept", "/decline"):
            assert dora.api("POST", of(made, step)).status == 404
        assert dora.api("GET", "grants").body["results"] == []


def test_an_offer_of_what_lies_in_the_bin_waits_for_it(cast: Cast, dora: Caller) -> None:
    made = offer(cast)
    cast.alice.api("DELETE", f"cities/{cast.city.key}")
    assert dora.api("GET", "grants").body["results"] == []
    assert dora.api("POST", of(made, "/accept")).code == "wrong_state"
    cast.zoe.api("POST", f"cities/{cast.city.key}/recycle")
    assert dora.api("POST", of(made, "/accept")).status == 200
    cast.alice.api("DELETE", f"cities/{cast.city.key}")
    assert give(cast, "late@polis.example").code == "wrong_state"


def test_what_is_taken_up_takes_the_place_of_what_one_had(cast: Cast, dora: Caller) -> None:
    share(cast.city, dora.user, Share.VIEWER, by=actor(cast.alice.user))  # type: ignore[arg-type]
    made, before = offer(cast, role="operator"), AuditEvent.objects.count()
    assert dora.api("POST", of(made, "/accept")).body["role"] == "operator"
    assert AuditEvent.objects.count() == before + 1
    assert told() == [
        (
            "SHARE",
            {"user": key(dora), "role": "viewer", "ends_at": None},
            {"user": key(dora), "role": "operator", "ends_at": None},
        )
    ]
    assert CityGrant.objects.filter(user=dora.user).count() == 1


def test_its_owner_cannot_take_up_a_lesser_role(cast: Cast) -> None:
    owner = make_user("owen", email="owen@polis.example")
    owen = Caller(make_token(owner), owner)
    cast.city.key = owen.api("POST", "cities", {"name": "Owens_City"}).body["id"]
    made = give(cast, "owen@polis.example", by=owen)
    assert (made.status, made.body["status"]) == (201, "pending")
    assert owen.api("POST", of(made, "/accept")).code == "wrong_state"
    assert owen.api("POST", of(made, "/decline")).status == 204
    assert owen.api("DELETE", f"cities/{cast.city.key}").status == 204


def test_each_step_is_one_event_and_none_has_a_mail(cast: Cast, dora: Caller) -> None:
    before = AuditEvent.objects.count()
    first = offer(cast)
    cast.alice.api("PATCH", of(first), {"role": "operator"})
    dora.api("POST", of(first, "/decline"))
    second = offer(cast)
    dora.api("POST", of(second, "/accept"))
    cast.alice.api("DELETE", of(second))
    cast.charlie.api("GET", f"grants/{MAIL}")
    cast.alice.api("DELETE", of(give(cast, "none@polis.example")))
    events = AuditEvent.objects.order_by("id")[before:]
    steps = [(event.verb, event.outcome, event.actor) for event in events]
    alice = key(cast.alice)
    assert steps == [
        ("SHARE", "ok", alice),
        ("SHARE", "ok", alice),
        ("UNSHARE", "ok", key(dora)),
        ("SHARE", "ok", alice),
        ("SHARE", "ok", key(dora)),
        ("UNSHARE", "ok", alice),
        ("GET", "refused", key(cast.charlie)),
        ("SHARE", "ok", alice),
        ("UNSHARE", "ok", alice),
    ]
    assert not [value for event in AuditEvent.objects.all() for value in vars(event).values() if "@" in str(value)]
