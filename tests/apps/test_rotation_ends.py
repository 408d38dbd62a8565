"""When a rotated secret ends: over the native API, the same for the secrets of apps and the keys of gateways."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import HeldSecret
from apps.models import App, AppSecret, Gateway, GatewaySecret
from tests.cast import Answer, Caller, Cast
from tests.factories import make_app, make_gateway

HOUR, DAY = 3600, 24 * 3600


@dataclass
class Held:
    """A thing of alice's with its first secret, and how its secrets are reached."""

    alice: Caller
    path: str
    model: type[HeldSecret]
    holder: Any

    def rotate(self, *, etag: str = "", **given: Any) -> Answer:
        headers = {"If_Match": etag} if etag else {}
        return self.alice.api("POST", f"{self.path}/rotate", given, **headers)

    def end(self, number: int) -> Answer:
        return self.alice.api("DELETE", f"{self.path}/secrets/{number}")

    def row(self, number: int) -> HeldSecret:
        return self.model._default_manager.get(holder=self.holder, number=number)

    def live(self) -> list[int]:
        """As they are shown."""
        shown = self.alice.api("GET", f"{self.path}/secrets").body["results"]
        return sorted(each["n"] for each in shown if each["is_live"])

    def kept(self) -> list[int]:
        """Those whose value is there."""
        rows = self.model._default_manager.filter(holder=self.holder).exclude(sealed="")
        return sorted(row.number for row in rows)


@pytest.fixture(params=["apps", "gateways"])
def held(cast: Cast, request: pytest.FixtureRequest) -> Held:
    assert cast.alice.user is not None
    gateway: Gateway = make_gateway(cast.alice.user)
    if request.param == "gateways":
        return Held(cast.alice, f"gateways/{gateway.key}", GatewaySecret, gateway)
    app: App = make_app(gateway, cast.alice.user)[0]
    return Held(cast.alice, f"apps/{app.key}", AppSecret, app)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def after(**given: float) -> str:
    """A moment from now on, as it is answered."""
    return (timezone.now() + timedelta(**given)).isoformat().replace("+00:00", "Z")


def test_a_longer_grace_neither_drops_nor_lengthens_an_end_that_was_set(held: Held, clock: Any) -> None:
    soon = after(minutes=10)
    assert held.rotate(expires_at=soon).body["secret"]["expires_at"] == soon
    assert held.rotate(grace_seconds=DAY).body["previous"] == {"n": 2, "ends_at": soon}
    shown = held.alice.api("GET", f"{held.path}/secrets").body["results"]
    assert [(each["n"], each["expires_at"], each["ended_at"]) for each in shown[:2]] == [
        (3, None, None),
        (2, soon, None),
    ]
    clock.shift(timedelta(minutes=9, seconds=59))
    assert held.live() == [2, 3]
    clock.shift(timedelta(seconds=1))
    assert held.live() == [3]


def test_a_shorter_grace_ends_it_before_the_end_that_was_set(held: Held, clock: Any) -> None:
    held.rotate(expires_at=after(days=1))
    assert held.rotate(grace_seconds=HOUR).body["previous"] == {"n": 2, "ends_at": after(seconds=HOUR)}


def test_a_second_rotation_lengthens_no_grace(held: Held, clock: Any) -> None:
    """Of the one that is the newest again, once what came after it was ended."""
    ends = after(seconds=HOUR)
    held.rotate(grace_seconds=HOUR)
    held.end(2)
    assert held.rotate(grace_seconds=DAY).body["previous"] == {"n": 1, "ends_at": ends}


def test_after_its_end_the_old_one_is_not_live_and_the_next_rotation_overwrites_it(held: Held, clock: Any) -> None:
    held.rotate(grace_seconds=HOUR)
    assert (held.live(), held.kept()) == ([1, 2], [1, 2])
    clock.shift(timedelta(seconds=HOUR))
    ended = timezone.now()
    assert (held.live(), held.kept()) == ([2], [1, 2])
    clock.shift(timedelta(days=3))
    assert held.rotate(grace_seconds=HOUR).status == 200
    assert (held.live(), held.kept()) == ([2, 3], [2, 3])
    assert (held.row(1).sealed, held.row(1).ended_at) == ("", ended)
    shown = held.alice.api("GET", f"{held.path}/secrets").body["results"][-1]
    moment = ended.isoformat().replace("+00:00", "Z")
    assert (shown["n"], shown["is_live"], shown["expires_at"], shown["ended_at"]) == (1, False, moment, moment)


