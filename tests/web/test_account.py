"""One's own account: password, mail, second factor, and where one is signed in."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail

from accounts.access.actor import Actor
from accounts.machine import seeds
from accounts.models import AuditEvent, Login, User
from accounts.people import factors
from config.kernel import keyring
from config.kernel.errors import Code, DomainError
from config.kernel.roles import Role
from tests.cast import Caller
from tests.factories import make_user
from tests.site.console import Browser
from tests.web.visitor import PASSWORD, code_of, is_in, sent_link, with_factor

NOON = "2031-03-04T12:00:00+00:00"
LATE = timedelta(minutes=15, seconds=1)


@pytest.fixture
def clock(db: None) -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def dora(clock: Any) -> User:
    return make_user("dora", password=PASSWORD, email="dora@polis.example")


@pytest.fixture
def browser(dora: User) -> Browser:
    """In which dora has just signed in."""
    found = Browser()
    found.sign_in("dora", PASSWORD)
    return found


def prove(browser: Browser, password: str = PASSWORD, **given: str) -> Any:
    return browser.post("/account/prove", password=password, **given)


CHANGES = ["/account/mail", "/account/password", "/account/factor", "/account/factor/drop"]


@pytest.mark.parametrize("path", CHANGES)
def test_what_matters_needs_a_sign_in_of_the_last_quarter_of_an_hour(path: str, browser: Browser, clock: Any) -> None:
    assert browser.get(path).status == 200
    clock.shift(LATE)
    for page in (browser.get(path), browser.post(path, email="x@polis.example", password1="another horse 10")):
        assert (page.status, page.headers["Location"]) == (302, f"/account/prove?next={path.replace('/', '%2F')}")
    assert mail.outbox == []
    assert prove(browser, next=path).headers["Location"] == path
    assert browser.get(path).status == 200


def test_a_wrong_proof_proves_nothing_and_is_counted(browser: Browser, clock: Any) -> None:
    clock.shift(LATE)
    page = prove(browser, "wrong")
    assert "The user or the password is wrong." in page.text
    assert browser.get("/account/mail").status == 302
    assert [prove(browser, "wrong").status for _ in range(5)] == [200, 200, 200, 200, 429]
    assert prove(browser).status == 429
    clock.shift(timedelta(seconds=2))
    assert prove(browser).status == 302


def signed_in_by_both(clock: Any) -> Browser:
    """dora's, who has a factor; her code of this moment is used."""
    browser = Browser()
    browser.sign_in("dora", PASSWORD)
    browser.post("/account/login/code", code=code_of())
    assert is_in(browser)
    clock.shift(timedelta(seconds=30))
    return browser


def test_who_has_a_second_factor_proves_both(dora: User, clock: Any) -> None:
    with_factor(dora)
    browser = signed_in_by_both(clock)
    clock.shift(LATE)
    assert 'name="code"' in browser.get("/account/prove").source
    assert prove(browser, code="").status == 200
    assert prove(browser, code="000000").status == 200
    assert browser.get("/account/mail").status == 302
    assert prove(browser, code=code_of()).status == 302
    assert browser.get("/account/mail").status == 200


def test_it_leads_on_to_a_page_of_ours_alone(browser: Browser) -> None:
    assert prove(browser, next="https://evil.example/").headers["Location"] == "/account/"
    assert prove(browser, next="//evil.example/").headers["Location"] == "/account/"


def test_a_new_password_signs_out_everywhere(browser: Browser, dora: User) -> None:
    elsewhere = Browser()
    elsewhere.sign_in("dora", PASSWORD)
    page = browser.post("/account/password", password1="another horse 10")
    assert page.headers["Location"] == "/account/login"
    assert not is_in(browser)
    assert not is_in(elsewhere)
    assert Browser().sign_in("dora", "another horse 10").status == 302
    event = AuditEvent.objects.filter(kind="user", verb="SET").get()
    assert (event.actor, event.after) == (dora.key, {"password": "changed"})


@pytest.mark.parametrize("weak", ["password", "dora", "12345678", "short", ""])
def test_a_weak_password_is_refused(weak: str, browser: Browser) -> None:
    assert browser.post("/account/password", password1=weak).status == 200
    assert is_in(browser)


def test_another_mail_counts_from_when_its_link_is_opened(browser: Browser, dora: User) -> None:
    browser.post("/account/mail", email="New@polis.example")
    dora.refresh_from_db()
    assert (dora.email, mail.outbox[-1].to) == ("dora@polis.example", ["new@polis.example"])
    Browser().post(sent_link())
    dora.refresh_from_db()
    assert dora.email == "new@polis.example"


