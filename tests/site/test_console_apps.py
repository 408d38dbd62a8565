"""Apps in the developers' console: made at a gateway, with a key of ours or of one's own; and their AppCodes."""

import pytest
from django.core import serializers

from accounts.models import FOREVER, StoredAnswer
from accounts.people import sharing
from apps.models import App, AppCode, Gateway
from config.kernel import registry
from config.kernel.roles import Share
from config.kernel.states import State
from tests.cast import Cast
from tests.factories import actor, make_gateway
from tests.site.console import Browser
from tests.site.forms import chosen, hidden, send, value_of

APPS = "/console/apps"
OWN = "A-secret-of-my-own!"


@pytest.fixture
def alice(cast: Cast) -> Browser:
    return Browser(cast.alice.user)


@pytest.fixture
def oscar(cast: Cast) -> Browser:
    return Browser(cast.oscar.user)


def test_a_new_one_shows_its_secret_this_once(alice: Browser, gateway: Gateway) -> None:
    form = alice.get(f"{APPS}/new", gateway=gateway.key)
    assert chosen(form, "gateway") == [(gateway.key, True)]
    assert "app_secret" not in form.source  # the switch is off
    page = send(alice, f"{APPS}/new?gateway={gateway.key}", gateway=gateway.key, name="Ticket_Shop", remark="at night")
    made = App.objects.get(name="Ticket_Shop")
    assert (made.gateway, made.remark) == (gateway, "at night")
    assert value_of(page) == made.secrets.get().reveal()
    assert f"AppKey {made.app_key}" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    shown = alice.get(f"{APPS}/{made.key}")
    assert value_of(page) not in shown.source
    assert f"{value_of(page)[:4]}…" in shown.text


def test_a_key_and_a_secret_of_ones_own_where_the_switch_is_on(alice: Browser, gateway: Gateway) -> None:
    Gateway.objects.filter(pk=gateway.pk).update(key_switch=True)
    given = {"gateway": gateway.key, "name": "Own_Keys", "app_key": "my-own-key-1", "app_secret": OWN}
    page = send(alice, f"{APPS}/new", **given)
    made = App.objects.get(name="Own_Keys")
    assert (made.app_key, made.secrets.get().reveal(), value_of(page)) == ("my-own-key-1", OWN, OWN)
    assert OWN not in alice.get(f"{APPS}/{made.key}").source


def test_a_form_with_faults_gives_no_secret_back(alice: Browser, gateway: Gateway) -> None:
    Gateway.objects.filter(pk=gateway.pk).update(key_switch=True)
    given = {"gateway": gateway.key, "name": "x", "app_secret": OWN}
    page = send(alice, f"{APPS}/new", **given)
    assert page.status == 422
    assert OWN not in page.source
    assert 'value="x"' in page.source


def test_an_operator_chooses_neither(alice: Browser, oscar: Browser, gateway: Gateway) -> None:
    Gateway.objects.filter(pk=gateway.pk).update(key_switch=True)
    way = f"{APPS}/new?gateway={gateway.key}"
    assert 'name="app_secret"' in alice.get(way).source
    assert 'name="app_secret"' not in oscar.get(way).source
    page = send(oscar, way, gateway=gateway.key, name="By_Oscar", app_secret=OWN)
    assert (page.status, len(value_of(page))) == (200, 32)  # one of ours: what was not asked for is not taken
    assert App.objects.get(name="By_Oscar").secrets.get().reveal() != OWN


def test_where_it_is_off_a_crafted_key_is_not_taken(alice: Browser, gateway: Gateway) -> None:
    send(alice, f"{APPS}/new", gateway=gateway.key, name="Crafted", app_key="my-own-key-1", app_secret=OWN)
    made = App.objects.get(name="Crafted")
    assert made.app_key != "my-own-key-1"
    assert made.secrets.get().reveal() != OWN


def test_a_taken_name_is_told_beside_it(alice: Browser, gateway: Gateway, app: App) -> None:
    page = send(alice, f"{APPS}/new", gateway=gateway.key, name=app.name)
    assert page.status == 422
    assert "This name is taken." in page.text


def test_the_same_form_sent_twice_makes_one(alice: Browser, gateway: Gateway) -> None:
    form = hidden(alice.get(f"{APPS}/new"))
    first = alice.post(f"{APPS}/new", **form, gateway=gateway.key, name="Once_Only")
    again = alice.post(f"{APPS}/new", **form, gateway=gateway.key, name="Another")
    made = App.objects.get(name="Once_Only")
    assert (again.status, again.headers["Location"]) == (302, f"{APPS}/{made.key}")
    assert not App.objects.filter(name="Another").exists()
    assert value_of(first) not in serializers.serialize("json", StoredAnswer.objects.all())


def test_without_a_gateway_the_page_leads_to_making_one(cast: Cast) -> None:
    page = Browser(cast.charlie.user).get(f"{APPS}/new")
    assert "First a gateway" in page.text
    assert 'href="/console/gateways/new"' in page.source


