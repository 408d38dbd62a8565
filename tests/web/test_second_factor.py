"""S3: a second factor is a second factor at every door."""

import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from accounts.access.actor import Actor
from accounts.lifecycle import USER
from accounts.models import AccessToken, AuditEvent, Login, User
from accounts.people import services
from config.kernel.roles import Role
from config.kernel.states import Verb
from tests.accounts.keystone import UNAUTHORIZED
from tests.cast import Answer, Caller
from tests.factories import make_user
from tests.site.console import CITIES, Browser
from tests.web.visitor import PASSWORD, SEED, code_of, is_in, type_code, with_factor

NOON = "2031-03-04T12:00:00+00:00"
DOMAIN = {"name": "Default"}


@pytest.fixture
def clock(db: None) -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def god(clock: Any) -> User:
    """With a second factor."""
    user = make_user("root", Role.GOD, password=PASSWORD)
    with_factor(user)
    return user


@pytest.fixture
def dora(clock: Any) -> User:
    """A developer who has one by their own wish."""
    user = make_user("dora", password=PASSWORD)
    with_factor(user)
    return user


def login(name: str, password: str) -> Answer:
    return Caller().call(
        "POST", "/login", {"by": "name", "ustr": name, "pwd": hashlib.md5(password.encode()).hexdigest()}
    )


def keystone(name: str, password: str = PASSWORD, code: str | None = None, other: str = "", **more: Any) -> Answer:
    identity: dict[str, Any] = {
        "methods": ["password"] if code is None else ["password", "totp"],
        "password": {"user": {"name": name, "domain": DOMAIN, "password": password}},
    }
    if code is not None:
        identity["totp"] = {"user": {"name": other or name, "domain": DOMAIN, "passcode": code}}
    return Caller().call("POST", "/v3/auth/tokens", {"auth": {"identity": identity | more}})


@pytest.mark.parametrize("name", ["root", "dora"])
def test_the_right_password_alone_is_at_login_and_keystone_what_a_wrong_one_is(
    name: str, god: User, dora: User
) -> None:
    right, wrong = login(name, PASSWORD), login(name, "wrong")
    assert (right.status, right.body) == (wrong.status, wrong.body)
    assert right.reason == "WrongUserOrPassword"
    right, wrong = keystone(name), keystone(name, "wrong")
    assert (right.status, right.body) == (wrong.status, wrong.body) == (401, UNAUTHORIZED)
    assert AccessToken.objects.count() == 0


def test_keystone_takes_both_factors_in_either_order(god: User, clock: Any) -> None:
    answer = keystone("root", code=code_of())
    assert (answer.status, answer.body["token"]["methods"]) == (201, ["password", "totp"])
    told = Caller().call(
        "GET", "/v3/auth/tokens", X_Auth_Token=answer.headers["X-Subject-Token"],
        X_Subject_Token=answer.headers["X-Subject-Token"],
    )  # fmt: skip
    assert told.body["token"]["methods"] == ["password", "totp"]
    clock.shift(timedelta(seconds=30))
    again = keystone("root", code=code_of(), methods=["totp", "password"])
    assert again.status == 201


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "000000"},
        {"code": ""},
        {"code": code_of(SEED[::-1])},
        {"password": "wrong", "code": "right"},
        {"code": "right", "other": "dora"},
        {"code": "right", "methods": ["totp"]},
    ],
)
def test_keystone_refuses_whatever_is_wrong_alike(wrong: dict[str, Any], god: User, dora: User) -> None:
    if wrong["code"] == "right":
        wrong = wrong | {"code": code_of()}
    answer = keystone("root", **wrong)
    assert (answer.status, answer.body) == (401, UNAUTHORIZED)


def test_a_code_of_somebody_without_a_factor_lets_nobody_in(clock: Any) -> None:
    make_user("plain", password=PASSWORD)
    assert keystone("plain", code="123456").status == 401
    assert keystone("plain").status == 201


def test_a_code_is_good_once(god: User) -> None:
    code = code_of()
    assert keystone("root", code=code).status == 201
    assert keystone("root", code=code).status == 401


def test_a_recovery_code_stands_in_for_the_app_once(clock: Any) -> None:
    user = make_user("rita", Role.GOD, password=PASSWORD)
    first, second, *_ = with_factor(user)
    assert keystone("rita", code=first).status == 201
    assert keystone("rita", code=first).status == 401
    assert keystone("rita", code=second).status == 201


def test_codes_are_counted_from_wherever_they_come(god: User, clock: Any) -> None:
    """Five are free, then it waits; the right one too is refused then, as a wrong password is."""
    browsers = [Browser() for _ in range(5)]
    for number, browser in enumerate(browsers):
        assert browser.sign_in("root", PASSWORD, f"192.0.2.{number}").status == 302
        assert type_code(browser, "000000").status == 200
    assert keystone("root", code=code_of()).status == 401
    clock.shift(timedelta(minutes=6))
    assert keystone("root", code=code_of()).status == 201


def test_the_right_password_does_not_begin_the_count_of_codes_anew(god: User) -> None:
    browser = Browser()
    for _ in range(5):
        browser.sign_in("root", PASSWORD)
        type_code(browser, "000000")
    browser.sign_in("root", PASSWORD)
    page = type_code(browser, code_of())
    assert page.status == 200
    assert not is_in(browser)


# ── by browser ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_password_alone_signs_nobody_in(god: User) -> None:
    browser = Browser()
    page = browser.sign_in("root", PASSWORD)
    assert (page.status, page.headers["Location"]) == (302, "/account/login/code")
    assert not is_in(browser)
    assert browser.get(CITIES).status == 302
    assert Caller(client=browser.client).api("GET", "me").status == 401
    assert Login.objects.count() == 0


