"""What time is about to do is told before it does it: at each stage once, however often it is swept, and by whom."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access.actor import Actor
from accounts.lifecycle import ACCESS_KEY
from accounts.machine import reminders, sweeps
from accounts.models import AccessKey, AccessToken, Notice
from accounts.people import credentials
from apps.models import App, Gateway
from apps.services import apps, gateways
from config.kernel.states import Verb
from projects import services as projects
from tests.cast import Cast
from tests.factories import actor, do, make_app, make_city, make_gateway, make_project, make_token
from tests.notices.telling import everybody, told

DAY = timedelta(days=1)
NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def clock(cast: Cast) -> Iterator[Any]:
    """Noon, and all that time had to tell until then is told."""
    AccessToken.objects.update(ends_at=None)
    with time_machine.travel(NOON, tick=False) as clock:
        reminders.remind()
        Notice.objects.all().delete()
        yield clock


def stages(event: str) -> list[int]:
    return [notice.facts["days"] for notice in Notice.objects.filter(event=event).order_by("pk")]


def sweep(clock: Any, days: int) -> None:
    """Day by day, twice each."""
    for _ in range(days):
        clock.shift(DAY)
        reminders.remind()
        reminders.remind()


def test_the_bin_is_told_of_a_week_and_a_day_before(cast: Cast, clock: Any) -> None:
    assert cast.alice.user is not None
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    sweep(clock, 22)
    assert stages("purge_coming") == []
    sweep(clock, 1)
    assert stages("purge_coming") == [7]
    sweep(clock, 5)
    assert stages("purge_coming") == [7]
    sweep(clock, 1)
    assert stages("purge_coming") == [7, 1]
    clock.shift(DAY + timedelta(minutes=1))
    sweeps.purge_deleted()
    reminders.remind()
    assert told(cast.alice) == [(event, "city", "Alice_City") for event in ("purge_coming", "purge_coming", "purged")]


def test_what_is_gone_by_time_says_so(cast: Cast, clock: Any) -> None:
    assert cast.alice.user is not None
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    clock.shift(31 * DAY)
    sweeps.purge_deleted()
    assert cast.alice.api("GET", "notices").body["results"][0]["text"] == (
        "City “Alice_City” was in the recycle bin for its whole time and is gone for good."
    )


def test_what_was_restored_is_not_told_of(cast: Cast, clock: Any) -> None:
    assert cast.alice.user is not None
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    do(cast.city, Verb.RCC, Actor.system())
    sweep(clock, 30)
    assert stages("purge_coming") == []


def test_what_an_administrator_has_closed_stays_and_is_not_told_of(cast: Cast, clock: Any) -> None:
    assert cast.alice.user is not None
    do(cast.city, Verb.DIS, Actor.system())
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    sweep(clock, 30)
    assert stages("purge_coming") == []


def test_a_shorter_time_in_the_bin_is_told_anew(cast: Cast, clock: Any, settings: Any) -> None:
    assert cast.alice.user is not None
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    sweep(clock, 8)
    settings.BIN_DAYS = 10
    reminders.remind()
    assert stages("purge_coming") == [7]
    settings.BIN_DAYS = 5
    do(make_city(cast.alice.user, "Other_City"), Verb.DOL, actor(cast.alice.user))
    reminders.remind()
    assert stages("purge_coming") == [7], "there is no week left to tell of"


def test_after_a_long_pause_only_what_is_next_is_told(cast: Cast, clock: Any) -> None:
    assert cast.alice.user is not None
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    clock.shift(29 * DAY + timedelta(hours=1))
    reminders.remind()
    assert stages("purge_coming") == [1]


@pytest.mark.parametrize("kind", ["project", "gateway", "app"])
def test_a_secret_is_told_of_at_each_stage(cast: Cast, clock: Any, kind: str) -> None:
    user = cast.alice.user
    assert user is not None
    gateway = make_gateway(user, make_project(user, "Night Project"), "Night_Gateway")
    app = make_app(gateway, user, "Night_App")[0]
    given = {"expires_at": NOON + 40 * DAY}
    if kind == "project":
        projects.rotate_secret(gateway.project.key, by=actor(user), read=lambda: given)
    elif kind == "gateway":
        gateways.rotate_key(gateway.key, by=actor(user), read=lambda: given)
    else:
        apps.rotate_secret(app.key, App.objects.with_chain(), by=actor(user), read=lambda: given)
    sweep(clock, 9)
    assert stages("secret_expiring") == []
    sweep(clock, 32)
    assert stages("secret_expiring") == [30, 10, 2]
    assert {(who, event) for who, event in everybody()} == {("alice", "secret_expiring")}
    assert {row.facts["secret"] for row in Notice.objects.all()} == {2}


def test_a_secret_that_was_rotated_or_ended_is_not_told_of(cast: Cast, clock: Any) -> None:
    user = cast.alice.user
    assert user is not None
    project = make_project(user, "Night Project")
    for grace in (0, 3600):
        given = {"expires_at": NOON + 40 * DAY, "grace_seconds": grace}
        projects.rotate_secret(project.key, by=actor(user), read=lambda given=given: given)
    projects.rotate_secret(project.key, by=actor(user), read=lambda: {"grace_seconds": 29 * 86_400})
    sweep(clock, 40)
    assert stages("secret_expiring") == []


def test_a_secret_in_the_bin_is_not_told_of(cast: Cast, clock: Any) -> None:
    user = cast.alice.user
    assert user is not None
    gateway = make_gateway(user)
    gateways.rotate_key(gateway.key, by=actor(user), read=lambda: {"expires_at": NOON + 12 * DAY})
    assert cast.alice.api("DELETE", f"gateways/{gateway.key}").status == 204
    sweep(clock, 12)
    assert stages("secret_expiring") == []
    assert Gateway.objects.get(pk=gateway.pk).secrets.count() == 2


@pytest.mark.parametrize("kind", ["token", "key"])
def test_a_credential_is_told_to_whose_it_is(cast: Cast, clock: Any, kind: str) -> None:
    user = cast.vera.user
    assert user is not None
    if kind == "token":
        make_token(user, "ci", ends_at=NOON + 40 * DAY)
    else:
        by = actor(user)
        fresh = Actor(by.now, by.door, user, proved_at=by.now)
        credentials.make(ACCESS_KEY, by=fresh, read=lambda: {"name": "ci", "ends_at": NOON + 40 * DAY})
    sweep(clock, 41)
    assert stages("secret_expiring") == [30, 10, 2]
    assert {who for who, _ in everybody()} == {"vera"}
    assert {row.thing_name for row in Notice.objects.all()} == {"ci"}
    assert AccessKey.objects.count() == (kind == "key")


def test_what_ends_before_a_stage_when_it_is_made_is_told_of_at_the_next(cast: Cast, clock: Any) -> None:
    assert cast.vera.user is not None
    make_token(cast.vera.user, "short", ends_at=NOON + 5 * DAY)
    sweep(clock, 5)
    assert stages("secret_expiring") == [2]


def test_a_sweep_that_was_cut_off_is_done_again(cast: Cast, clock: Any) -> None:
    assert cast.vera.user is not None
    for number in range(3):
        make_token(cast.vera.user, f"t{number}", ends_at=NOON + 31 * DAY + timedelta(minutes=number))
    made = 0

    def cut(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal made
        made += sql.startswith("INSERT") and "accounts_notice" in sql
        if made == 2:
            raise InterruptedError
        return execute(sql, params, many, context)

    clock.shift(DAY + timedelta(hours=1))
    with connection.execute_wrapper(cut), pytest.raises(InterruptedError):
        reminders.remind()
    reminders.remind()
    assert sorted(Notice.objects.values_list("thing_name", flat=True)) == ["t0", "t1", "t2"]


def test_a_sweep_with_nothing_new_reads_no_more_for_a_full_bin(cast: Cast, clock: Any) -> None:
    assert cast.alice.user is not None
    counts = []
    for many in (0, 20):
        for number in range(many):
            make_city(cast.alice.user, f"Binned_{number}")
        for city in cast.alice.user.cities.exclude(state=5):
            do(city, Verb.DOL, actor(cast.alice.user))
        clock.shift(timedelta(minutes=1))
        with CaptureQueriesContext(connection) as captured:
            reminders.remind()
        counts.append(len(captured))
    assert counts[0] == counts[1]
