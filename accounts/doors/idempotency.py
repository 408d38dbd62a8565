"""Idempotency-Key on a POST: the handler of the first call, or what that call was answered (S16)."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from django.conf import settings
from rest_framework.response import Response

from accounts.access.actor import Actor
from accounts.machine import answers
from accounts.models import StoredAnswer
from config.kernel import keyring
from config.kernel.errors import Code, Invalid

HEADER = "Idempotency-Key"
LONGEST = 255
# Headers of an answer that belong to what was done, and so to its replay.
_KEPT = ("Location", "ETag")

Handler = Callable[..., Response]
Judge = Callable[..., None]


def read_key(request: Any) -> str | None:
    """The key, with or without the quotes of the draft; None where there is none. Raises Invalid."""
    text = request.headers.get(HEADER)
    if text is None:
        return None
    key = text.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not key or len(key) > LONGEST:
        code = Code.TOO_LONG if key else Code.REQUIRED
        raise Invalid(code, field=HEADER, limit=LONGEST, place="header")
    if not key.isascii() or not key.isprintable():
        raise Invalid(Code.BAD_CHARACTER, field=HEADER, character="?", place="header")
    return key


def once(handler: Handler, key: str, *, by: Actor, secret: str, judge_again: Judge) -> Handler:
    """The handler, made so that it acts once a key. `secret` is the member of its answer that is never stored."""

    def act(request: Any, *args: Any, **named: Any) -> Response:
        claimed = answers.claim(_subject(request, key, by), _fingerprint(request), by.now)
        if isinstance(claimed, StoredAnswer):
            judge_again(request, *args, **named)
            return Response(
                orjson.loads(claimed.body), claimed.status, headers={**claimed.headers, "Idempotent-Replayed": "true"}
            )
        return answers.act(
            claimed,
            lambda: handler(request, *args, **named),
            lambda response: answers.Kept(
                response.status_code, _storable(response.data, secret, by), _headers(response)
            ),
        )

    return act


def _storable(body: Any, secret: str, by: Actor) -> str:
    """The answer without its secret, and when that was shown."""
    if isinstance(body, Mapping) and body.get(secret) is not None:
        body = {**body, secret: None, "secret_shown_at": by.now}
    return orjson.dumps(body, option=orjson.OPT_UTC_Z).decode()


def _headers(response: Response) -> dict[str, str]:
    return {name: response[name] for name in _KEPT if name in response}


def _subject(request: Any, key: str, by: Actor) -> str:
    """Per credential, method and route."""
    credential = f"token {by.token.key}" if by.token is not None else f"session {request._request.session.session_key}"
    return hashlib.sha256("\0".join([credential, request.method, request.path, key]).encode()).hexdigest()


def _fingerprint(request: Any) -> str:
    """Keyed, since a body may hold what must not be guessed from the store."""
    raw = request.body  # within its limit, or RequestDataTooBig
    parts = [request.META.get("QUERY_STRING", "").encode(), raw]
    return hmac.new(keyring.derived(settings.SECRET_KEY, "idempotency"), b"\0".join(parts), "sha256").hexdigest()
