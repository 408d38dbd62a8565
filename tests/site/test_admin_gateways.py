"""Gateways in the super-console: the list, one gateway's page, and the verbs."""

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from apps.models import App, Gateway
from config.kernel.states import State, Verb
from projects.models import Project
from tests.cast import Cast
from tests.factories import actor, do, make_gateway
from tests.site.console import Browser, prove
from tests.site.pages import GATEWAYS, address, bring, cost_alike, queries, rotate, trail

CHOSEN = {"app_limit": "60000", "app_code_limit": "100", "profile": "envoy"}


def make_many(project: Project, many: int) -> None:
    now = timezone.now()
    Gateway.objects.bulk_create(
        Gateway(name=f"Row_{n}", name_key=f"row_{n}", project=project, created_at=now, updated_at=now)
        for n in range(many)
    )


def make_apps(gateway: Gateway, many: int) -> None:
    now = timezone.now()
    first = gateway.apps.count()
    App.objects.bulk_create(
        App(name=f"Row_{n}", name_key=f"row_{n}", gateway=gateway, created_at=now, updated_at=now)
        for n in range(first, first + many)
    )


def test_each_page_is_for_stewards_alone(cast: Cast, gateway: Gateway) -> None:
    pages = [address(gateway, page) for page in ("change", "rotate", "settings", "dis")]
    for path in (GATEWAYS, *pages):
        page = Browser().get(path)
        assert (page.status, page.headers["Location"].split("?")[0]) == (302, "/admin/login/"), path
        assert Browser(cast.alice.user).get(path).headers["Location"] == "/console/", path
        assert Browser(cast.root.user).get(path).status == 200, path
    for path in (GATEWAYS, address(gateway), address(gateway, "dis")):
        assert Browser(cast.zoe.user).get(path).status == 200, path


def test_a_row_tells_what_it_is(cast: Cast, zoon: Browser, gateway: Gateway) -> None:
    make_apps(gateway, 2)
    do(cast.city, Verb.DIS, actor(cast.zoe.user))  # type: ignore[arg-type]
    project = gateway.project
    text = zoon.get(GATEWAYS, q=gateway.key).text
    owner = f"Payments {project.key} alice {project.company.comp_id}"
    assert f"Tram_Signals {gateway.key} {owner} Enabled Disabled Off 2 " in text


def test_the_menu_leads_there(zoon: Browser) -> None:
    source = zoon.get(GATEWAYS).source
    assert f'href="{GATEWAYS}"' in source
    assert 'href="/admin/apps/app/"' in source


def test_it_is_found_by_id_part_of_the_name_and_its_projects_app_id(
    cast: Cast, zoon: Browser, gateway: Gateway
) -> None:
    assert cast.charlie.user is not None
    make_gateway(cast.charlie.user, name="Fish_Market")
    for term in (gateway.key, "tram", "ＴＲＡＭ", gateway.project.key):
        rows = zoon.get(GATEWAYS, q=term).text
        assert "Tram_Signals" in rows, term
        assert "Fish_Market" not in rows, term
    for term in ("abcdefghij", "t"):
        assert "Nothing found." in zoon.get(GATEWAYS, q=term).text, term


@pytest.mark.parametrize("term", ["%", "\0", "a\0b", "9" * 40, "²", "x' OR 1=1 --", "a" * 5000])
def test_odd_terms_are_only_terms(zoon: Browser, gateway: Gateway, term: str) -> None:
    for name in ("q", "project", "company", "city"):
        assert zoon.get(GATEWAYS, **{name: term}).status == 200, name


