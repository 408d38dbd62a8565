"""`/verify`: asked by gateways before each call of their clients (verification.md; S1, S19, S20, S21).

What is refused looks the same, whatever was wrong. The door stands before the middleware of pages and dialects.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.access.actor import Door
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.doors import signatures
from accounts.machine import usage
from apps.lifecycle import GATEWAY
from apps.verification import credentials, failures, judge, original, traffic
from apps.verification.credentials import Presented, Proof, Unreadable
from apps.verification.failures import Asker
from apps.verification.judge import Outcome, Verdict
from apps.verification.lookup import Found, Gateway
from apps.verification.original import Asked, Profile, Untold
from config.kernel import addresses, ids, signing

log = logging.getLogger("polis.verify")

PATH = "/verify"
ID, KEY = "x-polis-gateway", "x-polis-gateway-key"
# What is read once, and so must not come twice.
_SINGLE = frozenset({ID, KEY, *credentials.HEADERS, signing.HOST, signing.DATE, signing.BODY_HASH})
# A gateway of these takes the answer apart; the others hand it on to the client.
_INSIDE = frozenset({Profile.NGINX, Profile.ENVOY})
_VARY = ", ".join(("X-Polis-Gateway", "X-Polis-Gateway-Key", "Authorization", "X-Api-Key", "X-Apig-AppCode"))


@csrf_exempt
def verify(request: HttpRequest) -> HttpResponse:
    """200 with whose credential it is, or why not: 401, 403, 413, 429; 503 while the database is away."""
    if not _is_safe(request.META):
        return _failure(403, "https_required", "This interface is served over HTTPS only.")
    try:
        return _answer(request)
    except (Unreadable, Untold):
        return _unknown_asker(timezone.now())
    except RequestDataTooBig:
        return _failure(413, "body_too_large", "The request is too large.")
    except (OperationalError, InterfaceError) as error:
        log.warning("busy: %s", type(error.__cause__ or error).__name__)
        return _failure(503, "busy", "Polis is busy.", retry_after=1)


def _answer(request: HttpRequest) -> HttpResponse:
    now, asked = timezone.now(), _asked(request)
    gateway, key = asked.headers.get(ID, ""), asked.headers.get(KEY, "")
    if asked.doubled & _SINGLE or not ids.is_instance_id(gateway) or not key:
        raise Untold
    presented = credentials.read(asked.headers, lambda: signing.Sent("", "", "", tuple(asked.headers.items())))
    found = presented.look_up(gateway, now)
    proof = credentials.prove_gateway(found, key, now)
    if proof is None or found.gateway is None:
        return _unknown_asker(now)
    usage.note(proof.table, proof.pk, now, addresses.plain(request.META.get("REMOTE_ADDR", "")))
    call = original.read(asked, found.gateway.profile, settings.VERIFY_HOPS)
    verdict = judge.judge(presented, found, call, now)
    traffic.count(verdict.outcome is Outcome.GOOD, now)
    if verdict.outcome is Outcome.UNKNOWN:
        asker = Asker(journal.GATEWAY, gateway, Door.VERIFY)
        about = failures.about(found, gateway)
        return _unauthorized(failures.count(asker, about, (gateway, presented.name, call.address), now))
    if verdict.proof is None:
        return _forbidden(found.gateway, verdict)
    failures.forgive((gateway, presented.name, call.address))
    usage.note(verdict.proof.table, verdict.proof.pk, now, call.address)
    return _good(presented, found, verdict.proof)


def _asked(request: HttpRequest) -> Asked:
    """The subrequest as it came. Raises Untold for a body whose length it does not tell."""
    meta = request.META
    if "HTTP_TRANSFER_ENCODING" in meta and not meta.get("CONTENT_LENGTH"):
        raise Untold
    # Both from the line as it was written: what a server takes away of a query was signed.
    raw = meta.get("RAW_URI") or f"{quote(request.path)}?{meta.get('QUERY_STRING', '')}"
    path, _, query = raw.partition("?")
    if not path.startswith(PATH):
        raise Untold  # it is written in another way than it is meant
    doubled = frozenset(meta.get("HTTP_POLIS_DOUBLED", "").lower().split())
    headers = signatures.headers_of(meta)
    return Asked(
        request.method or "", path, query, headers, doubled, partial(getattr, request, "body"), path[len(PATH) :]
    )


def _is_safe(meta: Mapping[str, Any]) -> bool:
    """Over TLS, or from this machine or a proxy of ours: a gateway's key does not cross a network in the clear."""
    if settings.DEVELOPMENT or meta["wsgi.url_scheme"] == "https":
        return True
    peer = addresses.plain(meta.get("REMOTE_ADDR", ""))
    return not peer or ip_address(peer).is_loopback or addresses.is_within(peer, settings.TRUSTED_PROXIES)


def _good(presented: Presented, found: Found, proof: Proof) -> HttpResponse:
    app, gateway = found.app, found.gateway
    assert app is not None
    assert gateway is not None
    headers = {
        "Content-Type": "text/plain",
        "Content-Length": "0",
        "X-App-Id": app.key,
        "X-App-Name": quote(app.name),
        "X-Project-Id": found.key_of("project"),
        "X-City-Id": found.key_of("city"),
        "X-Polis-Body": proof.body,
    }
    if settings.VERIFY_TTL and presented.is_reusable and not app.acl_type:
        if gateway.profile == Profile.NGINX:  # it keeps nothing private, unless it is told to by name
            headers["X-Accel-Expires"] = str(settings.VERIFY_TTL)
        headers |= {"Cache-Control": f"private, max-age={settings.VERIFY_TTL}", "Vary": _VARY}
    else:
        headers["Cache-Control"] = "no-store"
    return HttpResponse(b"", headers=headers)


def _forbidden(gateway: Gateway, verdict: Verdict) -> HttpResponse:
    response = _failure(403, "forbidden", "The credential is known, and may not be used now or from here.")
    if verdict.closed and gateway.profile in _INSIDE:
        response["X-Polis-Closed"] = verdict.closed
    return response


def _unknown_asker(now: datetime) -> HttpResponse:
    """Nobody knows whose failure it is: it is one more of somebody's."""
    traffic.count(False, now)
    failures.tell(Asker("anonymous", "", Door.VERIFY), About(GATEWAY.kind), now)
    return _unauthorized()


def _unauthorized(retry_after: int = 0) -> HttpResponse:
    if retry_after:
        return _failure(429, "too_many_requests", "Too many attempts.", retry_after=retry_after)
    return _failure(401, "credential_wrong", "This credential is not valid here.")


def _failure(status: int, code: str, detail: str, *, retry_after: int = 0) -> HttpResponse:
    """A problem document: some gateways hand it on to the client."""
    title = code.replace("_", " ").capitalize()
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
    content = orjson.dumps(body)
    headers = {"Cache-Control": "no-store", "Content-Length": str(len(content))}
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    return HttpResponse(content, "application/problem+json", status, headers=headers)
