"""What the lists of the super-console are narrowed by: time, whose ban, what is about to end, what one stands in."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Organization, User
from apps.models import App, AppSecret, Gateway, GatewaySecret
from cities.models import City
from config.kernel.states import State, Verb
from projects.models import Project, ProjectSecret
from tests.cast import Cast
from tests.factories import actor, do, make_city, make_gateway, make_project, make_user
from tests.site.console import CITIES, Browser, Page, address
from tests.site.pages import APPS, COMPANIES, GATEWAYS, PROJECTS
from tests.site.pages import address as page_of

USERS = "/admin/accounts/user/"
LISTS = (CITIES, PROJECTS, GATEWAYS, APPS, COMPANIES, USERS)
DAY = timedelta(days=1)


def called(page: Page, prefix: str = "Made_") -> list[str]:
    """The names on a list, in its order."""
    assert page.status == 200
    return re.findall(rf"{prefix}\w+", re.sub(r"<[^>]+>", " ", page.source))


def backdate(thing: Any, **ago: timedelta) -> None:
    now = timezone.now()
    type(thing).objects.filter(pk=thing.pk).update(**{column: now - each for column, each in ago.items()})


def link(source: str, rel: str) -> str:
    links = [tag for tag in re.findall(r"<a [^>]*>", source) if f'rel="{rel}"' in tag]
    return html.unescape(re.findall(r'href="([^"]*)"', links[0])[0]) if links else ""


@pytest.fixture
def made(cast: Cast) -> dict[str, City]:
    """Of different ages, made in another order than their ages."""
    assert cast.alice.user is not None
    ages = {"Old": 100 * DAY, "Now": timedelta(), "Week": 5 * DAY, "Month": 20 * DAY}
    cities = {name: make_city(cast.alice.user, f"Made_{name}") for name in ages}
    for name, age in ages.items():
        backdate(cities[name], created_at=age)
    return cities


def test_it_filters_by_the_days_since_it_was_made_and_then_the_newest_is_first(
    zoon: Browser, made: dict[str, City]
) -> None:
    assert called(zoon.get(CITIES, created="today")) == ["Made_Now"]
    assert called(zoon.get(CITIES, created="week")) == ["Made_Now", "Made_Week"]
    assert called(zoon.get(CITIES, created="month")) == ["Made_Now", "Made_Week", "Made_Month"]
    assert called(zoon.get(CITIES)) == ["Made_Month", "Made_Week", "Made_Now", "Made_Old"]


def test_it_filters_by_days_that_are_typed_the_last_one_whole(zoon: Browser, made: dict[str, City]) -> None:
    today = timezone.localdate()
    old, month = (today - 100 * DAY).isoformat(), (today - 20 * DAY).isoformat()
    assert called(zoon.get(CITIES, created_from=old, created_to=month)) == ["Made_Month", "Made_Old"]
    assert called(zoon.get(CITIES, created_to=old)) == ["Made_Old"]
    assert called(zoon.get(CITIES, created_from=month)) == ["Made_Now", "Made_Week", "Made_Month"]
    page = zoon.get(CITIES, created_from=month, state=0)
    assert f'value="{month}"' in page.source
    assert '<input type="hidden" name="state" value="0">' in page.source


def test_a_walk_in_the_order_of_time_shows_each_once_and_comes_back(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    now = timezone.now()
    # Three at a time of the same moment, the inner ids against the order of time.
    stamps = [now - timedelta(minutes=10 * (n // 3)) for n in range(120)]
    rows = [
        City(name=f"Made_{n}", name_key=f"made_{n}", creator=cast.alice.user, created_at=at, updated_at=at)
        for n, at in reversed(list(enumerate(stamps)))
    ]
    City.objects.bulk_create(rows)
    first = zoon.get(CITIES, created="week")
    pages, path = [called(first)], link(first.source, "next")
    while path:
        page = zoon.get(CITIES + path)
        pages.append(called(page))
        path = link(page.source, "next")
    shown = [name for names in pages for name in names]
    assert sorted(shown) == sorted(row.name for row in rows)
    assert [int(name[5:]) // 3 for name in shown] == [n // 3 for n in range(120)]
    back = zoon.get(CITIES + link(page.source, "prev"))
    assert called(back) == pages[-2]
    assert called(zoon.get(CITIES + link(back.source, "prev"))) == pages[-3]


def test_the_oldest_are_one_link_away(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    now = timezone.now()
    City.objects.bulk_create(
        City(name=f"Made_{n}", name_key=f"made_{n}", creator=cast.alice.user, created_at=now, updated_at=now)
        for n in range(120)
    )
    for given in ({}, {"created": "today"}):
        page = zoon.get(CITIES, **given)
        href = next(tag for tag in re.findall(r'<a href="([^"]*)">\s*Oldest', page.source))
        last = zoon.get(CITIES + html.unescape(href))
        assert "Made_0" in called(last)
        assert link(last.source, "next") == ""
        assert "Oldest" not in last.text
        assert set(called(zoon.get(CITIES + link(last.source, "prev")))).isdisjoint(called(last))


def test_it_finds_bans_that_end_within_three_days(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    now, by = timezone.now(), actor(cast.zoe.user)
    for name, ends_at in (("Soon", now + 2 * DAY), ("Later", now + 4 * DAY), ("Never", None)):
        do(make_city(cast.alice.user, f"Made_{name}"), Verb.DIS, by, reason="Unpaid", expires_at=ends_at)
    over = make_city(cast.alice.user, "Made_Over")
    do(over, Verb.DIS, by, reason="Unpaid", expires_at=now + DAY)
    backdate(over, expires_at=DAY)
    assert called(zoon.get(CITIES, expires="soon")) == ["Made_Soon"]


@pytest.mark.parametrize("path", [PROJECTS, GATEWAYS, APPS])
def test_it_finds_what_has_a_secret_that_ends_within_seven_days(zoon: Browser, app: App, path: str) -> None:
    thing: Any = {PROJECTS: app.gateway.project, GATEWAYS: app.gateway, APPS: app}[path]
    model: Any = {PROJECTS: ProjectSecret, GATEWAYS: GatewaySecret, APPS: AppSecret}[path]
    now, secrets = timezone.now(), model.objects.filter(holder=thing)
    assert secrets.exists() or path == PROJECTS
    if not secrets.exists():
        model.objects.create(holder=thing, number=1, created_at=now)
    assert thing.key not in zoon.get(path, expires="soon").text
    for ends, is_found in ((6 * DAY, True), (8 * DAY, False), (-DAY, False)):
        secrets.update(expires_at=now + ends)
        assert (thing.key in zoon.get(path, expires="soon").text) is is_found, ends
    # One that a rotation has left a grace has its successor.
    secrets.update(expires_at=now + 6 * DAY, ends_at=now + DAY)
    assert thing.key not in zoon.get(path, expires="soon").text


def test_it_finds_what_the_bin_is_about_to_lose_but_not_what_an_administrator_closed(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    kept = settings.BIN_DAYS * DAY
    for name, age in (("Soon", kept - 2 * DAY), ("Due", kept + DAY), ("Later", kept - 4 * DAY), ("Banned", kept)):
        city = make_city(cast.alice.user, f"Made_{name}")
        if name == "Banned":
            do(city, Verb.DIS, actor(cast.zoe.user), reason="Unpaid")
        do(city, Verb.DOL, actor(cast.alice.user))
        backdate(city, deleted_at=age)
    assert sorted(called(zoon.get(CITIES, bin="soon"))) == ["Made_Due", "Made_Soon"]


def test_whose_ban_it_is_leads_to_all_of_theirs(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    assert cast.zoe.user is not None
    ours, gods = make_city(cast.alice.user, "Made_By_Zoe"), make_city(cast.alice.user, "Made_By_Root")
    do(ours, Verb.DIS, actor(cast.zoe.user), reason="Unpaid")
    do(gods, Verb.DIS, actor(cast.root.user), reason="Unpaid")
    source = zoon.get(address(ours)).source
    assert f'href="{CITIES}?disabled_by={cast.zoe.user.key}"' in source
    page = zoon.get(CITIES, disabled_by=cast.zoe.user.key)
    assert set(called(page)) == {"Made_By_Zoe"}
    assert "zoe" in page.text
    theirs = zoon.get(f"{USERS}{cast.zoe.user.key}/change/").source
    for path in (CITIES, PROJECTS, GATEWAYS, APPS):
        assert f'href="{path}?disabled_by={cast.zoe.user.key}"' in theirs
    assert "disabled_by" not in zoon.get(f"{USERS}{cast.charlie.user.key}/change/").source  # type: ignore[union-attr]
    do(ours, Verb.ENB, actor(cast.zoe.user))
    assert called(zoon.get(CITIES, disabled_by=cast.zoe.user.key)) == []


def test_gateways_and_apps_are_found_by_the_city_and_the_company_above_them(
    cast: Cast, zoon: Browser, app: App
) -> None:
    charlie = cast.charlie.user
    assert charlie is not None
    other = make_gateway(charlie, make_project(charlie), "Elsewhere")
    company = app.gateway.project.company.comp_id
    for path, thing in ((GATEWAYS, app.gateway), (APPS, app)):
        for given in ({"city": cast.city.key}, {"company": company}):
            text = zoon.get(path, **given).text
            assert thing.key in text, given
            assert other.key not in text, given
        for given in ({"city": "AbcdEfgh"}, {"company": 1}, {"city": "\0"}):
            assert thing.key not in zoon.get(path, **given).text, given


def test_a_part_of_two_characters_finds_a_name_of_every_kind(
    cast: Cast, zoon: Browser, app: App, company: Organization
) -> None:
    gateway, project = app.gateway, app.gateway.project
    for thing in (app, gateway, project, cast.city):
        type(thing).objects.filter(pk=thing.pk).update(name="健康手环_12x", name_key="健康手环_12x")
    for path, thing in ((APPS, app), (GATEWAYS, gateway), (PROJECTS, project), (CITIES, cast.city)):
        for part in ("健康", "康手", "环_", "_1", "12", "2x", "手环_12", "健康手环_12x", "１２Ｘ"):
            assert thing.key in zoon.get(path, q=part).text, (path, part)
        for part in ("健手", "12_", "x健", "康健", "112", "手环_12x_"):
            assert thing.key not in zoon.get(path, q=part).text, (path, part)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "given",
    [
        {"created": "x"}, {"created": "\0"}, {"created_from": "9999-99-99"}, {"created_from": "0001-01-01"},
        {"created_to": "9999-12-31"}, {"created_from": "2026-02-30T00:00"}, {"created_to": "\0"}, {"expires": "x"},
        {"bin": "x"}, {"disabled_by": "\0"}, {"disabled_by": "x' OR 1=1"}, {"created": "week", "p": "9" * 17 + ".1"},
        {"created": "week", "p": "-" + "9" * 17 + "." + "9" * 18}, {"created": "week", "p": "-0"}, {"p": "-0"},
    ],
)  # fmt: skip
def test_a_filter_takes_no_other_value(zoon: Browser, app: App, path: str, given: dict[str, str]) -> None:
    known = {"bin", "expires"} & given.keys()
    is_known = path not in (COMPANIES, USERS) or "bin" not in known
    assert zoon.get(path, **given).status == (200 if is_known else 400)


@pytest.mark.parametrize("path", LISTS)
def test_each_list_has_its_filters(cast: Cast, zoon: Browser, path: str, app: App) -> None:
    page = zoon.get(path)
    titles = re.findall(r"By\s+([\w ]+?)\s+</h3>", html.unescape(re.sub(r"\s+", " ", page.source)))
    common = {"state", "disabled by", "date of creation"}
    ends = "end of the secret" if path in (PROJECTS, GATEWAYS, APPS) else "end of the ban"
    more = {"role"} if path == USERS else {"recycle bin"} if path != COMPANIES else set()
    assert set(map(str.strip, titles)) == common | {ends} | more


def test_a_state_at_a_time_and_a_name_narrow_together(cast: Cast, zoon: Browser, made: dict[str, City]) -> None:
    do(made["Week"], Verb.DIS, actor(cast.zoe.user), reason="Unpaid")
    given = {"state": int(State.DISABLED), "created": "month", "q": "made"}
    assert called(zoon.get(CITIES, **given)) == ["Made_Week"]
    assert called(zoon.get(CITIES, **given | {"q": "nobody"})) == []


def test_people_and_companies_are_found_by_when_they_came(cast: Cast, zoon: Browser) -> None:
    old = make_user("Made_Long_Ago")
    backdate(old, created_at=40 * DAY)
    Organization.objects.filter(pk=old.corp.pk).update(created_at=timezone.now() - 40 * DAY)
    for path in (USERS, COMPANIES):
        text = zoon.get(path, created="month").text
        assert ("alice" in text, "Made_Long_Ago" in text) == (True, False), path
        text = zoon.get(path, created_to=(timezone.localdate() - 30 * DAY).isoformat()).text
        assert ("alice" in text, "Made_Long_Ago" in text) == (False, True), path
    assert User.objects.filter(name="Made_Long_Ago").exists()


def test_a_projects_page_leads_to_whose_ban_it_is(cast: Cast, zoon: Browser, project: Project) -> None:
    assert cast.zoe.user is not None
    zoon.post(page_of(project, "dis"), reason="Unpaid")
    assert f'href="{PROJECTS}?disabled_by={cast.zoe.user.key}"' in zoon.get(page_of(project)).source


def test_gateways_are_found_by_when_they_were_made(zoon: Browser, gateway: Gateway) -> None:
    backdate(gateway, created_at=3 * DAY)
    assert gateway.key in zoon.get(GATEWAYS, created="week").text
    assert gateway.key not in zoon.get(GATEWAYS, created="today").text
