"""The queue of requests in the super-console: the one that waits longest first; granting and refusing."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.admin.requests import RequestAdmin
from accounts.models import AuditEvent, Request, User
from accounts.people import requests
from cities.models import City
from config.kernel import registry
from config.kernel.roles import Role
from config.kernel.states import State, Verb
from tests.cast import Cast
from tests.factories import actor, do, make_city, make_user
from tests.site.console import Browser, Page

REQUESTS = "/admin/accounts/request/"


def ask(city: City, message: str = "") -> str:
    assert city.creator is not None
    by, given = actor(city.creator), {"verb": Verb.RCC, "message": message}
    return requests.ask(registry.kind("city"), city.key, by=by, read=lambda: given).key


@pytest.fixture
def asked(cast: Cast) -> str:
    """alice's, to have her city back."""
    assert cast.alice.user is not None
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    return ask(cast.city, "<b>我误删了</b>")


def page_of(key: str) -> str:
    return f"{REQUESTS}{key}/change/"


def answer(browser: Browser, key: str, grant: str, text: str = "") -> Page:
    version = re.findall(r'name="version" value="(\d+)"', browser.get(page_of(key)).source)
    return browser.post(page_of(key), grant=grant, answer=text, version=version[0] if version else "1")


def binned(user: User, number: int) -> City:
    return make_city(user, f"Binned_{number}", State.DELETED)


def test_the_queue_has_who_asks_for_what_and_why(zoon: Browser, asked: str) -> None:
    page = zoon.get(REQUESTS)
    assert page.status == 200
    assert re.search(r"alice \w{8} City Alice_City \w{8} Recycle <b>我误删了</b> \d{4}-\d\d-\d\d \d\d:\d\d", page.text)
    assert "<b>我误删了" not in page.source


def test_the_one_that_waits_longest_comes_first_page_by_page(
    cast: Cast, zoon: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RequestAdmin, "list_per_page", 2)
    assert cast.alice.user is not None
    for number in range(3):
        ask(binned(cast.alice.user, number))
    first = zoon.get(REQUESTS)
    assert re.findall(r"Binned_\d", first.text) == ["Binned_0", "Binned_1"]
    after = re.findall(r'href="(\?p=\d+)" rel="next"', first.source)[0]
    assert re.findall(r"Binned_\d", zoon.get(REQUESTS + after).text) == ["Binned_2"]


def test_granting_does_it_and_the_queue_is_one_shorter(cast: Cast, zoon: Browser, asked: str) -> None:
    done = answer(zoon, asked, "1", "gladly")
    assert (done.status, done.headers["Location"]) == (302, REQUESTS)
    page = zoon.get(REQUESTS)
    assert "Recycle: Alice_City. Granted." in page.text
    assert "Nothing found." in page.text
    cast.city.refresh_from_db()
    assert cast.city.state == State.ENABLED
    events = AuditEvent.objects.filter(thing=cast.city.key).order_by("-id")[:2]
    assert cast.zoe.user is not None
    assert [(event.verb, event.door, event.actor) for event in events] == [
        ("RCC", "admin", cast.zoe.user.key),
        ("ANSWER", "admin", cast.zoe.user.key),
    ]
    told = zoon.get(page_of(asked)).text
    assert "Granted" in told
    assert "gladly" in told


def test_refusing_says_why(cast: Cast, zoon: Browser, asked: str) -> None:
    answer(zoon, asked, "0", "not\r\nthis time")
    row = Request.objects.get()
    assert (row.state, row.answer) == ("refused", "not this time")
    cast.city.refresh_from_db()
    assert cast.city.state == State.DELETED


def test_too_long_an_answer_is_said_beside_it(zoon: Browser, asked: str) -> None:
    page = answer(zoon, asked, "1", "x" * 501)
    assert page.status == 400
    assert "at most 500 characters" in page.text
    assert Request.objects.get().state == "open"


def test_who_comes_second_is_told(zoon: Browser, god: Browser, asked: str) -> None:
    stale = re.findall(r'name="version" value="(\d+)"', god.get(page_of(asked)).source)[0]
    answer(zoon, asked, "0")
    late = god.post(page_of(asked), grant="1", answer="", version=stale)
    assert late.status == 409
    assert "This has changed since you last read it." in late.text
    assert Request.objects.get().state == "refused"


def test_each_page_is_for_stewards_alone(cast: Cast, asked: str) -> None:
    for path in (REQUESTS, page_of(asked)):
        assert Browser().get(path).status == 302
        assert Browser(cast.alice.user).get(path).headers["Location"] == "/console/"
    assert Browser(cast.alice.user).post(page_of(asked), grant="1", version="1").status == 403
    assert Request.objects.get().state == "open"
    refused = AuditEvent.objects.filter(outcome="refused").order_by("-id")
    assert [(event.verb, event.kind, event.thing) for event in refused[:1]] == [("ANSWER", "request", asked)]


def test_a_zoon_is_offered_no_answer_to_a_stewards(zoon: Browser, god: Browser) -> None:
    key = ask(binned(make_user("zack", Role.ZOON), 1))
    page = zoon.get(page_of(key))
    assert "This one is not yours to answer." in page.text
    assert 'name="grant"' not in page.source
    assert zoon.post(page_of(key), grant="1", version="1").status == 403
    assert 'name="grant"' in god.get(page_of(key)).source


def test_what_is_not_there_is_not_found(zoon: Browser) -> None:
    for key in ("zzzzzzzz", "z" * 60):
        assert zoon.get(page_of(key)).status == 404
        assert zoon.post(page_of(key), grant="1", version="1").status == 404


def test_a_crafted_form_needs_its_token(cast: Cast, asked: str) -> None:
    assert cast.root.user is not None
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.root.user)
    assert client.post(page_of(asked), {"grant": "1", "version": "1"}).status_code == 403


def test_it_is_all_in_chinese_too(cast: Cast, asked: str) -> None:
    browser = Browser(cast.zoe.user, "zh-CN")
    assert "所有者申请恢复已删除的对象" in browser.get(REQUESTS).text
    page = browser.get(page_of(asked)).text
    for word in ("申请人", "对象", "留言", "待处理", "答复", "通过", "拒绝"):
        assert word in page, word


def test_a_list_costs_the_same_for_one_and_for_many(cast: Cast, zoon: Browser, asked: str) -> None:
    counts = []
    for many in (0, 15):
        assert cast.alice.user is not None
        for number in range(many):
            ask(binned(cast.alice.user, number))
        zoon.get(REQUESTS)
        with CaptureQueriesContext(connection) as captured:
            assert zoon.get(REQUESTS).status == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
