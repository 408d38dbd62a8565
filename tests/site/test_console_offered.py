"""In what somebody may make a new gateway or app: what is offered, and what it costs to know."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access.visibility import held_share
from accounts.console import within
from accounts.models import User
from accounts.people import sharing
from apps.models import Gateway
from config.kernel import registry
from config.kernel.roles import Share
from config.kernel.states import State
from projects.models import Project
from tests.cast import Cast
from tests.factories import actor, make_city, make_gateway, make_project, make_user, share
from tests.site.console import Browser
from tests.site.forms import chosen
from tests.site.pages import bring

MODELS: dict[str, Any] = {"project": Project, "gateway": Gateway}


def offered(user: User, kind: str) -> list[str]:
    """What the page of a new thing offers, one kind below."""
    path = {"project": "gateways", "gateway": "apps"}[kind]
    return [value for value, _ in chosen(Browser(user).get(f"/console/{path}/new"), kind)]


def by_hand(user: User, kind: str) -> list[str]:
    """The same, row by row of what a list holds: those that they own or operate, the newest first."""
    by = actor(user)
    rows = MODELS[kind].objects.listed(by).visible_to(by).exclude(state=State.DELETED).order_by("-pk")
    return [row.key for row in rows if held_share(row) in {Share.OWNER, Share.OPERATOR}]


def _default_of(user: User) -> str:
    return Project.objects.get(company=user.corp, is_default=True).key


def give(kind: str, thing: Any, user: User, role: Share, by: User) -> None:
    terms = {"user": user.key, "role": role}
    sharing.share(registry.kind(kind), thing.key, by=actor(by), read=lambda: terms)


@pytest.fixture
def people(cast: Cast, project: Project, gateway: Gateway) -> dict[str, User]:
    """An admin with a share elsewhere; a member who operates a city, another a project; who was given one directly, and
    who has a viewer's share below an operator's; a city's owner; a member, a stranger."""
    alice, charlie = cast.alice.user, cast.charlie.user
    assert alice is not None
    assert charlie is not None
    bring(make_project(alice, "Binned one"), State.DELETED)
    members = {name: make_user(name) for name in ("of_city", "of_project", "plain")}
    User.objects.filter(pk__in=[each.pk for each in members.values()]).update(corp=alice.corp, is_corp_admin=False)
    for member in members.values():
        member.refresh_from_db()
    share(cast.city, members["of_city"], Share.OPERATOR, by=actor(alice))
    give("project", project, members["of_project"], Share.OPERATOR, alice)
    others = {name: make_user(name) for name in ("direct", "below", "host", "viewer")}
    give("gateway", gateway, others["direct"], Share.OPERATOR, alice)
    give("gateway", gateway, others["below"], Share.VIEWER, alice)
    give("project", project, others["below"], Share.OPERATOR, alice)
    give("project", project, others["viewer"], Share.VIEWER, alice)
    hosted = make_project(alice, "Hosted")
    make_gateway(alice, hosted)
    Project.objects.filter(pk=hosted.pk).update(city=make_city(others["host"], "Host_City"))
    give("project", make_project(charlie, "Charlies"), alice, Share.OPERATOR, charlie)
    return {**members, **others, "alice": alice, "charlie": charlie}


def test_who_owns_or_operates_is_offered_that_and_nobody_else_anything(people: dict[str, User]) -> None:
    for kind in MODELS:
        found = {name: offered(user, kind) for name, user in people.items()}
        assert found == {name: by_hand(user, kind) for name, user in people.items()}
    names = dict(Project.objects.values_list("key", "name"))
    assert [names[key] for key in offered(people["alice"], "project")][:3] == ["Charlies", "Hosted", "Payments"]
    assert [names[key] for key in offered(people["of_city"], "project")] == ["Payments"]
    assert [names[key] for key in offered(people["of_project"], "project")] == ["Payments"]
    assert offered(people["plain"], "project") == []
    assert offered(people["viewer"], "project") == [_default_of(people["viewer"])]
    tram = Gateway.objects.get(name="Tram_Signals").key
    for name in ("of_city", "of_project", "direct", "below"):
        assert offered(people[name], "gateway") == [tram], name
    assert offered(people["plain"], "gateway") == offered(people["viewer"], "gateway") == []


def test_no_share_is_looked_up_but_of_what_is_offered(people: dict[str, User]) -> None:
    """And once for the page: a company may have a million."""
    for name in ("alice", "of_project", "plain"):
        with CaptureQueriesContext(connection) as captured:
            assert Browser(people[name]).get("/console/gateways/new").status == 200
        asked = [query["sql"] for query in captured.captured_queries if 'AS "held"' in query["sql"]]
        looked_up = [sql for sql in asked if 'FROM "projects_project"' in sql]
        assert len(looked_up) == (name != "plain"), name
        assert all('"projects_project"."id" IN (' in sql and "UNION" not in sql for sql in looked_up), name


def test_no_more_than_fifty_are_offered_the_newest(people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(within, "MOST", 2)
    assert offered(people["alice"], "project") == by_hand(people["alice"], "project")[:2]
