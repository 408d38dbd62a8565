"""Apps in the super-console: the list, one app's page, and the verbs."""

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from apps.models import App, Gateway
from apps.services import apps
from config.kernel.states import State, Verb
from tests.cast import Cast
from tests.factories import actor, do, make_app, make_gateway
from tests.site.console import Browser, prove
from tests.site.pages import APPS, address, bring, cost_alike, queries, rotate, trail

VERBS = ("dis", "enb", "rcc", "del", "off", "pub", "dol")


def make_many(gateway: Gateway, many: int) -> None:
    now, first = timezone.now(), gateway.apps.count()
    App.objects.bulk_create(
        App(name=f"Row_{n}", name_key=f"row_{n}", gateway=gateway, created_at=now, updated_at=now)
        for n in range(first, first + many)
    )


def make_other(cast: Cast) -> App:
    """Of another company."""
    assert cast.charlie.user is not None
    return make_app(make_gateway(cast.charlie.user), cast.charlie.user, "Fish_Market")[0]


def test_each_page_is_for_stewards_alone(cast: Cast, app: App) -> None:
    for path in (APPS, *(address(app, page) for page in ("change", "rotate", "dis"))):
        page = Browser().get(path)
        assert (page.status, page.headers["Location"].split("?")[0]) == (302, "/admin/login/"), path
        assert Browser(cast.alice.user).get(path).headers["Location"] == "/console/", path
        assert Browser(cast.root.user).get(path).status == 200, path
    for path in (APPS, address(app), address(app, "dis")):
        assert Browser(cast.zoe.user).get(path).status == 200, path


def test_a_row_tells_what_it_is(cast: Cast, zoon: Browser, app: App) -> None:
    do(cast.city, Verb.DIS, actor(cast.zoe.user))  # type: ignore[arg-type]
    text = zoon.get(APPS, q=app.key).text
    told = f"Night_Market {app.key} {app.app_key} Tram_Signals {app.gateway.key} Enabled Disabled {app.devl_id} "
    assert told in text


def test_it_is_found_by_each_of_its_ids_and_part_of_the_name(cast: Cast, zoon: Browser, app: App) -> None:
    make_other(cast)
    undashed = app.key.replace("-", "")
    for term in (app.key, undashed, app.devl_id, app.app_key, "night", "ＮＩＧＨＴ"):
        rows = zoon.get(APPS, q=term).text
        assert "Night_Market" in rows, term
        assert "Fish_Market" not in rows, term
    for term in (app.app_key[:-1], app.app_key.upper(), app.devl_id.swapcase(), app.key[:-1], "n"):
        assert "Nothing found." in zoon.get(APPS, q=term).text, term


@pytest.mark.parametrize("term", ["%", "\0", "a\0b", "9" * 40, "²", "x' OR 1=1 --", "a" * 5000, "-" * 36])
def test_odd_terms_are_only_terms(zoon: Browser, app: App, term: str) -> None:
    for name in ("q", "gateway", "project", "city"):
        assert zoon.get(APPS, **{name: term}).status == 200, name


def test_it_filters_by_state_side_gateway_project_and_city(cast: Cast, zoon: Browser, app: App) -> None:
    make_other(cast)
    zoon.post(address(app, "dis"), reason="Spam")
    gateway = app.gateway
    finds = ({"state": 1}, {"side": "admin"}, {"gateway": gateway.key}, {"project": gateway.project.key})
    for given in (*finds, {"city": cast.city.key}):
        text = zoon.get(APPS, **given).text
        assert "Night_Market" in text, given
        assert "Fish_Market" not in text, given
    for given in (
        {"state": 0},
        {"side": "owner"},
        {"gateway": "0" * 32},
        {"project": "abcdefghij"},
        {"city": "AbcdEfgh"},
    ):
        assert "Night_Market" not in zoon.get(APPS, **given).text, given


def test_the_bin_is_found_by_what_names_it_alone(zoon: Browser, app: App) -> None:
    bring(app, State.DELETED)
    gateway = app.gateway
    ids = ({"q": app.key}, {"q": app.devl_id}, {"q": app.app_key})
    for given in (*ids, {"state": 5}, {"gateway": gateway.key}, {"project": gateway.project.key}):
        assert "Night_Market" in zoon.get(APPS, **given).text, given
    for given in ({}, {"q": "night"}, {"side": "admin"}):
        assert "Night_Market" not in zoon.get(APPS, **given).text, given


