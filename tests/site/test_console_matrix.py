"""Every address of the console is answered as the table says, to everybody; who is refused has changed nothing.

A page without a row fails. To add one: its row in `tests/site/console_matrix.py`, and, where its address names
something that no other's does, what that is in `ConsoleStage.named`.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import URLPattern

from apps.models import App
from config.site import console
from tests.cast import Cast
from tests.site import console_matrix as matrix
from tests.site.console_stage import PEOPLE, ConsoleStage
from tests.site.test_admin_matrix import AWAY, everything, send

ROWS = matrix.read()


def pages() -> list[str]:
    """The names of all pages; of a verb's page one for each verb."""
    return [page for each in console.urlpatterns for page in _pages(each)]


def _pages(of: URLPattern) -> Iterator[str]:
    verbs = re.search(r"\(\?P<verb>([a-z|]+)\)", str(of.pattern))
    yield from [f"{of.name}:{verb}" for verb in verbs.group(1).split("|")] if verbs else [str(of.name)]


@pytest.fixture
def stage(cast: Cast, app: App) -> ConsoleStage:
    return ConsoleStage(cast, app)


def test_every_page_has_its_row() -> None:
    assert sorted(pages()) == sorted(ROWS)


@pytest.mark.parametrize("who", AWAY)
def test_whoever_is_not_signed_in_is_led_to_the_door_and_changes_nothing(stage: ConsoleStage, who: str) -> None:
    browser = stage.browser(who)
    before = everything()
    for page in ROWS:
        for method in ("GET", "POST"):
            answered = send(browser, method, stage.address(page), stage.form(page))
            expected = 405 if set(ROWS[page][method].values()) == {405} else 302
            assert answered.status == expected, (page, method)
            if expected == 302:
                assert answered.headers["Location"].startswith("/account/login?next="), (page, method)
    assert everything() == before


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_is_answered_as_the_table_says_and_the_refused_change_nothing(stage: ConsoleStage, who: str) -> None:
    answered, before = {}, everything()
    for page in ROWS:
        version = "1"
        for method in ("GET", "POST"):
            with transaction.atomic():
                told = send(stage.browser(who), method, stage.address(page), stage.form(page, version))
                answered[page, method] = told.status
                transaction.set_rollback(method == "POST" and told.status < 400)
            version = (re.findall(r'name="version" value="(\d+)"', told.source) or [version])[0]
    assert everything() == before
    assert answered == {(page, method): ROWS[page][method][who] for page, method in answered}


def test_who_sees_a_thing_not_is_answered_as_if_there_were_none(stage: ConsoleStage) -> None:
    """In every word (S13)."""
    browser = stage.browser("stranger")
    for page in (page for page, row in ROWS.items() if row["GET"]["stranger"] == 404):
        path, key = stage.address(page), next(iter(stage.named(page).values()))
        other = key[:-1] + ("b" if key[-1] == "a" else "a")
        hidden, absent = browser.get(path), browser.get(path.replace(key, other))
        assert (absent.status, absent.text) == (404, hidden.text), page
