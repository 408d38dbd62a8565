"""Traefik, APISIX and Envoy, as each of them asks: its own family of headers is read, and no other (S20)."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from tests.server import Reply, Server, running
from tests.verification.calls import KINDS, Call, anywhere, by_envoy, by_forwarded, by_key, by_nginx, send_once, signed
from tests.verification.tenants import Tenant, make_tenant

ASKING: Mapping[str, Callable[[Tenant, Call, str], Call]] = {
    "nginx": by_nginx,
    "traefik": by_forwarded,
    "apisix": by_forwarded,
    "envoy": by_envoy,
}
APPS = {"app_1": {}, "listed": {"acl": ["PERMIT", ["10.0.0.0/8"]]}, "disabled": {"is_disabled": True}}
HERE, THERE = "192.0.2.1", "10.0.0.1"
BODY = b'{"amount": 1}'
HASH = hashlib.sha256(BODY).hexdigest()
FAMILIES = {
    "nginx": ["X-Original-Method", "X-Original-URI", "X-Original-Host"],
    "traefik": ["X-Forwarded-Method", "X-Forwarded-Uri", "X-Forwarded-Host"],
    "apisix": ["X-Forwarded-Method", "X-Forwarded-Uri", "X-Forwarded-Host"],
    "envoy": ["Host"],
}
OF_EACH = [(profile, name) for profile, names in FAMILIES.items() for name in names]


@pytest.fixture(scope="module")
def tenants(server: Server) -> dict[str, Tenant]:
    """A tenant of each profile."""
    return {profile: make_tenant(server, APPS, profile=profile) for profile in ASKING}


def ask(server: Server, call: Call) -> Reply:
    return send_once((server.host, server.port), call)


def lists(name: str) -> bool:
    """Is it one that grows from hop to hop, and so may come on several lines?"""
    return name == "X-Forwarded-For"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("profile", ASKING)
def test_each_asks_in_its_own_way_and_hears_who_calls(
    profile: str, kind: str, server: Server, tenants: dict[str, Tenant]
) -> None:
    tenant = tenants[profile]
    reply = ask(server, ASKING[profile](tenant, KINDS[kind](tenant.app), HERE))
    assert (reply.status, reply.body) == (200, b"")
    told = [reply.headers[name] for name in ("X-App-Id", "X-App-Name", "X-Project-Id", "X-City-Id", "X-Polis-Body")]
    assert told == [tenant.app.id, "app_1", tenant.project, tenant.city, "none"]
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("asked_as", ["nginx", "traefik", "envoy"])
@pytest.mark.parametrize("profile", ASKING)
def test_another_family_is_not_read(profile: str, asked_as: str, server: Server, tenants: dict[str, Tenant]) -> None:
    tenant = tenants[profile]
    is_own = ASKING[asked_as] is ASKING[profile]
    for call in (signed(tenant.app), by_key(tenant.app)):
        assert ask(server, ASKING[asked_as](tenant, call, HERE)).status == (200 if is_own else 401)


@pytest.mark.parametrize("profile", ASKING)
def test_what_another_family_says_beside_changes_nothing(
    profile: str, server: Server, tenants: dict[str, Tenant]
) -> None:
    """A call signed for one path and sent to another, with the one that is signed in every other family."""
    tenant = tenants[profile]
    good = signed(tenant.app)
    moved = ASKING[profile](tenant, replace(good, path="/admin"), HERE)
    others = {"nginx": by_nginx, "traefik": by_forwarded}
    lines = [
        line
        for name, other in others.items()
        if other is not ASKING[profile]
        for line in other(tenant, good, THERE).headers
        if line[0].startswith(("X-Original-", "X-Forwarded-", "X-Real-"))
    ]
    assert lines
    assert ask(server, moved.also(*lines)).status == 401
    right = ASKING[profile](tenant, good, HERE)
    kept = [line for line in lines if not (lists(line[0]) and profile == "envoy")]
    assert ask(server, right.also(*kept)).status == 200
    listed = ASKING[profile](tenant, by_key(tenant.apps["listed"]), HERE)
    assert ask(server, listed.also(*kept)).status == 403, "the address is of its own family, too"


@pytest.mark.parametrize(("profile", "name"), OF_EACH)
def test_a_header_that_is_missing_or_came_twice_is_no_question(
    profile: str, name: str, server: Server, tenants: dict[str, Tenant]
) -> None:
    tenant = tenants[profile]
    for kind in KINDS.values():
        call = ASKING[profile](tenant, kind(tenant.app), HERE)
        twice = call.also((name, call.value(name)))
        refused = {400, 401} if name == "Host" else {401}  # the server itself refuses a request with two
        assert ask(server, twice).status in refused
        assert ask(server, call.instead(name, "")).status == 401
        if name != "Host":
            assert ask(server, call.without(name)).status == 401


@pytest.mark.parametrize("name", ["X-Polis-Gateway", "X-Polis-Gateway-Key", "X-Api-Key"])
@pytest.mark.parametrize("profile", ASKING)
def test_so_are_two_gateways_two_keys_and_two_credentials(
    profile: str, name: str, server: Server, tenants: dict[str, Tenant]
) -> None:
    tenant = tenants[profile]
    call = ASKING[profile](tenant, by_key(tenant.app), HERE)
    assert ask(server, call).status == 200
    assert ask(server, call.also((name, call.value(name)))).status == 401
    assert ask(server, call.also((name.replace("-", "_"), call.value(name)))).status == 200, "a name with _ is none"
    assert ask(server, call.without(name)).status == 401
    assert ask(server, call.instead(name, "")).status == 401


@pytest.mark.parametrize("profile", ["traefik", "apisix", "envoy"])
def test_the_address_is_the_last_of_those_forwarded_for(
    profile: str, server: Server, tenants: dict[str, Tenant]
) -> None:
    tenant = tenants[profile]
    call = by_key(tenant.apps["listed"])
    status = {seen: ask(server, ASKING[profile](tenant, call, seen)).status for seen in SEEN_ONE_HOP_AWAY}
    assert status == SEEN_ONE_HOP_AWAY
    lines = ASKING[profile](tenant, call, HERE).also(("X-Forwarded-For", THERE))
    assert ask(server, lines).status == 200, "the last line is the last hop's"


SEEN_ONE_HOP_AWAY = {
    THERE: 200,
    HERE: 403,
    f"{HERE}, {THERE}": 200,
    f"{HERE},{THERE}": 200,
    f"{THERE}, {HERE}": 403,
    f"{THERE}, {HERE}, unknown": 403,
    f"::ffff:{THERE}": 200,
    f"{THERE}:4711": 403,
    "": 403,
}
SEEN_TWO_HOPS_AWAY = {
    THERE: 403,
    f"{THERE}, {HERE}": 200,
    f"{HERE}, {THERE}": 403,
    f"{HERE}, {THERE}, {HERE}": 200,
    f"{THERE}, {HERE}, {HERE}": 403,
}


@pytest.fixture(scope="module")
def behind_another() -> Iterator[Server]:
    with running(POLIS_VERIFY_HOPS="2") as server:
        yield server


def test_or_the_one_before_where_another_proxy_stands_in_front(behind_another: Server) -> None:
    for profile in ("traefik", "envoy"):
        tenant = make_tenant(behind_another, APPS, profile=profile)
        call = by_key(tenant.apps["listed"])
        status = {seen: ask(behind_another, ASKING[profile](tenant, call, seen)).status for seen in SEEN_TWO_HOPS_AWAY}
        assert status == SEEN_TWO_HOPS_AWAY
        assert ask(behind_another, ASKING[profile](tenant, by_key(tenant.app), THERE)).status == 200, "no list, no need"


@pytest.mark.parametrize(
    ("profile", "closed"), [("nginx", "app"), ("envoy", "app"), ("traefik", None), ("apisix", None)]
)
def test_which_link_is_closed_is_told_to_those_that_keep_it(
    profile: str, closed: str | None, server: Server, tenants: dict[str, Tenant]
) -> None:
    tenant = tenants[profile]
    for kind in KINDS.values():
        reply = ask(server, ASKING[profile](tenant, kind(tenant.apps["disabled"]), HERE))
        assert (reply.status, reply.headers["X-Polis-Closed"]) == (403, closed)


@pytest.mark.parametrize("profile", ASKING)
def test_a_body_is_checked_where_the_gateway_shows_it(profile: str, server: Server, tenants: dict[str, Tenant]) -> None:
    """As it stands there, or by the hash that the gateway sets; the client's own claim must agree."""
    tenant = tenants[profile]

    def asked(call: Call, body: bytes = b"", told: str = "") -> tuple[int, str | None]:
        question = replace(ASKING[profile](tenant, call, anywhere()), body=body)
        lines = [("Content-Length", str(len(body)))] if body else []
        lines += [("X-Polis-Body-Sha256", told)] if told else []
        reply = ask(server, question.also(*lines))
        return reply.status, reply.headers["X-Polis-Body"]

    plain, claimed = (
        signed(tenant.app, "POST", body=BODY),
        signed(tenant.app, "POST", body=BODY, X_Sdk_Content_Sha256=HASH),
    )
    for call in (plain, claimed):
        assert asked(call, body=BODY) == (200, "checked")
        assert asked(call, told=HASH) == (200, "checked")
        assert asked(call, body=b"other") == (401, None)
        assert asked(call, told=hashlib.sha256(b"other").hexdigest()) == (401, None)
        assert asked(call, told="0") == (401, None)
        assert asked(call) == (401, None)


def test_envoy_asks_by_the_method_and_below_verify(server: Server, tenants: dict[str, Tenant]) -> None:
    tenant = tenants["envoy"]
    calls = [signed(tenant.app, method) for method in ("GET", "HEAD", "OPTIONS")]
    calls += [by_key(tenant.app, method=method) for method in ("POST", "PUT", "PATCH", "DELETE")]
    calls += [signed(tenant.app, path=path) for path in ("/", "/a%20b/", "/%E5%9F%8E")]
    calls += [signed(tenant.app, query=[("城市", "a b"), ("x", "1")])]
    for call in calls:
        assert ask(server, by_envoy(tenant, call, anywhere())).status == 200, call
        other = ask(server, replace(by_envoy(tenant, call, anywhere()), path="/verify/other")).status
        assert other == (200 if call.method in ("POST", "PUT", "PATCH", "DELETE") else 401), call
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        told = ask(server, by_envoy(tenant, signed(tenant.app, method), anywhere()))
        assert told.status == 401, "nobody says whether it has a body"
    bare = replace(by_envoy(tenant, by_key(tenant.app), anywhere()), path="/verify")
    assert ask(server, bare).status == 401, "nothing is told of the call"