def test_it_filters_by_state_side_project_company_and_city(cast: Cast, zoon: Browser, gateway: Gateway) -> None:
    assert cast.charlie.user is not None
    make_gateway(cast.charlie.user, name="Fish_Market")
    zoon.post(address(gateway, "dis"), reason="Unpaid")
    project = gateway.project
    finds = ({"state": 1}, {"side": "admin"}, {"project": project.key}, {"company": project.company.comp_id})
    for given in (*finds, {"city": cast.city.key}):
        text = zoon.get(GATEWAYS, **given).text
        assert "Tram_Signals" in text, given
        assert "Fish_Market" not in text, given
    for given in ({"state": 0}, {"side": "owner"}, {"project": "abcdefghij"}, {"company": 1}, {"city": "AbcdEfgh"}):
        assert "Tram_Signals" not in zoon.get(GATEWAYS, **given).text, given


def test_the_bin_is_found_by_what_names_it_alone(cast: Cast, zoon: Browser, gateway: Gateway) -> None:
    bring(gateway, State.DELETED)
    project = gateway.project
    named = ({"state": 5}, {"q": gateway.key}, {"q": project.key}, {"project": project.key})
    for given in (*named, {"company": project.company.comp_id}, {"city": cast.city.key}):
        assert "Tram_Signals" in zoon.get(GATEWAYS, **given).text, given
    for given in ({}, {"q": "tram"}, {"side": "admin"}):
        assert "Tram_Signals" not in zoon.get(GATEWAYS, **given).text, given


@pytest.mark.parametrize("lookup", ["secrets__sealed__startswith", "project__company__secret_hash", "id__gt"])
def test_no_column_can_be_asked_for_that_is_no_filter(zoon: Browser, gateway: Gateway, lookup: str) -> None:
    assert zoon.get(GATEWAYS, **{lookup: "a"}).status == 400


@pytest.mark.parametrize("query", ["", "?state=0", "?q=row"])
def test_a_list_costs_the_same_for_5_and_for_300(zoon: Browser, gateway: Gateway, query: str) -> None:
    make_many(gateway.project, 5)
    few = queries(zoon, GATEWAYS + query)
    make_many(gateway.project, 295)
    many = queries(zoon, GATEWAYS + query)
    assert cost_alike(few, many, 5)
    # The only counts are those of apps, no further than a hundred.
    assert [sql.count("LIMIT 101") for sql in many if "COUNT(" in sql.upper()] == [1]


def test_its_apps_are_counted_no_further_than_a_hundred_and_without_the_bin(zoon: Browser, gateway: Gateway) -> None:
    make_apps(gateway, 101)
    assert "Off 100+ " in zoon.get(GATEWAYS).text
    bring(gateway.apps.latest("pk"), State.DELETED)
    assert "Off 100 " in zoon.get(GATEWAYS).text


def test_a_page_tells_the_chain_its_settings_and_its_key_without_the_value(
    cast: Cast, zoon: Browser, gateway: Gateway
) -> None:
    secret = gateway.secrets.get()
    do(cast.city, Verb.DIS, actor(cast.zoe.user))  # type: ignore[arg-type]
    page = zoon.get(address(gateway))
    facts = ("Tram_Signals", gateway.key, f"City Alice_City {cast.city.key} Disabled", "Company alice")
    settings = ("Own keys Off", "Apps at most 50", "AppCodes at most, of each app 5", "nginx")
    for told in (*facts, *settings, "In effect Disabled Closed above: City Alice_City", "№ 1", f"{secret.hint}…"):
        assert told in page.text, told
    assert secret.reveal() not in page.source
    assert secret.sealed not in page.source


def test_a_page_shows_the_newest_ten_apps_and_the_way_to_all(zoon: Browser, gateway: Gateway) -> None:
    make_apps(gateway, 11)
    page = zoon.get(address(gateway))
    for told in ("Row_10", "Row_1 ", "The newest 10; there are more."):
        assert told in page.text
    assert "Row_0 " not in page.text
    assert f"/admin/apps/app/?gateway={gateway.key}" in page.source


