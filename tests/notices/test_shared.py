"""A share is told to whom it is given, an offer to who has that mail; what a former operator knows, to its owner."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.machine import reminders
from accounts.models import Notice, User
from accounts.people import mailing
from apps.models import App
from apps.services import apps, codes
from config.kernel.roles import Share
from tests.cast import Caller, Cast
from tests.factories import actor, make_app, make_city, make_gateway, make_project, make_token, share
from tests.notices.telling import everybody, read, told

NOON = "2031-03-04T12:00:00+00:00"


@pytest.fixture(autouse=True)
def _nothing_yet(cast: Cast) -> None:
    Notice.objects.all().delete()


def key(caller: Caller) -> str:
    assert caller.user is not None
    return caller.user.key


def give(cast: Cast, to: str, role: str = "viewer", **more: Any) -> str:
    given = {"thing": f"city/{cast.city.key}", "user": to, "role": role, **more}
    answer = cast.alice.api("POST", "grants", given)
    assert answer.status == 201, answer.body
    return str(answer.body["id"])


def test_a_share_is_told_to_whom_it_is_given_and_to_nobody_else(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False):
        made = give(cast, key(cast.charlie), "operator", expires_at="2031-04-04T00:00:00Z")
        notice = read(cast.charlie)[0]
    assert everybody() == [("charlie", "shared")]
    assert (notice["role"], notice["grant"], notice["ends_at"]) == ("operator", made, "2031-04-04T00:00:00Z")
    assert notice["text"] == (
        "City “Alice_City” was shared with you, as operator. The share ends at 2031-04-04 08:00 (Asia/Shanghai)."
    )


def test_another_role_is_told_and_another_end_is_not(cast: Cast) -> None:
    made = give(cast, key(cast.charlie))
    cast.alice.api("PATCH", f"grants/{made}", {"expires_at": "2099-01-01T00:00:00Z"})
    assert told(cast.charlie) == [("shared", "city", "Alice_City")]
    cast.alice.api("PATCH", f"grants/{made}", {"role": "operator"})
    assert [notice.facts["role"] for notice in Notice.objects.order_by("pk")] == ["viewer", "operator"]


def test_who_takes_away_and_gives_again_has_told_it_once_a_day(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(3):
            cast.alice.api("DELETE", f"grants/{give(cast, key(cast.charlie))}")
        assert len(told(cast.charlie)) == 1
        clock.shift(timedelta(days=1))
        give(cast, key(cast.charlie))
    assert len(told(cast.charlie)) == 2


def test_an_id_that_is_nobodys_is_told_to_nobody(cast: Cast) -> None:
    give(cast, "zzzzzzzz")
    assert everybody() == []


def test_an_offer_to_a_mail_of_nobodys_is_a_mail_and_no_more(cast: Cast) -> None:
    give(cast, "Friend@Example.com")
    assert everybody() == [("", "offered")]
    mailing.send_waiting()
    sent = mail.outbox[0]
    assert (len(mail.outbox), sent.to) == (1, ["friend@example.com"])
    assert sent.subject == "[Polis] Offered to you: City “Alice_City”"
    assert sent.body.startswith("You are offered a share of City “Alice_City”, as viewer.")
    assert "@" not in str(Notice.objects.values_list("facts", "occasion"))


def test_an_offer_to_somebodys_mail_is_theirs_to_read(cast: Cast) -> None:
    User.objects.filter(pk=cast.charlie.user.pk).update(email="charlie@example.com")  # type: ignore[union-attr]
    give(cast, "charlie@example.com")
    assert told(cast.charlie) == []
    mailing.send_waiting()
    assert told(cast.charlie) == [("offered", "city", "Alice_City")]
    assert [sent.to for sent in mail.outbox] == [["charlie@example.com"]]
    assert told(cast.alice) == []


def test_the_same_mail_is_written_to_once_a_week_about_a_thing(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(3):
            cast.alice.api("DELETE", f"grants/{give(cast, 'friend@example.com')}")
        assert everybody() == [("", "offered")]
        give(cast, "friend@example.com")
        assert mailing.send_waiting() == 1, "the one that stands"
        cast.alice.api("DELETE", f"grants/{cast.city.grants.get(user=None).key}")
        clock.shift(timedelta(days=7))
        cast.alice.api("DELETE", f"grants/{give(cast, 'friend@example.com')}")
    assert everybody() == [("", "offered"), ("", "offered")]


def test_an_offer_that_was_taken_back_is_not_mailed(cast: Cast) -> None:
    made = give(cast, "friend@example.com")
    cast.alice.api("DELETE", f"grants/{made}")
    assert mailing.send_waiting() == 0
    assert mail.outbox == []


def test_one_giver_has_so_many_strangers_written_to_within_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailing, "OFFERS_A_DAY", 2)
    for number in range(4):
        give(cast, f"friend{number}@example.com")
    assert mailing.send_waiting() == 2
    assert {sent.to[0] for sent in mail.outbox} == {"friend0@example.com", "friend1@example.com"}


# ── what a former operator knows (S9) ────────────────────────────────────────────────────────────────────────────


def operate(cast: Cast) -> App:
    """oscar, who operates alice's city, has made an app at a gateway in it, and has seen its secret and a code."""
    assert cast.alice.user is not None
    assert cast.oscar.user is not None
    project = make_project(cast.alice.user, "Placed", city=cast.city.key)
    app = make_app(make_gateway(cast.alice.user, project), cast.oscar.user, "Oscars_App")[0]
    codes.create_code(app.key, App.objects.with_chain(), by=actor(cast.oscar.user), read=dict)
    return app


