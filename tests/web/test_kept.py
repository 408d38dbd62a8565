"""What signing in leaves behind: counts, ends, events, links; and what a link in another's page must not do."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.utils import timezone

from accounts.access.actor import Actor, Door
from accounts.models import AuditEvent, Lockout, Login, User
from accounts.people import lockouts, signin
from config.kernel.errors import DomainError
from config.kernel.roles import Role
from tests.factories import make_user
from tests.site.console import Browser
from tests.web.visitor import PASSWORD, code_of, is_in, sent_link, with_factor

NOON = "2031-03-04T12:00:00+00:00"
HOME = "10.0.0.1"


@pytest.fixture
def clock(db: None) -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def dora(clock: Any) -> User:
    return make_user("dora", password=PASSWORD, email="dora@polis.example")


def both(clock: Any) -> Browser:
    """Signed in by password and code; the code of this moment is used."""
    browser = Browser()
    browser.sign_in("dora", PASSWORD)
    browser.post("/account/login/code", code=code_of())
    clock.shift(timedelta(seconds=30))
    assert is_in(browser)
    return browser


def fail(times: int) -> None:
    for _ in range(times):
        by = Actor(timezone.now(), Door.ADMIN, address=HOME, is_anonymous=True)
        with pytest.raises(DomainError):
            signin.sign_in("dora", "wrong", by=by)


def wait(user: User) -> int:
    return lockouts.wait_of(lockouts.subject(user.key, HOME), timezone.now())


# ── failures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_sweep_keeps_what_still_counts(dora: User, clock: Any) -> None:
    fail(5)
    clock.shift(timedelta(minutes=30))
    lockouts.forget_old(timezone.now())
    fail(1)
    assert wait(dora) == 2, "the sixth"


def test_after_an_hour_without_one_counting_begins_anew(dora: User, clock: Any) -> None:
    fail(4)
    clock.shift(timedelta(minutes=59))
    fail(1)
    assert wait(dora) == 1, "the fifth"
    clock.shift(timedelta(hours=1))
    fail(4)
    assert wait(dora) == 0


def test_a_known_device_forgets_its_own_failures(dora: User, clock: Any) -> None:
    by = Actor(timezone.now(), Door.ADMIN, address=HOME, is_anonymous=True)
    for _ in range(3):
        with pytest.raises(DomainError):
            signin.sign_in("dora", "wrong", by=by, device="laptop")
    fail(2)
    signin.sign_in("dora", PASSWORD, by=by, device="laptop")
    kept = {row.subject: row.failures for row in Lockout.objects.all()}
    assert kept == {lockouts.subject(dora.key, "laptop"): 0, lockouts.subject(dora.key, HOME): 2}


def test_wrong_codes_are_forgotten_with_a_right_one(dora: User, clock: Any) -> None:
    with_factor(dora)
    for _ in range(3):
        browser = Browser()
        browser.sign_in("dora", PASSWORD)
        for _ in range(2):
            browser.post("/account/login/code", code="000000")
        assert browser.post("/account/login/code", code=code_of()).status == 302
        assert is_in(browser)
        clock.shift(timedelta(minutes=1))


# ── sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_session_by_both_factors_ends_when_it_said_it_would(dora: User, clock: Any) -> None:
    with_factor(dora)
    browser = both(clock)
    clock.shift(timedelta(hours=11))
    assert is_in(browser), "which does not lengthen it"
    clock.shift(timedelta(hours=1))
    assert not is_in(browser)


def test_what_has_ended_is_not_listed(dora: User, clock: Any) -> None:
    for _ in range(2):
        Browser().sign_in("dora", PASSWORD)
    browser = Browser()
    clock.shift(timedelta(hours=12))
    browser.sign_in("dora", PASSWORD)
    assert Login.objects.filter(user=dora).count() == 3
    assert browser.get("/account/").source.count("/account/sessions/") == 0, "only this one, which has no button"


@pytest.mark.parametrize("path", ["/account/factor/codes", "/account/sessions/{key}/end"])
def test_a_link_does_neither(path: str, dora: User, clock: Any) -> None:
    with_factor(dora)
    browser = both(clock)
    codes = list(Authenticator.objects.order_by("pk").values("pk", "data"))
    answer = browser.get(path.format(key=Login.objects.get().key))
    assert answer.status == 405
    assert list(Authenticator.objects.order_by("pk").values("pk", "data")) == codes
    assert is_in(browser)


# ── the second factor ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "what"), [("/account/factor/drop", "removed"), ("/account/factor/codes", "recovery codes renewed")]
)
def test_another_factor_is_an_event_and_signs_out_elsewhere(path: str, what: str, dora: User, clock: Any) -> None:
    with_factor(dora)
    elsewhere = both(clock)
    browser = both(clock)
    last = AuditEvent.objects.latest("pk").pk
    assert browser.post(path).status in (200, 302)
    event = AuditEvent.objects.filter(kind="user", pk__gt=last).get()
    assert (event.actor, event.after) == (dora.key, {"second_factor": what})
    assert not is_in(elsewhere)


def test_who_has_no_factor_has_no_codes_to_renew(dora: User, clock: Any) -> None:
    browser = Browser()
    browser.sign_in("dora", PASSWORD)
    browser.post("/account/factor/codes")
    assert not Authenticator.objects.exists()


# ── mails and names ──────────────────────────────────────────────────────────────────────────────────────────────────


def sign_up(name: str = "newcomer", email: str = "new@polis.example", **given: Any) -> Any:
    return Browser().post("/account/signup", username=name, email=email, password1=PASSWORD, **given)


def test_who_signed_up_with_a_mail_may_change_it(clock: Any) -> None:
    sign_up()
    Browser().post(sent_link())
    browser = Browser()
    browser.sign_in("newcomer", PASSWORD)
    browser.post("/account/mail", email="other@polis.example")
    Browser().post(sent_link())
    assert User.objects.get(name="newcomer").email == "other@polis.example"


def test_every_link_begins_with_the_base_url(dora: User, settings: Any) -> None:
    """S19: a confirmation's, and the way to the reset that who has an account already is shown."""
    settings.BASE_URL = "https://polis.example.com"
    sign_up()
    sign_up("another", "dora@polis.example")
    for message in mail.outbox:
        assert "https://polis.example.com/account/" in message.body
        assert "testserver" not in message.body
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("name", ["a:bcd", "a/bcd", "a@bcd"])
def test_a_name_looks_like_no_address(name: str, db: None) -> None:
    assert sign_up(name).status == 200
    assert not User.objects.filter(name=name).exists()


@pytest.mark.parametrize("password", ["dorothea-long-name", "dora.long@polis.example"])
def test_ones_own_name_is_no_password(password: str, clock: Any) -> None:
    make_user("dorothea-long-name", Role.DEVELOPER, password=PASSWORD, email="dora.long@polis.example")
    browser = Browser()
    browser.sign_in("dorothea-long-name", PASSWORD)
    assert browser.post("/account/password", password1=password).status == 200
    assert is_in(browser)