def test_who_was_made_without_a_mail_and_mistypes_one_is_not_shut_out(clock: Any) -> None:
    make_user("rita", Role.GOD, password=PASSWORD)
    browser = Browser()
    browser.sign_in("rita", PASSWORD)
    browser.post("/account/mail", email="mistyped@polis.example")
    assert Browser().sign_in("rita", PASSWORD).headers["Location"] == "/admin/"
    browser.post("/account/password", password1="another horse 10")
    Browser().post(sent_link())
    assert User.objects.get(name="rita").email == "", "what was left behind under the old password is gone with it"


def test_a_sign_in_that_has_ended_changes_no_factor(dora: User) -> None:
    """Who was let in a moment before, and comes to it after another browser has turned it on."""
    before = User.objects.get(pk=dora.pk)
    with_factor(dora)
    with pytest.raises(DomainError) as refused:
        factors.renew_codes(before, by=Actor.system())
    assert refused.value.code is Code.REAUTHENTICATE


def test_of_two_changes_the_last_one_counts(browser: Browser, dora: User) -> None:
    browser.post("/account/mail", email="first@polis.example")
    first = sent_link()
    browser.post("/account/mail", email="second@polis.example")
    Browser().post(first)
    dora.refresh_from_db()
    assert dora.email == "dora@polis.example"


def test_a_mail_of_somebodys_looks_like_any_other(browser: Browser, dora: User) -> None:
    make_user("owner", email="owner@polis.example")
    taken = browser.post("/account/mail", email="owner@polis.example")
    free = browser.post("/account/mail", email="free@polis.example")
    assert (taken.status, taken.headers["Location"]) == (free.status, free.headers["Location"])


# ── the second factor ────────────────────────────────────────────────────────────────────────────────────────────


def seed_on(browser: Browser) -> str:
    found = re.search(r"<code>([A-Z2-7]{32})</code>", browser.get("/account/factor").source)
    assert found is not None
    return found[1]


def test_it_is_turned_on_by_a_code_and_asked_for_from_then_on(browser: Browser, dora: User) -> None:
    page = browser.post("/account/factor", code=code_of(seed_on(browser)))
    codes = re.findall(r"<li><code>(\d{8})</code></li>", page.source)
    assert len(codes) == 10
    assert factors.has_one(dora)
    assert Browser().sign_in("dora", PASSWORD).headers["Location"] == "/account/login/code"
    event = AuditEvent.objects.filter(kind="user", verb="SET").get()
    assert (event.actor, event.after) == (dora.key, {"second_factor": "added"})
    assert "Recovery codes left: 10" in browser.get("/account/").text


def test_the_codes_are_shown_this_once(browser: Browser) -> None:
    page = browser.post("/account/factor", code=code_of(seed_on(browser)))
    codes = re.findall(r"<code>(\d{8})</code>", page.source)
    assert "no-store" in page.headers["Cache-Control"]
    for path in ("/account/", "/account/factor", "/account/factor/codes"):
        assert not any(code in browser.get(path).source for code in codes)


def test_whoever_was_in_by_the_password_alone_is_out_and_this_browser_stays(browser: Browser) -> None:
    thief = Browser()
    thief.sign_in("dora", PASSWORD)
    browser.post("/account/factor", code=code_of(seed_on(browser)))
    assert not is_in(thief)
    assert thief.post("/account/factor/codes").status == 302
    assert is_in(browser)
    assert browser.get("/account/").text.count("this browser") == 1


def test_a_code_that_turned_it_on_is_used_with_that(browser: Browser) -> None:
    code = code_of(seed_on(browser))
    browser.post("/account/factor", code=code)
    thief = Browser()
    thief.sign_in("dora", PASSWORD)
    thief.post("/account/login/code", code=code)
    assert not is_in(thief)


def test_a_second_app_takes_no_firsts_place(dora: User, clock: Any) -> None:
    with_factor(dora)
    browser = signed_in_by_both(clock)
    assert browser.post("/account/factor", code=code_of(seed_on(browser))).headers["Location"] == "/account/"
    assert Authenticator.objects.filter(user=dora, type="totp").count() == 1


def test_new_codes_end_the_old_ones(dora: User, clock: Any) -> None:
    old = with_factor(dora)
    browser = signed_in_by_both(clock)
    page = browser.post("/account/factor/codes")
    new = re.findall(r"<code>(\d{8})</code>", page.source)
    assert len(new) == 10
    assert not factors.check(dora, old[0])
    assert factors.check(dora, new[0])


