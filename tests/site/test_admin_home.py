"""The super-console's first page: figures, each with the list behind it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import figures
from cities.models import City
from config.kernel.states import State, Verb
from tests.cast import Cast
from tests.factories import do, make_app, make_city, make_gateway, make_user
from tests.policies import CLOSED, override
from tests.site.console import Browser

HOME = "/admin/"


def card(browser: Browser, title: str) -> str:
    """The text of one card, without the tags."""
    cards = browser.get(HOME).source.split('<section class="polis-card">')[1:]
    found = next(each for each in cards if title in re.sub(r"<[^>]+>", " ", each.partition("</h2>")[0]))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found.split("</section>", maxsplit=1)[0])).strip()


def test_a_card_tells_how_many_of_a_kind_are_in_which_state(cast: Cast, zoon: Browser) -> None:
    """The cast's one city the console's own, which the platform began with, and what is made here."""
    owner = make_user("dora")
    for state in (State.DISABLED, State.DISABLED, State.OFFLINE, State.DELETED):
        make_city(owner, state=state)
    told = card(zoon, "Cities")
    assert told.startswith("Cities 5 Enabled 2 Disabled 2 Offline 1 Deleted 1 New this week 6")


def test_each_figure_leads_to_the_list_behind_it(cast: Cast, zoon: Browser) -> None:
    make_city(make_user("dora"), "Closed_City", State.DISABLED)
    source = zoon.get(HOME).source
    for query, is_found in (("state=1", True), ("state=0", False), ("created=week", True)):
        link = f"/admin/cities/city/?{query}"
        assert f'href="{link}"' in source
        assert ("Closed_City" in zoon.get(link).text) is is_found, query
    for link in ("/admin/projects/project/", "/admin/apps/gateway/", "/admin/apps/app/", "/admin/accounts/request/"):
        assert f'href="{link}' in source
    assert 'href="/admin/accounts/auditevent/?outcome=refused&amp;at=today"' in source


def test_gateways_and_apps_are_counted_too(cast: Cast, god: Browser) -> None:
    owner = make_user("dora")
    gateway = make_gateway(owner)
    for _ in range(3):
        make_app(gateway, owner)
    assert card(god, "Apps").startswith("Apps 3 Enabled 3 Disabled 0")
    assert card(god, "Gateways").startswith("Gateways 1 Enabled 1")


@pytest.mark.usefixtures("standing_clock")  # of one minute the first is a row
def test_refused_attempts_of_a_day_are_told(cast: Cast, zoon: Browser) -> None:
    for _ in range(2):
        cast.charlie.verb("DIS", cast.city.key)
    figures.add([(figures.REFUSED, timezone.now() - timedelta(hours=30), 50)])  # of the week, and not of the day
    assert card(zoon, "Refused attempts").startswith("Refused attempts 1 ")


def test_verifications_are_told_by_the_minute(cast: Cast, zoon: Browser) -> None:
    minute = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=3)
    figures.add([(figures.VERIFIED, minute, 40), (figures.VERIFIED, minute, 2), (figures.STOPPED, minute, 8)])
    told = "In the last hour 42 of the calls that Polis was asked about were let through and 8 were stopped, 50 at most"
    assert told in zoon.get(HOME).text


def test_what_waits_is_counted(cast: Cast, zoon: Browser) -> None:
    do(cast.city, Verb.DIS, Actor.system(), reason="Unpaid")
    assert cast.alice.api("POST", "requests", {"thing": f"city/{cast.city.key}", "verb": "enable"}).status == 201
    assert "Requests of owners 1" in card(zoon, "Waiting for you")


def test_what_time_is_about_to_do_is_counted(cast: Cast, zoon: Browser) -> None:
    owner, now = make_user("dora"), timezone.now()
    banned = make_city(owner, state=State.DISABLED)
    City.objects.filter(pk=banned.pk).update(expires_at=now + timedelta(days=2))
    for days in (28, 29, 3):
        binned = make_city(owner, state=State.DELETED)
        City.objects.filter(pk=binned.pk).update(deleted_at=now - timedelta(days=days))
    told, source = card(zoon, "Waiting for you"), zoon.get(HOME).source
    assert "Cities: bans that end within 3 days 1" in told
    assert "Cities: purged within 3 days 2" in told
    assert "Apps:" not in told
    assert 'href="/admin/cities/city/?bin=soon"' in source
    assert 'href="/admin/cities/city/?expires=soon"' in source


def test_what_a_policy_closes_is_not_told_here_either(cast: Cast, god: Browser) -> None:
    override("QriState", enable=CLOSED)
    text = god.get(HOME).text
    assert "New this week" in text
    assert "/admin/cities/city/?state=0" not in god.get(HOME).source


def test_it_costs_the_same_whatever_there_is_and_counts_no_rows(cast: Cast, zoon: Browser) -> None:
    few = queries(zoon)
    now, owner = timezone.now(), make_user("dora")
    City.objects.bulk_create(
        City(name=f"Row_{n}", name_key=f"row_{n}", creator=owner, created_at=now, updated_at=now) for n in range(300)
    )
    many = queries(zoon)
    assert len(few) == len(many) <= 18
    assert not any("COUNT(" in query.upper() and "LIMIT" not in query.upper() for query in many)


def queries(browser: Browser) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(HOME).status == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_it_is_for_stewards(cast: Cast, language: str) -> None:
    who: Any = cast.alice.user
    assert "New this week" not in Browser(who, language).get(HOME).text
