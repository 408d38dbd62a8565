"""Good credentials pass a real nginx: the service gets the call as it was sent, who calls, and no credential."""

import hashlib
from collections.abc import Iterator
from urllib.parse import quote, unquote

import pytest

from tests.server import Server
from tests.verification import nginx
from tests.verification.calls import FORMS, HOST, KINDS, PATH, Call, by_code, by_key, plain, signed
from tests.verification.nginx import Gate
from tests.verification.tenants import App, Tenant, make_tenant

BODY = '{"name": "早餐车队"}'.encode()
HASH = hashlib.sha256(BODY).hexdigest()
CREDENTIALS = ("Authorization", "X-Api-Key", "X-Apig-AppCode", "X-Polis-Gateway", "X-Polis-Gateway-Key")
# Who calls: the headers by which the service is told.
IDENTITY = ("X-App-Id", "X-App-Name", "X-Project-Id", "X-City-Id", "X-Polis-Body")


@pytest.fixture(scope="module")
def trusting(server: Server) -> Tenant:
    """Its gateway takes the client's word for what is in a signed body."""
    return make_tenant(server, unsigned_body=True)


@pytest.fixture(scope="module")
def trusting_gate(server: Server, trusting: Tenant) -> Iterator[Gate]:
    with nginx.gate(server, trusting) as gate:
        yield gate


def identity(tenant: Tenant, app: App, body: str = "") -> dict[str, list[str]]:
    """Each of IDENTITY once, and what is not there not at all."""
    values = (app.id, quote(app.name), tenant.project, tenant.city, body)
    return {name: [value] if value else [] for name, value in zip(IDENTITY, values, strict=True)}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_credential_passes_and_stays_at_the_gateway(kind: str, gate: Gate, shop: Tenant) -> None:
    assert gate.send(KINDS[kind](shop.app)).status == 200
    (came,) = gate.arrived
    assert (came.method, came.path, came.body) == ("GET", PATH, b"")
    told = {name: came.values(name) for name in IDENTITY}
    assert told == identity(shop, shop.app, "none")
    assert unquote(came.values("X-App-Name")[0]) == "手环_1"
    assert {name: came.values(name) for name in CREDENTIALS} == {name: [] for name in CREDENTIALS}
    assert (came.values("Host"), came.values("X-Real-IP")) == ([HOST], ["127.0.0.1"])


@pytest.mark.parametrize(
    ("path", "query", "sent"),
    [
        ("/orders", [("b", "2"), ("a", "1")], "/orders?a=1&b=2"),
        ("/orders", [("a", ["2", "1"])], "/orders?a=1&a=2"),
        ("/orders", [("q", "a b&c=d/e")], "/orders?q=a%20b%26c%3Dd%2Fe"),
        ("/orders", [("城市", "杭州 西湖")], "/orders?%E5%9F%8E%E5%B8%82=%E6%9D%AD%E5%B7%9E%20%E8%A5%BF%E6%B9%96"),
        ("/a%20b/%E5%9F%8E~x;v=1/", [], "/a%20b/%E5%9F%8E~x;v=1/"),
        ("/orders/%7Eme", [], "/orders/%7Eme"),
        ("/a+b:c@d!$&'()*,", [], "/a+b:c@d!$&'()*,"),
        ("/", [], "/"),
    ],
)
def test_the_service_gets_the_address_as_it_was_written(
    path: str, query: list[tuple[str, str]], sent: str, gate: Gate, shop: Tenant
) -> None:
    assert gate.send(signed(shop.app, path=path, query=query)).status == 200
    assert [came.path for came in gate.arrived] == [sent]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "REPORT"])
def test_any_method_is_signed_and_passed_on(method: str, gate: Gate, shop: Tenant) -> None:
    lengths = (("Content-Length", "0"),) if method in {"POST", "PUT", "PATCH"} else ()
    assert gate.send(signed(shop.app, method).also(*lengths)).status == 200
    assert [came.method for came in gate.arrived] == [method]


def test_any_host_is_signed_and_passed_on(gate: Gate, shop: Tenant) -> None:
    for host in ("api.example.com:8443", "API.example.com", "198.51.100.7", "[2001:db8::1]:80"):
        assert gate.send(signed(shop.app, Host=host)).status == 200, host
        assert gate.arrived[-1].values("Host") == [host]


def test_what_a_client_signs_beside_is_passed_on(gate: Gate, shop: Tenant) -> None:
    call = signed(shop.app, X_Trace="a, b", Content_Type="application/json", X_Empty="", X_Long="x" * 3000)
    assert gate.send(call).status == 200
    assert gate.arrived[0].values("X-Trace") == ["a, b"]


