"""What `/verify` says: to whom, of which credential, in which state, at what cost."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import executor, usage
from apps.lifecycle import APP, APP_CODE, GATEWAY
from apps.models import App, AppCode, AppSecret, Gateway, GatewaySecret
from apps.services import apps
from apps.verification.door import verify
from cities.lifecycle import CITY
from cities.models import City
from config.kernel.states import Table, Verb
from projects.lifecycle import PROJECT
from projects.models import Project
from tests.cast import Cast
from tests.factories import actor, do
from tests.verification.calling import Standing, basic, stand


def fire(table: Table, model: Any, key: str, verb: Verb, **given: Any) -> None:
    executor.fire(table, model.objects.all(), key, verb, by=Actor.system(), read=lambda: given)


# ── a good one ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_good_credential_of_each_kind_says_whose_it_is(cast: Cast, standing: Standing) -> None:
    for given in (
        {"X_Api_Key": standing.pair},
        {"Authorization": standing.basic},
        {"X_Apig_AppCode": standing.code},
    ):
        answer = standing.ask(**given)
        told = {name: answer.headers.get(f"X-{name}") for name in ("App-Id", "App-Name", "Project-Id", "City-Id")}
        assert (answer.status_code, answer.content) == (200, b"")
        assert told == {
            "App-Id": standing.app.key,
            "App-Name": standing.app.name,
            "Project-Id": standing.app.gateway.project.key,
            "City-Id": cast.city.key,
        }
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_name_is_told_in_ascii(standing: Standing) -> None:
    App.objects.filter(pk=standing.app.pk).update(name="支付网关")
    assert standing.ask().headers["X-App-Name"] == "%E6%94%AF%E4%BB%98%E7%BD%91%E5%85%B3"


@pytest.mark.parametrize("kind", ["X_Api_Key", "X_Apig_AppCode", "nobody"])
def test_it_costs_one_query_and_writes_nothing(standing: Standing, kind: str) -> None:
    given = {"X_Api_Key": standing.pair, "X_Apig_AppCode": standing.code, "nobody": "nobody.secret"}
    header = "X_Api_Key" if kind == "nobody" else kind
    with CaptureQueriesContext(connection) as captured:
        standing.ask(**{header: given[kind]})
    assert len(captured) == 1
    sql = captured[0]["sql"].upper()
    assert "SELECT" in sql
    assert "UPDATE" not in sql, "no lock either: FOR UPDATE"


def test_its_address_is_in_the_list_of_all_and_leads_there() -> None:
    for path in ("/verify", "/verify/", "/verify/orders/1"):
        assert resolve(path).func is verify


def test_a_page_whose_name_begins_so_is_none_of_it(standing: Standing) -> None:
    assert standing.ask(path="/verifyx").status_code == 404


# ── what is not good ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_that_is_wrong_is_the_same_answer(standing: Standing) -> None:
    key = standing.app.app_key
    wrong: list[dict[str, str | None]] = [
        {"X_Api_Key": f"{key}.{standing.secret}x"},
        {"X_Api_Key": f"{key}x.{standing.secret}"},
        {"X_Api_Key": key},
        {"X_Api_Key": f"{key}."},
        {"X_Api_Key": f".{standing.secret}"},
        {"X_Api_Key": f"{'k' * 201}.{standing.secret}"},
        {"Authorization": basic(f"{key}\0", standing.secret)},
        {"Authorization": "Basic ***"},
        {"Authorization": "Basic"},
        {"Authorization": f"Bearer {standing.secret}"},
        {"Authorization": standing.basic, "X_Api_Key": standing.pair},
        {"X_Api_Key": standing.pair, "X_Apig_AppCode": standing.code},
        {"X_Apig_AppCode": standing.code + "x"},
        {"X_Apig_AppCode": ""},
        {"X_Api_Key": None},
        {"X_Polis_Gateway": None},
        {"X_Polis_Gateway_Key": None},
        {"X_Polis_Gateway_Key": standing.asking.key + "x"},
        {"X_Polis_Gateway_Key": "a secret of nobody's, just as long"},
        {"X_Polis_Gateway": "0" * 32},
        {"X_Polis_Gateway": "nonsense"},
        {"X_Original_Method": None},
        {"X_Original_URI": None},
        {"X_Original_URI": "orders"},
        {"X_Original_Host": None},
        {"X_Original_Host": "a.example, b.example"},
    ]
    answers = {
        (a.status_code, a.content, tuple(sorted(a.headers.items()))) for a in (standing.ask(**w) for w in wrong[:5])
    }
    assert len(answers) == 1
    for given in wrong:
        answer = standing.ask(**given)
        assert answer.status_code in {401, 429}, given
        assert set(answer.headers) <= {"Content-Type", "Content-Length", "Cache-Control", "Retry-After"}, given
    assert next(iter(answers))[:2] == (
        401,
        b'{"type":"about:blank","title":"Credential wrong","status":401,'
        b'"detail":"This credential is not valid here.","code":"credential_wrong"}',
    )


def test_the_secret_that_stands_for_nobodys_opens_nothing(standing: Standing) -> None:
    """It is in the code, for everybody to read."""
    for key in ("nobody", standing.app.app_key):
        assert standing.ask(X_Api_Key=f"{key}.a secret of nobody's, just as long").status_code == 401


def test_a_secret_is_good_until_its_end_and_not_a_moment_longer(standing: Standing) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        by = actor(standing.app.creator)
        terms = {"grace_seconds": 60}
        new = apps.rotate_secret(standing.app.key, App.objects.with_chain(), by=by, read=lambda: terms)
        assert standing.ask().status_code == standing.ask(X_Api_Key=f"{standing.app.app_key}.{new.value}").status_code
        clock.shift(timedelta(seconds=59, microseconds=999_999))
        assert standing.ask().status_code == 200
        clock.shift(timedelta(microseconds=1))
        assert standing.ask().status_code == 401
        assert standing.ask(X_Api_Key=f"{standing.app.app_key}.{new.value}").status_code == 200


def test_a_gateways_key_ends_in_the_same_way(standing: Standing) -> None:
    GatewaySecret.objects.update(ends_at=timezone.now() - timedelta(microseconds=1))
    assert standing.ask().status_code == 401


def test_a_code_that_is_disabled_is_as_good_as_none(standing: Standing) -> None:
    code = AppCode.objects.get()
    executor.apply(APP_CODE, code, Verb.DIS, by=Actor.system(), given={})
    assert standing.ask(X_Apig_AppCode=standing.code).status_code == 401
    assert standing.ask().status_code == 200, "the app itself is in service"
    executor.apply(APP_CODE, code, Verb.ENB, by=Actor.system(), given={})
    assert standing.ask(X_Apig_AppCode=standing.code).status_code == 200


# ── the chain ────────────────────────────────────────────────────────────────────────────────────────────────────────

LINKS = {"app": (APP, App), "gateway": (GATEWAY, Gateway), "project": (PROJECT, Project), "city": (CITY, City)}


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("verb", [Verb.DIS, Verb.OFF, Verb.DOL])
def test_the_nearest_link_that_is_closed_is_named(cast: Cast, standing: Standing, kind: str, verb: Verb) -> None:
    gateway = standing.app.gateway
    keys = {"app": standing.app.key, "gateway": gateway.key, "project": gateway.project.key, "city": cast.city.key}
    fire(*LINKS[kind], keys[kind], verb)
    for given in ({}, {"X_Apig_AppCode": standing.code}):
        answer = standing.ask(**given)
        assert (answer.status_code, answer.headers["X-Polis-Closed"]) == (403, kind)
        assert kind not in answer.content.decode()
        assert not {name for name in answer.headers if name.startswith(("X-App", "X-Project", "X-City"))}
    assert standing.ask(X_Api_Key=standing.pair + "x").status_code == 401, "who does not know it hears nothing of it"


def test_a_company_that_is_closed_closes_what_it_holds(standing: Standing) -> None:
    company = standing.app.gateway.project.company
    now = timezone.now()
    type(company).objects.filter(pk=company.pk).update(state=1, disabled_at=now, disabled_side="admin")
    assert standing.ask().headers["X-Polis-Closed"] == "organization"


def test_a_ban_ends_by_itself(cast: Cast, standing: Standing) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        do(cast.city, Verb.DIS, Actor.system(), expires_at=timezone.now() + timedelta(hours=1))
        assert standing.ask().status_code == 403
        clock.shift(timedelta(hours=1))
        assert standing.ask().status_code == 200


@pytest.mark.parametrize(("profile", "is_told"), [("nginx", True), ("traefik", False), ("apisix", False)])
def test_the_closed_link_goes_where_it_stays_inside(cast: Cast, profile: str, is_told: bool) -> None:
    standing = stand(cast, profile=profile)
    do(cast.city, Verb.DIS, Actor.system())
    forwarded = {"X_Forwarded_Method": "GET", "X_Forwarded_Uri": "/", "X_Forwarded_Host": "h"}
    answer = standing.ask(**forwarded)
    assert (answer.status_code, "X-Polis-Closed" in answer.headers) == (403, is_told)


# ── from where ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("acl_type", "values", "address", "status"),
    [
        ("PERMIT", ["192.0.2.7"], "192.0.2.7", 200),
        ("PERMIT", ["192.0.2.0/29"], "::ffff:192.0.2.7", 200),
        ("PERMIT", ["192.0.2.1-192.0.2.7"], "192.0.2.7", 200),
        ("PERMIT", ["192.0.2.1-192.0.2.6"], "192.0.2.7", 403),
        ("PERMIT", ["2001:db8::/32"], "192.0.2.7", 403),
        ("PERMIT", ["2001:db8::/32"], "2001:db8::7", 200),
        ("PERMIT", ["192.0.2.7"], None, 403),
        ("PERMIT", ["192.0.2.7"], "unknown", 403),
        ("PERMIT", [], "192.0.2.7", 403),
        ("DENY", ["192.0.2.7"], "192.0.2.7", 403),
        ("DENY", ["192.0.2.0/24"], "198.51.100.1", 200),
        ("DENY", ["192.0.2.7"], None, 403),
        ("DENY", [], "192.0.2.7", 200),
    ],
)
def test_an_apps_list_of_addresses(
    standing: Standing, acl_type: str, values: list[str], address: str | None, status: int
) -> None:
    App.objects.filter(pk=standing.app.pk).update(acl_type=acl_type, acl_values=values)
    answer = standing.ask(X_Real_IP=address)
    assert (answer.status_code, "X-Polis-Closed" in answer.headers) == (status, False)
    assert standing.ask(X_Real_IP=address, X_Apig_AppCode=standing.code).status_code == status


def test_a_gateways_key_does_not_cross_a_network_in_the_clear(standing: Standing, settings: Any) -> None:
    settings.DEVELOPMENT, settings.TRUSTED_PROXIES = False, ["10.0.0.0/8"]
    client = standing.asking.client
    for peer, secure, status in (
        ("127.0.0.1", False, 200),
        ("::1", False, 200),
        ("10.1.2.3", False, 200),
        ("192.0.2.1", False, 403),
        ("192.0.2.1", True, 200),
    ):
        client.defaults.update({"REMOTE_ADDR": peer})
        assert standing.ask(X_Forwarded_Proto="https", secure=secure).status_code == status, (peer, secure)


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_may_be_kept_where_it_says_nothing_of_the_call(cast: Cast, settings: Any) -> None:
    settings.VERIFY_TTL = 30
    standing = stand(cast)
    vary = "X-Polis-Gateway, X-Polis-Gateway-Key, Authorization, X-Api-Key, X-Apig-AppCode"
    for given in ({}, {"Authorization": standing.basic}, {"X_Apig_AppCode": standing.code}):
        headers = standing.ask(**given).headers
        assert (headers["Cache-Control"], headers["Vary"], headers["X-Accel-Expires"]) == (
            "private, max-age=30",
            vary,
            "30",
        )
    assert standing.ask(X_Api_Key=standing.pair + "x").headers["Cache-Control"] == "no-store"
    App.objects.update(acl_type="DENY", acl_values=["198.51.100.1"])
    headers = standing.ask().headers
    assert (headers["Cache-Control"], "X-Accel-Expires" in headers, "Vary" in headers) == ("no-store", False, False)


def test_its_use_is_noted_with_the_clients_address_and_bumps_nothing(standing: Standing) -> None:
    before = App.objects.get().version
    with time_machine.travel(timezone.now(), tick=False):
        standing.ask()
        standing.ask(X_Apig_AppCode=standing.code)
        assert AppSecret.objects.get().last_used_at is None, "not on the path"
        assert usage.flush() == 3
        for row in (AppSecret.objects.get(), AppCode.objects.get()):
            assert (row.last_used_at, row.last_used_ip) == (timezone.now(), "192.0.2.7")
        assert GatewaySecret.objects.get().last_used_at == timezone.now()
    assert App.objects.get().version == before


def test_what_is_refused_is_no_use(standing: Standing) -> None:
    standing.ask(X_Api_Key=standing.pair + "x")
    App.objects.update(acl_type="DENY", acl_values=["192.0.2.7"])
    standing.ask()
    usage.flush()
    assert AppSecret.objects.get().last_used_at is None


@pytest.mark.postgres
def test_its_statement_is_prepared_once_a_connection(standing: Standing) -> None:
    """To plan it anew each time takes longer than all else together."""
    for _ in range(3):
        assert standing.ask().status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%FROM apps_gateway g%%'")
        assert cursor.fetchone() == (1,)
