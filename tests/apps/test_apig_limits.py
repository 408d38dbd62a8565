"""Quotas, and what is closed: limits hold, a ban holds, and nothing is copied down."""

from typing import Any

import pytest

from accounts.access.actor import Actor
from accounts.machine import executor
from accounts.models import AuditEvent
from accounts.people import companies
from apps.lifecycle import APP, GATEWAY
from apps.models import App, AppCode, Gateway
from apps.services import gateways
from cities.lifecycle import CITY
from cities.models import City
from config.kernel.states import Verb
from projects.lifecycle import PROJECT
from projects.models import Project
from tests.apps.calling import Apig, said
from tests.cast import Cast
from tests.factories import actor

TABLES: dict[str, tuple[Any, Any]] = {
    "app": (APP, App), "gateway": (GATEWAY, Gateway), "project": (PROJECT, Project), "city": (CITY, City),
}  # fmt: skip


def fire(kind: str, key: str, verb: Verb, **given: Any) -> None:
    """By the platform."""
    table, model = TABLES[kind]
    executor.fire(table, model.objects.all(), key, verb, by=Actor.system(), read=lambda: given)


def key_of(alice: Apig, kind: str, app_id: str) -> str:
    app = App.objects.get(key=app_id)
    things = {"app": app, "gateway": app.gateway, "project": app.gateway.project, "city": app.gateway.project.city}
    return str(things[kind].key)


def test_fifty_apps_and_no_more(alice: Apig) -> None:
    for number in range(50):
        alice.add(f"app_{number}")
    full = alice.call("POST", "/apps", {"name": "one_too_many"})
    assert said(full) == (403, "APIG.3103")
    assert App.objects.filter(gateway__key=alice.instance).count() == 50
    (last, *_) = alice.call("GET", "/apps").body["apps"]
    assert alice.call("DELETE", f"/apps/{last['id']}").status == 204
    assert alice.call("POST", "/apps", {"name": "one_too_many"}).status == 201


def test_five_codes_and_no_more(alice: Apig) -> None:
    path = f"/apps/{alice.add()['id']}/app-codes"
    made = [alice.call("PUT", path).body["id"] for _ in range(5)]
    assert said(alice.call("PUT", path)) == (403, "APIG.3131")
    assert said(alice.call("POST", path, {"app_code": "c" * 64})) == (403, "APIG.3131")
    assert AppCode.objects.count() == 5
    assert alice.call("DELETE", f"{path}/{made[0]}").status == 204
    assert alice.call("PUT", path).status == 201


@pytest.mark.parametrize("kind", ["city", "project", "gateway"])
def test_under_what_is_closed_all_apps_are_and_nothing_is_made_or_changed(cast: Cast, alice: Apig, kind: str) -> None:
    on, off = alice.add("app_on"), alice.add("app_off")
    executor.fire(APP, App.objects.all(), off["id"], Verb.OFF, by=_as(alice))
    rows = [list(model.objects.order_by("pk").values()) for model in (App, Gateway, Project)]
    closed = key_of(alice, kind, on["id"])
    fire(kind, closed, Verb.DIS, reason="冻服更新")
    statuses = lambda: [each["status"] for each in alice.call("GET", "/apps").body["apps"]]  # noqa: E731
    assert statuses() == [2, 2]
    assert [len(alice.call("GET", f"/apps?status={n}").body["apps"]) for n in (1, 2)] == [0, 2]
    for method, path, body in (
        ("POST", "/apps", {"name": "new_one"}), ("PUT", f"/apps/{on['id']}", {"name": "renamed"}),
        ("PUT", f"/apps/secret/{on['id']}", None), ("PUT", f"/apps/{on['id']}/app-codes", None),
    ):  # fmt: skip
        assert said(alice.call(method, path, body)) == (403, "APIG.1136")
    untouched = [list(model.objects.order_by("pk").values()) for model in (App, Gateway, Project)]
    at = {"city": 3, "project": 2, "gateway": 1}[kind]  # but for the row that was closed
    assert untouched[:at] == rows[:at]
    fire(kind, closed, Verb.ENB)
    assert statuses() == [2, 1]


