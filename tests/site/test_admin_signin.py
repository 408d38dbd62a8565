"""The super-console's door: who may enter, and where the others are sent."""

import pytest

from accounts.access.actor import Actor
from accounts.lifecycle import USER
from accounts.models import AuditEvent, Login, User
from accounts.people import services
from config.kernel.roles import Role
from config.kernel.states import Verb
from tests.cast import Cast
from tests.factories import make_user
from tests.site.console import AUDIT, CITIES, LOGIN, Browser, address

PASSWORD = "correct horse 9"


@pytest.fixture
def zoon(db: None) -> User:
    return make_user("steward", Role.ZOON, password=PASSWORD)


def every_sort_of_page(cast: Cast) -> list[str]:
    city = [address(cast.city), address(cast.city, "dis")]
    return ["/admin/", "/admin/login/", CITIES, AUDIT, *city, "/admin/nothing/"]


def test_the_address_without_a_slash_leads_there_too(db: None) -> None:
    assert Browser().get("/admin").headers["Location"] == "/admin/"


def test_its_own_address_of_signing_in_leads_to_the_one_door(db: None) -> None:
    assert Browser().get("/admin/login/").headers["Location"] == f"{LOGIN}?next=%2Fadmin%2F"
    assert Browser().get("/admin/login/?next=/admin/x/").headers["Location"] == f"{LOGIN}?next=%2Fadmin%2Fx%2F"


def test_it_begins_with_the_figures(zoon: User) -> None:
    browser = Browser()
    assert browser.sign_in("Steward", PASSWORD).headers["Location"] == "/admin/"
    assert "New this week" in browser.get("/admin/").text
    assert browser.get("/admin/login/").headers["Location"] == "/admin/"


def test_signing_out_there_ends_it_everywhere(zoon: User) -> None:
    browser = Browser()
    browser.sign_in("steward", PASSWORD)
    assert browser.get("/admin/logout/").status == 405
    assert browser.post("/admin/logout/").headers["Location"] == LOGIN
    assert browser.get(CITIES).status == 302
    assert browser.get("/account/").status == 302
    assert [row.state for row in Login.objects.all()] == [5]


def test_nobody_is_sent_to_sign_in(cast: Cast) -> None:
    for path in ("/admin/", CITIES, AUDIT, address(cast.city), address(cast.city, "dis"), "/admin/nothing/"):
        page = Browser().get(path)
        assert (page.status, page.headers["Location"].split("?")[0]) == (302, "/admin/login/")


def test_a_developer_who_looks_in_is_led_to_their_own_console(cast: Cast) -> None:
    browser = Browser(cast.alice.user)
    for path in every_sort_of_page(cast):
        for answer in (browser.client.get(path), browser.client.head(path)):
            assert (answer.status_code, answer.headers["Location"], answer.content) == (302, "/console/", b""), path


def test_what_a_developer_sends_there_is_refused_and_shows_nothing(cast: Cast) -> None:
    browser = Browser(cast.alice.user)
    for path in every_sort_of_page(cast):
        page = browser.post(path)
        assert page.status == 403, path
        assert "For administrators only" in page.text
        assert cast.city.name not in page.source
        assert cast.city.key not in page.text


def test_a_developer_can_leave(cast: Cast) -> None:
    browser = Browser(cast.alice.user)
    assert browser.post("/admin/logout/").headers["Location"] == LOGIN
    assert browser.get(LOGIN).status == 200


def test_a_session_ends_when_its_user_is_disabled(cast: Cast) -> None:
    browser = Browser(cast.zoe.user)
    assert browser.get(CITIES).status == 200
    assert cast.zoe.user is not None
    services.switch(USER, cast.zoe.user, Verb.DIS, by=Actor.system())
    assert browser.get(CITIES).status == 302


@pytest.mark.parametrize(
    "path",
    ["password_change/", "password_change/done/", "auth/group/", "autocomplete/", "search/?s=a", "r/1/1/", "jsi18n/"],
)
def test_what_the_console_does_not_have_is_not_there(cast: Cast, path: str) -> None:
    assert Browser(cast.root.user).get(f"/admin/{path}").status == 404


def test_nothing_is_written_by_looking(cast: Cast) -> None:
    before = AuditEvent.objects.count()
    browser = Browser(cast.zoe.user)
    for path in (CITIES, AUDIT, address(cast.city), address(cast.city, "dis")):
        assert browser.get(path).status == 200
    assert AuditEvent.objects.count() == before
