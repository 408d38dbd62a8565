"""Gateways in the developers' console: made in a project, their settings, who sees what of them."""

import pytest

from apps.models import Gateway
from projects.models import Project
from tests.cast import Cast
from tests.factories import make_gateway, make_project, make_user
from tests.site.console import Browser
from tests.site.forms import chosen, hidden, send, value_of

GATEWAYS = "/console/gateways"


@pytest.fixture
def alice(cast: Cast) -> Browser:
    return Browser(cast.alice.user)


def test_a_new_one_shows_its_key_this_once(alice: Browser, project: Project) -> None:
    form = alice.get(f"{GATEWAYS}/new", project=project.key)
    assert chosen(form, "project") == [(project.key, True)]
    page = send(alice, f"{GATEWAYS}/new?project={project.key}", project=project.key, name="Tram_Doors")
    made = Gateway.objects.get(name="Tram_Doors")
    assert made.project == project
    assert value_of(page) == made.secrets.get().reveal()
    assert len(value_of(page)) == 40
    assert f"Instance id {made.key}" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert value_of(page) not in alice.get(f"{GATEWAYS}/{made.key}").source


def test_the_same_form_sent_twice_makes_one(alice: Browser, project: Project) -> None:
    form = hidden(alice.get(f"{GATEWAYS}/new"))
    alice.post(f"{GATEWAYS}/new", **form, project=project.key, name="Once_Only")
    again = alice.post(f"{GATEWAYS}/new", **form, project=project.key, name="Once_Only")
    made = Gateway.objects.get(name="Once_Only")
    assert (again.status, again.headers["Location"]) == (302, f"{GATEWAYS}/{made.key}")


def test_an_operator_makes_one_where_they_came_from_and_no_viewer_does(cast: Cast, project: Project) -> None:
    oscar, vera, charlie = (Browser(caller.user) for caller in (cast.oscar, cast.vera, cast.charlie))
    page = send(oscar, f"{GATEWAYS}/new?project={project.key}", project=project.key, name="By_Oscar")
    assert len(value_of(page)) == 40
    assert "new?project=" in oscar.get(GATEWAYS, project=project.key).source
    for browser, status in ((vera, 403), (charlie, 404)):
        assert browser.get(f"{GATEWAYS}/new", project=project.key).status == status
        sent = browser.post(f"{GATEWAYS}/new", project=project.key, name="By_Others")
        assert (sent.status, value_of(sent)) == (status, "")
    assert "new?project=" not in vera.get(GATEWAYS, project=project.key).source
    assert not Gateway.objects.filter(name="By_Others").exists()


def test_who_has_no_project_in_which_to_make_one_is_told_so(cast: Cast, project: Project) -> None:
    assert cast.alice.user is not None
    member = make_user("mia")
    member.corp, member.is_corp_admin = cast.alice.user.corp, False
    member.save()
    page = Browser(member).get(f"{GATEWAYS}/new")
    assert (page.status, "First a project" in page.text) == (200, True)
    assert "/console/projects/new" not in page.source  # it is the company's admins who make one
    assert 'name="name"' not in page.source


def test_from_a_city_its_projects_alone_are_offered(cast: Cast, alice: Browser, project: Project) -> None:
    assert cast.alice.user is not None
    other = make_project(cast.alice.user)
    every = [value for value, _ in chosen(alice.get(f"{GATEWAYS}/new"), "project")]
    assert every == [other.key, project.key]
    within = alice.get(f"{GATEWAYS}/new", city=cast.city.key)
    assert [value for value, _ in chosen(within, "project")] == [project.key]


def test_its_owner_changes_its_settings(alice: Browser, gateway: Gateway) -> None:
    given = {"name": "Night_Trams", "key_switch": "on", "app_limit": 7, "app_code_limit": 3, "profile": "envoy"}
    done = send(alice, f"{GATEWAYS}/{gateway.key}/edit", **given)
    assert done.headers["Location"] == f"{GATEWAYS}/{gateway.key}"
    gateway.refresh_from_db()
    shown = (gateway.name, gateway.key_switch, gateway.app_limit, gateway.app_code_limit, gateway.profile)
    assert shown == ("Night_Trams", True, 7, 3, "envoy")
    assert not gateway.unsigned_body
    page = alice.get(f"{GATEWAYS}/{gateway.key}").text
    assert "Own keys On" in page
    assert "Apps at most 7" in page


def test_a_limit_beyond_an_owners_is_told_beside_it(alice: Browser, gateway: Gateway) -> None:
    given = {"name": gateway.name, "app_limit": 51, "app_code_limit": 5, "profile": "nginx"}
    page = send(alice, f"{GATEWAYS}/{gateway.key}/edit", **given)
    assert page.status == 422
    assert "Apps at most must be between 0 and 50." in page.text
    gateway.refresh_from_db()
    assert gateway.app_limit == 50


def test_an_operator_changes_its_name_alone(cast: Cast, gateway: Gateway) -> None:
    oscar = Browser(cast.oscar.user)
    assert "app_limit" not in oscar.get(f"{GATEWAYS}/{gateway.key}/edit").source
    send(oscar, f"{GATEWAYS}/{gateway.key}/edit", name="By_Oscar", app_limit=1, key_switch="on", profile="envoy")
    gateway.refresh_from_db()
    assert (gateway.name, gateway.app_limit, gateway.key_switch, gateway.profile) == ("By_Oscar", 50, False, "nginx")


@pytest.mark.parametrize(("person", "page", "edit"), [("vera", 200, 403), ("charlie", 404, 404)])
def test_others_change_nothing(cast: Cast, gateway: Gateway, person: str, page: int, edit: int) -> None:
    browser = Browser(getattr(cast, person).user)
    assert browser.get(f"{GATEWAYS}/{gateway.key}").status == page
    assert browser.get(f"{GATEWAYS}/{gateway.key}/edit").status == edit
    assert browser.post(f"{GATEWAYS}/{gateway.key}/edit", name="Not_So", version=gateway.version).status == edit
    gateway.refresh_from_db()
    assert gateway.name == "Tram_Signals"


def test_a_list_within_a_project_holds_its_gateways_alone(cast: Cast, alice: Browser, gateway: Gateway) -> None:
    assert cast.alice.user is not None
    other = make_gateway(cast.alice.user)
    within = alice.get(GATEWAYS, project=gateway.project.key).source
    assert gateway.key in within
    assert other.key not in within
    assert gateway.key not in Browser(cast.charlie.user).get(GATEWAYS).source
    assert Browser(cast.charlie.user).get(GATEWAYS, project=gateway.project.key).status == 404


def test_its_crumbs_lead_through_city_and_project(cast: Cast, alice: Browser, gateway: Gateway) -> None:
    source = alice.get(f"{GATEWAYS}/{gateway.key}").source
    ways = [f"/console/cities/{cast.city.key}", f"/console/projects/{gateway.project.key}"]
    assert [f'href="{way}"' in source for way in ways] == [True, True]


def test_from_an_empty_city_one_is_led_to_a_project_in_it(alice: Browser, cast: Cast) -> None:
    page = alice.get(f"{GATEWAYS}/new", city=cast.city.key)
    assert "First a project" in page.text
    assert f'href="/console/projects/new?city={cast.city.key}"' in page.source