def test_ending_the_newest_leaves_the_older_with_its_end(held: Held, clock: Any) -> None:
    ends = after(seconds=HOUR)
    held.rotate(grace_seconds=HOUR)
    assert held.end(2).status == 204
    assert held.live() == [1]
    assert held.row(1).ends_at == timezone.now() + timedelta(seconds=HOUR)
    done = held.rotate(grace_seconds=HOUR)
    assert (done.status, done.body["secret"]["n"], done.body["previous"]) == (200, 3, {"n": 1, "ends_at": ends})
    assert (held.live(), held.kept()) == ([1, 3], [1, 3])
    clock.shift(timedelta(seconds=HOUR))
    assert held.live() == [3]


def test_after_the_end_of_the_only_one_a_rotation_has_none_before(held: Held) -> None:
    assert held.end(1).status == 204
    assert (held.live(), held.kept()) == ([], [])
    done = held.rotate(grace_seconds=HOUR)
    assert (done.status, done.body["secret"]["n"], done.body["previous"]) == (200, 2, None)
    assert held.live() == [2]


def test_with_all_of_them_over_a_rotation_has_none_before(held: Held, clock: Any) -> None:
    held.rotate(expires_at=after(minutes=1))
    clock.shift(timedelta(minutes=1))
    done = held.rotate(grace_seconds=HOUR)
    assert (done.body["secret"]["n"], done.body["previous"]) == (3, None)
    assert (held.live(), held.kept()) == ([3], [3])


def test_ended_twice_changes_nothing(held: Held, clock: Any) -> None:
    held.rotate(grace_seconds=HOUR)
    held.end(1)
    ended = held.row(1).ended_at
    held.holder.refresh_from_db()
    version = held.holder.version
    clock.shift(timedelta(seconds=60))
    assert held.end(1).status == 204
    held.holder.refresh_from_db()
    assert (held.row(1).ended_at, held.holder.version) == (ended, version)
    assert held.live() == [2]
    told = held.alice.api("GET", f"audit?thing={held.path.replace('s/', '/', 1)}&verb=ENDSECRET").body["results"]
    assert [each["after"] for each in told] == [{"secret": 1}]


def test_a_third_is_refused_until_one_has_ended_by_itself(held: Held, clock: Any) -> None:
    held.rotate(grace_seconds=HOUR)
    refused = held.rotate(grace_seconds=HOUR)
    assert (refused.status, refused.code) == (409, "limit_reached")
    assert held.live() == [1, 2]
    clock.shift(timedelta(seconds=HOUR - 1))
    assert held.rotate(grace_seconds=0).code == "limit_reached", "no grace is no leave to end the older one"
    clock.shift(timedelta(seconds=1))
    assert held.rotate(grace_seconds=HOUR).status == 200
    assert held.live() == [2, 3]


def test_a_grace_is_thirty_days_at_most(held: Held) -> None:
    refused = held.rotate(grace_seconds=30 * DAY + 1)
    assert (refused.status, refused.code) == (422, "out_of_range")
    assert refused.body["errors"][0]["pointer"] == "#/grace_seconds"
    assert held.live() == [1]
    assert held.rotate(grace_seconds=30 * DAY).status == 200


def test_the_answer_has_the_etag_of_the_thing_after_it(held: Held) -> None:
    before = held.alice.api("GET", held.path).headers["ETag"]
    done = held.rotate(etag=before)
    assert (done.status, done.headers["ETag"]) == (200, '"2.0.0"')
    assert held.alice.api("GET", held.path).headers["ETag"] == done.headers["ETag"]
    stale = held.rotate(etag=before)
    assert (stale.status, stale.code) == (412, "stale")
    assert held.rotate(etag=done.headers["ETag"], grace_seconds=0).headers["ETag"] == '"3.0.0"'


def test_a_repeat_has_the_etag_of_what_was_done(held: Held) -> None:
    first = held.alice.api("POST", f"{held.path}/rotate", {}, Idempotency_Key="once")
    again = held.alice.api("POST", f"{held.path}/rotate", {}, Idempotency_Key="once")
    assert again.headers["ETag"] == first.headers["ETag"] == '"2.0.0"'
    assert again.body["secret"] is None


def test_a_rotation_reads_no_secret_that_has_ended_before(held: Held) -> None:
    """Rotated every day for years, its rotation costs what the second one did."""

    def cost() -> tuple[int, int]:
        read.clear()
        with CaptureQueriesContext(connection) as asked:
            assert held.rotate(grace_seconds=0).status == 200
        return len(asked), len(read)

    read: list[int] = []

    def count(sender: Any, instance: Any, **_: Any) -> None:
        read.append(instance.number)

    post_init.connect(count, sender=held.model)
    try:
        held.rotate(grace_seconds=0)
        few = cost()
        for _ in range(10):
            held.rotate(grace_seconds=0)
        assert cost() == few
    finally:
        post_init.disconnect(count, sender=held.model)
