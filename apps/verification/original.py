"""The call that a gateway asks about, as the gateway tells of it: one family of headers, by its profile (S20).

What the client has sent under these names has been overwritten by the gateway; of the other families nothing is read.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from apps.models import Gateway
from config.kernel import addresses, signing
from config.kernel.errors import Code, DomainError

Profile = Gateway.Profile
CHECKED, CLAIMED, NONE = "checked", "claimed", "none"
UNSIGNED = "UNSIGNED-PAYLOAD"  # the vendor's SDK, of a body that it streams
_EMPTY = signing.hash_of(b"")
_HASH = re.compile(r"[0-9a-f]{64}")
_METHOD = re.compile(r"[A-Za-z-]{1,32}")
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})


class Untold(Exception):
    """The gateway does not tell of the original call, or tells twice."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The subrequest itself. Header names are in lower case; `doubled` are those that came more than once."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    doubled: frozenset[str]
    read_body: Callable[[], bytes]
    # What stands behind /verify in the path, "" for nothing: where Envoy tells of the original one.
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """The call it is about. `seen` is the hash of its body where the gateway has seen it; `length` what it tells of
    how long that is, "" for nothing.
    """

    sent: signing.Sent
    address: str = ""
    seen: str = ""
    length: str = ""

    def body_hash(self, *, takes_claims: bool) -> tuple[str, str]:
        """The hash that a signature must be over, and what can be said of the body: checked, claimed or none.

        A body that nobody has seen passes where the gateway `takes_claims` alone, and so does a call of which nobody
        says whether it has one, but for the methods that mean nothing by a body (S21). Raises BAD_SIGNATURE.
        """
        if self.seen:
            return signing.checked_hash(self.sent, self.seen), CHECKED
        claims = self.sent.values(signing.BODY_HASH)
        claim = claims[0] if len(claims) == 1 else _EMPTY
        has_none = self.length == "0" or (not self.length and self.sent.method.upper() in _BODILESS)
        is_none = claim == _EMPTY and has_none
        if len(claims) > 1 or not (is_none or takes_claims):
            raise DomainError(Code.BAD_SIGNATURE, fault="its body was not seen")
        return claim, NONE if claim in {_EMPTY, UNSIGNED} else CLAIMED


def read(asked: Asked, profile: str, hops: int) -> Original:
    """The original call. `hops`: at which place from the right the client stands in X-Forwarded-For. Raises Untold."""
    if (asked.behind != "") != (profile == Profile.ENVOY):
        raise Untold  # another gateway than the profile says: what its client sends must not be believed
    told = _FAMILIES[profile](asked, hops)
    if not _METHOD.fullmatch(told.method) or not told.uri.startswith("/") or not told.host or "," in told.host:
        raise Untold
    path, _, query = told.uri.partition("?")
    headers = [(name, value) for name, value in asked.headers.items() if name != signing.HOST]
    sent = signing.Sent(told.method, path, query, (*headers, (signing.HOST, told.host)))
    return Original(sent, addresses.plain(told.address), _seen(asked), told.length)


class _Told(NamedTuple):
    method: str
    uri: str
    host: str
    address: str
    length: str = ""


def _by_nginx(asked: Asked, hops: int) -> _Told:
    method, uri, host = (_one(asked, f"x-original-{name}") for name in ("method", "uri", "host"))
    # It does not forward the body, and so may tell how long that is.
    address, length = (_one(asked, name, must=False) for name in ("x-real-ip", "x-original-length"))
    return _Told(method, uri, host, address, length)


def _by_forwarded(asked: Asked, hops: int) -> _Told:
    method, uri, host = (_one(asked, f"x-forwarded-{name}") for name in ("method", "uri", "host"))
    return _Told(method, uri, host, _nth(asked, hops))


def _by_itself(asked: Asked, hops: int) -> _Told:
    query = f"?{asked.query}" if asked.query else ""
    return _Told(asked.method, asked.behind + query, _one(asked, signing.HOST), _nth(asked, hops))


_FAMILIES: Mapping[str, Callable[[Asked, int], _Told]] = {
    Profile.NGINX: _by_nginx,
    Profile.TRAEFIK: _by_forwarded,
    Profile.APISIX: _by_forwarded,
    Profile.ENVOY: _by_itself,
}


def _one(asked: Asked, name: str, *, must: bool = True) -> str:
    """A header that is there once. Raises Untold."""
    if name in asked.doubled or (must and name not in asked.headers):
        raise Untold
    return asked.headers.get(name, "")


def _nth(asked: Asked, hops: int) -> str:
    """Of a list that grows to the right, where each hop adds whom it has heard; some servers send it as lines."""
    hosts = asked.headers.get("x-forwarded-for", "").split(",")
    return hosts[-hops] if len(hosts) >= hops else ""


def _seen(asked: Asked) -> str:
    """The hash of the body: of what the gateway forwards, else what it says itself."""
    if body := asked.read_body():
        return signing.hash_of(body)
    told = _one(asked, "x-polis-body-sha256", must=False)
    if told and not _HASH.fullmatch(told):
        raise Untold
    return told
