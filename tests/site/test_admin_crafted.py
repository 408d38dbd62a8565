"""Requests to the super-console that no page of it would send: they change nothing, and are on record."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Organization
from apps.models import App, AppCode, AppGrant, AppSecret, Gateway, GatewayGrant, GatewaySecret
from apps.services import codes
from cities.models import City, CityGrant
from config.kernel.states import State
from projects.models import Project, ProjectGrant
from tests.cast import Cast
from tests.factories import actor
from tests.site.console import CITIES, Browser, address, events

VERBS = ("dis", "enb", "rcc", "del", "off", "pub", "dol")


def state_of(city: City) -> State:
    city.refresh_from_db()
    return city.state_at(timezone.now())


@pytest.mark.parametrize("who", ["alice", "oscar", "vera", "charlie"])
def test_a_developers_crafted_post_changes_nothing_and_is_on_record(cast: Cast, who: str) -> None:
    """Not even the owner: this is not their door."""
    user = getattr(cast, who).user
    browser = Browser(user)
    for verb in VERBS:
        assert browser.post(address(cast.city, verb), reason="", name="Alice_City").status == 403
    assert state_of(cast.city) is State.ENABLED
    recorded = [(verb, door) for verb, door, outcome, by in events(cast.city) if (outcome, by) == ("refused", user.key)]
    assert recorded == [(verb.upper(), "admin") for verb in VERBS]


def test_nobodys_crafted_post_leads_to_the_sign_in(cast: Cast) -> None:
    before = events(cast.city)
    for verb in VERBS:
        page = Browser().post(address(cast.city, verb), reason="", name="Alice_City")
        assert (page.status, page.headers["Location"].split("?")[0]) == (302, "/admin/login/")
    assert state_of(cast.city) is State.ENABLED
    assert events(cast.city) == before


def test_a_post_without_the_csrf_token_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert cast.root.user is not None
    client.force_login(cast.root.user)
    assert client.post(address(cast.city, "dis"), {"reason": ""}).status_code == 403
    assert state_of(cast.city) is State.ENABLED


@pytest.mark.parametrize("verb", ["add", "set", "get", "xyz", "DIS", "set_role", "delete", "history"])
def test_there_is_no_page_for_any_other_verb(cast: Cast, god: Browser, verb: str) -> None:
    before = list(City.objects.values())
    for send in (god.get, god.post):
        assert send(address(cast.city, verb)).status == 404
    assert list(City.objects.values()) == before


@pytest.mark.parametrize("kind", ["city", "project", "organization", "gateway", "app"])
def test_no_crafted_form_writes_a_field(cast: Cast, god: Browser, app: App, kind: str) -> None:
    """Every field of the model, sent to every address that takes or might take a form."""
    gateway = app.gateway
    project = gateway.project
    things: dict[str, Any] = {"city": cast.city, "project": project, "organization": project.company}
    thing = {**things, "gateway": gateway, "app": app}[kind]
    before, root = everything(), f"/admin/{thing._meta.app_label}/{kind}/"
    sent = fields_of(type(thing))
    sent |= {"name": "Stolen_Name", "action": "delete_selected", "_selected_action": str(thing.pk), "_save": "1"}
    of_one = [f"{root}{thing.key}/{page}/" for page in ("change", "delete", "set", "get", "add", "move")]
    for path in (root, f"{root}add/", *of_one, f"{root}{thing.pk}/change/"):
        assert god.post(path, **sent).status in {404, 405}, path
    assert everything() == before


@pytest.mark.parametrize("verb", ["dis", "enb", "rotate", "settings"])
@pytest.mark.parametrize("kind", ["gateway", "app"])
def test_a_form_that_there_is_writes_no_field_but_its_own(god: Browser, app: App, kind: str, verb: str) -> None:
    thing: Any = {"gateway": app.gateway, "app": app}[kind]
    before = type(thing).objects.get(pk=thing.pk)
    sent = fields_of(type(thing)) | {"version": str(thing.version), "grace_seconds": "0", "reason": "Spam"}
    sent |= {"expires_at": "", "app_limit": "7", "app_code_limit": "3", "profile": "apisix"}
    god.post(f"/admin/apps/{kind}/{thing.key}/{verb}/", **sent)
    own = {"dis": CLOSING, "rotate": set(), "enb": set(), "settings": SETTINGS if kind == "gateway" else set()}[verb]
    thing = type(thing).objects.get(pk=thing.pk)
    changed = {each.attname for each in type(thing)._meta.concrete_fields if _differs(each, thing, before)}
    assert changed - STAMPS == own
    if verb == "dis":
        assert (thing.disabled_side, thing.expires_at, thing.state) == ("admin", None, State.DISABLED)


def test_ending_a_code_writes_no_other_field(cast: Cast, god: Browser, app: App) -> None:
    assert cast.alice.user is not None
    rows = App.objects.with_chain()
    code, _ = codes.create_code(app.key, rows, by=actor(cast.alice.user), read=dict)
    other, _ = codes.create_code(app.key, rows, by=actor(cast.alice.user), read=dict)
    kept = AppCode.objects.filter(pk=other.pk).values().get()
    god.post(f"/admin/apps/app/{app.key}/codes/{code.key}/end/", **fields_of(AppCode))
    ended = AppCode.objects.get(pk=code.pk)
    changed = {each.attname for each in AppCode._meta.concrete_fields if _differs(each, ended, code)}
    assert changed - STAMPS == {"state", "deleted_at", "deleted_by", "digest"}
    assert AppCode.objects.filter(pk=other.pk).values().get() == kept


# What the verb sets, and what every change does.
CLOSING = {"state", "disabled_at", "disabled_by", "disabled_side", "reason"}
SETTINGS = {"key_switch", "unsigned_body", "app_limit", "app_code_limit", "profile"}
STAMPS = {"version", "updated_at", "updater_id"}


def _differs(field: Any, one: Any, other: Any) -> bool:
    return bool(getattr(one, field.attname) != getattr(other, field.attname))


def fields_of(model: Any) -> dict[str, str]:
    """Every field of a model, with a value that most take."""
    return {field.name: "1" for field in model._meta.get_fields()}


def everything() -> list[Any]:
    """The rows of all that might be written, without the trail and what counts refusals."""
    tables = (City, Project, Organization, Gateway, App, GatewaySecret, AppSecret, AppCode)
    grants = (CityGrant, ProjectGrant, GatewayGrant, AppGrant)
    return [list(table._default_manager.order_by("pk").values()) for table in (*tables, *grants)]


def test_the_trail_has_no_address_that_takes_a_form(cast: Cast, god: Browser) -> None:
    event = AuditEvent.objects.latest("id")
    trail = "/admin/accounts/auditevent/"
    for path in (trail, f"{trail}add/", f"{trail}{event.pk}/change/", f"{trail}{event.pk}/delete/"):
        assert god.post(path, verb="ENB", action="delete_selected").status in {404, 405}
    assert AuditEvent.objects.filter(pk=event.pk).exists()


def test_an_absent_city_is_not_found_and_put_on_record(cast: Cast, zoon: Browser) -> None:
    assert zoon.post(f"{CITIES}AbcdEfgh/dis/", reason="").status == 404
    event = AuditEvent.objects.filter(thing="AbcdEfgh").latest("id")
    assert (event.verb, event.door, event.outcome, event.code) == ("DIS", "admin", "refused", "not_found")
