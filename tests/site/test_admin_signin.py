"""Signing in to the super-console: who is let in, what the others are told, what a browser remembers."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.lifecycle import USER
from accounts.models import AuditEvent, RefusalTally, SignIn, User
from accounts.people import devices, services
from accounts.people.hashers import md5_hex
from config.kernel.roles import Role
from config.kernel.states import Verb
from tests.cast import Cast
from tests.factories import make_user
from tests.site.console import AUDIT, CITIES, LOGIN, Browser, address

WRONG = "The user or the password is wrong."


@pytest.fixture
def zoon(db: None) -> User:
    return make_user("steward", Role.ZOON, password="correct horse")


def test_a_right_password_leads_to_the_cities(zoon: User) -> None:
    browser = Browser()
    page = browser.sign_in("Steward", "correct horse")
    assert (page.status, page.headers["Location"]) == (302, "/admin/")
    assert browser.get("/admin/").headers["Location"] == CITIES
    assert browser.get(CITIES).status == 200
    assert SignIn.objects.filter(user=zoon, address="192.0.2.1").exists()


def test_the_address_without_a_slash_leads_there_too(db: None) -> None:
    assert Browser().get("/admin").headers["Location"] == "/admin/"


def test_it_goes_where_one_was_going_and_nowhere_outside(zoon: User) -> None:
    sent = {"name": "steward", "password": "correct horse"}
    inside = Browser().post(f"{LOGIN}?next={AUDIT}", **sent, next=AUDIT)
    outside = Browser().post(f"{LOGIN}?next=https://evil.example/", **sent, next="https://evil.example/")
    assert inside.headers["Location"] == AUDIT
    assert outside.headers["Location"] == "/admin/"


def test_every_failure_reads_the_same(zoon: User) -> None:
    """A wrong password, nobody's name, a developer, one who is disabled, one without a password."""
    make_user("dev", password="correct horse")
    make_user("nopass", Role.ZOON)
    off = make_user("off", Role.ZOON, password="correct horse")
    services.switch(USER, off, Verb.DIS, by=Actor.system())
    tries = [("steward", "wrong"), ("nobody", "x"), ("dev", "correct horse"), ("off", "correct horse"), ("nopass", "x")]
    browsers = [Browser() for _ in tries]
    pages = [
        browser.sign_in(name, password, f"192.0.2.{number}")
        for number, (browser, (name, password)) in enumerate(zip(browsers, tries, strict=True))
    ]
    assert {page.status for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    assert WRONG in pages[0].text
    assert not any("sessionid" in browser.client.cookies for browser in browsers)


def test_the_md5_of_the_password_is_not_the_password(zoon: User) -> None:
    assert WRONG in Browser().sign_in("steward", md5_hex("correct horse")).text


def test_failures_are_counted_and_the_wait_is_told(zoon: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(10):
            assert Browser().sign_in("steward", "wrong").status == 200
            clock.shift(40)  # past the wait that the failures so far have earned
        locked = Browser().sign_in("steward", "correct horse")
    assert locked.status == 429
    assert int(locked.headers["Retry-After"]) == 260
    assert "Try again in 260 seconds." in locked.text


def test_a_failure_is_tallied_at_the_door_admin(zoon: User) -> None:
    Browser().sign_in("steward", "wrong")
    tally = RefusalTally.objects.get()
    assert (tally.door, tally.kind, tally.code, tally.actor_kind) == ("admin", "login", "signin_failed", "anonymous")


def test_a_known_device_is_not_locked_out_by_others(zoon: User) -> None:
    known = Browser()
    known.sign_in("steward", "correct horse", "192.0.2.1")
    known.post("/admin/logout/")
    for _ in range(12):
        Browser().sign_in("steward", "wrong", "192.0.2.9")
    assert Browser().sign_in("steward", "correct horse", "192.0.2.9").status == 429
    assert known.sign_in("steward", "correct horse", "192.0.2.9").status == 302


def test_the_device_is_a_signed_cookie_that_scripts_cannot_read(zoon: User) -> None:
    browser = Browser()
    browser.sign_in("steward", "correct horse")
    cookie = browser.client.cookies[devices.cookie_name("steward")]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 30 * 24 * 3600
    assert devices.known_device({cookie.key: cookie.value}, "STEWARD")


def test_a_device_is_good_for_its_own_name_unforged_and_for_30_days() -> None:
    alice, bob = devices.cookie_name("alice"), devices.cookie_name("bob")
    value = devices.issue("alice")
    assert devices.known_device({bob: value}, "bob") == ""
    assert devices.known_device({alice: value + "x"}, "alice") == ""
    assert devices.known_device({alice: "[]"}, "alice") == ""
    assert devices.known_device({}, "alice") == ""
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert devices.known_device({alice: value}, "alice") == ""


def test_outside_development_no_administrator_enters_by_password_and_the_page_says_so(
    zoon: User, settings: Any
) -> None:
    settings.DEVELOPMENT = settings.SECURE_SSL_REDIRECT = False
    page = Browser().sign_in("steward", "correct horse")
    assert WRONG in page.text
    assert "outside development they cannot sign in by password" in page.text


def test_in_development_the_page_says_nothing_of_second_factors(db: None) -> None:
    assert "second factor" not in Browser().get(LOGIN).text


def test_nobody_is_sent_to_sign_in(cast: Cast) -> None:
    for path in ("/admin/", CITIES, AUDIT, address(cast.city), address(cast.city, "dis"), "/admin/nothing/"):
        page = Browser().get(path)
        assert (page.status, page.headers["Location"]) == (302, f"{LOGIN}?next={path}")


def test_a_developer_is_told_no_and_shown_nothing(cast: Cast) -> None:
    browser = Browser(cast.alice.user)
    for path in ("/admin/", LOGIN, CITIES, AUDIT, address(cast.city), address(cast.city, "dis"), "/admin/nothing/"):
        page = browser.get(path)
        assert page.status == 403
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
