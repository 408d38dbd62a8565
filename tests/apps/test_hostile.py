"""What an attacker tried: bans fled by making things anew, graces cut short, guesses, refusals out of their order."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import executor
from accounts.models import AuditEvent, User
from accounts.people import sharing
from apps.lifecycle import GATEWAY
from apps.models import App, AppSecret, Gateway
from cities.lifecycle import CITY
from cities.models import City
from config.kernel import registry
from config.kernel.roles import Share
from config.kernel.states import Verb
from projects.lifecycle import PROJECT
from projects.models import Project
from tests.apps.calling import Apig, at_gateway, said
from tests.cast import Cast
from tests.factories import actor, make_gateway, make_token, make_user

CHAIN: dict[str, tuple[Any, Any]] = {
    "gateway": (GATEWAY, Gateway), "project": (PROJECT, Project), "city": (CITY, City)
}  # fmt: skip


@pytest.fixture
def oscar(cast: Cast, alice: Apig) -> Apig:
    """An operator of alice's city."""
    assert cast.oscar.user is not None
    return alice.as_user(cast.oscar.user)


def ban(alice: Apig, kind: str) -> None:
    gateway = Gateway.objects.select_related("project__city").get(key=alice.instance)
    assert gateway.project.city is not None
    key = {"gateway": gateway.key, "project": gateway.project.key, "city": gateway.project.city.key}[kind]
    table, model = CHAIN[kind]
    executor.fire(table, model.objects.all(), key, Verb.DIS, by=Actor.system())


@pytest.mark.parametrize("kind", CHAIN)
def test_what_is_banned_above_is_not_made_anew_elsewhere(cast: Cast, alice: Apig, kind: str) -> None:
    """S7 by re-creation: name, key and secret of an app that a ban above has closed serve nowhere else."""
    made = alice.add("my_app", app_key="my_own_key_1", app_secret="my_own_secret_1")
    elsewhere = at_gateway(alice.user, make_gateway(alice.user, key_switch=True))
    ban(alice, kind)
    assert said(alice.call("DELETE", f"/apps/{made['id']}")) == (403, "APIG.1136")
    cast.alice.api("DELETE", f"apps/{made['id']}")
    proven = make_token(alice.user)
    purge = cast.alice.call("POST", f"/api/v1/apps/{made['id']}/purge", {"confirm": "my_app"}, Authorization=proven)
    assert (purge.status, purge.code) == (409, "wrong_state")
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        call_command("purge_deleted")
    again = elsewhere.call("POST", "/apps", {"name": "my_app", "app_key": "my_own_key_1"})
    assert said(again) == (400, "APIG.3310")


def test_an_operators_second_reset_does_not_cut_the_first_ones_grace(alice: Apig, oscar: Apig) -> None:
    made = alice.add()
    first = oscar.call("PUT", f"/apps/secret/{made['id']}")
    assert first.status == 200
    assert said(oscar.call("PUT", f"/apps/secret/{made['id']}")) == (403, "APIG.1136")
    rows = AppSecret.objects.filter(holder__key=made["id"]).order_by("number")
    assert [row.ended_at for row in rows] == [None, None]
    until = rows[0].good_until
    assert until is not None
    assert until - timezone.now() > timedelta(minutes=59)
    assert alice.call("PUT", f"/apps/secret/{made['id']}").status == 200, "the owner's own ends the older"


def test_an_operator_sets_no_end_to_a_secret(cast: Cast, alice: Apig) -> None:
    made = alice.add()
    soon = (timezone.now() + timedelta(minutes=1)).isoformat()
    answer = cast.oscar.api("POST", f"apps/{made['id']}/rotate", {"grace_seconds": 3600, "expires_at": soon})
    assert (answer.status, answer.code) == (403, "forbidden")


@pytest.mark.parametrize(
    "query", ["app_key=%00", "name=%00ab", "name=%00ab&precise_search=name", "id=%00", "creator=%00", "status=%00"]
)
def test_nul_in_a_filter(alice: Apig, query: str) -> None:
    assert said(alice.call("GET", f"/apps?{query}")) == (400, "APIG.2000")
    assert said(alice.at("GET", f"/v2/{alice.project}/apigw/instances?instance_name=%00")) == (400, "APIG.2000")


@pytest.mark.parametrize("name", ["my_app_key", "apps_app_app_key", "app_name"])
def test_a_taken_name_is_one_whatever_it_says(alice: Apig, name: str) -> None:
    alice.add(name)
    assert said(alice.call("POST", "/apps", {"name": name})) == (400, "APIG.3203")
    assert said(alice.call("POST", "/apps", {"name": name.upper()})) == (400, "APIG.3203")


def test_a_change_and_a_secret_under_one_etag(cast: Cast, alice: Apig) -> None:
    made = alice.add()
    tag = cast.alice.api("GET", f"apps/{made['id']}").headers["ETag"]
    sent = {"name": "renamed_1", "app_secret": "my_own_secret_1"}
    assert cast.alice.api("PATCH", f"apps/{made['id']}", sent, If_Match=tag).status == 200
    assert cast.alice.api("PATCH", f"apps/{made['id']}", {"name": "again_1"}, If_Match=tag).status == 412