@pytest.mark.parametrize("body", [BODY, b"\0" * 200_000])
def test_a_body_passes_on_a_code_or_a_key(body: bytes, gate: Gate, shop: Tenant) -> None:
    for call in (by_code(shop.app, method="POST", body=body), by_key(shop.app, method="POST", body=body)):
        assert gate.send(call).status == 200
    assert [came.body for came in gate.arrived] == [body, body]


def test_a_body_whose_hash_is_signed_passes_where_the_gateway_takes_claims(
    trusting_gate: Gate, trusting: Tenant
) -> None:
    call = signed(trusting.app, "POST", body=BODY, X_Sdk_Content_Sha256=HASH)
    assert trusting_gate.send(call).status == 200
    came = trusting_gate.arrived[-1]
    assert (came.body, came.values("X-Polis-Body")) == (BODY, ["claimed"])


def test_a_body_that_nobody_speaks_for_passes_there_too_and_says_so(trusting_gate: Gate, trusting: Tenant) -> None:
    """The vendor's SDK signs UNSIGNED-PAYLOAD for what is no JSON."""
    form = signed(trusting.app, "POST", body=b"a=1", Content_Type="application/x-www-form-urlencoded")
    assert form.value("X-Sdk-Content-Sha256") == "UNSIGNED-PAYLOAD"
    assert trusting_gate.send(form).status == 200
    assert trusting_gate.arrived[-1].values("X-Polis-Body") == ["none"]


def chunked(call: Call) -> Call:
    return Call(call.method, call.path, call.headers, b"5\r\nhello\r\n0\r\n\r\n").also(("Transfer-Encoding", "chunked"))


def test_a_body_in_chunks_passes_on_a_code(gate: Gate, shop: Tenant) -> None:
    assert gate.send(chunked(by_code(shop.app, method="POST"))).status == 200
    assert gate.arrived[0].body == b"hello"


def test_who_may_call_from_where_is_told_by_the_address_that_nginx_sees(gate: Gate, shop: Tenant) -> None:
    call = {"PERMIT": by_key(shop.apps["from_here"]), "DENY": by_key(shop.apps["not_from_here"])}
    found = {
        (acl, source): gate.send(call[acl], source).status for acl in call for source in ("127.0.0.77", "127.0.0.78")
    }
    assert found == {
        ("PERMIT", "127.0.0.77"): 200,
        ("PERMIT", "127.0.0.78"): 403,
        ("DENY", "127.0.0.77"): 403,
        ("DENY", "127.0.0.78"): 200,
    }


SPOOFED = [
    *((name, "evil") for name in IDENTITY),
    *((name, "evil") for name in ("X-Polis-Closed", "X-Polis-Body-Sha256", "X-Original-Method", "X-Original-Host")),
    *((name, "10.0.0.1") for name in ("X-Real-IP", "X-Forwarded-For", "Forwarded")),
    *((name, "evil") for name in ("X-Forwarded-Method", "X-Forwarded-Host", "X-Forwarded-Uri", "X-Forwarded-Proto")),
    *((name, "evil") for name in ("X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Server")),
    ("X-Original-URI", "/evil"),
    ("X-Original-Length", "0"),
    ("X-Polis-Gateway", "0" * 32),
    ("X-Polis-Gateway-Key", "evil"),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("name", "value"), SPOOFED)
def test_what_a_client_says_in_the_gateways_place_is_not_heard(
    name: str, value: str, form: str, gate: Gate, shop: Tenant
) -> None:
    """The call passes, on its own credential; the service is told what is so, and told it once."""
    lines = [(each, value) for each in FORMS[form](name)]
    assert gate.send(signed(shop.app).also(*lines), "127.0.0.9").status == 200
    (came,) = gate.arrived
    assert {each: came.values(each) for each in IDENTITY} == identity(shop, shop.app, "none")
    assert [each for each in came.headers if each[1] == value] == []
    assert (came.values("X-Real-IP"), came.values("X-Forwarded-For")) == (["127.0.0.9"], ["127.0.0.9"])
    assert [each for each, _ in came.headers if "_" in each] == []


def test_the_client_hears_nothing_of_what_is_between_the_gateway_and_polis(gate: Gate, shop: Tenant) -> None:
    for app, status in ((shop.app, 200), (shop.apps["disabled"], 403), (shop.apps["expired"], 401)):
        reply = gate.send(by_key(app))
        assert reply.status == status
        assert [name for name in reply.headers if name.lower().startswith(("x-", "vary", "cache-control"))] == []
        assert shop.gateway_key.encode() not in reply.body + str(reply.headers).encode()


def test_a_client_does_not_ask_in_the_gateways_place(gate: Gate, shop: Tenant) -> None:
    for path in ("/_polis_verify", "/_polis_verify?x", "/%5fpolis_verify"):
        assert gate.send(plain(("X-Api-Key", f"{shop.app.key}.{shop.app.secret}"), path=path)).status == 404
    assert gate.arrived == []
