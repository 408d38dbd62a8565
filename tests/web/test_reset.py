"""A forgotten password: its link goes to the confirmed mail, is good once and for an hour, and tells nobody a thing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail

from accounts.models import AuditEvent, User
from tests.factories import make_user
from tests.site.console import Browser, Page
from tests.web.visitor import PASSWORD, is_in, sent_link, with_factor

NOON = "2031-03-04T12:00:00+00:00"
NEW = "another horse 10"


@pytest.fixture
def clock(db: None) -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def dora(clock: Any) -> User:
    return make_user("dora", password=PASSWORD, email="dora@polis.example")


def ask(email: str = "dora@polis.example") -> Page:
    return Browser().post("/account/password/reset", email=email)


def use(link: str, password: str = NEW) -> Page:
    """Open it, and choose a password on the page that it leads to."""
    browser = Browser()
    page = browser.get(link)
    return (
        browser.post(page.headers["Location"], password1=password, password2=password) if page.status == 302 else page
    )


def test_by_the_link_another_password_is_chosen(dora: User) -> None:
    signed_in = Browser()
    signed_in.sign_in("dora", PASSWORD)
    assert ask().headers["Location"] == "/account/password/reset/sent"
    assert mail.outbox[0].to == ["dora@polis.example"]
    assert use(sent_link()).headers["Location"] == "/account/password/reset/done"
    assert not is_in(signed_in), "a changed password ends all sessions"
    assert Browser().sign_in("dora", PASSWORD).status == 200
    assert Browser().sign_in("dora", NEW).status == 302
    event = AuditEvent.objects.filter(kind="user", verb="SET").get()
    assert (event.actor, event.door, event.after) == (dora.key, "console", {"password": "changed"})


def test_a_mail_of_nobodys_is_answered_as_any_other(dora: User) -> None:
    known, unknown = ask(), ask("nobody@polis.example")
    assert (known.status, known.headers["Location"]) == (unknown.status, unknown.headers["Location"])
    assert [message.to for message in mail.outbox] == [["dora@polis.example"], ["nobody@polis.example"]]
    assert "/account/password/reset/" not in str(mail.outbox[1].body)


def test_a_mail_that_merely_waits_to_be_confirmed_opens_nothing(dora: User) -> None:
    """Who had the account for a moment leaves an address behind: no link goes there."""
    EmailAddress.objects.create(user=dora, email="me@evil.example")
    ask("me@evil.example")
    assert "/account/password/reset/" not in str(mail.outbox[-1].body)
    ask()
    use(sent_link())
    assert not EmailAddress.objects.filter(user=dora).exists(), "and with another password it is gone"


def test_who_signs_in_by_no_password_gets_none_by_mail(clock: Any) -> None:
    make_user("keyless", email="keyless@polis.example")
    ask("keyless@polis.example")
    assert "/account/password/reset/" not in str(mail.outbox[0].body)


def test_the_link_is_not_in_the_log(dora: User, caplog: Any) -> None:
    ask()
    link = sent_link()
    Browser().get(link)
    Browser().get(link + ".")
    assert "/account/password/reset/…".encode("ascii", "backslashreplace").decode() in caplog.text
    assert link.rsplit("-", 1)[1] not in caplog.text


def test_the_link_is_good_once(dora: User) -> None:
    ask()
    link = sent_link()
    use(link)
    assert "This link was used before" in use(link, "a third horse 11").text
    assert Browser().sign_in("dora", NEW).status == 302


def test_the_link_is_good_for_an_hour(dora: User, clock: Any) -> None:
    ask()
    clock.shift(timedelta(minutes=61))
    assert "This link was used before, or its hour is over." in use(sent_link()).text
    assert Browser().sign_in("dora", PASSWORD).status == 302


def test_the_link_is_in_no_address_of_the_page_that_it_leads_to(dora: User) -> None:
    """Where it would be sent on as the referrer of whatever the page links to."""
    ask()
    link = sent_link()
    assert link.rsplit("-", 1)[1] not in Browser().get(link).headers["Location"]


def test_it_takes_the_second_factor_from_nobody(dora: User) -> None:
    with_factor(dora)
    ask()
    use(sent_link())
    browser = Browser()
    assert browser.sign_in("dora", NEW).headers["Location"] == "/account/login/code"
    assert not is_in(browser)


def test_links_begin_with_the_base_url_and_not_with_what_the_request_says(dora: User, settings: Any) -> None:
    settings.BASE_URL = "https://polis.example.com"
    ask()
    assert "https://polis.example.com/account/password/reset/" in str(mail.outbox[0].body)
    assert "testserver" not in str(mail.outbox[0].body)


def test_a_weak_password_is_refused(dora: User) -> None:
    ask()
    assert "too common" in use(sent_link(), "password").text
    assert Browser().sign_in("dora", PASSWORD).status == 302


def test_in_chinese_too(dora: User) -> None:
    Browser(language="zh-hans").post("/account/password/reset", email="dora@polis.example")
    assert mail.outbox[0].subject == "Polis: 重置密码"
    assert "一小时内有效" in str(mail.outbox[0].body)
