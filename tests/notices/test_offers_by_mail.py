"""Mails about offers and news: what is over is not sent, nor does it count; each giver has a limit of their own."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.models import Notice, User
from accounts.people import mailing
from config.kernel.states import Verb
from tests.cast import Caller, Cast
from tests.factories import do, make_city, make_token
from tests.notices.telling import read, told

NOON = "2031-03-04T12:00:00+00:00"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock(cast: Cast) -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as clock:
        Notice.objects.all().delete()
        yield clock


def give(giver: Caller, thing: str, to: str, **more: Any) -> str:
    """An offer, with a token of this moment."""
    assert giver.user is not None
    fresh = Caller(make_token(giver.user), giver.user)
    answer = fresh.api("POST", "grants", {"thing": f"city/{thing}", "user": to, "role": "viewer", **more})
    assert answer.status == 201, answer.body
    return str(answer.body["id"])


def take(giver: Caller, grant: str) -> None:
    assert giver.user is not None
    assert Caller(make_token(giver.user), giver.user).api("DELETE", f"grants/{grant}").status == 204


def test_a_share_without_an_end_has_none(cast: Cast, clock: Any) -> None:
    assert cast.charlie.user is not None
    give(cast.alice, cast.city.key, cast.charlie.user.key)
    assert read(cast.charlie)[0]["ends_at"] is None
    assert read(cast.charlie)[0]["text"] == "City “Alice_City” was shared with you, as viewer."


def test_news_that_could_not_leave_for_three_days_never_does(cast: Cast, clock: Any) -> None:
    User.objects.filter(name="alice").update(email="alice@example.com")
    do(cast.city, Verb.DIS, Actor.system())
    clock.shift(3 * DAY + HOUR)
    assert mailing.send_waiting() == 0
    do(cast.city, Verb.ENB, Actor.system())
    do(cast.city, Verb.DIS, Actor.system())
    assert mailing.send_waiting() >= 1
    assert Notice.objects.filter(mail_at__isnull=False).count() == 0


def test_an_offer_that_has_ended_is_not_mailed(cast: Cast, clock: Any) -> None:
    give(cast.alice, cast.city.key, "friend@example.com", expires_at=(timezone.now() + HOUR).isoformat())
    clock.shift(2 * HOUR)
    assert mailing.send_waiting() == 0


def test_nor_is_one_of_what_lies_in_the_bin(cast: Cast, clock: Any) -> None:
    give(cast.alice, cast.city.key, "friend@example.com")
    do(cast.city, Verb.DOL, Actor.system())
    assert mailing.send_waiting() == 0


def test_who_was_told_of_an_offer_is_not_mailed_again_within_the_week(cast: Cast, clock: Any) -> None:
    User.objects.filter(name="charlie").update(email="charlie@example.com")
    for _ in range(2):
        grant = give(cast.alice, cast.city.key, "charlie@example.com")
        mailing.send_waiting()
        take(cast.alice, grant)
        clock.shift(HOUR)
    assert told(cast.charlie) == [("offered", "city", "Alice_City")]
    assert len(mail.outbox) == 1


def test_the_same_week_of_another_year_is_another_week(cast: Cast, clock: Any) -> None:
    for moment in (NOON, "2032-03-02T12:00:00+00:00"):  # both of them in the tenth
        with time_machine.travel(moment, tick=False):
            grant = give(cast.alice, cast.city.key, "friend@example.com")
            assert mailing.send_waiting() == 1
            take(cast.alice, grant)


def test_each_giver_has_a_limit_of_their_own_and_anew_each_day(
    cast: Cast, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "OFFERS_A_DAY", 1)
    assert cast.charlie.user is not None
    other = make_city(cast.charlie.user, "Charlies_City")
    for number in range(2):
        give(cast.alice, cast.city.key, f"friend{number}@example.com")
        give(cast.charlie, other.key, f"friend{number}@example.com")
    assert mailing.send_waiting() == 2
    assert [message.subject.count("Charlies") for message in mail.outbox].count(1) == 1
    clock.shift(DAY + HOUR)
    give(cast.alice, cast.city.key, "friend2@example.com")
    assert mailing.send_waiting() == 1


def test_what_was_not_sent_uses_up_nothing(cast: Cast, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailing, "OFFERS_A_DAY", 1)
    take(cast.alice, give(cast.alice, cast.city.key, "friend@example.com"))
    assert mailing.send_waiting() == 0
    give(cast.alice, cast.city.key, "other@example.com")
    assert mailing.send_waiting() == 1


def test_what_is_marked_read_up_to_here_has_another_version(cast: Cast, clock: Any) -> None:
    do(cast.city, Verb.DIS, Actor.system())
    path = f"notices/{read(cast.alice)[0]['id']}"
    before = cast.alice.api("GET", path).headers["ETag"]
    assert cast.alice.api("POST", "notices/read", {"until": path.partition("/")[2]}).status == 200
    assert cast.alice.api("GET", path).headers["ETag"] != before
