"""Who is asking by AK/SK: the access key that signed a request, found in one query (apig.md "Signing in", S21)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from accounts.access.actor import Actor, Door
from accounts.doors import authentication
from accounts.models import AccessKey
from accounts.people import credentials
from config.kernel import signing, vault
from config.kernel.errors import Code, DomainError, Invalid


def is_signed(request: Any) -> bool:
    """Does the request come with a signature, rightly or wrongly written?"""
    return signing.ALGORITHM in request.headers.get("Authorization", "")


def identify(request: Any, door: Door) -> Actor:
    """The caller whose access key has signed the request.

    Raises BAD_SIGNATURE, the same and after the same work for a key that there is not, one that has ended, and a wrong
    secret; BAD_REQUEST for what is malformed; for a key that is known as `authentication.check_alive`.
    """
    sent = sent_of(request)
    claim = signing.read_claim(sent)
    key = credentials.find_key(claim.access, request.now)
    signing.check(sent, claim, _secret_of(key), request.now)
    if key is None:  # nobody knows the secret that was tried
        raise DomainError(Code.BAD_SIGNATURE, fault=signing.WRONG)
    return authentication.let_in(key, request, door)


def sent_of(request: Any) -> signing.Sent:
    """The request as it came over the wire, as far as the server tells. Raises BAD_REQUEST, RequestDataTooBig."""
    path, query = _path_of(request), request.META.get("QUERY_STRING", "")
    return signing.Sent(request.method, path, query, tuple(headers_of(request.META).items()), request._request.body)


def headers_of(meta: Mapping[str, Any]) -> dict[str, str]:
    """The headers of a request, by their names in lower case; equal ones were joined by the server."""
    # Of the names that WSGI writes with `_`, each was sent with `-`: the server drops the others (S19).
    headers = {name[5:].replace("_", "-").lower(): value for name, value in meta.items() if name.startswith("HTTP_")}
    # Its charset is taken away before Django sees it (config.wsgi).
    own = {
        "content-type": meta.get("polis.content_type", meta.get("CONTENT_TYPE")),
        "content-length": meta.get("CONTENT_LENGTH"),
    }
    return headers | {name: value for name, value in own.items() if value}


def _path_of(request: Any) -> str:
    """The path as it was written: gunicorn tells it, other servers only what it means."""
    raw = request.META.get("RAW_URI")
    if raw is None:
        return quote(request.path)
    path: str = raw.partition("?")[0]
    if signing.decoded_path(path) != request.path:  # what is checked must be what is served
        raise Invalid(Code.BAD_REQUEST)
    return path


def _secret_of(key: AccessKey | None) -> str:
    return vault.reveal_nobodys() if key is None else vault.reveal(key.sealed, key.sealed_for)