def test_it_is_dropped_and_the_codes_with_it(dora: User, clock: Any) -> None:
    with_factor(dora)
    browser = signed_in_by_both(clock)
    assert browser.post("/account/factor/drop").status == 302
    assert not Authenticator.objects.filter(user=dora).exists()
    assert Browser().sign_in("dora", PASSWORD).headers["Location"] == "/console/"


def test_whose_role_needs_it_cannot_drop_it(dora: User, settings: Any) -> None:
    User.objects.filter(pk=dora.pk).update(role=Role.ZOON)
    with_factor(dora)
    settings.DEVELOPMENT = settings.SECURE_SSL_REDIRECT = False
    browser = Browser()
    browser.sign_in("dora", PASSWORD)
    browser.post("/account/login/code", code=code_of())
    assert "Your role needs one." in browser.get("/account/factor/drop").text
    assert browser.post("/account/factor/drop").headers["Location"] == "/account/"
    assert factors.has_one(dora)


# ── where one is signed in ───────────────────────────────────────────────────────────────────────────────────────


def test_another_browser_is_signed_out_from_here(browser: Browser, dora: User) -> None:
    elsewhere = Browser()
    elsewhere.sign_in("dora", PASSWORD, "192.0.2.77")
    assert Caller(client=elsewhere.client).api("GET", "me").status == 200
    page = browser.get("/account/")
    assert "192.0.2.77" in page.text
    assert page.text.count("this browser") == 1
    row = Login.objects.get(address="192.0.2.77")
    assert browser.post(f"/account/sessions/{row.key}/end").status == 302
    assert not is_in(elsewhere)
    assert Caller(client=elsewhere.client).api("GET", "me").status == 401
    assert is_in(browser)
    assert "192.0.2.77" not in browser.get("/account/").text
    event = AuditEvent.objects.get(kind="login", verb="DEL")
    assert (event.actor, event.thing) == (dora.key, row.key)


def test_anothers_browser_is_not_there(browser: Browser) -> None:
    make_user("eve", password=PASSWORD)
    hers = Browser()
    hers.sign_in("eve", PASSWORD)
    row = Login.objects.get(user__name="eve")
    statuses = {browser.post(f"/account/sessions/{key}/end").status for key in (row.key, "zzzzzzzz", "x'y")}
    assert statuses == {404}
    assert is_in(hers)


def test_signing_out_ends_the_signing_in_too(browser: Browser) -> None:
    browser.post("/account/logout")
    assert not is_in(browser)
    assert AuditEvent.objects.filter(kind="login", verb="DEL").count() == 1


def test_a_session_ends_with_its_signing_in_whatever_is_done_in_it(browser: Browser, clock: Any) -> None:
    for _ in range(3):
        clock.shift(timedelta(hours=4) - timedelta(seconds=1))
        prove(browser)
        assert is_in(browser)
    clock.shift(timedelta(seconds=4))
    assert not is_in(browser)


def test_a_session_in_the_table_can_be_neither_read_nor_used(browser: Browser, dora: User) -> None:
    row = Session.objects.get()
    key = browser.client.cookies["sessionid"].value
    assert key not in str(row.__dict__)
    assert row.get_decoded() == {}
    thief = Browser()
    thief.client.cookies["sessionid"] = row.session_key
    assert not is_in(thief)


def test_a_session_of_another_row_is_none(browser: Browser) -> None:
    """Who may write the table cannot put one's session in the place of their own."""
    other = Browser()
    make_user("eve", password=PASSWORD)
    other.sign_in("eve", PASSWORD)
    mine, hers = Session.objects.order_by("pk")
    Session.objects.filter(pk=mine.pk).update(session_data=hers.session_data)
    Session.objects.filter(pk=hers.pk).update(session_data=mine.session_data)
    assert not is_in(browser)
    assert not is_in(other)


def test_the_seeds_are_encrypted_anew_with_the_newest_key(clock: Any, settings: Any, tmp_path: Any) -> None:
    settings.KEYS = tmp_path
    keyring.make_keys(tmp_path)
    dora = make_user("dora")
    codes = with_factor(dora)
    keyring.add_key(tmp_path)
    assert list(seeds.rekey(2)) == [(2, 0)]
    kept = [row.data.get("secret") or row.data["seed"] for row in Authenticator.objects.all()]
    assert [value[:2] for value in kept] == ["2:", "2:"]
    assert factors.check(dora, code_of())
    assert factors.check(dora, codes[0])
    assert list(seeds.rekey(2)) == [(0, 0)], "what is of the newest key is passed by"
