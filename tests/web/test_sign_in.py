"""Signing in by browser: who is let in, what the others are told, what a browser remembers."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.lifecycle import USER
from accounts.models import Login, RefusalTally, SignIn, User
from accounts.people import devices, services
from accounts.people.hashers import md5_hex
from config.kernel.roles import Role
from config.kernel.states import Verb
from tests.factories import make_user
from tests.site.console import AUDIT, CITIES, LOGIN, Browser
from tests.web.visitor import PASSWORD, is_in

WRONG = "The user or the password is wrong."


@pytest.fixture
def zoon(db: None) -> User:
    return make_user("steward", Role.ZOON, password=PASSWORD, email="steward@polis.example")


@pytest.mark.parametrize("called", ["steward", "Steward", "steward@polis.example", "Steward@Polis.Example"])
def test_a_right_password_leads_to_the_super_console(called: str, zoon: User) -> None:
    browser = Browser()
    page = browser.sign_in(called, PASSWORD)
    assert (page.status, page.headers["Location"]) == (302, "/admin/")
    assert browser.get(CITIES).status == 200
    assert SignIn.objects.filter(user=zoon, address="192.0.2.1").exists()
    assert Login.objects.get().methods == "password"


def test_a_developer_goes_to_their_own_console(db: None) -> None:
    make_user("dev", password=PASSWORD)
    browser = Browser()
    assert browser.sign_in("dev", PASSWORD).headers["Location"] == "/console/"
    assert "dev" in browser.get("/console/").text
    assert "dev" in browser.get("/account/").text


def test_a_name_comes_before_a_mail_that_looks_like_it(db: None) -> None:
    make_user("owner", email="x@polis.example", password="another horse 10")
    make_user("x@polis.example", password=PASSWORD)
    browser = Browser()
    browser.sign_in("x@polis.example", PASSWORD)
    assert "x@polis.example" in browser.get("/account/").text
    assert Browser().sign_in("x@polis.example", "another horse 10").status == 200


def test_it_goes_where_one_was_going_and_nowhere_outside(zoon: User) -> None:
    sent = {"login": "steward", "password": PASSWORD}
    inside = Browser().post(f"{LOGIN}?next={AUDIT}", **sent, next=AUDIT)
    outside = Browser().post(f"{LOGIN}?next=https://evil.example/", **sent, next="https://evil.example/")
    assert inside.headers["Location"] == AUDIT
    assert outside.headers["Location"] == "/admin/"


def test_every_failure_reads_the_same(zoon: User) -> None:
    """A wrong password, nobody's name, one who is disabled, one without a password."""
    make_user("nopass", Role.ZOON)
    off = make_user("off", Role.ZOON, password=PASSWORD)
    services.switch(USER, off, Verb.DIS, by=Actor.system())
    tries = [("steward", "wrong"), ("nobody", "x"), ("off", PASSWORD), ("nopass", "x"), ("nul\0", "x"), ("a@b.c", "x")]
    browsers = [Browser() for _ in tries]
    pages = [
        browser.sign_in(name, password, f"192.0.2.{number}")
        for number, (browser, (name, password)) in enumerate(zip(browsers, tries, strict=True))
    ]
    assert {page.status for page in pages} == {200}
    texts = {page.text for page, (name, _) in zip(pages, tries, strict=True) if "\0" not in name}
    assert len(texts) == 1
    assert WRONG in pages[0].text
    assert not any(is_in(browser) for browser in browsers)


def test_the_name_stays_typed_and_the_password_does_not(zoon: User) -> None:
    page = Browser().sign_in("steward", "some wrong one")
    assert 'value="steward"' in page.source
    assert "some wrong one" not in page.source


def test_the_md5_of_the_password_is_not_the_password(zoon: User) -> None:
    assert WRONG in Browser().sign_in("steward", md5_hex(PASSWORD)).text


def test_failures_are_counted_and_the_wait_is_told(zoon: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(10):
            assert Browser().sign_in("steward", "wrong").status == 200
            clock.shift(40)  # past the wait that the failures so far have earned
        locked = Browser().sign_in("steward", PASSWORD)
    assert locked.status == 429
    assert int(locked.headers["Retry-After"]) == 260
    assert "Try again in 260 seconds." in locked.text


def test_a_failure_is_tallied_at_the_door_console(zoon: User) -> None:
    Browser().sign_in("steward", "wrong")
    tally = RefusalTally.objects.get()
    assert (tally.door, tally.kind, tally.code, tally.actor_kind) == ("console", "login", "signin_failed", "anonymous")


def test_a_known_device_is_not_locked_out_by_others(zoon: User) -> None:
    known = Browser()
    known.sign_in("steward", PASSWORD, "192.0.2.1")
    known.post("/account/logout")
    assert not is_in(known)
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(6):
            Browser().sign_in("steward", "wrong", "192.0.2.9")
        assert Browser().sign_in("steward", PASSWORD, "192.0.2.9").status == 429
        assert known.sign_in("steward", PASSWORD, "192.0.2.9").status == 302


def test_the_device_is_a_signed_cookie_that_scripts_cannot_read(zoon: User) -> None:
    browser = Browser()
    browser.sign_in("steward", PASSWORD)
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


def test_another_site_cannot_sign_anybody_in(zoon: User) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    assert client.post(LOGIN, {"login": "steward", "password": PASSWORD}).status_code == 403


def test_who_is_signed_in_is_sent_on(zoon: User) -> None:
    browser = Browser()
    browser.sign_in("steward", PASSWORD)
    assert browser.get(LOGIN).headers["Location"] == "/admin/"


def test_in_chinese_too(zoon: User) -> None:
    page = Browser(language="zh-hans").sign_in("steward", "wrong")
    assert "登录" in page.text
    assert "Sign in" not in page.text


@pytest.mark.parametrize("name", ["", "mail", "password", "factor", "factor/drop", "prove"])
def test_the_pages_of_an_account_are_for_who_is_signed_in(name: str, db: None) -> None:
    found = Browser().get(f"/account/{name}")
    assert (found.status, found.headers["Location"]) == (302, f"/account/login?next=/account/{name}")
