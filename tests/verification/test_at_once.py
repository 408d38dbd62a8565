"""The kill switch works at once, and a rotation costs nobody a call: eight clients without a pause, two workers."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

import pytest

from tests.server import Line, Person, Server
from tests.verification.calls import KINDS, Call, by_nginx, signed
from tests.verification.load import Client, crowd, workers_of
from tests.verification.tenants import App, Tenant, make_tenant

CLIENTS = 8
ROUNDS = 20
HOUR = 3600


@pytest.fixture
def tenant(server: Server) -> Tenant:
    return make_tenant(server)


def calling(tenant: Tenant, kind: str) -> Callable[[], tuple[Call, str]]:
    return lambda: (by_nginx(tenant, KINDS[kind](tenant.app)), kind)


def of_all_kinds(tenant: Tenant) -> list[Callable[[], tuple[Call, str]]]:
    return [calling(tenant, list(KINDS)[number % len(KINDS)]) for number in range(CLIENTS)]


# ── the kill switch ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_once_a_city_is_closed_no_call_below_it_passes(server: Server, tenant: Tenant) -> None:
    """Of what is sent after the answer to DIS, on any worker; and what is sent after that to ENB passes again."""
    root = server.make_people(root="god")["root"]
    served = dict.fromkeys(workers_of(server), 0)
    with server.line(root) as line, crowd(server, of_all_kinds(tenant)) as clients:
        for _ in range(ROUNDS):
            began_at = time.monotonic()
            for client in clients:
                client.reconnect()
            for client in clients:
                client.await_one(began_at, status=200)
            for pid, connections in workers_of(server).items():
                served[pid] = max(served[pid], connections)
            close_and_open(line, tenant, clients)
    assert len(served) == 2
    assert min(served.values()) > 0, "both workers had a part in it"


def close_and_open(line: Line, tenant: Tenant, clients: list[Client]) -> None:
    assert line.call("POST", f"/api/v1/cities/{tenant.city}/disable", {}).status == 200
    closed_at = time.monotonic()
    heard = [each for client in clients for each in client.await_one(closed_at, count=2)]
    assert {each.status for each in heard} == {403}, [each for each in heard if each.status != 403]
    opening_at = time.monotonic()
    assert line.call("POST", f"/api/v1/cities/{tenant.city}/enable", {}).status == 200
    opened_at = time.monotonic()
    for client in clients:
        assert {each.status for each in client.await_one(opened_at, count=2)} == {200}
        meanwhile = [each for each in client.heard if each.sent_at > closed_at and each.answered_at < opening_at]
        assert {each.status for each in meanwhile} == {403}


@pytest.mark.parametrize("what", ["app", "gateway", "project"])
def test_so_it_is_with_each_link_of_the_chain(what: str, server: Server, tenant: Tenant) -> None:
    paths = {
        "app": f"apps/{tenant.app.id}",
        "gateway": f"gateways/{tenant.gateway}",
        "project": f"projects/{tenant.project}",
    }
    with server.line(Person("", tenant.token)) as line, crowd(server, of_all_kinds(tenant)) as clients:
        for client in clients:
            client.await_one(0, status=200)
        assert line.call("POST", f"/api/v1/{paths[what]}/disable", {}).status == 200
        closed_at = time.monotonic()
        for client in clients:
            assert {each.status for each in client.await_one(closed_at, count=3)} == {403}


def test_an_ended_code_is_unknown_at_once(server: Server, tenant: Tenant) -> None:
    path = f"/api/v1/apps/{tenant.app.id}/codes"
    with server.line(Person("", tenant.token)) as line, crowd(server, [calling(tenant, "AppCode")] * 4) as clients:
        (code,) = line.call("GET", path).body["results"]
        for client in clients:
            client.await_one(0, status=200)
        assert line.call("DELETE", f"{path}/{code['id']}").status == 204
        ended_at = time.monotonic()
        for client in clients:
            assert {each.status for each in client.await_one(ended_at, count=3)} <= {401, 429}


# ── rotation ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Holder:
    """A client's program: it goes on with the secret it has, and takes the next one in its own time."""

    tenant: Tenant
    chance: random.Random
    app: App
    calls_left: int = 0
    offered: App | None = None
    lock: Lock = field(default_factory=Lock)

    def make(self) -> tuple[Call, str]:
        with self.lock:
            if self.offered and self.calls_left == 0:
                self.app, self.offered = self.offered, None
            self.calls_left = max(0, self.calls_left - 1)
            return by_nginx(self.tenant, signed(self.app)), self.app.secret

    def offer(self, app: App) -> None:
        with self.lock:
            self.offered, self.calls_left = app, self.chance.randrange(5)


