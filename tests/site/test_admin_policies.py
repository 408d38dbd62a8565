"""The policy registry in the super-console: its pages, its form, its tester, and what crafted requests come to."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access.actor import Actor
from accounts.machine import overrides
from accounts.models import AccessToken, AuditEvent, PolicyBook
from config.kernel import registry
from tests.cast import Cast
from tests.policies import CLOSED, override
from tests.site.console import Browser, Page, prove

ROWS = "/admin/accounts/policybook/"
TESTER = f"{ROWS}tester/"


def page_of(name: str) -> str:
    return f"{ROWS}{name}/change/"


def send(browser: Browser, name: str, **given: str) -> Page:
    """The form of a row, with the version that its page was shown for."""
    version = re.findall(r'name="version" value="(\d+)"', browser.get(page_of(name)).source)
    return browser.post(page_of(name), **{"version": version[0], "enable": "true", "acitys": "0", **given})


def overridden(name: str) -> dict[str, str]:
    return dict(overrides.find(name, by=Actor.system()).overridden)


def trail(name: str) -> list[tuple[str, str, str, str]]:
    rows = AuditEvent.objects.filter(kind="policy", thing=name).order_by("id")
    return list(rows.values_list("verb", "door", "outcome", "actor"))


def test_the_page_lists_every_row_and_marks_what_is_overridden(zoon: Browser) -> None:
    override("DisState", enable=CLOSED)
    override("SetState", acitys="03")
    page = zoon.get(ROWS)
    assert page.status == 200
    for row in registry.policies():
        assert f">{row.name}</a>" in page.source
    rows = re.findall(r"<tr>.*?</tr>", page.source, re.DOTALL)
    marked = {re.findall(r">(\w+)</a>", row)[0] for row in rows if "Overridden" in row}
    assert marked == {"DisState", "SetState"}
    assert "Closed: not supported" in next(row for row in rows if ">DisState<" in row)


def test_a_page_shows_what_the_document_says_and_what_is_in_force(god: Browser) -> None:
    override("RccState", acitys="03")
    text = god.get(page_of("RccState")).text
    assert "Roles Zoon Admin" in text, "the document's, and ours"
    assert "Acitys 0 03 Overridden" in text
    assert "An event" not in text
    assert "System" in text, "who did it, in its history"


def test_a_god_overrides_a_row_and_gives_it_back(cast: Cast, god: Browser) -> None:
    prove(god)
    done = send(god, "SetState", enable=CLOSED, acitys="03,0")
    assert (done.status, overridden("SetState")) == (302, {"enable": CLOSED, "acitys": "03"})
    assert "SetState is changed. It holds from the next call on." in god.get(page_of("SetState")).text
    assert cast.alice.verb("SET", cast.city.key, {"brief": "x"}).reason == "ApiNotSupported"
    assert send(god, "SetState", default="1", enable="nonsense").status == 302
    assert overridden("SetState") == {}
    assert cast.alice.verb("SET", cast.city.key, {"brief": "x"}).status == 200
    root = cast.root.user.key  # type: ignore[union-attr]
    assert trail("SetState") == [("SET", "admin", "ok", root)] * 2


def test_what_is_so_already_is_said_to_be(god: Browser) -> None:
    send(prove(god), "SetState")
    assert "It was so already; nothing has changed." in god.get(page_of("SetState")).text
    assert trail("SetState") == []


@pytest.mark.parametrize("given", [{"enable": "false"}, {"enable": ""}, {"acitys": "2"}, {"acitys": ""}])
def test_a_wrong_value_is_told_beside_its_field(god: Browser, given: Any) -> None:
    page = send(prove(god), "SetState", **given)
    assert page.status == 400
    assert overridden("SetState") == {}


def test_a_form_of_an_older_version_is_stale(god: Browser) -> None:
    prove(god)
    send(god, "SetState", acitys="03")
    for version in ("1", "", "x", "9" * 40):
        page = god.post(page_of("SetState"), version=version, enable=CLOSED, acitys="0")
        assert (page.status, "This has changed since you last read it." in page.text) == (409, True)
    assert overridden("SetState") == {"acitys": "03"}


def test_it_needs_a_fresh_proof(cast: Cast, god: Browser) -> None:
    for browser in (god, prove(Browser(cast.root.user), timedelta(minutes=16))):
        page = send(browser, "SetState", enable=CLOSED)
        assert (page.status, "Sign in anew." in page.text) == (403, True)
    assert overridden("SetState") == {}
    assert {event[2] for event in trail("SetState")} == {"refused"}


@pytest.mark.parametrize("name", ["SetPolicy", "AddLogin", "AddToken", "AddAccessKey", "SetMe"])
def test_a_fixed_row_has_no_form_and_takes_none(god: Browser, name: str) -> None:
    page = prove(god).get(page_of(name))
    assert "This row cannot be overridden" in page.text
    assert 'name="enable"' not in page.source
    sent = god.post(page_of(name), version="1", enable=CLOSED, acitys="5")
    assert (sent.status, f"The row {name} cannot be overridden" in sent.text) == (409, True)
    assert overridden(name) == {}


def test_nobody_else_changes_a_row(cast: Cast, zoon: Browser) -> None:
    given = {"version": "1", "enable": CLOSED, "acitys": "5"}
    assert 'name="enable"' not in prove(zoon).get(page_of("SetState")).source
    assert zoon.post(page_of("SetState"), **given).status == 403
    for who in ("alice", "oscar", "vera", "charlie"):
        user = getattr(cast, who).user
        browser = prove(Browser(user))
        assert browser.post(page_of("SetState"), **given).status == 403
        assert trail("SetState")[-1] == ("SET", "admin", "refused", user.key)
        led = {browser.get(path).headers["Location"] for path in (ROWS, TESTER, page_of("SetState"))}
        assert led == {"/console/"}
    assert Browser().post(page_of("SetState"), **given).headers["Location"].startswith("/admin/login/")
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.root.user)  # type: ignore[arg-type]
    assert client.post(page_of("SetState"), given).status_code == 403
    assert not PolicyBook.objects.filter(overrides__has_key="SetState").exists()


def test_no_crafted_form_writes_what_overrides_lie_in(god: Browser) -> None:
    prove(god)
    sent = {"edition": "1", "overrides": '{"SetState": {"enable": "Api Not Supported"}}', "_save": "1"}
    for path in (ROWS, f"{ROWS}add/", f"{ROWS}1/change/", f"{ROWS}1/delete/", f"{ROWS}SetState/delete/"):
        assert god.post(path, **sent).status in {404, 405}, path
    god.post(page_of("SetState"), version="1", enable="true", acitys="0", roles="God", is_fixed="1", **sent)
    assert PolicyBook.objects.get().overrides == {}


def test_a_row_that_there_is_not_is_not_found(god: Browser) -> None:
    for name in ("NoState", "setstate"):
        assert god.get(page_of(name)).status == 404
        assert god.post(page_of(name), version="1", enable=CLOSED, acitys="0").status == 404


def test_a_closed_page_says_so_and_leads_to_the_rows(god: Browser) -> None:
    override("QriState", enable=CLOSED)
    page = god.get("/admin/cities/city/")
    assert (page.status, "This interface is not supported here." in page.text) == (403, True)
    assert f'href="{ROWS}"' in page.source
    assert god.get(ROWS).status == 200


def test_the_pages_cost_the_same_whatever_is_overridden(god: Browser) -> None:
    god.get(ROWS)

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert god.get(path).status == 200
        return len(captured)

    before = cost(ROWS)
    for row in registry.policies():
        if not row.is_fixed:
            override(row.name, acitys="03")
    god.get(ROWS)
    assert cost(ROWS) == before <= 4


class TestTester:
    """What would happen."""

    def ask(self, browser: Browser, **given: str) -> Page:
        return browser.post(TESTER, **{"user": "alice", "token": "", "policy": "DisState", "thing": "", **given})

    def test_it_tells_every_check_and_does_nothing(self, cast: Cast, zoon: Browser) -> None:
        thing = f"city/{cast.city.key}"
        before = AuditEvent.objects.count()
        page = self.ask(zoon, thing=thing)
        assert (page.status, "Let through" in page.text, page.text.count(" passed")) == (200, True, 17)
        page = self.ask(zoon, user=cast.vera.user.key, thing=thing)  # type: ignore[union-attr]
        assert "Refused" in page.text
        assert "Is permitted, by role or grant: You may not do this." in page.text
        assert AuditEvent.objects.count() == before
        cast.city.refresh_from_db()
        assert cast.city.state == 0

    def test_of_a_token_it_tells_its_own_checks(self, cast: Cast, god: Browser) -> None:
        override("DisState", enable="Api Not Implemented")
        token = AccessToken.objects.get(user=cast.alice.user)
        page = self.ask(god, token=token.key, thing=f"city/{cast.city.key}")
        assert "The interface is open: This interface is not implemented." in page.text

    @pytest.mark.parametrize("given", [
        {"user": "nobody"}, {"user": ""}, {"user": "a\0b"}, {"token": "zzzzzzzz"}, {"token": "' OR 1=1"},
        {"policy": "NoState"}, {"thing": "city"}, {"thing": "project/zzzzzzzzzz"},
    ])  # fmt: skip
    def test_what_it_cannot_be_asked_is_told_beside_its_field(self, cast: Cast, god: Browser, given: Any) -> None:
        page = self.ask(god, **given)
        assert (page.status, "Let through" in page.text) == (400, False)

    def test_anothers_token_is_nobodys_here(self, cast: Cast, god: Browser) -> None:
        token = AccessToken.objects.get(user=cast.charlie.user)
        assert "This user has no such token." in self.ask(god, token=token.key).text

    def test_it_speaks_chinese(self, cast: Cast) -> None:
        page = self.ask(Browser(cast.root.user, "zh-hans"), user="vera", thing=f"city/{cast.city.key}")
        assert "按角色或授权有权操作" in page.text
