"""What a policy closes is not read on another page of the console either (S11)."""

from dataclasses import dataclass

import pytest

from accounts.access.actor import Actor
from accounts.models import AuditEvent, User
from accounts.people import invitations
from apps.models import App, AppCode
from apps.services import codes
from cities.models import City
from projects.models import Project
from tests.cast import Cast
from tests.factories import actor, make_app, make_gateway, make_project
from tests.policies import CLOSED, override
from tests.site.console import Browser, prove
from tests.site.forms import chosen

MAIL = "invited@polis.example"
SENTENCE = "This interface is not supported here."


@dataclass
class Stage:
    """What alice has, before her own pages; oscar is of her company, and one more is asked to be."""

    browser: Browser
    oscar: User
    city: City
    project: Project
    app: App
    code: AppCode


@pytest.fixture
def stage(cast: Cast) -> Stage:
    assert cast.alice.user is not None
    assert cast.oscar.user is not None
    alice, oscar = cast.alice.user, cast.oscar.user
    User.objects.filter(pk=oscar.pk).update(corp=alice.corp, is_corp_admin=False)
    by: Actor = actor(alice)
    invitations.invite(alice.corp.key, by=by, read=lambda: {"email": MAIL})
    project = make_project(alice, city=cast.city.key)
    app = make_app(make_gateway(alice, project), alice)[0]
    code = codes.create_code(app.key, App.objects.with_chain(), by=by, read=dict)[0]
    return Stage(Browser(alice), oscar, cast.city, project, app, code)


def test_a_closed_trail_is_closed_on_every_page_of_it(stage: Stage) -> None:
    home = stage.browser.get("/console/").text
    assert "What you did last" in home
    paths = [f"cities/{stage.city.key}", f"projects/{stage.project.key}", f"gateways/{stage.app.gateway.key}"]
    paths = [f"/console/{path}/activity" for path in (*paths, f"apps/{stage.app.key}")]
    for path in (*paths, "/console/activity"):
        assert stage.browser.get(path).status == 200
    override("QriAudit", enable=CLOSED)
    for path in (*paths, "/console/activity"):
        page = stage.browser.get(path)
        assert (page.status, SENTENCE in page.text) == (403, True), path
    home = stage.browser.get("/console/")
    assert home.status == 200
    assert "What you did last" not in home.text
    assert AuditEvent.objects.filter(code="api_not_supported", outcome="refused").count() == len(paths) + 1


def test_a_company_tells_of_its_people_and_of_whom_it_asks_what_is_open(stage: Stage) -> None:
    page = stage.browser.get("/console/company")
    assert stage.oscar.key in page.text
    assert MAIL in page.text
    override("QriInvitation", enable=CLOSED)
    page = stage.browser.get("/console/company")
    assert stage.oscar.key in page.text
    assert MAIL not in page.text
    override("QriMember", enable=CLOSED)
    page = stage.browser.get("/console/company")
    assert page.status == 200
    assert stage.oscar.key not in page.text
    assert stage.oscar.name not in page.text


def test_an_app_tells_of_its_codes_where_that_is_open(stage: Stage) -> None:
    path = f"/console/apps/{stage.app.key}"
    assert f"{stage.code.hint}…" in stage.browser.get(path).text
    override("QriAppCode", enable=CLOSED)
    page = stage.browser.get(path)
    assert page.status == 200
    assert f"{stage.code.hint}…" not in page.text
    assert stage.code.key not in page.source
    assert "New AppCode" in page.text
    assert "None. A client" not in page.text


@pytest.mark.parametrize(
    ("row", "path", "field"),
    [
        ("QriState", "projects/new", "city"),
        ("QriProject", "gateways/new", "project"),
        ("QriGateway", "apps/new", "gateway"),
    ],
)
def test_nothing_is_offered_to_stand_in_where_its_list_is_closed(stage: Stage, row: str, path: str, field: str) -> None:
    above = {"city": stage.city.key, "project": stage.project.key, "gateway": stage.app.gateway.key}[field]
    assert (above, False) in chosen(stage.browser.get(f"/console/{path}"), field)
    override(row, enable=CLOSED)
    page = stage.browser.get(f"/console/{path}")
    assert page.status == 200
    assert [value for value, _ in chosen(page, field) if value] == []
    assert above not in page.source


def test_what_the_address_names_is_offered_by_the_row_of_one_thing(stage: Stage) -> None:
    path, key = "/console/gateways/new", stage.project.key
    override("QriProject", enable=CLOSED)
    assert chosen(stage.browser.get(path, project=key), "project") == [(key, True)]
    override("GetProject", enable=CLOSED)
    assert chosen(stage.browser.get(path, project=key), "project") == []


def test_a_projects_move_offers_no_city_where_their_list_is_closed(stage: Stage) -> None:
    path = f"/console/projects/{stage.project.key}/move"
    assert (stage.city.key, True) in chosen(stage.browser.get(path), "city")
    override("QriState", enable=CLOSED)
    assert [value for value, _ in chosen(stage.browser.get(path), "city")] == [""]


def test_a_token_is_offered_no_cities_where_their_list_is_closed(stage: Stage) -> None:
    path = "/console/tokens/new"
    prove(stage.browser)
    assert stage.city.key in stage.browser.get(path).source
    override("QriState", enable=CLOSED)
    page = stage.browser.get(path)
    assert page.status == 200
    assert stage.city.key not in page.source
