"""Calls as an app's client makes them, by each kind of credential; and the questions that gateways ask about them."""

import base64
import http.client
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.accounts.signing import sign
from tests.server import Reply
from tests.verification.tenants import App, Tenant

HOST = "api.example.com"
PATH = "/orders/7"
Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Call:
    """A request: each of `headers` is one line of it."""

    method: str
    path: str
    headers: Lines
    body: bytes = b""

    def also(self, *lines: tuple[str, str]) -> "Call":
        """With more lines."""
        return replace(self, headers=(*self.headers, *lines))

    def without(self, name: str) -> "Call":
        """Without any line of this name."""
        return replace(self, headers=tuple(line for line in self.headers if line[0].lower() != name.lower()))

    def instead(self, name: str, value: str) -> "Call":
        """With this line in place of those of its name."""
        return self.without(name).also((name, value))

    def value(self, name: str) -> str:
        """Of its one line of this name."""
        (value,) = [value for each, value in self.headers if each.lower() == name.lower()]
        return value


def plain(*lines: tuple[str, str], method: str = "GET", path: str = PATH, body: bytes = b"") -> Call:
    """With no credential but what the lines hold."""
    length = (("Content-Length", str(len(body))),) if body else ()
    return Call(method, path, (("Host", HOST), *lines, *length), body)


def signed(app: App, method: str = "GET", path: str = PATH, query: Any = (), body: bytes = b"", **headers: str) -> Call:
    """As the vendor's signer signs it; of the names of headers `_` is `-`."""
    request = sign(app.key, app.secret, method, path, query=list(query), body=body, **{"Host": HOST, **headers})
    call = Call(method, request.uri, tuple(request.header_params.items()), body)
    return call.also(("Content-Length", str(len(body)))) if body else call


def by_code(app: App, **given: Any) -> Call:
    return plain(("X-Apig-AppCode", app.code), **given)


def by_basic(app: App, **given: Any) -> Call:
    return plain(("Authorization", basic(f"{app.key}:{app.secret}")), **given)


def by_key(app: App, **given: Any) -> Call:
    return plain(("X-Api-Key", f"{app.key}.{app.secret}"), **given)


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


KINDS: Mapping[str, Callable[[App], Call]] = {
    "signature": signed,
    "AppCode": by_code,
    "Basic": by_basic,
    "X-Api-Key": by_key,
}


# How a client may write the name of a header that it must not send.
FORMS: Mapping[str, Callable[[str], list[str]]] = {
    "once": lambda name: [name],
    "in small": lambda name: [name.lower()],
    "twice": lambda name: [name, name.upper()],
    "with _": lambda name: [name.replace("-", "_"), name.replace("-", "_", 1)],
}


def anywhere() -> str:
    """An address that has not failed yet: nobody is refused for the failures of another."""
    return ".".join(str(number) for number in (127, *(secrets.randbelow(250) + 1 for _ in range(3))))


# ── what a gateway makes of a call ───────────────────────────────────────────────────────────────────────────────────


def by_nginx(tenant: Tenant, call: Call, address: str = "192.0.2.1") -> Call:
    return _subrequest(
        tenant,
        call,
        ("Host", "127.0.0.1"),
        ("X-Original-Method", call.method),
        ("X-Original-URI", call.path),
        ("X-Original-Host", call.value("Host")),
        ("X-Real-IP", address),
    )


def by_forwarded(tenant: Tenant, call: Call, address: str = "192.0.2.1") -> Call:
    """As Traefik and APISIX ask."""
    return _subrequest(
        tenant,
        call,
        ("Host", "127.0.0.1"),
        ("X-Forwarded-Method", call.method),
        ("X-Forwarded-Uri", call.path),
        ("X-Forwarded-Host", call.value("Host")),
        ("X-Forwarded-For", address),
    )


def by_envoy(tenant: Tenant, call: Call, address: str = "192.0.2.1") -> Call:
    lines = (("Host", call.value("Host")), ("X-Forwarded-For", address))
    return replace(_subrequest(tenant, call, *lines), method=call.method, path=f"/verify{call.path}")


def _subrequest(tenant: Tenant, call: Call, *lines: tuple[str, str]) -> Call:
    """No body goes along, and so nothing that tells of one."""
    passed = call.without("Host").without("Content-Length").without("Transfer-Encoding").headers
    who = (("X-Polis-Gateway", tenant.gateway), ("X-Polis-Gateway-Key", tenant.gateway_key))
    return Call("GET", "/verify", (*who, *lines, *passed))


def send(connection: http.client.HTTPConnection, call: Call) -> Reply:
    """Line by line as it stands there. Not to be shared by threads."""
    connection.putrequest(call.method, call.path, skip_host=True, skip_accept_encoding=True)
    for name, value in call.headers:
        connection.putheader(name, value)
    connection.endheaders(call.body or None)
    response = connection.getresponse()
    return Reply(response.status, response.read(), response.headers)


def send_once(address: tuple[str, int], call: Call, source: str = "") -> Reply:
    """On a connection of its own, from a loopback address of one's choice."""
    connection = http.client.HTTPConnection(*address, timeout=30, source_address=(source, 0) if source else None)
    try:
        return send(connection, call)
    finally:
        connection.close()
