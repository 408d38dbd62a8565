"""An app serves only while all above it does: computed, never copied down (domain.md §2)."""

from typing import Any

import pytest

from accounts.access.actor import Actor
from accounts.machine import executor
from accounts.people import companies, sharing
from apps.lifecycle import APP, GATEWAY
from apps.models import App, Gateway
from config.kernel import registry
from config.kernel.roles import Share
from config.kernel.states import State, Verb
from projects.lifecycle import PROJECT
from projects.models import Project
from tests.cast import Cast
from tests.factories import actor, do, make_app, make_gateway, make_project


@pytest.fixture
def app(cast: Cast) -> App:
    """In alice's city: city, company, project, gateway, app."""
    assert cast.alice.user is not None
    project = make_project(cast.alice.user, city=cast.city.key)
    return make_app(make_gateway(cast.alice.user, project), cast.alice.user)[0]


def effective(app: App) -> State:
    by = Actor.system()
    return App.objects.with_chain().get(pk=app.pk).effective_at(by.now)


def rows(app: App) -> list[Any]:
    tables = (App, Gateway, Project)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


def test_a_closed_city_closes_every_app_without_a_row_written(cast: Cast, app: App) -> None:
    other, _ = make_app(app.gateway, cast.alice.user)  # type: ignore[arg-type]
    by = actor(cast.alice.user)  # type: ignore[arg-type]
    executor.fire(APP, App.objects.all(), other.key, Verb.OFF, by=by)
    before = rows(app)
    do(cast.city, Verb.DIS, Actor.system())
    assert (effective(app), effective(other)) == (State.DISABLED, State.DISABLED)
    assert rows(app) == before
    do(cast.city, Verb.ENB, Actor.system())
    assert (effective(app), effective(other)) == (State.ENABLED, State.OFFLINE)
    assert rows(app) == before


@pytest.mark.parametrize("link", ["gateway", "project", "company"])
def test_each_link_closes_it(app: App, link: str) -> None:
    system = Actor.system()
    if link == "gateway":
        executor.fire(GATEWAY, Gateway.objects.all(), app.gateway.key, Verb.DIS, by=system)
    if link == "project":
        executor.fire(PROJECT, Project.objects.all(), app.gateway.project.key, Verb.DIS, by=system)
    if link == "company":
        companies.switch(app.gateway.project.company.key, Verb.DIS, by=system)
    assert effective(app) is State.DISABLED


@pytest.mark.parametrize("on", ["city", "project", "gateway", "app"])
def test_a_grant_above_is_a_share_of_the_app(cast: Cast, app: App, on: str) -> None:

    assert cast.charlie.user is not None
    things = {"city": cast.city, "project": app.gateway.project, "gateway": app.gateway, "app": app}
    by = actor(cast.charlie.user)
    assert not App.objects.visible_to(by).filter(pk=app.pk).exists()
    terms = {"user": cast.charlie.user.key, "role": Share.OPERATOR}
    owner = actor(cast.alice.user)  # type: ignore[arg-type]
    sharing.share(registry.kind(on), things[on].key, by=owner, read=lambda: terms)
    found = App.objects.visible_to(by).get(pk=app.pk)
    assert found.held == "operate_app"
