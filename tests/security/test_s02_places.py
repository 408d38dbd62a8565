"""S2: so many are at a password at once, the rest hear that it is busy; who was here before finds a place (S6)."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from accounts.models import Lockout, User
from accounts.people.queue import place
from config.kernel.errors import Code, DomainError
from tests.accounts.keystone import UNAUTHORIZED
from tests.cast import Answer, Caller
from tests.factories import make_user
from tests.site.console import Browser
from tests.web.visitor import PASSWORD, is_in

PWD = hashlib.md5(PASSWORD.encode()).hexdigest()


@pytest.fixture
def crowd() -> Iterator[ExitStack]:
    """Whoever is at it until the end of the test."""
    with ExitStack() as stack:
        yield stack


def stranger(number: int) -> Any:
    return place(f"198.51.100.{number}", lambda: False)


def known(number: int) -> Any:
    return place(f"203.0.113.{number}", lambda: True)


def is_busy(one: Any) -> bool:
    try:
        with one:
            return False
    except DomainError as error:
        return error.code is Code.BUSY


def test_of_three_places_strangers_take_two(crowd: ExitStack) -> None:
    for number in (1, 2):
        crowd.enter_context(stranger(number))
    assert is_busy(stranger(3))
    crowd.enter_context(known(3))
    assert is_busy(known(4)), "the fourth thread is everybody else's"


def test_one_address_leaves_a_place_to_others(crowd: ExitStack) -> None:
    crowd.enter_context(stranger(1))
    assert is_busy(stranger(1))
    assert not is_busy(stranger(2))


def test_who_is_known_at_an_address_takes_two(crowd: ExitStack) -> None:
    for _ in range(2):
        crowd.enter_context(known(1))
    assert is_busy(known(1))
    assert not is_busy(known(2))
    assert not is_busy(stranger(2))


def test_the_addresses_of_one_connection_are_one(crowd: ExitStack) -> None:
    for number in (1, 2):
        crowd.enter_context(place(f"2001:db8::{number}", lambda: True))
    assert is_busy(place("2001:db8::3", lambda: True))
    assert not is_busy(place("2001:db8:0:1::1", lambda: True))


def test_a_place_is_free_again_whatever_has_happened_at_it() -> None:
    for _ in range(5):
        with pytest.raises(KeyError), stranger(1):
            raise KeyError
    assert not is_busy(stranger(1))


@pytest.mark.parametrize(("threads", "places"), [(1, 1), (2, 1), (4, 3), (16, 15)])
def test_there_is_one_place_less_than_threads(threads: int, places: int, crowd: ExitStack, settings: Any) -> None:
    settings.THREADS = threads
    for number in range(places):
        crowd.enter_context(known(number))
    assert is_busy(known(99))


# ── at the doors ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice", password=PASSWORD)


@pytest.fixture
def flood(crowd: ExitStack) -> None:
    for number in (1, 2):
        crowd.enter_context(stranger(number))


def login(name: str = "alice") -> Answer:
    return Caller().call("POST", "/login", {"by": "name", "ustr": name, "pwd": PWD})


def keystone() -> Answer:
    user = {"name": "alice", "domain": {"name": "Default"}, "password": PASSWORD}
    identity = {"methods": ["password"], "password": {"user": user}}
    return Caller().call("POST", "/v3/auth/tokens", {"auth": {"identity": identity}})


@pytest.mark.usefixtures("flood")
def test_every_door_says_that_it_is_busy_to_who_was_never_here(alice: User) -> None:
    for name in ("alice", "nobody"):
        answer = login(name)
        assert (answer.status, answer.reason, answer.headers["Retry-After"]) == (503, "Busy", "1")
    answer = keystone()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert answer.body != UNAUTHORIZED
    page = Browser().sign_in("alice", PASSWORD)
    assert (page.status, page.headers["Retry-After"]) == (503, "1")
    assert "The server is busy. Try again in 1 seconds." in page.text
    assert not Lockout.objects.exists(), "it is no failure"


def test_who_has_been_here_before_is_let_in(alice: User, crowd: ExitStack) -> None:
    assert login().status == 200
    browser = Browser()
    assert browser.sign_in("alice", PASSWORD).status == 302
    for number in (1, 2):
        crowd.enter_context(stranger(number))
    assert login().status == 200, "from this address"
    browser.client.cookies.pop("sessionid", None)
    assert browser.sign_in("alice", PASSWORD, "198.51.100.77").status == 302, "with this device"
    assert is_in(browser)


@pytest.mark.usefixtures("flood")
def test_whose_name_it_is_makes_no_difference(alice: User) -> None:
    """S13: that somebody was here opens the place to all who come from there, so it tells nothing of a name."""
    assert [login(name).status for name in ("alice", "nobody")] == [503, 503]


def test_nor_does_it_where_somebody_is_known(alice: User, crowd: ExitStack) -> None:
    assert login().status == 200
    make_user("bob", password="another horse 10")
    for number in (1, 2):
        crowd.enter_context(stranger(number))
    assert [login(name).status for name in ("bob", "nobody")] == [401, 401]
