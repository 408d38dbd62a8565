"""A city's page: what stands in it, who has which share of it, and what that costs."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.people import sharing
from apps.models import App
from cities.models import City, CityGrant
from config.kernel import registry
from config.kernel.roles import Share
from config.kernel.states import State, Verb
from projects.models import Project
from tests.cast import Cast
from tests.factories import actor, do, make_project, make_user, share
from tests.site import pages
from tests.site.console import Browser, Page, address
from tests.site.held import Held
from tests.site.pages import APPS, GATEWAYS, PROJECTS, queries

LISTS = {"Projects": PROJECTS, "Gateways": GATEWAYS, "Apps": APPS}


def card(page: Page, title: str) -> Page:
    """One of the page's cards."""
    cards = re.findall(r'<section class="polis-card".*?</section>', page.source, re.DOTALL)
    (found,) = [each for each in cards if re.search(rf"<h3>\s*{title}\b", each)]
    return Page(page.status, found, page.headers)


def user(of: User | None) -> User:
    assert of is not None
    return of


def offer(city: City, to: str, by: User, **given: object) -> None:
    terms = {"user": to, "role": Share.VIEWER, **given}
    sharing.share(registry.kind("city"), city.key, by=actor(by), read=lambda: terms)


def test_it_shows_what_stands_in_it_with_its_state(cast: Cast, zoon: Browser, held: Held) -> None:
    page = zoon.get(address(cast.city))
    projects, gateways, apps = (card(page, title).text for title in LISTS)
    for name, state in {"Payments": "Enabled", "Parking": "Offline", "Old Works": "Deleted"}.items():
        assert f"{name} {held.projects[name].key} {state}" in projects
    for name, state in {"Main": "Enabled", "Spare": "Disabled", "Barrier": "Enabled", "Furnace": "Enabled"}.items():
        assert f"{name} {held.gateways[name].key} {state}" in gateways
    for name, state in {"Tram": "Enabled", "Bus": "Deleted", "Taxi": "Enabled", "Ticket": "Enabled"}.items():
        assert f"{name} {held.apps[name].key} {state}" in apps
    for thing in (held.projects["Parking"], held.gateways["Spare"], held.apps["Bus"]):
        assert f'href="{pages.address(thing)}"' in page.source


def test_it_leads_to_all_that_stand_in_it_and_no_others(cast: Cast, zoon: Browser, held: Held) -> None:
    make_project(make_user("dora"), "Doras Own")
    page = zoon.get(address(cast.city))
    names = {"Projects": held.projects, "Gateways": held.gateways, "Apps": held.apps}
    for title, path in LISTS.items():
        assert f'href="{path}?city={cast.city.key}"' in card(page, title).source
        listed = zoon.get(path, city=cast.city.key).text
        assert all(name in listed for name in names[title])
        assert "Doras" not in listed


def test_it_shows_the_newest_ten_and_says_that_there_are_more(cast: Cast, zoon: Browser, project: Project) -> None:
    now, company = timezone.now(), project.company
    rows = [
        Project(name=f"Row_{n}", name_key=f"row_{n}", company=company, city=cast.city, created_at=now, updated_at=now)
        for n in range(10)
    ]
    Project.objects.bulk_create(rows)
    shown = card(zoon.get(address(cast.city)), "Projects").text
    assert "Row_9" in shown
    assert "Row_0" in shown
    assert "Payments" not in shown
    assert "The newest 10; there are more." in shown


def test_an_empty_city_says_so(cast: Cast, zoon: Browser) -> None:
    page = zoon.get(address(cast.city))
    assert [card(page, title).text.split()[-1] for title in LISTS] == ["None."] * 3


def test_it_shows_who_has_which_share_since_when_until_when_and_by_whom(cast: Cast, zoon: Browser) -> None:
    alice, vera = user(cast.alice.user), user(cast.vera.user)
    ends_at = timezone.localtime(timezone.now() + timedelta(days=3))
    share(cast.city, vera, Share.OPERATOR, by=actor(alice), ends_at=ends_at)
    shares = card(zoon.get(address(cast.city)), "Shares")
    given = f"Given by alice, since {timezone.localtime():%Y-%m-%d} \\d\\d:\\d\\d"
    expected = {
        alice: f"Owner {given}, for good.",
        user(cast.oscar.user): f"Operator {given}, for good.",
        vera: f"Operator {given}, until {ends_at:%Y-%m-%d %H:%M}.",
    }
    for person, told in expected.items():
        assert re.search(f"{person.name} {person.key} {told}", shares.text), person.name
        assert f'href="/admin/accounts/user/{person.key}/change/"' in shares.source
    assert "charlie" not in shares.text


