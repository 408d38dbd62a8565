"""The first page of the developers' console: the guide, what one has, what waits, what one did."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.visibility import governed_kinds
from accounts.lifecycle import LOGIN
from accounts.models import AuditEvent, User
from accounts.people import invitations, sharing
from apps.models import App, AppSecret, Gateway
from cities import transfers
from cities.models import City
from config.kernel import registry
from config.kernel.roles import Share
from config.kernel.states import State, Verb
from projects.models import Project
from tests.cast import Cast
from tests.factories import actor, do, make_app, make_city, make_gateway, make_project, make_user, share
from tests.policies import CLOSED, override
from tests.site.console import Browser

HOME = "/console/"


def steps(browser: Browser) -> list[tuple[str, str]]:
    """The guide: of each step "is-done", "is-next" or "", and its text."""
    items = re.findall(r'<li class="(is-done|is-next|)">(.*?)</li>', browser.get(HOME).source, re.DOTALL)
    return [(state, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()) for state, text in items]


def states(browser: Browser) -> list[str]:
    return [state for state, _ in steps(browser)]


def ways(browser: Browser) -> list[str]:
    """Where the guide leads to."""
    _, _, rest = browser.get(HOME).source.partition('<ol class="steps">')
    return [way.replace("&amp;", "&") for way in re.findall(r'href="([^"]*)"', rest.split("</ol>", maxsplit=1)[0])]


def section(browser: Browser, title: str) -> str:
    """What stands under a heading, as its source; "" where there is no such heading."""
    _, found, rest = browser.get(HOME).source.partition(f"<h2>{title}</h2>")
    return rest.split("</section>", maxsplit=1)[0] if found else ""


@pytest.fixture
def dora(db: None) -> User:
    """A newcomer, with the project that every company begins with."""
    return make_user("dora", email="dora@polis.example")


def test_a_newcomer_is_led_step_by_step(dora: User) -> None:
    browser = Browser(dora)
    assert states(browser) == ["is-next", "", "", "", ""]
    city = make_city(dora, "First_City")
    assert states(browser) == ["is-done", "is-next", "", "", ""]
    project = make_project(dora, "First project", city=city.key)
    assert states(browser) == ["is-done", "is-done", "is-next", "", ""]
    gateway = make_gateway(dora, project)
    assert states(browser) == ["is-done", "is-done", "is-done", "is-next", ""]
    app = make_app(gateway, dora)[0]
    assert states(browser) == ["is-done", "is-done", "is-done", "is-done", "is-next"]
    AppSecret.objects.filter(holder=app).update(last_used_at=timezone.now())
    assert states(browser) == []


def test_each_step_leads_to_where_it_is_done(dora: User) -> None:
    """What is to be made stands in what was made before; what was made is linked."""
    browser = Browser(dora)
    assert ways(browser) == ["/console/cities/new"]
    city = make_city(dora, "First_City")
    assert ways(browser) == [f"/console/cities/{city.key}", f"/console/projects/new?city={city.key}"]
    project = make_project(dora, "First project", city=city.key)
    assert ways(browser)[1:] == [f"/console/projects/{project.key}", f"/console/gateways/new?project={project.key}"]
    gateway = make_gateway(dora, project)
    assert ways(browser)[2:] == [f"/console/gateways/{gateway.key}", f"/console/apps/new?gateway={gateway.key}"]
    app = make_app(gateway, dora)[0]
    assert ways(browser)[3:] == [f"/console/apps/{app.key}", f"/console/apps/{app.key}/try"]
    for way in ways(browser):
        assert browser.get(way).status == 200


def test_what_lies_in_the_bin_is_no_step(dora: User) -> None:
    make_city(dora, state=State.DELETED)
    assert states(Browser(dora)) == ["is-next", "", "", "", ""]


def test_anothers_city_is_no_step_of_ones_own(cast: Cast) -> None:
    assert states(Browser(cast.vera.user)) == ["is-next", "", "", "", ""]


def test_stewards_are_not_led(cast: Cast) -> None:
    assert states(Browser(cast.zoe.user)) == []


def test_it_counts_what_one_has_and_no_further_than_a_hundred(dora: User, settings: Any) -> None:
    settings.CITIES_PER_USER = 7
    make_city(dora)
    make_city(dora, state=State.DELETED)
    gateway = make_gateway(dora)
    now = timezone.now()
    terms = {"gateway": gateway, "created_at": now, "updated_at": now}
    App.objects.bulk_create(App(name=f"App_{n}", name_key=f"app_{n}", **terms) for n in range(101))
    text = Browser(dora).get(HOME).text
    assert "2 Cities of at most 7, with the bin" in text
    assert "2 Projects" in text
    assert "1 Gateways" in text
    assert "100+ Apps" in text


def test_a_secret_that_ends_soon_waits(dora: User) -> None:
    browser, gateway = Browser(dora), make_gateway(dora)
    soon, later, old = (make_app(gateway, dora, name)[0] for name in ("Soon_ends", "Later_ends", "Has_ended"))
    for app, days in ((soon, 13), (later, 15), (old, -1)):
        AppSecret.objects.filter(holder=app).update(expires_at=timezone.now() + timedelta(days=days))
    told = section(browser, "Waiting for you")
    assert "App Soon_ends: its secret ends" in told
    assert "Later_ends" not in told
    assert "Has_ended" not in told
    assert "Soon_ends" not in section(Browser(make_user("erik")), "Waiting for you")


def test_what_goes_from_the_bin_soon_waits_and_what_is_banned_does_not(dora: User) -> None:
    for name, days in (("Going_soon", 28), ("Going_late", 3), ("Kept_there", 28)):
        city = make_city(dora, name)
        if name == "Kept_there":
            do(city, Verb.DIS, Actor.system())
        do(city, Verb.DOL, actor(dora) if name != "Kept_there" else Actor.system())
        City.objects.filter(pk=city.pk).update(deleted_at=timezone.now() - timedelta(days=days))
    told = section(Browser(dora), "Waiting for you")
    assert "City Going_soon: goes for good" in told
    assert 'href="/console/bin"' in told
    assert "Going_late" not in told
    assert "Kept_there: goes for good" not in told


def test_what_others_offer_waits(cast: Cast, dora: User) -> None:
    """An invitation, a share offered to one's mail, a city handed on; nothing of it to somebody else."""
    assert cast.alice.user is not None
    owner = Actor(timezone.now(), actor(cast.alice.user).door, cast.alice.user, proved_at=timezone.now())
    invitations.invite(cast.alice.user.corp.key, by=owner, read=lambda: {"email": dora.email})
    terms = {"user": dora.email, "role": Share.VIEWER}
    sharing.share(registry.kind("city"), cast.city.key, by=owner, read=lambda: terms)
    transfers.offer(make_city(cast.alice.user, "Handed_on").key, by=owner, read=lambda: {"user": dora.key})
    told = section(Browser(dora), "Waiting for you")
    assert "alice asks you to join" in told
    assert 'href="/console/shares">City Alice_City' in told
    assert "City Handed_on</a>: alice offers to hand it on to you" in told
    assert section(Browser(cast.charlie.user), "Waiting for you") == ""


