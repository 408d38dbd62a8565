"""What was typed into a form is there again after signing in anew, or proving oneself: for its writer alone."""

import json
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session

from accounts.console import kept
from cities.models import City
from config.kernel import vault
from tests.cast import Cast
from tests.factories import make_user
from tests.site.console import LOGIN, Browser, prove

NEW = "/console/cities/new"
PASSWORD = "correct horse 9"


@pytest.fixture
def dora(db: None) -> Any:
    return make_user("dora", password=PASSWORD)


def ended(user: Any) -> Browser:
    """A browser in which they were signed in, and are no more."""
    browser = Browser(user)
    browser.client.session.flush()
    return browser


def typed(user: Any, **more: str) -> dict[str, str]:
    return {"as": user.key, "name": "Harbour_1", "brief": "Boats & trams", **more}


def referred(browser: Browser, path: str, **sent: str) -> Any:
    """As a browser sends a form: it says from which page."""
    return browser.client.post(path, sent, headers={"referer": f"http://testserver{path}"})


def test_it_is_there_again_after_signing_in_and_was_not_sent(dora: Any) -> None:
    browser = ended(dora)
    away = referred(browser, NEW, **typed(dora))
    assert unquote(away.headers["Location"]) == f"{LOGIN}?next={NEW}"
    browser.sign_in("dora", PASSWORD)
    page = browser.get(NEW)
    assert 'value="Harbour_1"' in page.source
    assert 'value="Boats &amp; trams"' in page.source
    assert "What you had typed is here again. It has not been sent yet." in page.text
    assert not City.objects.filter(name="Harbour_1").exists()
    assert "Harbour_1" not in browser.get(NEW).source, "once"


def test_somebody_else_who_signs_in_there_does_not_see_it(dora: Any) -> None:
    make_user("emil", password=PASSWORD)
    browser = ended(dora)
    referred(browser, NEW, **typed(dora))
    browser.sign_in("emil", PASSWORD)
    assert "Harbour_1" not in browser.get(NEW).source


def test_it_is_for_the_page_on_which_it_was_typed(dora: Any) -> None:
    browser = ended(dora)
    referred(browser, NEW, **typed(dora))
    browser.sign_in("dora", PASSWORD)
    assert "Harbour_1" not in browser.get("/console/cities").source
    assert "Harbour_1" in browser.get(NEW).source


def test_a_secret_is_never_kept_nor_what_a_form_says_of_itself(dora: Any) -> None:
    browser = ended(dora)
    secret = {"app_secret": "hidden_1", "password1": "hidden_2", "code": "hidden_3", "version": "7", "once": "abc"}
    referred(browser, NEW, **typed(dora, **secret))
    sealed = browser.client.cookies[kept.COOKIE].value
    assert "Harbour" not in sealed
    told = json.loads(vault.reveal(sealed, kept.COOKIE))
    assert told == {"path": NEW, "by": dora.key, "fields": {"name": ["Harbour_1"], "brief": ["Boats & trams"]}}


def test_more_than_finds_room_is_not_kept_and_nothing_is_on_our_side(dora: Any) -> None:
    browser, sessions = ended(dora), Session.objects.count()
    assert kept.COOKIE not in referred(browser, NEW, **typed(dora, brief="x" * 3000)).cookies
    assert kept.COOKIE in referred(browser, NEW, **typed(dora)).cookies
    assert Session.objects.count() == sessions


def test_what_is_no_cookie_of_ours_is_passed_by(dora: Any) -> None:
    browser = Browser(dora)
    for text in ("", "nonsense", "1:AAAA", "9" * 3000):
        browser.client.cookies[kept.COOKIE] = text
        assert browser.get(NEW).status == 200


def test_a_name_that_is_looked_up_keeps_what_is_typed_for_its_page(dora: Any) -> None:
    browser = ended(dora)
    headers = {"referer": f"http://testserver{NEW}", "hx-request": "true"}
    away = browser.client.post("/console/cities/name", typed(dora), headers=headers)
    assert unquote(away.headers["HX-Redirect"]) == f"{LOGIN}?next={NEW}"
    browser.sign_in("dora", PASSWORD)
    assert 'value="Harbour_1"' in browser.get(NEW).source


def test_a_proof_that_is_asked_for_meanwhile_loses_nothing(cast: Cast) -> None:
    alice, path = prove(Browser(cast.alice.user)), f"/console/cities/{cast.city.key}/del"
    browser = Browser(cast.alice.user)
    assert alice.get(path).status == 200
    away = referred(browser, path, **{"as": cast.alice.user.key, "name": "Alice_City"})  # type: ignore[union-attr]
    assert unquote(away.headers["Location"]) == f"/account/prove?next={path}"
    assert 'value="Alice_City"' in prove(browser).get(path).source


def test_a_page_that_is_fetched_by_script_is_left_whole(dora: Any) -> None:
    """What signing in looks like is another page's: the browser goes there."""
    answer = Browser().client.get(NEW, headers={"hx-request": "true"})
    assert (answer.status_code, unquote(answer.headers["HX-Redirect"])) == (204, f"{LOGIN}?next={NEW}")


def test_no_other_site_is_ever_led_back_to(dora: Any) -> None:
    answer = ended(dora).client.post(NEW, typed(dora), headers={"referer": "https://evil.example/console"})
    assert unquote(answer.headers["Location"]) == f"{LOGIN}?next=/console/"
