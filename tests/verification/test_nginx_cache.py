"""With POLIS_VERIFY_TTL and nginx' cache: what may be kept is kept so long and no longer, under its own key (S20)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.server import Person, Server, running
from tests.verification import nginx
from tests.verification.calls import KINDS, Call, basic, by_basic, by_code, by_key, plain, signed
from tests.verification.nginx import FURTHER_OUT, Gate
from tests.verification.tenants import App, Tenant, make_tenant

SECONDS = 10  # longer than it takes to send some calls on a slow machine
BOUND = 60
KEPT = {name: kind for name, kind in KINDS.items() if name != "signature"}


@pytest.fixture(scope="module")
def keeping() -> Iterator[Server]:
    with running(POLIS_VERIFY_TTL=str(SECONDS)) as server:
        yield server


@pytest.fixture(scope="module")
def shop(keeping: Server) -> Tenant:
    return make_tenant(keeping, {name: {} for name in ("app_1", "app_2", "app_3", "app_4")} | {"listed": {"acl": ACL}})


ACL = ["PERMIT", ["127.0.0.77"]]


@contextmanager
def disabled(server: Server, tenant: Tenant, app: App) -> Iterator[None]:
    with server.line(Person("", tenant.token)) as line:
        assert line.call("POST", f"/api/v1/apps/{app.id}/disable", {}).status == 200
        yield


def test_what_may_be_kept_is_kept_and_ends(keeping: Server, shop: Tenant, tmp_path: Path) -> None:
    app = shop.apps["app_1"]
    with nginx.gate(keeping, shop, cache=tmp_path / "cache") as gate:
        assert {name: gate.send(call(app)).status for name, call in KINDS.items()} == dict.fromkeys(KINDS, 200)
        with disabled(keeping, shop, app):
            at_once = {name: gate.send(call(app)).status for name, call in KINDS.items()}
            assert at_once == {"signature": 403, "AppCode": 200, "Basic": 200, "X-Api-Key": 200}
            other = [came.values("X-App-Id") for came in gate.arrived[-3:]]
            assert other == [[app.id]] * 3, "what is kept tells who calls, too"
            for call in KEPT.values():
                until_refused(gate, call(app))


def until_refused(gate: Gate, call: Call) -> None:
    ends_at = time.monotonic() + BOUND
    while gate.send(call).status != 403:
        assert time.monotonic() < ends_at, "it was kept for good"
        time.sleep(0.2)


def test_what_is_kept_is_one_credentials(keeping: Server, shop: Tenant, tmp_path: Path) -> None:
    """No other header, no other way of writing it, and no second credential beside it."""
    app = shop.apps["app_2"]
    pair, text = f"{app.key}.{app.secret}", basic(f"{app.key}:{app.secret}")
    with nginx.gate(keeping, shop, cache=tmp_path / "cache") as gate:
        for call in KEPT.values():
            assert gate.send(call(app)).status == 200
        gate.arrived.clear()
        others = [
            plain(("X-Apig-AppCode", pair)),
            plain(("Authorization", pair)),
            plain(("X-Api-Key", app.code)),
            plain(("X-Api-Key", text)),
            plain(("Authorization", app.code)),
            plain(("X-Api-Key", pair[:-1])),
            by_key(app).also(("X-Apig-AppCode", app.code)),
            by_key(app).also(("Authorization", text)),
            by_code(app).also(("Authorization", text)),
            by_key(app).also(("X-Api-Key", "x")),
            by_code(app).also(("X-Apig-AppCode", app.code)),
            by_basic(app).instead("Authorization", text.lower()),
            signed(app).without("X-Sdk-Date"),
        ]
        assert [gate.send(call).status for call in others] == [401] * len(others)
        assert gate.arrived == []


def test_what_is_kept_at_one_gateway_is_not_known_at_another(keeping: Server, shop: Tenant, tmp_path: Path) -> None:
    """S1: they may share a cache."""
    app, rival = shop.apps["app_3"], make_tenant(keeping)
    with nginx.gate(keeping, shop, cache=tmp_path / "cache") as gate:
        assert gate.send(by_key(app)).status == 200
    with nginx.gate(keeping, rival, cache=tmp_path / "cache") as gate:
        assert gate.send(by_key(app)).status == 401
        assert gate.arrived == []


def test_an_app_with_an_acl_is_asked_about_each_time(keeping: Server, shop: Tenant, tmp_path: Path) -> None:
    app = shop.apps["listed"]
    with nginx.gate(keeping, shop, cache=tmp_path / "cache") as gate:
        for call in KINDS.values():
            assert gate.send(call(app), "127.0.0.77").status == 200
            assert gate.send(call(app), "127.0.0.78").status == 403


def test_what_is_set_further_out_keeps_nothing_more(keeping: Server, shop: Tenant, tmp_path: Path) -> None:
    """Neither what Polis lets nobody keep, nor what is too old."""
    app, listed = shop.apps["app_4"], shop.apps["listed"]
    lines = FURTHER_OUT.format(folder=tmp_path / "others")
    with nginx.gate(keeping, shop, cache=tmp_path / "cache", lines=lines) as gate:
        for call in KINDS.values():
            assert gate.send(call(listed), "127.0.0.77").status == 200
            assert gate.send(call(listed), "127.0.0.78").status == 403
        good = signed(app)
        assert [gate.send(good).status, gate.send(replace(good, path="/orders/8")).status] == [200, 401]
        assert gate.send(by_code(app)).status == 200
        with disabled(keeping, shop, app):
            until_refused(gate, by_code(app))
            assert gate.send(by_code(app)).status == 403


def test_a_wrong_one_is_never_kept(keeping: Server, shop: Tenant, tmp_path: Path) -> None:
    """A secret that is good from now on passes from now on."""
    app = shop.apps["app_2"]
    with nginx.gate(keeping, shop, cache=tmp_path / "cache") as gate, keeping.line(Person("", shop.token)) as line:
        assert gate.send(by_code(app)).status == 200
        codes = f"/api/v1/apps/{app.id}/codes"
        own = app.code.swapcase()
        assert gate.send(plain(("X-Apig-AppCode", own))).status == 401
        assert line.call("POST", codes, {"app_code": own}).status == 201
        assert gate.send(plain(("X-Apig-AppCode", own))).status == 200


def test_without_a_time_to_live_nothing_is_kept(server: Server, tmp_path: Path) -> None:
    """However nginx is set up: POLIS_VERIFY_TTL alone lets an answer be kept."""
    tenant = make_tenant(server)
    with nginx.gate(server, tenant, cache=tmp_path / "cache") as gate:
        for call in KINDS.values():
            assert gate.send(call(tenant.app)).status == 200
        with disabled(server, tenant, tenant.app):
            assert {gate.send(call(tenant.app)).status for call in KINDS.values()} == {403}
