"""What is wrong in one way does not pass a real nginx: the client hears it, and the service nothing (S20, S21)."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.verification.calls import Call, anywhere, basic, by_basic, by_code, by_key, plain, signed
from tests.verification.gates import World
from tests.verification.nginx import Gate
from tests.verification.tenants import App

BODY = b'{"amount": 1}'
HASH = hashlib.sha256(BODY).hexdigest()
EMPTY = hashlib.sha256(b"").hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()


def dated(**ago: int) -> str:
    return (timezone.now() - timedelta(**ago)).strftime("%Y%m%dT%H%M%SZ")


def with_secret(app: App, secret: str) -> App:
    return replace(app, secret=secret)


def pair(app: App, sign: str) -> str:
    return f"{app.key}{sign}{app.secret}"


Case = tuple[int, Callable[[World], Call]]

SIGNED: dict[str, Case] = {
    "a secret that is wrong": (401, lambda w: signed(with_secret(w.app, "x" * 32))),
    "a secret of another app's": (401, lambda w: signed(with_secret(w.app, w.shop.apps["from_here"].secret))),
    "a key of nobody's": (401, lambda w: signed(replace(w.app, key="0" * 32))),
    "a key of nobody's that is odd": (401, lambda w: signed(replace(w.app, key="a'b%s"))),
    "another method": (401, lambda w: replace(signed(w.app), method="DELETE")),
    "another path": (401, lambda w: replace(signed(w.app), path="/orders/8")),
    "a longer path": (401, lambda w: replace(signed(w.app), path="/orders/7/items")),
    "a query where there was none": (401, lambda w: replace(signed(w.app), path="/orders/7?all=1")),
    "no query where there was one": (401, lambda w: replace(signed(w.app, query=[("a", "1")]), path="/orders/7")),
    "another query": (401, lambda w: replace(signed(w.app, query=[("a", "1")]), path="/orders/7?a=2")),
    "a query of more": (401, lambda w: replace(signed(w.app, query=[("a", "1")]), path="/orders/7?a=1&b=2")),
    "another host": (401, lambda w: signed(w.app).instead("Host", "other.example.com")),
    "another port": (401, lambda w: signed(w.app).instead("Host", "api.example.com:81")),
    "a signed header that is changed": (401, lambda w: signed(w.app, X_Trace="1").instead("X-Trace", "2")),
    "a signed header that is gone": (401, lambda w: signed(w.app, X_Trace="1").without("X-Trace")),
    "a signed header that came twice": (401, lambda w: signed(w.app, X_Trace="1").also(("X-Trace", "1"))),
    "a signed header with _": (401, lambda w: signed(w.app, X_Trace="1").without("X-Trace").also(("X_Trace", "1"))),
    "another date": (401, lambda w: signed(w.app).instead("X-Sdk-Date", dated(seconds=30))),
    "two dates": (401, lambda w: signed(w.app).also(("X-Sdk-Date", dated(seconds=30)))),
    "no date": (401, lambda w: signed(w.app).without("X-Sdk-Date")),
    "a date 16 minutes ago": (401, lambda w: signed(w.app, X_Sdk_Date=dated(minutes=16))),
    "a date 16 minutes ahead": (401, lambda w: signed(w.app, X_Sdk_Date=dated(minutes=-16))),
    "a body where none was signed": (401, lambda w: replace(signed(w.app, "POST"), body=BODY).also(length())),
    "a body with its hash": (401, lambda w: signed(w.app, "POST", body=BODY)),
    "a body and a claim of it": (401, lambda w: signed(w.app, "POST", body=BODY, X_Sdk_Content_Sha256=HASH)),
    "a body and a claim of none": (401, lambda w: signed(w.app, "POST", body=BODY, X_Sdk_Content_Sha256=EMPTY)),
    "a claim of another body": (401, lambda w: signed(w.app, "POST", X_Sdk_Content_Sha256=OTHER)),
    "a body of which nothing is said": (401, lambda w: signed(w.app, "POST", body=b"a=1", Content_Type="text/plain")),
    "a body in chunks": (401, lambda w: in_chunks(signed(w.app, "POST"))),
    "no signature": (401, lambda w: cut(signed(w.app), ", Signature=")),
    "no names of headers": (401, lambda w: cut(signed(w.app), ", SignedHeaders=")),
    "a signature in capitals": (401, lambda w: capitals(signed(w.app))),
    "another algorithm": (401, lambda w: worded(signed(w.app), "SDK-HMAC-SHA256", "SDK-HMAC-SM3")),
    "an algorithm in small": (401, lambda w: worded(signed(w.app), "SDK-HMAC-SHA256", "sdk-hmac-sha256")),
    "a secret that has expired": (401, lambda w: signed(w.shop.apps["expired"])),
    "an app that is disabled": (403, lambda w: signed(w.shop.apps["disabled"])),
    "an ACL that is about others": (403, lambda w: signed(w.shop.apps["from_ten"])),
    "another gateway's app": (401, lambda w: signed(w.rival.app)),
}

PRESENTED: dict[str, Case] = {
    "nothing": (401, lambda w: plain()),
    "a code of nobody's": (401, lambda w: by_code(replace(w.app, code="x" * 64))),
    "a code in capitals": (401, lambda w: by_code(replace(w.app, code=w.app.code.swapcase()))),
    "an empty code": (401, lambda w: by_code(replace(w.app, code=""))),
    "a part of a code": (401, lambda w: by_code(replace(w.app, code=w.app.code[:-1]))),
    "another gateway's code": (401, lambda w: by_code(w.rival.app)),
    "a disabled app's code": (403, lambda w: by_code(w.shop.apps["disabled"])),
    "a code where the ACL is about others": (403, lambda w: by_code(w.shop.apps["from_ten"])),
    "a code as X-Api-Key": (401, lambda w: plain(("X-Api-Key", w.app.code))),
    "a key with a wrong secret": (401, lambda w: by_key(with_secret(w.app, "x" * 32))),
    "a key with no secret": (401, lambda w: plain(("X-Api-Key", f"{w.app.key}."))),
    "a key without a dot": (401, lambda w: plain(("X-Api-Key", w.app.key + w.app.secret))),
    "a key with another sign": (401, lambda w: plain(("X-Api-Key", pair(w.app, ":")))),
    "an empty key": (401, lambda w: plain(("X-Api-Key", ""))),
    "a dot": (401, lambda w: plain(("X-Api-Key", "."))),
    "a key as X-Apig-AppCode": (401, lambda w: plain(("X-Apig-AppCode", pair(w.app, ".")))),
    "a key whose secret has expired": (401, lambda w: by_key(w.shop.apps["expired"])),
    "a disabled app's key": (403, lambda w: by_key(w.shop.apps["disabled"])),
    "another gateway's key": (401, lambda w: by_key(w.rival.app)),
    "Basic with a wrong secret": (401, lambda w: by_basic(with_secret(w.app, "x" * 32))),
    "Basic without a colon": (401, lambda w: plain(("Authorization", basic(w.app.key + w.app.secret)))),
    "Basic that is not base64": (401, lambda w: plain(("Authorization", "Basic " + pair(w.app, ":")))),
    "Basic that is not UTF-8": (401, lambda w: plain(("Authorization", "Basic /////w=="))),
    "Basic of nothing": (401, lambda w: plain(("Authorization", "Basic "))),
    "Basic of a disabled app": (403, lambda w: by_basic(w.shop.apps["disabled"])),
    "Basic of another gateway's": (401, lambda w: by_basic(w.rival.app)),
    "Bearer": (401, lambda w: plain(("Authorization", f"Bearer {w.shop.token}"))),
    "the gateway's own key": (401, lambda w: plain(("X-Api-Key", f"{w.shop.gateway}.{w.shop.gateway_key}"))),
    "two kinds, both good": (401, lambda w: by_key(w.app).also(("X-Apig-AppCode", w.app.code))),
    "a signature and a code": (401, lambda w: signed(w.app).also(("X-Apig-AppCode", w.app.code))),
    "Basic and a key": (401, lambda w: by_basic(w.app).also(("X-Api-Key", pair(w.app, ".")))),
    "a good kind and an empty one": (401, lambda w: by_key(w.app).also(("X-Apig-AppCode", ""))),
    "a good key twice": (401, lambda w: by_key(w.app).also(("X-Api-Key", pair(w.app, ".")))),
    "a good code twice": (401, lambda w: by_code(w.app).also(("X-Apig-AppCode", w.app.code))),
    "two keys on one line": (401, lambda w: plain(("X-Api-Key", f"{pair(w.app, '.')},{pair(w.app, '.')}"))),
    "a key with _": (401, lambda w: plain(("X_Api_Key", pair(w.app, ".")))),
    # nginx itself refuses what it takes for malformed.
    "Authorization twice": (400, lambda w: by_basic(w.app).also(("Authorization", basic(pair(w.app, ":"))))),
    "a signature twice": (400, lambda w: (call := signed(w.app)).also(("Authorization", call.value("Authorization")))),
    "Host twice": (400, lambda w: signed(w.app).also(("Host", "other.example.com"))),
    "another host on the first line": (400, lambda w: replace(signed(w.app), path="http://other.example.com/orders/7")),
}

# A path that could be read in two ways is refused before Polis is asked, whoever calls.
PATHS = ["//orders", "/orders//7", "/a/../orders", "/a/%2e%2E/orders", "/./orders", "/a/..;x/orders", "/a/.."]
PATHS += ["/a%2Forders", "/a%2forders", "/a%5corders", "/a%5Corders", "/a\\orders", "/orders#7"]
PATHS += ["/a%00", "/%zz", "/a/%2e"]


def length() -> tuple[str, str]:
    return ("Content-Length", str(len(BODY)))


def in_chunks(call: Call) -> Call:
    return replace(call, body=b"5\r\nhello\r\n0\r\n\r\n").also(("Transfer-Encoding", "chunked"))


def worded(call: Call, old: str, new: str) -> Call:
    return call.instead("Authorization", call.value("Authorization").replace(old, new))


def cut(call: Call, before: str) -> Call:
    return call.instead("Authorization", call.value("Authorization").partition(before)[0])


def capitals(call: Call) -> Call:
    head, name, signature = call.value("Authorization").partition("Signature=")
    return call.instead("Authorization", head + name + signature.upper())


@pytest.mark.parametrize(("status", "call"), SIGNED.values(), ids=SIGNED)
def test_a_signature_does_not_pass_with(status: int, call: Callable[[World], Call], gate: Gate, world: World) -> None:
    assert gate.send(call(world), anywhere()).status == status
    assert gate.arrived == []


@pytest.mark.parametrize(("status", "call"), PRESENTED.values(), ids=PRESENTED)
def test_it_does_not_pass_with(status: int, call: Callable[[World], Call], gate: Gate, world: World) -> None:
    assert gate.send(call(world), anywhere()).status == status
    assert gate.arrived == []


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_could_be_read_in_two_ways_does_not_pass(path: str, gate: Gate, world: World) -> None:
    calls = [by_key(world.app, path=path), by_code(world.app, path=path), replace(signed(world.app), path=path)]
    assert {gate.send(call, anywhere()).status for call in calls} == {400}
    assert gate.arrived == []