def holders_of(tenant: Tenant) -> list[Holder]:
    return [Holder(tenant, random.Random(number), tenant.app) for number in range(CLIENTS)]


def rotate(line: Line, tenant: Tenant, **terms: Any) -> tuple[App, int | None]:
    """The app with its new secret, and the number of the one before it."""
    done = line.call("POST", f"/api/v1/apps/{tenant.app.id}/rotate", terms)
    assert done.status == 200, done.body
    return replace(tenant.app, secret=done.body["secret"]["value"]), done.body["previous"]["n"]


def test_a_rotation_with_a_grace_costs_nobody_a_call(server: Server, tenant: Tenant) -> None:
    """Each changes over in its own time; once all have, the older secret is ended, and the next rotation comes."""
    holders = holders_of(tenant)
    with server.line(Person("", tenant.token)) as line, crowd(server, [each.make for each in holders]) as clients:
        for _ in range(ROUNDS):
            app, older = rotate(line, tenant, grace_seconds=HOUR)
            for holder in holders:
                holder.offer(app)
            for client in clients:
                client.await_about(app.secret)
            assert line.call("DELETE", f"/api/v1/apps/{tenant.app.id}/secrets/{older}").status == 204
            ended_at = time.monotonic()
            for client in clients:
                client.await_one(ended_at)
    refused = [each for client in clients for each in client.heard if each.status != 200]
    assert refused == []
    assert len({each.about for client in clients for each in client.heard}) == ROUNDS + 1, "each secret was in use"


def test_without_a_grace_the_former_secret_is_unknown_at_once(server: Server, tenant: Tenant) -> None:
    """And who has been refused with it so often passes with the new one (S6)."""
    holders = holders_of(tenant)
    with server.line(Person("", tenant.token)) as line, crowd(server, [each.make for each in holders]) as clients:
        for _ in range(ROUNDS):
            former = holders[0].app
            for client in clients:
                client.await_about(former.secret)
            app, _ = rotate(line, tenant, grace_seconds=0)
            rotated_at = time.monotonic()
            for client in clients:
                late = client.await_one(rotated_at, count=2)
                assert {each.about for each in late} == {former.secret}
                assert {each.status for each in late} <= {401, 429}
            for holder in holders:
                holder.offer(app)
            for client in clients:
                client.await_about(app.secret)
                assert {each.status for each in client.heard if each.about == app.secret} == {200}


def test_a_gateways_key_is_rotated_so_too(server: Server, tenant: Tenant) -> None:
    """Both keys are good while the gateway is given the new one, and then the new one alone."""
    path = f"/api/v1/gateways/{tenant.gateway}"
    known = {"key": tenant.gateway_key}

    def make() -> tuple[Call, str]:
        key = known["key"]
        return by_nginx(replace(tenant, gateway_key=key), signed(tenant.app)), key

    with server.line(Person("", tenant.token)) as line, crowd(server, [make] * 4) as clients:
        for client in clients:
            client.await_one(0, status=200)
        done = line.call("POST", f"{path}/rotate", {"grace_seconds": HOUR}).body
        rotated_at = time.monotonic()
        for client in clients:
            client.await_one(rotated_at, count=3)
        known["key"] = done["secret"]["value"]
        changed_at = time.monotonic()
        for client in clients:
            client.await_one(changed_at, count=3)
        assert line.call("DELETE", f"{path}/secrets/{done['previous']['n']}").status == 204
        ended_at = time.monotonic()
        for client in clients:
            client.await_one(ended_at, count=3)
    assert {each.status for client in clients for each in client.heard} == {200}
    with crowd(server, [lambda: (by_nginx(tenant, signed(tenant.app)), "the former key")]) as clients:
        assert {each.status for each in clients[0].await_one(0, count=2)} == {401}