def test_unread_notices_are_told_in_words(cast: Cast) -> None:
    do(cast.city, Verb.DIS, Actor.system(), reason="Unpaid")
    told = section(Browser(cast.alice.user), "Waiting for you")
    assert "was disabled by an administrator" in told
    assert "Reason: Unpaid" in told
    assert f'href="/console/cities/{cast.city.key}"' in told
    cast.alice.api("POST", "notices/read", {"until": cast.alice.api("GET", "notices").body["results"][0]["id"]})
    assert section(Browser(cast.alice.user), "Waiting for you") == ""


def test_the_last_five_things_that_one_did(cast: Cast) -> None:
    assert cast.alice.user is not None
    for number in range(6):
        make_city(cast.alice.user, f"Town_{number}")
    do(cast.city, Verb.OFF, Actor.system())
    told = section(Browser(cast.alice.user), "What you did last")
    assert [f"Town_{number}" in told for number in range(6)] == [False, True, True, True, True, True]
    assert "Alice_City" not in told


def test_what_one_asked_for_and_was_not_shown_is_told_by_its_id_alone(cast: Cast) -> None:
    for key in ("EyA8ksVN", make_city(cast.charlie.user, "Others").key):
        cast.alice.api("POST", f"cities/{key}/disable")
        told = section(Browser(cast.alice.user), "What you did last")
        assert re.search(rf"Disable:\s+{key}\s+<small>City</small>\s+<span[^>]*>Refused", told)
        assert f"cities/{key}" not in told


