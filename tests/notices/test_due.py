"""What is due and what only looks so: rows that time passes by, and those that must not be lost among many."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.access.actor import Actor
from accounts.lifecycle import ACCESS_TOKEN
from accounts.machine import reminders
from accounts.models import AccessToken, Notice
from accounts.people import credentials, tokens
from accounts.people.reach import Reach
from apps.models import App
from apps.services import apps
from config.kernel.states import Verb
from projects import services as projects
from projects.lifecycle import PROJECT
from projects.models import Project
from tests.cast import Cast
from tests.factories import actor, do, make_app, make_gateway, make_project, make_token
from tests.notices.telling import everybody, read
from tests.notices.test_time import DAY, NOON, clock, stages, sweep

__all__ = ["clock"]


def test_what_stands_in_something_closed_stays_and_is_not_told_of(cast: Cast, clock: Any) -> None:
    assert cast.alice.user is not None
    project = make_project(cast.alice.user, "Placed", city=cast.city.key)
    projects.executor.fire(PROJECT, Project.objects.all(), project.key, Verb.DOL, by=actor(cast.alice.user))
    do(cast.city, Verb.DIS, Actor.system())
    sweep(clock, 30)
    assert stages("purge_coming") == []


def test_it_says_when_the_bin_is_emptied(cast: Cast, clock: Any) -> None:
    assert cast.alice.user is not None
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    sweep(clock, 23)
    (notice,) = Notice.objects.filter(event="purge_coming")
    assert datetime.fromisoformat(notice.facts["ends_at"]) == NOON + 30 * DAY


def test_what_is_thrown_away_again_is_told_of_again(cast: Cast, clock: Any) -> None:
    assert cast.alice.user is not None
    for _ in range(2):
        do(cast.city, Verb.DOL, actor(cast.alice.user))
        sweep(clock, 23)
        do(cast.city, Verb.RCC, Actor.system())
    assert stages("purge_coming") == [7, 7]


def test_a_secret_that_was_ended_by_hand_is_not_told_of(cast: Cast, clock: Any) -> None:
    assert cast.alice.user is not None
    project = make_project(cast.alice.user, "Night Project")
    terms = {"expires_at": NOON + 40 * DAY, "grace_seconds": 3600}
    projects.rotate_secret(project.key, by=actor(cast.alice.user), read=lambda: terms)
    assert cast.alice.api("DELETE", f"projects/{project.key}/secrets/2").status in (200, 204)
    sweep(clock, 40)
    assert stages("secret_expiring") == []


def test_each_secret_of_a_thing_is_told_of(cast: Cast, clock: Any) -> None:
    user = cast.alice.user
    assert user is not None
    app = make_app(make_gateway(user), user)[0]
    for days in (40, 50):
        terms = {"expires_at": NOON + days * DAY}
        apps.rotate_secret(app.key, App.objects.with_chain(), by=actor(user), read=lambda terms=terms: terms)
        sweep(clock, 15)
    told = [(row.facts["days"], row.facts["secret"]) for row in Notice.objects.order_by("pk")]
    assert told == [(30, 2), (30, 3)]


def test_a_credential_that_its_owner_has_ended_is_not_told_of(cast: Cast, clock: Any) -> None:
    user = cast.vera.user
    assert user is not None
    make_token(user, "ci", ends_at=NOON + 40 * DAY)
    credentials.fire(ACCESS_TOKEN, AccessToken.objects.get(name="ci").key, Verb.DEL, by=actor(user))
    sweep(clock, 41)
    assert everybody() == []


def test_nor_is_one_that_came_of_a_sign_in(cast: Cast, clock: Any) -> None:
    user, by = cast.vera.user, Actor.system()
    assert user is not None
    login = tokens.begin_login(user, by=by, ends_at=NOON + 40 * DAY)
    tokens.make_token(user, Reach(scopes=("read",)), by=by, login=login)
    AccessToken.objects.filter(login=login).update(ends_at=NOON + 40 * DAY)
    sweep(clock, 41)
    assert everybody() == []


def test_an_offer_that_ends_untaken_holds_up_nothing(cast: Cast, clock: Any) -> None:
    assert cast.vera.user is not None
    ends_at = (NOON + timedelta(hours=12)).isoformat()
    terms = {"thing": f"city/{cast.city.key}", "user": "friend@example.com", "role": "operator", "expires_at": ends_at}
    assert cast.alice.api("POST", "grants", terms).status == 201
    Notice.objects.all().delete()
    make_token(cast.vera.user, "ci", ends_at=NOON + 11 * DAY)
    sweep(clock, 1)
    assert everybody() == [("vera", "secret_expiring")]


def test_none_is_lost_among_many(cast: Cast, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cast.vera.user is not None
    monkeypatch.setattr(reminders, "_BATCH", 2)
    for number in range(4):
        make_token(cast.vera.user, f"t{number}", ends_at=NOON + 31 * DAY)
    sweep(clock, 1)
    assert sorted(Notice.objects.values_list("thing_name", flat=True)) == ["t0", "t1", "t2", "t3"]


@pytest.mark.parametrize("kind", ["project", "gateway", "app"])
def test_whose_share_of_a_thing_ends_may_know_its_own_secret(cast: Cast, clock: Any, kind: str) -> None:
    """Not of something above it."""
    assert cast.alice.user is not None
    assert cast.charlie.user is not None
    gateway = make_gateway(cast.alice.user, make_project(cast.alice.user, "Night Project"), "Night_Gateway")
    app = make_app(gateway, cast.alice.user, "Night_App")[0]
    key = {"project": gateway.project.key, "gateway": gateway.key, "app": app.key}[kind]
    terms = {"thing": f"{kind}/{key}", "user": cast.charlie.user.key, "role": "operator"}
    grant = cast.alice.api("POST", "grants", terms).body["id"]
    where = f"apps/{app.key}/rotate"
    assert cast.charlie.api("POST", where, {"grace_seconds": 3600}).status == 200
    Notice.objects.all().delete()
    assert cast.alice.api("DELETE", f"grants/{grant}").status == 204
    (notice,) = [each for each in read(cast.alice) if each["event"] == "secret_known"]
    assert (notice["user"], notice["secrets"]) == (cast.charlie.user.key, 1)