def test_what_is_offered_to_a_mail_is_marked_and_what_has_ended_is_not_there(cast: Cast, zoon: Browser) -> None:
    alice = user(cast.alice.user)
    offer(cast.city, "Dora@example.com", alice)
    CityGrant.objects.filter(user=cast.vera.user).update(ends_at=timezone.now())
    shares = card(zoon.get(address(cast.city)), "Shares").text
    assert "dora@example.com Offered Viewer Given by alice" in shares
    assert "vera" not in shares


def test_an_id_that_is_nobodys_is_shown_as_it_was_given(cast: Cast, zoon: Browser) -> None:
    offer(cast.city, "AbcdEfgh", user(cast.alice.user))
    assert "AbcdEfgh Viewer Given by alice," in card(zoon.get(address(cast.city)), "Shares").text


def test_the_shares_are_walked_newest_first(cast: Cast, zoon: Browser) -> None:
    for number in range(20):
        offer(cast.city, f"person{number}@example.com", user(cast.alice.user))
    first = card(zoon.get(address(cast.city)), "Shares")
    assert re.findall(r"person(\d+)@", first.text) == [str(number) for number in reversed(range(20))]
    older = re.findall(r'href="(\?shares=\d+)#shares"', first.source)
    assert len(older) == 1
    second = card(zoon.get(address(cast.city) + older[0]), "Shares")
    assert "person" not in second.text
    assert re.findall(r"(alice|oscar|vera) \w{8} \w+ Given", second.text) == ["vera", "oscar", "alice"]
    assert "?shares=" not in second.source


@pytest.mark.parametrize("place", ["x", "-1", "0", "9" * 30, "%00"])
def test_an_odd_place_is_no_harm(cast: Cast, zoon: Browser, place: str) -> None:
    assert zoon.get(f"{address(cast.city)}?shares={place}").status == 200


def test_what_belongs_to_a_company_shows_its_shares_too(cast: Cast, zoon: Browser, app: App) -> None:
    alice, oscar = user(cast.alice.user), user(cast.oscar.user)
    for kind, thing in (("project", app.gateway.project), ("gateway", app.gateway), ("app", app)):
        terms = {"user": oscar.key, "role": Share.VIEWER}
        sharing.share(registry.kind(kind), thing.key, by=actor(alice), read=lambda terms=terms: terms)
        assert f"oscar {oscar.key} Viewer Given by alice," in card(zoon.get(pages.address(thing)), "Shares").text


def test_neither_a_person_nor_a_company_has_shares(cast: Cast, zoon: Browser) -> None:
    alice = user(cast.alice.user)
    for path in (pages.address(alice.corp), f"/admin/accounts/user/{alice.key}/change/"):
        assert "Shares" not in zoon.get(path).text


def test_who_closed_it_why_and_until_when(cast: Cast, zoon: Browser) -> None:
    ends_at = timezone.localtime(timezone.now() + timedelta(days=3))
    do(cast.city, Verb.DIS, actor(user(cast.zoe.user)), reason="Unpaid", expires_at=ends_at)
    text = zoon.get(address(cast.city)).text
    told = f"Disabled by zoe · an administrator Disabled at .{{16}} Reason Unpaid Until {ends_at:%Y-%m-%d %H:%M}"
    assert re.search(told, text)


def test_a_page_costs_the_same_whatever_stands_in_it(cast: Cast, zoon: Browser, held: Held) -> None:
    few = queries(zoon, address(cast.city))
    now = timezone.now()
    company = held.projects["Payments"].company
    for state in (State.ENABLED, State.OFFLINE):
        Project.objects.bulk_create(
            Project(
                name=f"Row_{state}_{n}",
                name_key=f"row_{state}_{n}",
                company=company,
                city=cast.city,
                state=state,
                offline=state is State.OFFLINE,
                created_at=now,
                updated_at=now,
            )
            for n in range(20)
        )
    for number in range(25):
        offer(cast.city, f"person{number}@example.com", user(cast.alice.user))
    assert len(few) == len(queries(zoon, address(cast.city))) <= 10