def test_a_viewer_and_a_stranger_make_none(cast: Cast, gateway: Gateway) -> None:
    for person, status in (("vera", 403), ("charlie", 404)):
        browser = Browser(getattr(cast, person).user)
        assert browser.get(f"{APPS}/new", gateway=gateway.key).status == status
        assert browser.post(f"{APPS}/new", gateway=gateway.key, name="By_Others").status == status
    assert not App.objects.filter(name="By_Others").exists()


def test_its_owner_changes_its_key_where_the_switch_is_on(alice: Browser, oscar: Browser, app: App) -> None:
    way = f"{APPS}/{app.key}/edit"
    assert 'name="app_key"' not in alice.get(way).source
    Gateway.objects.filter(pk=app.gateway_id).update(key_switch=True)
    assert 'name="app_key"' not in oscar.get(way).source
    done = send(alice, way, name="Renamed", remark="", app_key="another-key-2")
    assert done.headers["Location"] == f"{APPS}/{app.key}"
    app.refresh_from_db()
    assert (app.name, app.app_key) == ("Renamed", "another-key-2")


def test_a_list_within_a_gateway_holds_its_apps_alone(cast: Cast, alice: Browser, app: App) -> None:
    assert cast.alice.user is not None
    other = make_gateway(cast.alice.user)
    assert app.key in alice.get(APPS, gateway=app.gateway.key).source
    assert app.key not in alice.get(APPS, gateway=other.key).source
    assert app.key in alice.get(APPS, city=cast.city.key).source
    assert app.key not in Browser(cast.charlie.user).get(APPS).source
    assert Browser(cast.charlie.user).get(APPS, gateway=app.gateway.key).status == 404


def test_who_has_one_app_alone_sees_nothing_of_where_its_gateway_stands(cast: Cast, app: App) -> None:
    assert cast.charlie.user is not None
    assert cast.alice.user is not None
    terms = {"user": cast.charlie.user.key, "role": Share.OPERATOR, "ends_at": FOREVER}
    sharing.share(registry.kind("app"), app.key, by=actor(cast.alice.user), read=lambda: terms)
    charlie = Browser(cast.charlie.user)
    for page in (charlie.get(APPS), charlie.get(f"{APPS}/{app.key}")):
        assert app.key in page.source
        for hidden_one in ("Alice_City", "Payments", cast.city.key, app.gateway.project.key):
            assert hidden_one not in page.source
        assert f'href="/console/gateways/{app.gateway.key}"' not in page.source


# ── AppCodes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_code_is_shown_this_once_and_ever_after_by_four_characters(alice: Browser, app: App) -> None:
    page = send(alice, f"{APPS}/{app.key}/codes/new")
    value, code = value_of(page), AppCode.objects.get(app=app)
    assert (page.status, len(value), code.hint) == (200, 64, value[:4])
    assert "no-store" in page.headers["Cache-Control"]
    shown = alice.get(f"{APPS}/{app.key}")
    assert f"{value[:4]}… Enabled" in shown.text
    assert value not in shown.source
    assert code.digest not in shown.source


def test_the_same_form_makes_one_code(alice: Browser, app: App) -> None:
    form = hidden(alice.get(f"{APPS}/{app.key}/codes/new"))
    assert value_of(alice.post(f"{APPS}/{app.key}/codes/new", **form))
    again = alice.post(f"{APPS}/{app.key}/codes/new", **form)
    assert (again.status, again.headers["Location"], value_of(again)) == (302, f"{APPS}/{app.key}", "")
    assert AppCode.objects.filter(app=app).count() == 1
    assert "It was shown then" in alice.get(f"{APPS}/{app.key}").text


def test_the_sixth_is_refused(alice: Browser, app: App) -> None:
    for _ in range(5):
        assert value_of(send(alice, f"{APPS}/{app.key}/codes/new"))
    page = send(alice, f"{APPS}/{app.key}/codes/new")
    assert (page.status, value_of(page)) == (409, "")
    assert "The limit of 5 is reached." in page.text


def test_its_owner_ends_one_and_an_operator_makes_but_ends_none(
    cast: Cast, alice: Browser, oscar: Browser, app: App
) -> None:
    assert value_of(send(oscar, f"{APPS}/{app.key}/codes/new"))
    code = AppCode.objects.get(app=app)
    way = f"{APPS}/{app.key}/codes/{code.key}/end"
    assert way not in oscar.get(f"{APPS}/{app.key}").source
    assert oscar.get(way).status == 403
    assert oscar.post(way, version=code.version).status == 403
    for person, status in (("vera", 403), ("charlie", 404)):
        browser = Browser(getattr(cast, person).user)
        assert browser.post(way, version=code.version).status == status
        assert browser.get(f"{APPS}/{app.key}/codes/new").status == status
    code.refresh_from_db()
    assert code.state == State.ENABLED
    assert way in alice.get(f"{APPS}/{app.key}").source
    done = send(alice, way)
    assert (done.status, done.headers["Location"]) == (302, f"{APPS}/{app.key}")
    code.refresh_from_db()
    assert code.state == State.DELETED
    assert alice.get(way).status == 404