def test_with_the_code_one_is_in_and_the_signing_in_says_by_what(god: User) -> None:
    browser = Browser()
    browser.sign_in("root", PASSWORD)
    page = type_code(browser, code_of())
    assert (page.status, page.headers["Location"]) == (302, "/admin/")
    assert browser.get(CITIES).status == 200
    row = Login.objects.get()
    assert (row.methods, row.user, row.address) == ("password totp", god, "127.0.0.1")
    event = AuditEvent.objects.get(kind="login", verb="ADD")
    assert (event.actor, event.door, event.after["methods"]) == (god.key, "console", "password totp")


def test_a_wrong_code_says_so_and_can_be_typed_again(god: User) -> None:
    browser = Browser()
    browser.sign_in("root", PASSWORD)
    page = type_code(browser, "000000")
    assert "This code is not right, or was used before." in page.text
    assert type_code(browser, code_of()).status == 302
    assert is_in(browser)


def test_the_code_page_is_nobodys_without_the_password(god: User) -> None:
    page = type_code(Browser(), code_of())
    assert (page.status, page.headers["Location"]) == (302, "/account/login")


def test_five_minutes_after_the_password_it_is_asked_for_again(god: User, clock: Any) -> None:
    browser = Browser()
    browser.sign_in("root", PASSWORD)
    clock.shift(timedelta(minutes=5, seconds=1))
    assert type_code(browser, code_of()).headers["Location"] == "/account/login"
    assert not is_in(browser)


def test_who_was_disabled_between_password_and_code_stays_out(god: User) -> None:
    make_user("other", Role.GOD)
    browser = Browser()
    browser.sign_in("root", PASSWORD)
    User.objects.filter(pk=god.pk).update(state=1, disabled_at=NOON, disabled_side="admin")
    type_code(browser, code_of())
    assert not is_in(browser)


def test_a_password_that_was_changed_between_password_and_code_lets_nobody_in(god: User) -> None:
    browser = Browser()
    browser.sign_in("root", PASSWORD)
    services.change_password(god, "another horse 10", by=Actor.system())
    type_code(browser, code_of())
    assert not is_in(browser)
    assert Login.objects.count() == 0


# ── whose role needs one ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def production(settings: Any) -> None:
    settings.DEVELOPMENT = settings.SECURE_SSL_REDIRECT = False


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("role", [Role.ZOON, Role.GOD])
def test_outside_development_an_administrator_without_one_gets_one_first(role: Role, clock: Any) -> None:
    make_user("boss", role, password=PASSWORD)
    browser = Browser()
    assert browser.sign_in("boss", PASSWORD).headers["Location"] == "/account/login/enrol"
    assert not is_in(browser)
    page = browser.get("/account/login/enrol")
    seed = re.search(r"<code>([A-Z2-7]{32})</code>", page.source)
    assert seed is not None
    assert "This code" not in page.text
    wrong = type_code(browser, "000000", "/account/login/enrol")
    assert "Incorrect code" in wrong.text
    assert seed[1] in wrong.text, "the key stays the one that was scanned"
    assert not Authenticator.objects.exists()
    page = type_code(browser, code_of(seed[1]), "/account/login/enrol")
    assert len(re.findall(r"<li><code>\d{8}</code></li>", page.source)) == 10
    assert "no-store" in page.headers["Cache-Control"]
    assert is_in(browser)
    assert Login.objects.get().methods == "password totp"


def test_a_session_of_development_is_none_outside_it(clock: Any, settings: Any) -> None:
    make_user("boss", Role.GOD, password=PASSWORD)
    browser = Browser()
    browser.sign_in("boss", PASSWORD)
    assert is_in(browser)
    settings.DEVELOPMENT = settings.SECURE_SSL_REDIRECT = False
    assert not is_in(browser)


@pytest.mark.usefixtures("production")
def test_it_is_in_no_page_after_that(clock: Any) -> None:
    make_user("boss", Role.GOD, password=PASSWORD)
    browser = Browser()
    browser.sign_in("boss", PASSWORD)
    found = re.search(r"<code>([A-Z2-7]{32})</code>", browser.get("/account/login/enrol").source)
    assert found is not None
    type_code(browser, code_of(found[1]), "/account/login/enrol")
    for path in ("/account/", "/account/login/enrol", "/account/factor"):
        assert found[1] not in browser.get(path).source


@pytest.mark.usefixtures("production")
def test_who_was_closed_on_the_way_gets_no_factor_and_no_session(clock: Any) -> None:
    boss = make_user("boss", Role.ZOON, password=PASSWORD)
    browser = Browser()
    browser.sign_in("boss", PASSWORD)
    found = re.search(r"<code>([A-Z2-7]{32})</code>", browser.get("/account/login/enrol").source)
    assert found is not None
    services.switch(USER, boss, Verb.DIS, by=Actor.system())
    type_code(browser, code_of(found[1]), "/account/login/enrol")
    assert not Authenticator.objects.exists()
    assert not is_in(browser)


@pytest.mark.usefixtures("production")
def test_a_developer_needs_none(clock: Any) -> None:
    make_user("plain", password=PASSWORD)
    browser = Browser()
    assert browser.sign_in("plain", PASSWORD).headers["Location"] == "/console/"
    assert is_in(browser)


def test_the_seeds_are_encrypted_at_rest(god: User) -> None:
    for row in Authenticator.objects.all():
        kept = row.data.get("secret") or row.data["seed"]
        assert SEED not in str(row.data)
        assert re.match(r"\d+:[\w-]{40,}=*\Z", kept), "the vault's form: the key's number, nonce and cipher text"