@pytest.mark.parametrize("lookup", ["secrets__sealed__startswith", "codes__digest__startswith", "id__gt"])
def test_no_column_can_be_asked_for_that_is_no_filter(zoon: Browser, app: App, lookup: str) -> None:
    assert zoon.get(APPS, **{lookup: "a"}).status == 400


@pytest.mark.parametrize("query", ["", "?state=0", "?q=row"])
def test_a_list_costs_the_same_for_5_and_for_300_and_counts_nothing(zoon: Browser, app: App, query: str) -> None:
    make_many(app.gateway, 5)
    few = queries(zoon, APPS + query)
    make_many(app.gateway, 295)
    many = queries(zoon, APPS + query)
    assert cost_alike(few, many, 4)
    assert not any("COUNT(" in sql.upper() for sql in many)


def test_a_page_is_reached_by_either_form_of_the_id_with_its_history(zoon: Browser, app: App) -> None:
    zoon.post(address(app, "dis"), reason="Spam")
    for key in (app.key, app.key.replace("-", "")):
        page = zoon.get(f"{APPS}{key}/change/")
        assert page.status == 200
        assert "Disable zoe · Super-console" in page.text


def test_a_page_tells_the_chain_and_which_link_is_closed(cast: Cast, zoon: Browser, app: App) -> None:
    gateway = app.gateway
    bring(gateway, State.OFFLINE)
    do(cast.city, Verb.DIS, actor(cast.zoe.user))  # type: ignore[arg-type]
    text = zoon.get(address(app)).text
    links = (f"Gateway Tram_Signals {gateway.key} Offline", f"Project Payments {gateway.project.key} Enabled")
    closed = "In effect Disabled Closed above: Gateway Tram_Signals, City Alice_City Made by"
    for told in (*links, f"City Alice_City {cast.city.key} Disabled", closed):
        assert told in text, told
    do(cast.city, Verb.ENB, actor(cast.zoe.user))  # type: ignore[arg-type]
    bring(app, State.DISABLED)
    assert "In effect Disabled Closed above: Gateway Tram_Signals Disabled by" in zoon.get(address(app)).text


def test_a_page_tells_its_ids_origin_list_and_secrets_without_their_values(cast: Cast, zoon: Browser, app: App) -> None:
    assert cast.alice.user is not None
    given = {"acl_type": "DENY", "acl_values": ["192.0.2.1", "198.51.100.0/24"]}
    page = zoon.get(address(app))
    assert "Callers' addresses any" in page.text
    apps.set_acl(app.key, App.objects.with_chain(), by=actor(cast.alice.user), read=lambda: given)
    secret = app.secrets.get()
    page = zoon.get(address(app))
    facts = (app.key, f"devl_id {app.devl_id}", f"AppKey {app.app_key}", "a user (USER)")
    for told in (*facts, "DENY: 192.0.2.1, 198.51.100.0/24", "№ 1", f"{secret.hint}…", "Last used never"):
        assert told in page.text, told
    assert secret.reveal() not in page.source
    assert secret.sealed not in page.source


def test_a_secret_of_ones_own_choice_shows_not_even_its_beginning(cast: Cast, zoon: Browser, gateway: Gateway) -> None:
    assert cast.alice.user is not None
    Gateway.objects.filter(pk=gateway.pk).update(key_switch=True)
    app = make_app(gateway, cast.alice.user, app_secret="Chosen-secret-1")[0]
    page = zoon.get(address(app))
    assert "№ 1 of its maker's own choice Good" in page.text
    assert "Chos" not in page.source


def test_a_page_costs_the_same_whatever_it_has_been_through(zoon: Browser, god: Browser, app: App) -> None:
    rotate(god, app)
    few = queries(zoon, address(app))
    for _ in range(4):
        rotate(god, app)
        zoon.post(address(app, "dis"), reason="Spam")
        zoon.post(address(app, "enb"))
    zoon.get(address(app))  # the messages of the verbs are read once
    assert len(few) == len(queries(zoon, address(app))) <= 10  # of which two ask who has seen the secret


