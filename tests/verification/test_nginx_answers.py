"""What a client hears where Polis says neither yes nor no, and that nothing further out in nginx opens the gate."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.postgres import free_port
from tests.server import Server
from tests.verification import nginx
from tests.verification.calls import KINDS, by_code, by_key, plain, signed
from tests.verification.nginx import FURTHER_OUT, Gate
from tests.verification.tenants import Tenant

BOUND = 100  # tries until somebody is told to wait; each of Polis' workers counts by itself


@pytest.fixture(scope="module")
def gate_without_polis(server: Server, shop: Tenant) -> Iterator[Gate]:
    with nginx.gate(server, shop, polis_port=free_port()) as gate:
        yield gate


@pytest.mark.parametrize("kind", KINDS)
def test_without_polis_nobody_passes(kind: str, gate_without_polis: Gate, shop: Tenant) -> None:
    assert gate_without_polis.send(KINDS[kind](shop.app)).status == 503
    assert gate_without_polis.send(plain()).status == 503
    assert gate_without_polis.arrived == []


def test_who_has_failed_too_often_is_told_to_wait_and_the_good_one_beside_is_not(gate: Gate, shop: Tenant) -> None:
    """S6: the count is the key's and the address', and a good credential is let in whatever it says."""
    wrong = by_key(replace(shop.app, secret="x" * 32))
    replies = [gate.send(wrong, "127.7.7.7")]
    while replies[-1].status == 401 and len(replies) < BOUND:
        replies.append(gate.send(wrong, "127.7.7.7"))
    assert (replies[0].status, replies[-1].status) == (401, 429)
    assert re.fullmatch(r"[1-9][0-9]*", replies[-1].headers["Retry-After"])
    assert gate.arrived == []
    assert gate.send(wrong, "127.7.7.8").status == 401, "another address begins anew"
    for kind in KINDS.values():
        assert gate.send(kind(shop.app), "127.7.7.7").status == 200


def test_what_is_set_further_out_opens_nothing(server: Server, shop: Tenant, tmp_path: Path) -> None:
    lines = FURTHER_OUT.format(folder=tmp_path / "others")
    with nginx.gate(server, shop, lines=lines) as gate:
        assert gate.send(signed(shop.app).also(("X_App_Id", "evil"), ("X.App.Id", "evil"))).status == 200
        assert [each for each in gate.arrived[0].headers if "evil" in each] == []
        assert gate.send(by_code(shop.app)).status == 200
        gate.arrived.clear()
        assert gate.send(plain()).status == 401
        assert gate.send(by_code(shop.apps["expired"])).status == 200, "of a code no secret's end is the end"
        assert gate.send(by_code(shop.apps["disabled"])).status == 403
        assert gate.send(replace(signed(shop.app), path="/fine")).status == 401
        assert gate.send(signed(shop.app, X_Trace="1").without("X-Trace").also(("X_Trace", "1"))).status == 401
        assert {came.path for came in gate.arrived} <= {"/orders/7"}
    with nginx.gate(server, shop, lines=lines, polis_port=free_port()) as gate:
        for kind in KINDS.values():
            assert gate.send(kind(shop.app)).status == 503
        assert gate.arrived == []


def test_polis_is_asked_on_connections_that_are_kept(gate: Gate, server: Server, shop: Tenant) -> None:
    """One of each of nginx' workers, whoever calls."""

    def call(times: int) -> set[str]:
        for _ in range(times):
            for kind in KINDS.values():
                assert gate.send(kind(shop.app)).status == 200
        return open_connections_to(server.port)

    first = call(5)
    last = call(10)
    assert first
    assert first <= last
    assert len(last) <= 2


def open_connections_to(port: int) -> set[str]:
    """The other ends of the connections to this port that are established, as the kernel tells them."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[1] for row in rows if row[2].endswith(f":{port:04X}") and row[3] == "01"}
