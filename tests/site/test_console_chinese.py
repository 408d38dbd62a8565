"""The developers' console in Chinese, in full: on no page is there an English word that is not a name."""

import re

import pytest
from django.db import transaction

from accounts.models import AuditEvent
from apps.models import App
from tests.cast import Cast
from tests.site import console_matrix as matrix
from tests.site.chinese import english
from tests.site.console import Browser, Page
from tests.site.console_stage import ConsoleStage
from tests.site.test_admin_chinese import data

ROWS = matrix.read()
SEEN = [page for page, row in ROWS.items() if row["GET"]["owner"] == 200]
SENT = [page for page, row in ROWS.items() if row["POST"]["owner"] != 405]


@pytest.fixture
def stage(cast: Cast, app: App) -> ConsoleStage:
    return ConsoleStage(cast, app)


def chinese(stage: ConsoleStage, who: str) -> Browser:
    browser = stage.browser(who)
    browser.language = "zh-CN"
    return browser


def spoken(page: Page) -> list[str]:
    """The English words on a page that is in Chinese."""
    assert "<html" not in page.source or '<html lang="zh-hans"' in page.source
    # What is typed into a program, what the wire calls things, where clocks are set, to whom is written.
    wire = r"<pre.*?</pre>|<option.*?</option>|\([a-z]+\)|X-Polis-Gateway-Key|SDK-HMAC-SHA256|\S+@polis.example"
    unread = re.sub(wire, " ", page.source, flags=re.DOTALL)
    names = {*re.findall(r"(?:POLIS|polis)_\w+", unread), "Spam", "curl", "Python", "SDK", "IP"}
    told = [each for pair in AuditEvent.objects.values_list("before", "after") for each in pair]
    ids = {str(value) for each in told for value in each.values()}
    return english(unread, data() | names | ids)


def test_every_page_is_in_chinese(stage: ConsoleStage) -> None:
    browser = chinese(stage, "owner")
    found = {page: spoken(browser.get(stage.address(page))) for page in SEEN}
    assert {page: words for page, words in found.items() if words} == {}


def test_what_is_refused_is_said_in_chinese(stage: ConsoleStage) -> None:
    """To the owner whose form is empty, and to a viewer who may not."""
    found = {}
    for who in ("owner", "viewer"):
        for page in SENT:
            with transaction.atomic():
                answered = chinese(stage, who).post(stage.address(page))
                if answered.status not in {302, 404}:
                    found[page, who] = spoken(answered)
                transaction.set_rollback(True)
    assert {page: words for page, words in found.items() if words} == {}


def test_what_was_done_is_told_in_chinese(stage: ConsoleStage) -> None:
    for page in SENT:
        with transaction.atomic():
            browser = chinese(stage, "owner")
            answered = browser.post(stage.address(page), **stage.form(page))
            if answered.status == 302:
                assert spoken(browser.get(answered.headers["Location"])) == [], page
            transaction.set_rollback(True)


def test_an_empty_list_teaches_in_chinese(stage: ConsoleStage) -> None:
    browser = chinese(stage, "stranger")
    for page in ("home", "cities", "tokens", "access_keys", "shares", "notices", "requests", "bin", "search"):
        assert spoken(browser.get(stage.address(page))) == [], page
