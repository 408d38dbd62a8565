"""Two tenants, two gateways: what is good at one is unknown at the other, to the byte (S1)."""

import re
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.server import Server
from tests.verification.calls import KINDS, Call, by_nginx, signed
from tests.verification.tenants import App, Tenant, make_tenant

APPS = {"app_1": {}, "disabled": {"is_disabled": True}, "listed": {"acl": ["PERMIT", ["10.0.0.0/8"]]}}
BOUND = 100  # tries until somebody is told to wait; each worker counts by itself
UNKNOWN: dict[str, Callable[[App], App]] = {
    "a key and a code of nobody's": lambda app: replace(app, key="0" * 32, code="0" * 64),
    "a wrong secret": lambda app: replace(app, key="0" * 32, secret="0" * 32, code="0" * 64),
}
ASKERS: dict[str, Callable[[Tenant, Tenant], Tenant]] = {
    "the other gateway": lambda mine, other: other,
    "the other gateway with my key": lambda mine, other: replace(other, gateway_key=mine.gateway_key),
    "my gateway with the other key": lambda mine, other: replace(mine, gateway_key=other.gateway_key),
    "my gateway with no gateway's key": lambda mine, other: replace(mine, gateway_key="x" * 40),
    "no gateway with my key": lambda mine, other: replace(mine, gateway="0" * 32),
}


@pytest.fixture(scope="module")
def mine(server: Server) -> Tenant:
    return make_tenant(server, APPS)


@pytest.fixture(scope="module")
def other(server: Server) -> Tenant:
    return make_tenant(server)


def answer(server: Server, call: Call) -> bytes:
    """Every byte of it, but for the moment and the id of the request, which are nobody's secret."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in (*call.headers, ("Connection", "close")))
    with socket.create_connection((server.host, server.port), timeout=30) as line:
        line.sendall(f"{call.method} {call.path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1"))
        told = b"".join(iter(lambda: line.recv(65536), b""))
    return re.sub(rb"(?im)^(Date|X-Request-Id): .*\r\n", b"", told)


def from_afar(number: int) -> str:
    """An address that has not failed yet."""
    return f"198.51.{number >> 8}.{number & 255}"


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_good_credential_is_unknown_at_another_gateway(
    kind: str, asker: str, server: Server, mine: Tenant, other: Tenant
) -> None:
    at = ASKERS[asker](mine, other)
    number = 16 * (list(ASKERS).index(asker) + 8 * list(KINDS).index(kind))
    assert answer(server, by_nginx(mine, KINDS[kind](mine.app))).startswith(b"HTTP/1.1 200 "), "it is good"
    told = [answer(server, by_nginx(at, KINDS[kind](app), from_afar(number))) for app in mine.apps.values()]
    for unknown in UNKNOWN.values():
        number += 1
        told.append(answer(server, by_nginx(at, KINDS[kind](unknown(mine.app)), from_afar(number))))
    assert told[0].startswith(b"HTTP/1.1 401 ")
    assert set(told) == {told[0]}


@pytest.mark.parametrize("kind", KINDS)
def test_so_is_one_that_is_wrong_at_its_own(kind: str, server: Server, mine: Tenant, other: Tenant) -> None:
    """Whoever guesses does not learn that they have the key of somebody here."""
    wrong = replace(mine.app, secret="x" * 32, code="x" * 64)
    nobodys = replace(wrong, key="0" * 32)
    afar = from_afar(4096 + list(KINDS).index(kind))
    told = [answer(server, by_nginx(mine, KINDS[kind](app), afar)) for app in (wrong, nobodys, other.app)]
    told.append(answer(server, by_nginx(mine, signed(nobodys).instead("Authorization", "SDK-HMAC-SHA256 x"), afar)))
    assert told[0].startswith(b"HTTP/1.1 401 ")
    assert set(told) == {told[0]}


def test_the_wait_after_many_failures_tells_nothing_either(server: Server, mine: Tenant, other: Tenant) -> None:
    """It comes for a key of nobody's, too, and says the same."""
    told = []
    for app, afar in ((mine.app, "203.0.113.1"), (replace(mine.app, key="0" * 32), "203.0.113.2")):
        call = by_nginx(other, KINDS["X-Api-Key"](app), afar)
        tries = (answer(server, call) for _ in range(BOUND))
        waits = next(each for each in tries if not each.startswith(b"HTTP/1.1 401 "))
        told.append(re.sub(rb"(?m)^Retry-After: [0-9]+\r\n", b"", waits))
    assert told[0].startswith(b"HTTP/1.1 429 ")
    assert told[0] == told[1]
