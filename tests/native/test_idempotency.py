"""Idempotency-Key on a POST: one key, one effect, whatever happens between the two (ADR 13)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db.models.signals import post_save
from django.utils import timezone

from accounts.machine import answers
from accounts.models import AuditEvent, StoredAnswer
from cities.models import City
from config.kernel.errors import Code, DomainError
from tests.cast import Answer, Caller, Cast
from tests.factories import make_token, make_user

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


def create(caller: Caller, name: str = "New_City", key: str = KEY, query: str = "", **given: Any) -> Answer:
    return caller.api("POST", f"cities{query}", {"name": name, **given}, Idempotency_Key=key)


def test_a_repeat_is_answered_as_the_first_call_was_and_does_nothing(cast: Cast) -> None:
    first, repeat = create(cast.alice), create(cast.alice)
    assert (first.status, repeat.status) == (201, 201)
    assert repeat.body == first.body
    assert {name: repeat.headers[name] for name in ("Location", "ETag")} == {
        "Location": f"/api/v1/cities/{first.body['id']}",
        "ETag": '"1.0.0"',
    }
    assert repeat.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert City.objects.filter(name="New_City").count() == 1
    assert AuditEvent.objects.filter(verb="ADD", thing=first.body["id"]).count() == 1


def test_a_repeat_tells_what_was_answered_and_not_what_is(cast: Cast) -> None:
    path = f"cities/{cast.city.key}"
    first = cast.alice.api("POST", f"{path}/disable", {"reason": "closed"}, Idempotency_Key=KEY)
    assert cast.root.api("POST", f"{path}/enable").status == 200
    repeat = cast.alice.api("POST", f"{path}/disable", {"reason": "closed"}, Idempotency_Key=KEY)
    assert (repeat.status, repeat.body) == (200, first.body)
    assert repeat.body["state"] == "disabled"
    assert cast.alice.api("GET", path).body["state"] == "enabled"


def test_an_answer_without_a_body_is_repeated_too(cast: Cast) -> None:
    invited = make_user("ida", email="ida@polis.example")
    terms = {"thing": f"city/{cast.city.key}", "user": "ida@polis.example", "role": "viewer"}
    offer = cast.alice.api("POST", "grants", terms).body["id"]
    ida = Caller(make_token(invited), invited)
    for replayed in (None, "true"):
        answer = ida.api("POST", f"grants/{offer}/decline", Idempotency_Key=KEY)
        assert (answer.status, answer.body, answer.headers.get("Idempotent-Replayed")) == (204, None, replayed)


def test_the_key_may_be_quoted_as_in_the_draft(cast: Cast) -> None:
    first = create(cast.alice, key=f'"{KEY}"')
    assert create(cast.alice).body["id"] == first.body["id"]


@pytest.mark.parametrize("other", [{"name": "Other_City"}, {"brief": "other"}], ids=["name", "more"])
def test_a_key_with_another_body_is_refused(cast: Cast, other: dict[str, Any]) -> None:
    assert create(cast.alice).status == 201
    answer = create(cast.alice, **other)
    assert (answer.status, answer.code) == (422, "idempotency_mismatch")
    assert [(fault["header"], fault["code"]) for fault in answer.body["errors"]] == [
        ("Idempotency-Key", "idempotency_mismatch")
    ]
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "required"),
        ("   ", "required"),
        ('""', "required"),
        ("k" * 256, "too_long"),
        ("schlüssel", "bad_character"),
        ("a\tb", "bad_character"),
        ("a\x7fb", "bad_character"),
    ],
)
def test_a_key_that_is_none_is_refused(cast: Cast, key: str, code: str) -> None:
    answer = create(cast.alice, key=key)
    assert (answer.status, answer.code) == (422, code)
    assert [(fault["header"], fault["code"]) for fault in answer.body["errors"]] == [("Idempotency-Key", code)]
    assert not City.objects.filter(name="New_City").exists()


def test_a_key_of_255_characters_is_one(cast: Cast) -> None:
    assert [create(cast.alice, key="k" * 255).status for _ in range(2)] == [201, 201]


def test_only_a_post_takes_a_key(cast: Cast) -> None:
    path = f"cities/{cast.city.key}"
    for brief in ("one", "two"):
        assert cast.alice.api("PATCH", path, {"brief": brief}, Idempotency_Key=KEY).body["brief"] == brief
    assert cast.alice.api("DELETE", path, Idempotency_Key=KEY).status == 204
    assert not StoredAnswer.objects.exists()


def test_a_refused_call_is_not_stored_and_a_repeat_is_judged_afresh(cast: Cast) -> None:
    bad = cast.alice.api("POST", "cities", {"name": "1"}, Idempotency_Key=KEY)
    assert (bad.status, bad.code) == (422, "too_short")
    taken = create(cast.alice, "Alice_City")
    assert (taken.status, taken.code) == (409, "name_taken")
    assert cast.alice.api("PATCH", f"cities/{cast.city.key}", {"name": "Renamed"}).status == 200
    assert create(cast.alice, "Alice_City").status == 201


def test_a_refusal_with_a_key_is_recorded_as_any(cast: Cast) -> None:
    answer = cast.charlie.api("POST", f"cities/{cast.city.key}/offline", Idempotency_Key=KEY)
    assert (answer.status, answer.code) == (404, "not_found")
    event = AuditEvent.objects.get(outcome="refused")
    assert (event.verb, event.thing, event.code) == ("OFF", cast.city.key, "not_found")


def test_a_key_does_not_undo_the_count_of_taken_names(cast: Cast) -> None:
    with time_machine.travel(timezone.now().replace(second=10), tick=False):
        for number in range(30):
            assert create(cast.charlie, "Alice_City", key=f"key {number % 2}").code == "name_taken"
        for name in ("Alice_City", "Nobodys_City"):
            answer = create(cast.charlie, name)
            assert (answer.status, answer.code, answer.headers["Retry-After"]) == (429, "too_many_requests", "50")


class Death(BaseException):
    """No handler sees it, as none sees the end of a process."""


@contextmanager
def after_the_insert(act: Callable[[], None]) -> Iterator[None]:
    """Within: `act` is called when a city has been inserted, before its transaction is over."""

    def receiver(**_: Any) -> None:
        act()

    post_save.connect(receiver, sender=City)
    try:
        yield
    finally:
        post_save.disconnect(receiver, sender=City)


def die() -> None:
    raise Death


def test_after_the_death_of_a_process_the_key_is_free_again_in_a_minute(cast: Cast) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        with after_the_insert(die), pytest.raises(Death):
            create(cast.alice)
        clock.shift(timedelta(seconds=59))
        waiting = create(cast.alice)
        assert (waiting.status, waiting.code, waiting.headers["Retry-After"]) == (409, "idempotency_in_flight", "1")
        clock.shift(timedelta(seconds=1))
        first = create(cast.alice)
        assert (first.status, "Idempotent-Replayed" in first.headers) == (201, False)
        assert create(cast.alice).body == first.body


def test_who_finishes_after_the_key_was_taken_over_is_undone(cast: Cast) -> None:
    def be_taken_over() -> None:
        row = StoredAnswer.objects.get()
        answers.claim(row.subject, row.fingerprint, row.began_at + timedelta(seconds=60))

    with after_the_insert(be_taken_over):
        late = create(cast.alice)
    assert (late.status, late.code) == (409, "idempotency_in_flight")
    assert not City.objects.filter(name="New_City").exists()
    assert not AuditEvent.objects.filter(verb="ADD", thing_name="New_City").exists()


@pytest.mark.django_db
def test_a_lease_that_ran_out_is_another_holders_alone() -> None:
    now = timezone.now()
    old = answers.claim("subject", "print", now)
    assert isinstance(old, answers.Claim)
    with pytest.raises(DomainError) as refused:
        answers.claim("subject", "print", now + timedelta(seconds=59))
    assert refused.value.code is Code.IDEMPOTENCY_IN_FLIGHT
    new = answers.claim("subject", "print", now + timedelta(seconds=60))
    assert isinstance(new, answers.Claim)
    with pytest.raises(DomainError) as late:
        answers.keep(old, answers.Kept(201, '{"who": "old"}'))
    assert late.value.code is Code.IDEMPOTENCY_IN_FLIGHT
    answers.give_back(old)
    answers.keep(new, answers.Kept(201, '{"who": "new"}'))
    stored = answers.claim("subject", "print", now + timedelta(seconds=61))
    assert isinstance(stored, StoredAnswer)
    assert (stored.status, stored.body) == (201, '{"who": "new"}')


def test_an_answer_is_kept_for_a_day(cast: Cast) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        path, terms = f"cities/{cast.city.key}/offline", {"Idempotency_Key": KEY}
        assert cast.oscar.api("POST", path, **terms).status == 200
        clock.shift(timedelta(hours=24) - timedelta(seconds=1))
        call_command("expire_states")
        assert cast.oscar.api("POST", path, **terms).headers["Idempotent-Replayed"] == "true"
        clock.shift(timedelta(seconds=2))
        call_command("expire_states")
        assert not StoredAnswer.objects.exists()
        assert "Idempotent-Replayed" not in cast.oscar.api("POST", path, **terms).headers