def test_a_closed_company_closes_its_apps(alice: Apig) -> None:
    made = alice.add()
    company = App.objects.get(key=made["id"]).gateway.project.company
    companies.switch(company.key, Verb.DIS, by=Actor.system())
    assert App.objects.with_chain().get(key=made["id"]).effective_at(Actor.system().now).name == "DISABLED"


@pytest.mark.parametrize("kind", ["app", "gateway", "project", "city"])
@pytest.mark.parametrize("binned", [False, True])
def test_a_ban_is_not_fled_by_any_route_its_owner_has(cast: Cast, alice: Apig, kind: str, binned: bool) -> None:
    """S7: by effective state, for everything that the owner may try on the app and what it stands in."""
    made = alice.add("banned_one", app_key="banned_key_1")
    keys = {name: key_of(alice, name, made["id"]) for name in TABLES}
    fire(kind, keys[kind], Verb.DIS)
    if binned:
        executor.fire(*TABLES[kind][:1], TABLES[kind][1].objects.all(), keys[kind], Verb.DOL, by=_as(alice))
    native = {"app": "apps", "gateway": "gateways", "project": "projects", "city": "cities"}
    for name, path in native.items():
        for step in ("enable", "publish", "recycle", "offline", "purge"):
            body = {"confirm": "banned_one"} if step == "purge" else None
            cast.alice.api("POST", f"{path}/{keys[name]}/{step}", body)
    alice.call("PUT", f"/apps/{made['id']}", {"name": "other_name", "app_key": "other_key_1"})
    alice.call("PUT", f"/apps/secret/{made['id']}")
    alice.call("PUT", f"/apps/{made['id']}/app-codes")
    if kind == "app":
        assert alice.call("DELETE", f"/apps/{made['id']}").status in {403, 404}
    for name in ("gateway", "project", "city"):
        cast.alice.api("DELETE", f"{native[name]}/{keys[name]}")
        cast.alice.api("POST", f"{native[name]}/{keys[name]}/purge", {"confirm": "x"})
    cast.alice.verb("DEL", keys["city"])
    row = TABLES[kind][1].objects.get(key=keys[kind])
    assert row.disabled_side == "admin"
    if kind == "app":
        taken = alice.call("POST", "/apps", {"name": "again", "app_key": "banned_key_1"})
        assert taken.status in {400, 403, 404}
    app = App.objects.with_chain().filter(key=made["id"]).first()
    assert app is None or app.effective_at(Actor.system().now).name in {"DISABLED", "DELETED"}


def test_a_limit_is_the_owners_to_lower_and_gods_to_raise(cast: Cast, alice: Apig) -> None:
    by = _as(alice)
    gateways.update_gateway(alice.instance, by=by, read=lambda: {"app_limit": 1})
    alice.add()
    assert said(alice.call("POST", "/apps", {"name": "second_one"})) == (403, "APIG.3103")
    configs = alice.call("GET", "/project/configs", v="v2").body["configs"]
    assert (configs[0]["config_value"], configs[0]["used"]) == ("1", 1)


def test_refusals_are_on_record_where_the_app_is(cast: Cast, alice: Apig) -> None:
    assert cast.vera.user is not None
    made = alice.add()
    answer = alice.as_user(cast.vera.user).call("PUT", f"/apps/{made['id'].replace('-', '')}", {"name": "renamed"})
    assert said(answer) == (403, "APIG.1005")
    refused = AuditEvent.objects.get(outcome="refused")
    assert (refused.kind, refused.thing, refused.verb, refused.code) == ("app", made["id"], "SET", "forbidden")
    assert (refused.door, refused.actor) == ("apig", cast.vera.user.key)


def _as(alice: Apig) -> Actor:
    return actor(alice.user)
