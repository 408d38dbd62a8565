"""Keystone's tokens for a project: what they reach; a token of one's own, one's projects, and the version."""

from typing import Any

import pytest

from accounts.access.actor import Actor
from accounts.models import AccessToken, AuditEvent, User
from accounts.people.reach import Reach
from accounts.people.tokens import make_token
from config.kernel.roles import Role
from config.kernel.states import Verb
from projects.models import Project
from tests.accounts.keystone import DOMAIN, PASSWORD, ask, asking, call, text_of
from tests.cast import Caller
from tests.factories import do, make_city, make_project, make_user
from tests.factories import make_token as make_text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("by", ["id", "name"])
def test_a_token_for_a_project_says_where_to_go_with_it(by: str, dora: User, project: Project) -> None:
    named = {"id": project.key} if by == "id" else {"name": "doras project", "domain": DOMAIN}
    answer = ask(asking(scope={"project": named}))
    told = answer.body["token"]
    assert told["project"] == {"id": project.key, "name": "Doras Project", "domain": DOMAIN}
    assert told["roles"] == [{"id": "developer", "name": "developer"}]
    places = {entry["type"]: entry["endpoints"][0]["url"] for entry in told["catalog"]}
    assert places == {
        "apig": f"http://testserver/v2/{project.key}",
        "apigv1": f"http://testserver/v1/{project.key}",
        "identity": "http://testserver/v3",
    }
    assert AccessToken.objects.get().project == project.key


def test_a_catalog_may_be_left_out(dora: User, project: Project, settings: Any) -> None:
    scoped = asking(scope={"project": {"id": project.key}})
    assert "catalog" not in ask(scoped, "/v3/auth/tokens?nocatalog").body["token"]
    settings.BASE_URL = "https://polis.example"
    places = ask(scoped).body["token"]["catalog"]
    assert places[0]["endpoints"][0]["url"] == f"https://polis.example/v2/{project.key}"


def test_a_project_in_the_bin_and_a_name_of_two_are_none(dora: User, project: Project) -> None:
    make_project(dora, "In the bin")
    owner = Caller(make_text(dora))
    binned = Project.objects.get(name="In the bin")
    assert owner.api("DELETE", f"projects/{binned.key}").status == 204
    assert ask(asking(scope={"project": {"id": binned.key}})).status == 401
    assert ask(asking(scope={"project": {"name": "In the bin", "domain": DOMAIN}})).status == 401


@pytest.fixture
def scoped(dora: User, project: Project) -> str:
    return text_of(ask(asking(scope={"project": {"id": project.key}})))


def test_a_token_for_a_project_sees_nothing_else(dora: User, project: Project, scoped: str) -> None:
    city = make_city(dora, "Doras_City")
    other = make_project(dora, "Other Project")
    caller = Caller(scoped)
    assert caller.api("GET", f"projects/{project.key}").status == 200
    assert caller.api("GET", f"projects/{other.key}").status == 404
    assert [each["name"] for each in caller.api("GET", "projects").body["results"]] == ["Doras Project"]
    assert caller.api("GET", f"cities/{city.key}").status == 404
    assert caller.api("GET", "cities").body["results"] == []
    assert caller.api("GET", "grants").body["results"] == []
    assert caller.api("GET", f"audit?thing=project/{project.key}").status == 200
    for path in (f"audit?thing=project/{other.key}", f"audit?thing=city/{city.key}"):
        assert caller.api("GET", path).status == 404
    for method, path, data in (
        ("POST", "cities", {"name": "New_City"}),
        ("POST", "projects", {"name": "New Project"}),
        ("GET", "audit", None),
        ("GET", "tokens", None),
        ("GET", "access-keys", None),
        ("PATCH", "me", {"avatar": "x"}),
    ):
        assert caller.api(method, path, data).status == 403, path
    assert caller.api("GET", "me").body["may"]["city"] == ["QRI"]
    assert [each["id"] for each in call("GET", "/v3/projects", scoped).body["projects"]] == [project.key]


def test_a_god_with_a_token_for_a_project_sees_nothing_else_either(project: Project) -> None:
    rita = make_user("rita", Role.GOD, password=PASSWORD)
    city = make_city(make_user("charlie"), "Charlies_City")
    body = asking({"name": "rita", "domain": DOMAIN}, scope={"project": {"id": project.key}})
    caller = Caller(text_of(ask(body)))
    assert rita.role == "god"
    assert caller.api("GET", f"projects/{project.key}").status == 200
    assert caller.api("GET", f"cities/{city.key}").status == 404
    assert caller.api("GET", "cities?scope=all").body["results"] == []
    assert caller.api("GET", f"audit?thing=city/{city.key}").status == 404


