"""How often one may call: told on every answer, refused before anything is asked, and nobody's lock on another."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access.rates import Rates
from tests.cast import Answer, Caller, Cast
from tests.factories import make_token, make_user

LIMIT = 5
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def clock(settings: Any) -> Iterator[Any]:
    """A clock that stands, and a low limit."""
    settings.RATE_LIMIT = LIMIT
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def told(answer: Answer) -> tuple[int, ...]:
    return tuple(int(answer.headers[f"RateLimit-{name}"]) for name in ("Limit", "Remaining", "Reset"))


def from_address(address: str, token: str = "") -> Caller:
    return Caller(token, client=Client(raise_request_exception=False, REMOTE_ADDR=address))


def test_every_answer_tells_how_many_calls_are_left(clock: Any, cast: Cast) -> None:
    path = f"cities/{cast.city.key}"
    tag = cast.alice.api("GET", path).headers["ETag"]
    clock.shift(timedelta(seconds=20))
    answers = [
        cast.alice.api("GET", path, If_None_Match=tag),
        cast.alice.api("POST", "cities", {"name": "1"}),
        cast.alice.api("GET", "cities/zzzzzzzz"),
        cast.alice.api("DELETE", "me"),
    ]
    assert [(each.status, *told(each)) for each in answers] == [
        (304, 5, 3, 40),
        (422, 5, 2, 40),
        (404, 5, 1, 40),
        (405, 5, 0, 40),
    ]


def test_past_the_limit_it_is_429_until_the_minute_is_over(clock: Any, cast: Cast) -> None:
    assert [cast.alice.api("GET", "me").status for _ in range(LIMIT)] == [200] * LIMIT
    clock.shift(timedelta(seconds=20.5))
    for path in ("me", "cities", "bin"):
        over = cast.alice.api("GET", path)
        assert (over.status, over.code, *told(over)) == (429, "too_many_requests", 5, 0, 40)
        assert over.headers["Retry-After"] == "40"
        assert over.headers["Content-Type"] == "application/problem+json"
        assert over.headers["Cache-Control"] == "no-store"
    clock.shift(timedelta(seconds=39.5))
    assert told(cast.alice.api("GET", "me")) == (5, 4, 60)


def test_a_call_too_many_does_nothing(clock: Any, cast: Cast) -> None:
    for _ in range(LIMIT):
        cast.alice.api("GET", "me")
    assert cast.alice.api("DELETE", f"cities/{cast.city.key}").status == 429
    assert cast.alice.api("POST", "cities", {"name": "New_City"}, Idempotency_Key="k").status == 429
    clock.shift(timedelta(minutes=1))
    assert [city["name"] for city in cast.alice.api("GET", "cities").body["results"]] == ["Alice_City"]


def test_the_documented_api_counts_into_the_same_sum(clock: Any, cast: Cast) -> None:
    for _ in range(LIMIT - 1):
        cast.alice.api("GET", "me")
    assert cast.alice.verb("GET", cast.city.key).status == 200
    over = cast.alice.verb("OFF", cast.city.key)
    assert (over.status, over.reason, over.headers["Retry-After"]) == (429, "TooManyRequests", "60")
    assert cast.charlie.verb("QRI").status == 200
    clock.shift(timedelta(minutes=1))
    assert cast.alice.api("GET", f"cities/{cast.city.key}").body["state"] == "enabled"


def test_a_known_credential_is_refused_before_anything_is_asked(clock: Any, cast: Cast) -> None:
    for _ in range(LIMIT):
        cast.alice.api("GET", "me")
    with CaptureQueriesContext(connection) as captured:
        assert cast.alice.api("GET", f"cities/{cast.city.key}").status == 429
        assert cast.alice.api("PATCH", f"cities/{cast.city.key}", {"brief": "new"}).status == 429
    assert captured.captured_queries == []


@pytest.mark.usefixtures("clock")
def test_the_tokens_of_a_user_share_their_count_and_users_do_not(cast: Cast) -> None:
    assert cast.alice.user is not None
    other = Caller(make_token(cast.alice.user), cast.alice.user)
    assert [told(each.api("GET", "me"))[1] for each in (cast.alice, other, cast.alice, other)] == [4, 3, 2, 1]
    assert told(cast.oscar.api("GET", "me"))[1] == 4


@pytest.mark.usefixtures("clock", "db")
def test_unknown_tokens_count_against_their_address_and_lock_nobody_out() -> None:
    """S6: a thousand guesses from the office do not keep the office out."""
    user = make_user("dora")
    good = from_address("203.0.113.7", make_token(user))
    assert good.api("GET", "me").status == 200
    guesses = [from_address("203.0.113.7", token).api("GET", "me") for token in ("", "polis_x", "guess", "x") * 3]
    assert [each.status for each in guesses] == [401] * LIMIT + [429] * (12 - LIMIT)
    assert told(guesses[0]) == (5, 4, 60)
    assert guesses[-1].headers["Retry-After"] == "60"
    assert told(good.api("GET", "me")) == (5, 3, 60)
    another = from_address("203.0.113.7", make_token(make_user("emil")))
    assert told(another.api("GET", "me")) == (5, 4, 60), "a token that was never seen here before, too"
    assert from_address("203.0.113.8").api("GET", "me").status == 401


@pytest.mark.usefixtures("clock", "db")
def test_a_dead_token_does_not_use_up_the_calls_of_its_user() -> None:
    """S6: who has found an old token cannot keep its user out."""
    user = make_user("dora")
    good, stolen = from_address("203.0.113.17", make_token(user)), from_address("203.0.113.66", make_token(user))
    id = stolen.api("GET", "me").body["token"]["id"]
    assert good.api("DELETE", f"tokens/{id}").status == 204
    statuses = [stolen.api("GET", "me").status for _ in range(LIMIT + 2)]
    assert statuses == [401] * (LIMIT + 1) + [429]
    assert told(good.api("GET", "me")) == (5, 1, 60), "the finding out has cost one call"


@pytest.mark.usefixtures("clock", "db")
def test_a_token_from_elsewhere_does_not_use_up_the_calls_of_its_user() -> None:
    user = make_user("dora")
    token = make_token(user, addresses=["203.0.113.27"])
    good, stolen = from_address("203.0.113.27", token), from_address("203.0.113.67", token)
    assert told(good.api("GET", "me")) == (5, 4, 60)
    assert [stolen.api("GET", "me").status for _ in range(LIMIT + 2)] == [403] * (LIMIT + 1) + [429]
    assert told(good.api("GET", "me")) == (5, 2, 60)


def test_without_a_limit_nothing_is_counted_or_told(settings: Any, cast: Cast) -> None:
    settings.RATE_LIMIT = 0
    answer = cast.alice.api("GET", "me")
    assert answer.status == 200
    assert "RateLimit-Limit" not in answer.headers


def test_what_cannot_be_counted_is_let_through(tmp_path: Path) -> None:
    """A folder that is not there, and a file that is none of ours."""
    (tmp_path / "noise").write_bytes(b"this is no database" * 100)
    for path in (tmp_path / "missing" / "rates", tmp_path / "noise"):
        rates = Rates(path)
        assert [rates.count("somebody", 1, NOW) for _ in range(3)] == [None] * 3
        rates.close()


def test_a_clock_that_was_wrong_locks_nobody_out(tmp_path: Path) -> None:
    rates = Rates(tmp_path / "rates")
    for _ in range(3):
        rates.count("somebody", 2, NOW + timedelta(days=1))
    rate = rates.count("somebody", 2, NOW)
    rates.close()
    assert rate is not None
    assert (rate.remaining, rate.reset, rate.is_over) == (1, 60, False)


def test_a_call_that_is_counted_a_little_late_opens_no_new_minute(tmp_path: Path) -> None:
    """Calls at once are not counted in the order of their moments."""
    rates = Rates(tmp_path / "rates")
    counted = [rates.count("somebody", 9, NOW - timedelta(milliseconds=number)) for number in range(4)]
    rates.close()
    assert [rate.remaining for rate in counted if rate is not None] == [8, 7, 6, 5]