@pytest.mark.parametrize(
    ("state", "for_zoon", "for_god"),
    [
        (State.ENABLED, ["Disable"], ["Disable", "Delete", "Reset secret"]),
        (State.OFFLINE, ["Disable"], ["Disable", "Delete", "Reset secret"]),
        (State.DISABLED, ["Change the ban", "Enable"], ["Change the ban", "Enable", "Delete"]),
        (State.DELETED, ["Recycle"], ["Recycle", "Delete"]),
    ],
)
def test_the_buttons_are_exactly_what_one_may_do_now(
    zoon: Browser, god: Browser, app: App, *, state: State, for_zoon: list[str], for_god: list[str]
) -> None:
    bring(app, state)
    assert zoon.get(address(app)).buttons == for_zoon
    assert god.get(address(app)).buttons == for_god


def test_what_the_market_has_assigned_is_not_deleted(god: Browser, app: App) -> None:
    App.objects.filter(pk=app.pk).update(origin=App.Origin.MARKET)
    page = god.get(address(app))
    assert page.buttons == ["Disable", "Reset secret"]
    assert "the market (MARKET)" in page.text
    prove(god)
    assert god.post(address(app, "del"), name="Night_Market").status == 409
    assert App.objects.filter(pk=app.pk).exists()


def test_the_verbs_are_done_and_told(zoon: Browser, god: Browser, app: App) -> None:
    assert zoon.post(address(app, "dis"), reason="Spam").headers["Location"] == address(app)
    app.refresh_from_db()
    assert (app.state, app.reason) == (State.DISABLED, "Spam")
    assert zoon.post(address(app, "enb")).status == 302
    assert zoon.post(address(app, "del"), name="Night_Market").status == 403
    for verb in ("off", "dol"):  # what is its owner's alone
        assert god.post(address(app, verb)).status == 403
    bring(app, State.DELETED)
    assert zoon.post(address(app, "rcc")).status == 302
    prove(god)
    assert god.post(address(app, "del"), name="night_market").status == 400
    assert god.post(address(app, "del"), name="Night_Market").headers["Location"] == APPS
    assert not App.objects.filter(pk=app.pk).exists()
    told = [(verb, outcome) for verb, door, outcome, _ in trail(app) if door == "admin"]
    refused = [("DEL", "refused"), ("OFF", "refused"), ("DOL", "refused")]
    assert told == [("DIS", "ok"), ("ENB", "ok"), *refused, ("RCC", "ok"), ("DEL", "ok")]


def test_a_full_gateway_takes_nothing_out_of_the_bin(zoon: Browser, app: App) -> None:
    bring(app, State.DELETED)
    Gateway.objects.update(app_limit=0)
    page = zoon.post(address(app, "rcc"))
    assert (page.status, "The limit of 0 is reached." in page.text) == (409, True)


@pytest.mark.parametrize("who", ["alice", "charlie"])
def test_a_developers_crafted_post_changes_nothing_and_is_on_record(cast: Cast, app: App, who: str) -> None:
    """Not even the owner: this is not their door. An id that is spelt without its dashes is the same one."""
    user = getattr(cast, who).user
    before = list(App.objects.values())
    for verb in VERBS:
        path = f"{APPS}{app.key.replace('-', '')}/{verb}/"
        assert Browser(user).post(path, reason="", name="Night_Market").status == 403
    assert list(App.objects.values()) == before
    assert trail(app)[1:] == [(verb.upper(), "admin", "refused", user.key) for verb in VERBS]


@pytest.mark.parametrize("key", ["AbcdEfgh", "a" * 31, "A" * 32, "-" * 36, "1"])
def test_what_is_no_uuid_is_not_found(god: Browser, key: str) -> None:
    for page in ("change", "dis", "rotate"):
        assert god.get(f"{APPS}{key}/{page}/").status == 404
    assert not AuditEvent.objects.filter(thing=key).exists()


def test_an_absent_app_is_on_record_by_its_dashed_id(god: Browser) -> None:
    assert god.post(f"{APPS}{'a' * 32}/rotate/", version="1").status == 404
    event = AuditEvent.objects.get(thing="aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa")
    assert (event.kind, event.verb, event.outcome, event.code) == ("app", "ROTATE", "refused", "not_found")