def test_a_secret_in_setting_needs_the_scope_of_rotating(alice: Apig, shut: Apig) -> None:
    """S11, and before the switch is told, or that a name is taken."""
    alice.add("taken_one")
    made = alice.add("my_app")
    narrow = Apig(alice.user, alice.project, alice.instance, make_token(alice.user, scopes=["read", "set"]))
    for name in ("my_app", "taken_one"):
        answer = narrow.call("PUT", f"/apps/{made['id']}", {"name": name, "app_secret": "my_own_secret_1"})
        assert said(answer) == (403, "APIG.1005")
    other = shut.add("my_app")
    narrow = Apig(alice.user, shut.project, shut.instance, narrow.token)
    answer = narrow.call("PUT", f"/apps/{other['id']}", {"name": "my_app", "app_secret": "my_own_secret_1"})
    assert said(answer) == (403, "APIG.1005")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/apps?page_size=abc", None), ("POST", "/apps", b"{"), ("POST", "/apps", {}),
        ("GET", "/apps?status=9", None), ("POST", "/features", {}), ("GET", "/features?limit=abc", None),
    ],
)  # fmt: skip
def test_a_stranger_is_told_of_no_bad_input(alice: Apig, method: str, path: str, body: Any) -> None:
    stranger = alice.as_user(make_user("stranger"))
    assert said(stranger.call(method, path, body, v="v2")) == (404, "APIG.3030")


def test_an_operator_is_told_that_features_are_not_theirs_before_what_is_wrong(oscar: Apig) -> None:
    assert said(oscar.call("POST", "/features", {"name": "x"}, v="v2")) == (403, "APIG.1005")


def test_a_feature_of_a_closed_gateway_stays(alice: Apig) -> None:
    sent = {"name": "app_basic", "enable": True, "config": "x" * 1000}
    assert alice.call("POST", "/features", sent, v="v2").status == 201
    told = AuditEvent.objects.filter(kind="gateway", verb="SET").latest("pk")
    assert (told.before, told.after) == ({}, {"feature": "app_basic", "enable": True})
    ban(alice, "gateway")
    assert said(alice.call("POST", "/features", sent, v="v2")) == (403, "APIG.1136")


def test_names_are_not_tried_out_without_end_by_who_does_not_see_them(alice: Apig) -> None:
    """S13: whoever holds a share of one app alone learns of its neighbours' names thirty times a minute at most."""
    made = alice.add("mine_1")
    alice.add("neighbour")
    guest: User = make_user("guest")
    terms = {"user": guest.key, "role": Share.OPERATOR}
    sharing.share(registry.kind("app"), made["id"], by=actor(alice.user), read=lambda: terms)
    at = alice.as_user(guest)
    with time_machine.travel(timezone.now().replace(second=0), tick=False):
        told = [said_or_ok(at.call("PUT", f"/apps/{made['id']}", {"name": "neighbour"})) for _ in range(32)]
    assert told == [(400, "APIG.3203")] * 30 + [(429, "APIG.9008")] * 2


def said_or_ok(answer: Any) -> tuple[int, str]:
    return answer.status, answer.body.get("error_code", "")


def test_who_made_and_ended_a_code_is_in_the_apps_history(cast: Cast, alice: Apig, oscar: Apig) -> None:
    made = alice.add()
    code = oscar.call("PUT", f"/apps/{made['id']}/app-codes").body["id"]
    alice.call("DELETE", f"/apps/{made['id']}/app-codes/{code}")
    rows = cast.alice.api("GET", f"audit?thing=app/{made['id']}").body["results"]
    assert [(row["verb"], row["thing"].partition("/")[0], row["actor"]) for row in rows] == [
        ("DEL", "appcode", alice.user.key), ("ADD", "appcode", oscar.user.key), ("ADD", "app", alice.user.key),
    ]  # fmt: skip


def test_refusals_are_in_the_apps_history_however_it_was_called(cast: Cast, alice: Apig) -> None:
    app = App.objects.get(key=alice.add()["id"])
    for key in (app.key.replace("-", ""), app.devl_id):
        assert cast.vera.api("PATCH", f"apps/{key}", {"name": "renamed"}).status == 403
    assert cast.vera.call("PUT", f"/devltmpl/{app.devl_id}", {"name": "renamed"}).status == 403
    rows = cast.alice.api("GET", f"audit?thing=app/{app.key}").body["results"]
    assert {row["thing"] for row in rows if row["outcome"] == "refused"} == {f"app/{app.key}", f"app/{app.devl_id}"}


def test_going_back_to_the_former_secret_is_a_change(alice: Apig) -> None:
    """The one in its grace would end all the same: to answer that nothing is to be done would be untrue."""
    made = alice.add(app_secret="my_own_secret_1")
    company = App.objects.get(key=made["id"]).gateway.project.company
    type(company).objects.filter(pk=company.pk).update(grace_seconds=3600)
    for secret in ("my_own_secret_2", "my_own_secret_1"):
        body = {"name": "app_001", "app_secret": secret}
        assert alice.call("PUT", f"/apps/{made['id']}", body).status == 200
    newest = AppSecret.objects.filter(holder__key=made["id"]).latest("number")
    assert (newest.number, newest.reveal(), newest.good_until) == (3, "my_own_secret_1", None)


def test_an_owner_may_send_back_a_limit_that_god_has_raised(cast: Cast, alice: Apig) -> None:
    Gateway.objects.filter(key=alice.instance).update(app_limit=1000)
    sent = {"name": "renamed_1", "app_limit": 1000}
    assert cast.alice.api("PATCH", f"gateways/{alice.instance}", sent).body["name"] == "renamed_1"
    assert cast.alice.api("PATCH", f"gateways/{alice.instance}", {"app_limit": 1001}).status == 422


def test_a_body_that_is_none_is_told_though_nothing_is_wanted(alice: Apig) -> None:
    made = alice.add()
    assert said(alice.call("PUT", f"/apps/{made['id']}/app-codes", b"{")) == (400, "APIG.2000")