def grant_of(cast: Cast) -> str:
    return str(cast.city.grants.get(user=cast.oscar.user).key)


def known(cast: Cast) -> list[tuple[str, int, str]]:
    rows = Notice.objects.filter(event="secret_known", user=cast.alice.user).order_by("pk")
    return [(row.kind, row.facts["secrets"], row.facts["user"]) for row in rows]


def test_taking_the_share_tells_the_owner_what_they_know(cast: Cast) -> None:
    operate(cast)
    assert cast.alice.api("DELETE", f"grants/{grant_of(cast)}").status == 204
    assert known(cast) == [("city", 2, key(cast.oscar))]
    text = read(cast.alice)[0]["text"]
    assert text == (
        f"{key(cast.oscar)} does not operate City “Alice_City” any more. Secrets there that they know and that are "
        "still good: 2. Rotate what they should not have."
    )


def test_less_than_an_operators_share_tells_it_and_less_than_that_says_no_more(cast: Cast) -> None:
    operate(cast)
    grant = grant_of(cast)
    cast.alice.api("PATCH", f"grants/{grant}", {"role": "viewer"})
    assert known(cast) == [("city", 2, key(cast.oscar))]
    cast.alice.api("DELETE", f"grants/{grant}")
    assert len(known(cast)) == 1


def test_who_knows_nothing_good_is_not_told_of(cast: Cast) -> None:
    app = operate(cast)
    assert cast.alice.user is not None
    by = actor(cast.alice.user)
    apps.rotate_secret(app.key, App.objects.with_chain(), by=by, read=lambda: {"grace_seconds": 0})
    codes.end_code(app.key, app.codes.get().key, App.objects.with_chain(), by=by)
    cast.alice.api("DELETE", f"grants/{grant_of(cast)}")
    assert known(cast) == []


def test_who_operates_it_by_another_share_is_not_told_of(cast: Cast) -> None:
    app = operate(cast)
    answer = cast.alice.api("POST", "grants", {"thing": f"app/{app.key}", "user": key(cast.oscar), "role": "operator"})
    assert answer.status == 201
    cast.alice.api("DELETE", f"grants/{grant_of(cast)}")
    assert known(cast) == []


def test_a_share_that_ends_by_itself_tells_it_at_the_next_sweep_and_once(cast: Cast) -> None:
    operate(cast)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        reminders.remind()
        soon = (timezone.now() + timedelta(hours=1)).isoformat()
        cast.alice.api("PATCH", f"grants/{grant_of(cast)}", {"expires_at": soon})
        reminders.remind()
        assert known(cast) == []
        clock.shift(timedelta(hours=2))
        for _ in range(2):
            reminders.remind()
            assert known(cast) == [("city", 2, key(cast.oscar))]


def test_it_tells_it_again_when_it_was_given_anew_and_ends_again(cast: Cast) -> None:
    operate(cast)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        reminders.remind()
        for _ in range(2):
            soon = (timezone.now() + timedelta(hours=1)).isoformat()
            owner = Caller(make_token(cast.alice.user), cast.alice.user)  # type: ignore[arg-type]
            terms = {"thing": f"city/{cast.city.key}", "user": key(cast.oscar), "role": "operator", "expires_at": soon}
            assert owner.api("POST", "grants", terms).status == 201
            clock.shift(timedelta(hours=2))
            reminders.remind()
    assert len(known(cast)) == 2


def test_a_viewers_share_that_ends_tells_nothing_new(cast: Cast) -> None:
    operate(cast)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        reminders.remind()
        soon = (timezone.now() + timedelta(hours=1)).isoformat()
        cast.alice.api("PATCH", f"grants/{grant_of(cast)}", {"role": "viewer", "expires_at": soon})
        assert len(known(cast)) == 1
        clock.shift(timedelta(hours=2))
        reminders.remind()
    assert len(known(cast)) == 1


def test_an_operator_of_another_city_is_no_business_of_this_one(cast: Cast) -> None:
    operate(cast)
    assert cast.alice.user is not None
    assert cast.oscar.user is not None
    other = make_city(cast.alice.user, "Other_City")
    share(other, cast.oscar.user, Share.OPERATOR, by=actor(cast.alice.user))
    grant = other.grants.get(user=cast.oscar.user).key
    cast.alice.api("DELETE", f"grants/{grant}")
    assert known(cast) == []
