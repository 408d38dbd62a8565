"""A worker that is killed takes with it what was not yet written of last uses, and nothing else (verification.md)."""

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server import Line, Person, Server, running
from tests.verification.calls import KINDS, by_nginx
from tests.verification.load import BOUND, Client, crowd, workers_of
from tests.verification.tenants import Tenant, make_tenant

CLIENTS = 8
_KEPT = """
import json
from accounts.models import AuditEvent
from apps.models import App, AppCode, AppSecret, Gateway, GatewaySecret
USES = ("last_used_at", "last_used_ip")
def rows(model, **which):
    names = [field.attname for field in model._meta.fields if field.name not in USES]
    return [list(map(str, row)) for row in model.objects.filter(**which).order_by("id").values_list(*names)]
gateway, app = %r, %r
events = AuditEvent.objects.order_by("id").values_list("id", "verb", "kind", "thing", "outcome")
print(json.dumps([
    rows(Gateway, key=gateway), rows(GatewaySecret, holder__key=gateway),
    rows(App, key=app), rows(AppSecret, holder__key=app), rows(AppCode, app__key=app), list(events),
]))
"""


@pytest.fixture(scope="module")
def writing() -> Iterator[Server]:
    """Uses are written a second late."""
    with running(POLIS_USAGE_SECONDS="1") as server:
        yield server


def test_a_worker_that_is_killed_loses_no_more_than_last_uses(writing: Server) -> None:
    tenant = make_tenant(writing)
    makes = [
        lambda kind=kind: (by_nginx(tenant, kind(tenant.app)), "")  # type: ignore[misc]
        for kind in (*KINDS.values(), *KINDS.values())
    ]
    with crowd(writing, makes, may_lose=True) as clients:
        for client in clients:
            client.await_one(0, status=200)
        first = await_uses(writing, tenant, {})
        kept = writing.shell(_KEPT % (tenant.gateway, tenant.app.id))
        killed = kill_one_at_work(writing)
        killed_at = time.monotonic()
        for client in clients:
            client.await_one(killed_at, status=200, count=20)
        await_uses(writing, tenant, first)
        await_another_worker(writing, killed)
    assert writing.shell(_KEPT % (tenant.gateway, tenant.app.id)) == kept
    check_heard(clients)


def check_heard(clients: list[Client]) -> None:
    """Nobody was refused; who had a connection to the dead one has lost a call or two and gone on."""
    statuses = [[each.status for each in client.heard] for client in clients]
    assert {status for each in statuses for status in each} == {0, 200}
    assert all(each.count(0) <= 3 and each[-1] == 200 for each in statuses)


def kill_one_at_work(server: Server) -> int:
    """The worker with the most connections."""
    workers = workers_of(server)
    assert len(workers) == 2
    pid = max(workers, key=lambda each: workers[each])
    assert workers[pid] > 0
    os.kill(pid, signal.SIGKILL)
    return pid


def await_another_worker(server: Server, killed: int) -> None:
    ends_at = time.monotonic() + BOUND
    while len(workers_of(server)) != 2 or killed in workers_of(server):
        assert time.monotonic() < ends_at, "the dead worker was not replaced"
        time.sleep(0.1)


def await_uses(server: Server, tenant: Tenant, before: dict[str, str]) -> dict[str, str]:
    """When secret, code and gateway's key were last used, once each is told, and each is later than before."""
    ends_at = time.monotonic() + BOUND
    with server.line(Person("", tenant.token)) as line:
        while True:
            told = uses(line, tenant)
            if all(told.values()) and all(told[name] > moment for name, moment in before.items()):
                return told
            assert time.monotonic() < ends_at, f"no later uses than {before} are told: {told}"
            time.sleep(0.1)


def uses(line: Line, tenant: Tenant) -> dict[str, Any]:
    paths = {
        "secret": f"/api/v1/apps/{tenant.app.id}/secrets",
        "code": f"/api/v1/apps/{tenant.app.id}/codes",
        "key": f"/api/v1/gateways/{tenant.gateway}/secrets",
    }
    return {name: line.call("GET", path).body["results"][0]["last_used_at"] for name, path in paths.items()}