@pytest.mark.parametrize("kind", ["tokens", "access-keys"])
def test_what_it_makes_is_bound_to_the_project_too(kind: str, dora: User, project: Project) -> None:
    reach = Reach(scopes=("read", "verbs", "credentials"), project=project.key)
    _, text = make_token(dora, reach, by=Actor.system(), name="bound")
    made = Caller(text).api("POST", kind, {"name": "made"})
    assert made.status == 201
    row = dora.accesstokens.latest("pk") if kind == "tokens" else dora.accesskeys.get()
    assert row.project == project.key
    event = AuditEvent.objects.filter(verb="ADD", kind__in=["accesstoken", "accesskey"]).latest("at")
    assert event.after["project"] == project.key


# ── a token of one's own ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_is_told_what_it_is_worth(dora: User, project: Project, scoped: str) -> None:
    answer = call("GET", "/v3/auth/tokens", scoped, X_Subject_Token=scoped)
    assert answer.status == 200
    assert answer.body["token"]["project"]["id"] == project.key
    assert answer.body["token"]["methods"] == ["password"]
    assert "X-Subject-Token" not in answer.headers, "it was shown once"


def test_a_token_that_is_not_ones_own_is_not_there(dora: User) -> None:
    mine, another = text_of(ask()), make_text(make_user("charlie"))
    for method in ("GET", "DELETE"):
        for subject in (another, "polis_nonsense", "x"):
            assert call(method, "/v3/auth/tokens", mine, X_Subject_Token=subject).status == 404
        assert call(method, "/v3/auth/tokens", mine).status == 400
        assert call(method, "/v3/auth/tokens", "", X_Subject_Token=mine).status == 401
    assert Caller(another).api("GET", "me").status == 200


def test_a_token_ends_itself_and_its_login(dora: User) -> None:
    text = text_of(ask())
    assert call("DELETE", "/v3/auth/tokens", text, X_Subject_Token=text).status == 204
    assert call("GET", "/v3/projects", text).status == 401
    assert {event.kind for event in AuditEvent.objects.filter(verb="DEL")} == {"login", "accesstoken"}


def test_another_of_ones_own_is_ended_by_who_may_end_credentials(dora: User) -> None:
    narrow, other = text_of(ask()), text_of(ask())
    assert call("DELETE", "/v3/auth/tokens", narrow, X_Subject_Token=other).status == 403
    assert call("DELETE", "/v3/auth/tokens", make_text(dora), X_Subject_Token=other).status == 204
    assert call("GET", "/v3/projects", other).status == 401
    assert call("GET", "/v3/projects", narrow).status == 200


# ── projects, and the version ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["/v3/projects", "/v3/auth/projects", "/v3/projects/"])
def test_ones_projects_are_listed(path: str, dora: User, project: Project) -> None:
    make_project(make_user("charlie"), "Charlies Project")
    token = text_of(ask())
    found = {each["name"]: each for each in call("GET", path, token).body["projects"]}
    assert set(found) == {"Doras Project", "默认项目"}
    assert found["Doras Project"] == {
        "id": project.key,
        "name": "Doras Project",
        "domain_id": "default",
        "parent_id": "default",
        "is_domain": False,
        "description": "",
        "enabled": True,
        "links": {"self": f"http://testserver/v3/projects/{project.key}"},
    }
    assert call("GET", f"{path}?name=Doras%20Project", token).body["projects"] == [found["Doras Project"]]
    assert call("GET", f"{path}?name=Charlies%20Project", token).body["projects"] == []
    assert call("GET", f"{path}?name=%00", token).body["error"]["code"] == 400
    assert call("GET", f"{path}?domain_id=other", token).body["projects"] == []


def test_a_project_under_a_closed_city_is_not_enabled(dora: User) -> None:
    city = make_city(dora, "Doras_City")
    make_project(dora, "In the city", city=city.key)
    do(city, Verb.DIS, Actor.system())
    found = call("GET", "/v3/projects?name=In%20the%20city", text_of(ask())).body["projects"]
    assert [each["enabled"] for each in found] == [False]


@pytest.mark.parametrize("path", ["/v3", "/v3/"])
def test_the_version_is_told_to_everybody(path: str) -> None:
    answer = Caller().call("GET", path)
    assert (answer.status, answer.body["version"]["id"], answer.body["version"]["status"]) == (200, "v3.14", "stable")
    assert answer.body["version"]["links"] == [{"rel": "self", "href": "http://testserver/v3/"}]
    assert Caller().call("GET", "/").status == 302, "the console stays where it is"