def test_a_project_leads_to_its_gateways(zoon: Browser, gateway: Gateway) -> None:
    page = zoon.get(address(gateway.project))
    assert f'href="{address(gateway)}"' in page.source
    assert f'href="{GATEWAYS}?project={gateway.project.key}"' in page.source


def test_a_page_costs_the_same_whatever_it_holds(zoon: Browser, god: Browser, gateway: Gateway) -> None:
    make_apps(gateway, 1)
    rotate(god, gateway)
    few = queries(zoon, address(gateway))
    make_apps(gateway, 60)
    for _ in range(4):
        rotate(god, gateway)
    assert len(few) == len(queries(zoon, address(gateway))) <= 10  # of which two ask who has seen the secret


@pytest.mark.parametrize(
    ("state", "for_zoon", "for_god"),
    [
        (State.ENABLED, ["Disable"], ["Disable", "Delete", "Settings", "Rotate key"]),
        (State.OFFLINE, ["Disable"], ["Disable", "Delete", "Settings", "Rotate key"]),
        (State.DISABLED, ["Change the ban", "Enable"], ["Change the ban", "Enable", "Delete", "Rotate key"]),
        (State.DELETED, ["Recycle"], ["Recycle", "Delete"]),
    ],
)
def test_the_buttons_are_exactly_what_one_may_do_now(
    zoon: Browser, god: Browser, gateway: Gateway, *, state: State, for_zoon: list[str], for_god: list[str]
) -> None:
    bring(gateway, state)
    assert zoon.get(address(gateway)).buttons == for_zoon
    assert god.get(address(gateway)).buttons == for_god


def test_under_what_is_closed_neither_settings_nor_a_new_key_are_offered(
    cast: Cast, god: Browser, gateway: Gateway
) -> None:
    do(cast.city, Verb.DIS, actor(cast.zoe.user))  # type: ignore[arg-type]
    assert god.get(address(gateway)).buttons == ["Disable", "Delete"]
    for page in ("settings", "rotate"):
        assert god.get(address(gateway, page)).status == 409, page
    sent = {"version": gateway.version, "grace_seconds": "0", **CHOSEN}
    for page in ("settings", "rotate"):
        assert god.post(address(gateway, page), **sent).status == 409, page
    assert gateway.secrets.count() == 1


def test_the_verbs_are_done_and_told(zoon: Browser, god: Browser, gateway: Gateway) -> None:
    assert zoon.post(address(gateway, "dis"), reason="Unpaid").headers["Location"] == address(gateway)
    gateway.refresh_from_db()
    assert (gateway.state, gateway.reason) == (State.DISABLED, "Unpaid")
    assert zoon.post(address(gateway, "enb")).status == 302
    assert zoon.post(address(gateway, "del"), name="Tram_Signals").status == 403
    for verb in ("off", "dol"):  # what is its owner's alone
        assert god.post(address(gateway, verb)).status == 403
    make_apps(gateway, 1)
    prove(god)
    assert god.post(address(gateway, "del"), name="Tram_Signals").status == 409
    bring(gateway.apps.get(), State.DELETED)
    assert god.post(address(gateway, "del"), name="Tram_Signals").headers["Location"] == GATEWAYS
    assert not Gateway.objects.filter(pk=gateway.pk).exists()
    told = [(verb, outcome) for verb, door, outcome, _ in trail(gateway) if door == "admin"]
    refused = [("DEL", "refused"), ("OFF", "refused"), ("DOL", "refused")]
    assert told == [("DIS", "ok"), ("ENB", "ok"), *refused, ("DEL", "ok")]


@pytest.mark.parametrize("key", ["AbcdEfgh", "a" * 31, "A" * 32, "g" * 32, "1"])
def test_what_is_no_instance_id_is_not_found(god: Browser, key: str) -> None:
    for page in ("change", "dis", "rotate", "settings"):
        assert god.get(f"{GATEWAYS}{key}/{page}/").status == 404
    assert not AuditEvent.objects.filter(thing=key).exists()
