"""Handing a city on at the super-console: a god's, where its owner is gone; by the name typed and a fresh proof."""

from datetime import timedelta

import pytest

from accounts.access.actor import Actor
from accounts.lifecycle import USER
from accounts.models import User
from accounts.people import services
from cities.models import City
from config.kernel.ids import CONSOLE
from config.kernel.states import Verb
from tests.cast import Caller, Cast
from tests.factories import do
from tests.site.console import Browser, Page, address, events, prove


def user(caller: Caller) -> User:
    assert caller.user is not None
    return caller.user


@pytest.fixture
def left(cast: Cast) -> Cast:
    """alice is out of service."""
    services.switch(USER, user(cast.alice), Verb.DIS, by=Actor.system())
    return cast


@pytest.fixture
def god(left: Cast) -> Browser:
    """Who has just proved who they are."""
    browser = Browser(left.root.user)
    prove(browser, timedelta(0))
    return browser


def send(browser: Browser, cast: Cast, **given: str) -> Page:
    sent = {"user": user(cast.charlie).key, "name": "Alice_City", "version": "1", **given}
    return browser.post(address(cast.city, "transfer"), **sent)


def owner_of(cast: Cast) -> str:
    city = City.objects.select_related("creator").get(pk=cast.city.pk)
    assert city.creator is not None
    return city.creator.name


def test_a_god_hands_it_on(left: Cast, god: Browser) -> None:
    assert "Transfer" in god.get(address(left.city)).buttons
    form = god.get(address(left.city, "transfer"))
    assert (form.status, "The new owner's id" in form.text, "Type the name" in form.text) == (200, True, True)
    page = send(god, left)
    assert (page.status, page.headers["Location"]) == (302, address(left.city))
    assert "Alice_City has a new owner." in god.get(address(left.city)).text
    assert owner_of(left) == "charlie"
    assert events(left.city)[-1] == ("TRANSFER", "admin", "ok", user(left.root).key)
    assert "Transfer" not in god.get(address(left.city)).buttons


def test_it_speaks_chinese(left: Cast) -> None:
    browser = Browser(left.root.user, "zh-CN")
    prove(browser, timedelta(0))
    assert "转让" in browser.get(address(left.city)).buttons
    assert "新所有者的 ID" in browser.get(address(left.city, "transfer")).text


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"name": "alice_city"}, 400, "This is not its name."),
        ({"user": "charlie"}, 400, "This is no user's id."),
        ({"user": "zzzzzzzz"}, 400, "user must be one of users in service."),
        ({"version": "7"}, 409, "This has changed since you last read it."),
        ({"version": ""}, 409, "This has changed since you last read it."),
    ],
)
def test_what_stands_in_the_way_is_said(
    left: Cast, god: Browser, given: dict[str, str], status: int, said: str
) -> None:
    page = send(god, left, **given)
    assert (page.status, said in page.text, owner_of(left)) == (status, True, "alice")


def test_it_needs_a_fresh_proof(left: Cast) -> None:
    for browser in (Browser(left.root.user), Browser(left.root.user)):
        assert browser.get(address(left.city, "transfer")).status == 403
        page = send(browser, left)
        assert (page.status, "Sign in anew." in page.text, owner_of(left)) == (403, True, "alice")
        prove(browser, timedelta(minutes=16))


def test_it_is_a_gods_alone(left: Cast) -> None:
    zoon = Browser(left.zoe.user)
    prove(zoon, timedelta(0))
    assert "Transfer" not in zoon.get(address(left.city)).buttons
    assert zoon.get(address(left.city, "transfer")).status == 403
    assert (send(zoon, left).status, owner_of(left)) == (403, "alice")
    assert events(left.city)[-1] == ("TRANSFER", "admin", "refused", user(left.zoe).key)


def test_not_while_its_owner_is_in_service_nor_the_consoles_own(left: Cast, god: Browser) -> None:
    services.switch(USER, User.objects.get(name="alice"), Verb.ENB, by=Actor.system())
    assert "Transfer" not in god.get(address(left.city)).buttons
    assert (send(god, left).status, owner_of(left)) == (409, "alice")
    console = City.objects.get(key=CONSOLE)
    assert god.get(address(console)).buttons == []
    given = {"user": user(left.charlie).key, "name": console.name, "version": str(console.version)}
    assert god.post(address(console, "transfer"), **given).status == 409


def test_a_ban_goes_along(left: Cast, god: Browser) -> None:
    do(left.city, Verb.DIS, Actor.system(), reason="spam")
    assert send(god, left, version="2").status == 302
    city = City.objects.get(pk=left.city.pk)
    assert (city.state, city.reason, city.disabled_side) == (1, "spam", "admin")
