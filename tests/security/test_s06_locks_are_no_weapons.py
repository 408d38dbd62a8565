"""S6: failures lock a pair of name and address, never a person out of where they are known."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.access.actor import Actor, Door
from accounts.models import Lockout, User
from accounts.people import lockouts, signin
from config.kernel.errors import Code, DomainError
from tests.cast import Answer, Caller
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("standing_clock")

PASSWORD = "correct horse 9"
HOME, CAFE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice", password=PASSWORD)


def sign_in(password: str = PASSWORD, address: str = HOME, device: str = "") -> User:
    now = timezone.now()
    return signin.sign_in(
        "alice", password, by=Actor(now, Door.XDUA, address=address, is_anonymous=True), device=device
    )


def fail(times: int, address: str = HOME, device: str = "") -> list[Code]:
    found = []
    for _ in range(times):
        with pytest.raises(DomainError) as refused:
            sign_in("wrong", address, device)
        found.append(refused.value.code)
    return found


def login(password: str) -> Answer:
    pwd = hashlib.md5(password.encode()).hexdigest()
    return Caller().call("POST", "/login", {"by": "name", "ustr": "alice", "pwd": pwd})


def test_five_failures_are_free_and_the_sixth_try_waits(alice: User) -> None:
    assert fail(5) == [Code.SIGNIN_FAILED] * 5
    assert fail(1) == [Code.TOO_MANY_REQUESTS]


def test_over_http_it_is_429_with_the_wait(alice: User) -> None:
    for _ in range(5):
        assert login("wrong").status == 401
    answer = login(PASSWORD)
    assert (answer.status, answer.reason) == (429, "TooManyRequests")
    assert int(answer.headers["Retry-After"]) >= 1


def test_the_waits_double_and_then_are_five_minutes(alice: User) -> None:
    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        fail(4)
        for _ in range(7):
            fail(1)
            wait = lockouts.wait_of(lockouts.subject(alice.key, HOME), timezone.now())
            waits.append(wait)
            clock.shift(timedelta(seconds=wait))
    assert waits == [1, 2, 4, 8, 16, 300, 300]


def test_a_wait_that_is_over_lets_the_right_password_in_and_forgets(alice: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        fail(5)
        clock.shift(timedelta(seconds=2))
        assert sign_in() == alice
    assert Lockout.objects.get().failures == 0


def test_failures_elsewhere_are_not_ones_own(alice: User) -> None:
    fail(10, CAFE)
    assert sign_in(address=HOME) == alice


def test_the_addresses_of_one_connection_share_a_count(alice: User) -> None:
    """Who has one IPv6 address has all of its network: 2^64 of them."""
    for number in range(5):
        fail(1, f"2001:db8::{number + 1:x}")
    assert fail(1, "2001:db8::ffff") == [Code.TOO_MANY_REQUESTS]
    assert sign_in(address="2001:db8:0:1::1") == alice


def test_who_is_known_at_an_address_is_not_refused_for_others_failures_there(alice: User) -> None:
    sign_in(address=CAFE)
    for _ in range(15):
        fail(1, CAFE)
    # To a wrong password they are as locked as anybody: who knows nobody here learns nothing of them.
    assert fail(1, CAFE) == [Code.TOO_MANY_REQUESTS]
    assert sign_in(address=CAFE) == alice


def test_being_known_lasts_thirty_days(alice: User) -> None:
    sign_in(address=CAFE)
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert fail(6, CAFE)[-1] is Code.TOO_MANY_REQUESTS
        with pytest.raises(DomainError) as refused:
            sign_in(address=CAFE)
    assert refused.value.code is Code.TOO_MANY_REQUESTS


def test_a_known_device_has_a_count_of_its_own(alice: User) -> None:
    fail(12, CAFE)
    assert sign_in(address=CAFE, device="alices-laptop") == alice


def test_a_thousand_bad_beside_a_thousand_good_refuse_none_of_the_good(alice: User) -> None:
    sign_in(address=CAFE)
    refused = 0
    for _ in range(1000):
        with pytest.raises(DomainError):
            sign_in("wrong", CAFE)
        try:
            sign_in(address=CAFE)
        except DomainError:
            refused += 1
    assert refused == 0


def test_bad_tokens_lock_nothing(alice: User) -> None:
    from tests.factories import make_token

    good = Caller(make_token(alice))
    for number in range(50):
        bad = f"polis_{number:043d}000000"
        assert Caller(bad).verb("QRI").reason == "TokenUnknown"
    assert good.verb("QRI").status == 200
    assert Lockout.objects.count() == 0


def test_the_sweep_forgets_what_no_longer_counts(alice: User) -> None:
    fail(3)
    lockouts.forget_old(timezone.now() + timedelta(hours=2))
    assert Lockout.objects.count() == 0
