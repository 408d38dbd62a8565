"""What an address of the console may ask: a NUL, which PostgreSQL takes in no text, and what no parameter can be."""

import pytest
from django.urls import reverse

from apps.models import App, Gateway
from config.site import console
from projects.models import Project
from tests.cast import Cast
from tests.site import console_matrix as matrix
from tests.site.console import Browser
from tests.site.console_stage import ConsoleStage
from tests.site.forms import chosen

LISTS = {room.path: room for room in console.THINGS}
FILTERS = [(path, name) for path, room in LISTS.items() for name in room.filters.parameters()]
ABOVE = [(path, kind) for path, room in LISTS.items() for kind in room.above]
OTHERS = ("cursor", "q", "p", "next", "version", "verb")


@pytest.fixture
def alice(cast: Cast, app: App) -> Browser:
    """Who has one of each kind."""
    return Browser(cast.alice.user)


@pytest.mark.parametrize(("path", "name"), FILTERS)
def test_a_nul_in_a_filter_is_said_to_be_one(alice: Browser, path: str, name: str) -> None:
    page = alice.get(f"/console/{path}", **{name: "a\0b"})
    assert page.status == 200
    assert "may not hold the character U+0000." in page.text
    assert "\0" not in page.source


@pytest.mark.parametrize(("path", "name"), FILTERS)
def test_what_is_too_long_is_said_to_be_so(alice: Browser, path: str, name: str) -> None:
    page = alice.get(f"/console/{path}", **{name: "a" * 257})
    assert page.status == 200
    assert "must have at most 256 characters." in page.text


def test_a_fault_is_said_of_the_field_that_has_it(alice: Browser) -> None:
    assert "Name or id must have at least 2 characters." in alice.get("/console/cities", search="a").text
    assert "State must be one of" in alice.get("/console/cities", state="open").text
    assert "owner may not hold" in alice.get("/console/cities", owner="\0").text


@pytest.mark.parametrize(("path", "kind"), ABOVE)
def test_a_nul_in_what_a_list_stands_in_is_no_id(alice: Browser, path: str, kind: str) -> None:
    page = alice.get(f"/console/{path}", **{kind: "\0"})
    assert page.status == 200
    assert f"{kind} may not hold the character U+0000." in page.text


def test_a_nul_where_a_new_one_is_to_stand_is_as_if_nothing_were_named(alice: Browser, app: App) -> None:
    for path, kind, above in (
        ("projects", "city", app.gateway.project.city),
        ("gateways", "project", app.gateway.project),
        ("apps", "gateway", app.gateway),
    ):
        page = alice.get(f"/console/{path}/new", **{kind: "\0"})
        assert above is not None
        assert page.status == 200
        assert above.key in [value for value, _ in chosen(page, kind)]


def test_what_cannot_be_the_id_of_what_stands_above_narrows_to_nothing(alice: Browser) -> None:
    assert "First a project" in alice.get("/console/gateways/new", city="no id of a city").text
    assert "First a gateway" in alice.get("/console/apps/new", project="' or 1=1").text


def test_a_cursor_with_a_nul_or_of_any_length_shows_the_first_page(alice: Browser, gateway: Gateway) -> None:
    for cursor in ("\0", "a\0b", "a" * 5000):
        assert gateway.key in alice.get("/console/gateways", cursor=cursor).source


def test_no_page_stumbles_over_a_nul(cast: Cast, app: App) -> None:
    stage = ConsoleStage(cast, app)
    browser = stage.browser("owner")
    names = {name for _, name in FILTERS + ABOVE} | set(OTHERS)
    for page in matrix.read():
        for given in (dict.fromkeys(names, "a\x00b"), dict.fromkeys(names, "a" * 5000)):
            assert browser.get(stage.address(page), **given).status < 500, page


def test_the_search_takes_a_nul_for_nothing(alice: Browser, project: Project) -> None:
    page = alice.get(reverse("console:search"), q=f"{project.key}\0")
    assert page.status == 200
    assert "Type two characters of a name or more, or a whole id." in page.text