def test_signing_in_is_left_out_and_no_further_back_than_a_hundred_is_looked(cast: Cast) -> None:
    assert cast.alice.user is not None
    make_city(cast.alice.user, "Old_Town")
    _sign_in(cast.alice.user, 99)
    with CaptureQueriesContext(connection) as captured:
        told = section(Browser(cast.alice.user), "What you did last")
    assert "Old_Town" in told
    assert "Alice_City" not in told
    assert not any("login" in query["sql"] for query in captured.captured_queries if "_auditevent" in query["sql"])
    _sign_in(cast.alice.user, 1)
    assert "Old_Town" not in section(Browser(cast.alice.user), "What you did last")


def _sign_in(user: User, many: int) -> None:
    event = AuditEvent.objects.filter(actor=user.key).latest("pk")
    for _ in range(many):
        event.pk, event._state.adding = None, True
        event.kind, event.thing, event.verb = LOGIN.kind, user.key, "ADD"
        event.save(force_insert=True)


def test_what_a_policy_closes_is_not_told_here_either(cast: Cast) -> None:
    do(cast.city, Verb.DIS, Actor.system(), reason="Unpaid")
    for row in ("QriState", "QriNotice"):
        override(row, enable=CLOSED)
    text = Browser(cast.alice.user).get(HOME).text
    assert "Cities of at most" not in text
    assert "Unpaid" not in text
    assert "Projects" in text


def test_it_costs_the_same_however_much_there_is(cast: Cast) -> None:
    alice = cast.alice.user
    assert alice is not None
    browser = Browser(alice)
    gateway = make_gateway(alice, make_project(alice, city=cast.city.key))
    app = make_app(gateway, alice)[0]
    calm = queries(browser)
    add(alice, cast.city)
    few = queries(browser)
    for _ in range(3):
        add(alice, cast.city)
    many = queries(browser)
    assert len(few) == len(many) <= 25, "\n".join(many)
    assert len(calm) <= 16, "what is not there is not asked for"
    assert not any("COUNT(" in query.upper() and "LIMIT" not in query.upper() for query in many)
    assert app.key not in "".join(few)


def add(owner: User, city: City) -> None:
    """More of everything, and what time is about to end."""
    gateway = make_gateway(owner)
    for _ in range(3):
        make_app(gateway, owner)
    do(make_city(owner), Verb.DIS, Actor.system())
    make_city(owner, state=State.DELETED)
    AppSecret.objects.update(last_used_at=timezone.now(), expires_at=timezone.now() + timedelta(days=2))
    City.objects.filter(state=State.DELETED).update(deleted_at=timezone.now() - timedelta(days=29))
    share(city, make_user(), Share.VIEWER, by=actor(owner))


def queries(browser: Browser) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(HOME).status == 200
    return [query["sql"] for query in captured.captured_queries]


def test_every_kind_has_a_figure(cast: Cast) -> None:
    assert {kind.model for kind in governed_kinds()} == {City, Project, Gateway, App}
    text = Browser(cast.alice.user).get(HOME).text
    for word in ("1 Cities", "1 Projects", "0 Gateways", "0 Apps"):
        assert word in text
