"""A client that speaks in the gateway's place, header by header and in every form, does not pass (S20)."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest

from tests.verification.calls import FORMS, Call, anywhere, by_key, plain, signed
from tests.verification.gates import World
from tests.verification.nginx import Gate

BODY = b'{"amount": 1000000}'


def moved(call: Call) -> Call:
    """Signed for one path, sent to another."""
    return replace(call, path="/admin")


# What is wrong with the call, and the headers that would put it right if they were believed.
CASES: dict[str, tuple[int, Callable[[World], Call], Callable[[World], dict[str, str]]]] = {
    "X-Original-Method": (
        401,
        lambda w: replace(signed(w.app), method="DELETE"),
        lambda w: {"X-Original-Method": "GET"},
    ),
    "X-Original-URI": (401, lambda w: moved(signed(w.app)), lambda w: {"X-Original-URI": "/orders/7"}),
    "X-Original-Host": (
        401,
        lambda w: signed(w.app).instead("Host", "other.example.com"),
        lambda w: {"X-Original-Host": "api.example.com"},
    ),
    "X-Original-Length": (
        401,
        lambda w: replace(signed(w.app, "POST"), body=BODY).also(("Content-Length", str(len(BODY)))),
        lambda w: {"X-Original-Length": "0"},
    ),
    "X-Forwarded-Method": (
        401,
        lambda w: replace(signed(w.app), method="DELETE"),
        lambda w: {"X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/orders/7", "X-Forwarded-Host": "api.example.com"},
    ),
    "X-Forwarded-Uri": (401, lambda w: moved(signed(w.app)), lambda w: {"X-Forwarded-Uri": "/orders/7"}),
    "X-Forwarded-Host": (
        401,
        lambda w: signed(w.app).instead("Host", "other.example.com"),
        lambda w: {"X-Forwarded-Host": "api.example.com"},
    ),
    "X-Real-IP": (403, lambda w: by_key(w.shop.apps["from_ten"]), lambda w: {"X-Real-IP": "10.0.0.1"}),
    "X-Forwarded-For": (403, lambda w: by_key(w.shop.apps["from_ten"]), lambda w: {"X-Forwarded-For": "10.0.0.1"}),
    "Forwarded": (403, lambda w: by_key(w.shop.apps["from_ten"]), lambda w: {"Forwarded": "for=10.0.0.1"}),
    "X-Polis-Gateway": (
        401,
        lambda w: by_key(w.rival.app),
        lambda w: {"X-Polis-Gateway": w.rival.gateway, "X-Polis-Gateway-Key": w.rival.gateway_key},
    ),
    "X-Polis-Gateway-Key": (401, lambda w: by_key(w.rival.app), lambda w: {"X-Polis-Gateway-Key": w.rival.gateway_key}),
    "X-Polis-Body-Sha256": (
        401,
        lambda w: signed(w.app, "POST", body=BODY, X_Sdk_Content_Sha256=sha256(BODY).hexdigest()),
        lambda w: {"X-Polis-Body-Sha256": sha256(BODY).hexdigest()},
    ),
    "X-Polis-Body": (401, lambda w: signed(w.app, "POST", body=BODY), lambda w: {"X-Polis-Body": "checked"}),
    "X-Polis-Closed": (403, lambda w: by_key(w.shop.apps["disabled"]), lambda w: {"X-Polis-Closed": ""}),
    "X-App-Id": (
        401,
        lambda w: plain(),
        lambda w: {"X-App-Id": w.app.id, "X-Project-Id": w.shop.project, "X-City-Id": w.shop.city},
    ),
    "X-Accel-Redirect": (401, lambda w: plain(), lambda w: {"X-Accel-Redirect": "/", "X-Accel-Expires": "60"}),
    "X-HTTP-Method-Override": (
        401,
        lambda w: replace(signed(w.app), method="DELETE"),
        lambda w: {"X-HTTP-Method-Override": "GET", "X-Rewrite-URL": "/orders/7"},
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CASES)
def test_nothing_passes_by_a_header_of_the_clients(name: str, form: str, gate: Gate, world: World) -> None:
    status, call, spoofed = CASES[name]
    lines = [(each, value) for header, value in spoofed(world).items() for each in FORMS[form](header)]
    assert gate.send(call(world).also(*lines), anywhere()).status == status
    assert gate.arrived == []
