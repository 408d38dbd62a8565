"""The recycle bin in the developers' console."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import executor
from cities.models import City
from config.kernel.states import State, Verb
from projects.lifecycle import PROJECT
from projects.models import Project
from tests.cast import Cast
from tests.factories import actor, do, make_city, make_project
from tests.policies import CLOSED, override
from tests.site.console import Browser

BIN = "/console/bin"


def binned(cast: Cast, name: str, days: int = 0) -> City:
    """A city of alice's that has lain in the bin for so long."""
    assert cast.alice.user is not None
    city = make_city(cast.alice.user, name, State.DELETED)
    City.objects.filter(pk=city.pk).update(deleted_at=timezone.now() - timedelta(days=days))
    city.refresh_from_db()
    return city


def test_an_empty_bin_says_what_it_is_for(cast: Cast) -> None:
    page = Browser(cast.alice.user).get(BIN)
    assert page.status == 200
    assert "Your bin is empty" in page.text
    assert "For 30 days" in page.text


def test_all_kinds_lie_there_each_with_its_end(cast: Cast) -> None:
    assert cast.alice.user is not None
    city = binned(cast, "Old_Town", days=10)
    project = make_project(cast.alice.user, "Old project")
    executor.fire(PROJECT, Project.objects.with_chain(), project.key, Verb.DOL, by=actor(cast.alice.user), read=dict)
    page = Browser(cast.alice.user).get(BIN)
    goes = timezone.localtime(city.deleted_at + timedelta(days=30))
    assert f"Old_Town {city.key} City deleted" in page.text
    assert f"goes for good {goes:%Y-%m-%d %H:%M}" in page.text
    assert f"Old project {project.key} Project deleted" in page.text
    assert f'href="/console/cities/{city.key}"' in page.source
    assert "Alice_City" not in page.text


def test_what_an_administrator_has_closed_stays(cast: Cast) -> None:
    do(cast.city, Verb.DIS, Actor.system())
    do(cast.city, Verb.DOL, Actor.system())
    text = Browser(cast.alice.user).get(BIN).text
    assert "stays: an administrator has closed it" in text
    assert "goes for good 2" not in text


def test_what_stands_in_a_banned_thing_stays_too(cast: Cast) -> None:
    assert cast.alice.user is not None
    project = make_project(cast.alice.user, "Old project", city=cast.city.key)
    executor.fire(PROJECT, Project.objects.with_chain(), project.key, Verb.DOL, by=actor(cast.alice.user), read=dict)
    assert "stays:" not in Browser(cast.alice.user).get(BIN).text
    do(cast.city, Verb.DIS, Actor.system())
    assert "Old project" in (text := Browser(cast.alice.user).get(BIN).text)
    assert "stays: an administrator has closed it" in text


def test_a_request_that_waits_is_told_in_the_place_of_the_way_to_ask(cast: Cast) -> None:
    city = binned(cast, "Old_Town")
    asked = cast.alice.api("POST", "requests", {"thing": f"city/{city.key}", "verb": "recycle"})
    page = Browser(cast.alice.user).get(BIN)
    assert "Ask for it back" not in page.text
    request = asked.body["id"]
    assert f'href="/console/requests/{request}"' in page.source or f'href="/console/request/{request}"' in page.source
    other = binned(cast, "Other_Town")
    assert f'href="/console/cities/{other.key}/ask"' in Browser(cast.alice.user).get(BIN).source


def test_nobody_sees_anothers_bin_not_even_an_operator_or_a_steward(cast: Cast) -> None:
    assert cast.alice.user is not None
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    for who in (cast.oscar, cast.vera, cast.charlie, cast.zoe, cast.root):
        assert "Alice_City" not in Browser(who.user).get(BIN).text


def test_it_is_judged_by_its_own_row(cast: Cast) -> None:
    override("QriBin", enable=CLOSED)
    assert Browser(cast.alice.user).get(BIN).status == 403


def test_a_page_holds_so_many_and_leads_on(cast: Cast) -> None:
    for number in range(26):
        binned(cast, f"Town_{number:02}")
    browser = Browser(cast.alice.user)
    first = browser.get(BIN)
    assert "Town_25" in first.text
    assert "Town_00" not in first.text
    way = first.source.partition('rel="next"')[2].partition('href="')[2].partition('"')[0]
    assert "Town_00" in browser.get(BIN + way.replace("&amp;", "&")).text


def test_it_costs_the_same_whatever_lies_there(cast: Cast) -> None:
    browser = Browser(cast.alice.user)
    binned(cast, "Town_0")
    few = queries(browser)
    for number in range(1, 6):
        city = binned(cast, f"Town_{number}")
        cast.alice.api("POST", "requests", {"thing": f"city/{city.key}", "verb": "recycle"})
    assert queries(browser) == few <= 12


def queries(browser: Browser) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(BIN).status == 200
    return len(captured.captured_queries)
