"""What a client presents: a key with its secret, a signature, or a code. Each says whether a secret is its own.

An app's secrets are all looked at, and where there are fewer than there can be, one of nobody's in their place: a good
credential, a bad one and one of nobody's are the same work (verification.md, "Promises").
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from accounts.machine.rotation import MOST_LIVE
from accounts.models.secret import SecretTerms
from apps.verification import lookup
from apps.verification.lookup import Found
from apps.verification.original import NONE, Original
from config.kernel import keys, signing, vault
from config.kernel.errors import DomainError

CODE, KEY, AUTHORIZATION = "x-apig-appcode", "x-api-key", "authorization"
HEADERS = (AUTHORIZATION, KEY, CODE)
_BASIC = "basic "


class Unreadable(Exception):
    """None is presented, or more than one, or none that can be read. It is answered as one that is wrong."""


class Presented(Protocol):
    """A credential of a client's. `name` is what its failures are counted by."""

    # May an answer about it be kept: it says nothing of the call that it came with (S20).
    is_reusable: bool

    @property
    def name(self) -> str: ...

    def look_up(self, gateway: str, now: datetime) -> Found:
        """Whose it is, if anybody's, at the gateway of this id."""
        ...

    def find_secret(self, found: Found, original: Original, now: datetime) -> "Proof | None":
        """By what it is proved to be good, None for a credential that is not. `original`: the call it came with.

        Raises DomainError for a call that cannot have been signed, which is a bad credential too.
        """
        ...


@dataclass(frozen=True, slots=True)
class Proof:
    """The row that a good credential is of: what its use is noted by. `body` is what a signature says of the body."""

    table: str
    pk: int
    secret: SecretTerms | None = None
    body: str = NONE


@dataclass(frozen=True, slots=True)
class KeyAndSecret:
    """`app_key:app_secret`, in Basic or in X-Api-Key."""

    app_key: str
    app_secret: str
    is_reusable = True

    @property
    def name(self) -> str:
        return self.app_key

    def look_up(self, gateway: str, now: datetime) -> Found:
        return lookup.find_by_key(gateway, self.app_key, now)

    def find_secret(self, found: Found, original: Original, now: datetime) -> Proof | None:
        given = self.app_secret.encode()
        secret = matching(_secrets(found), now, lambda text: hmac.compare_digest(text.encode(), given))
        return _proof(secret)


@dataclass(frozen=True, slots=True)
class Signature:
    """An SDK-HMAC-SHA256 signature of the original call."""

    claim: signing.Claim
    is_reusable = False

    @property
    def name(self) -> str:
        return self.claim.access

    def look_up(self, gateway: str, now: datetime) -> Found:
        return lookup.find_by_key(gateway, self.claim.access, now)

    def find_secret(self, found: Found, original: Original, now: datetime) -> Proof | None:
        takes_claims = found.gateway is not None and found.gateway.unsigned_body
        body_hash, body = original.body_hash(takes_claims=takes_claims)
        signed = signing.read_signed(original.sent, self.claim, body_hash, now)
        secret = matching(_secrets(found), now, signed.is_by)
        return _proof(secret, body)


@dataclass(frozen=True, slots=True)
class Code:
    """An AppCode. It is found by its hash, so there is nothing left to compare."""

    code: str
    is_reusable = True
    name = ""

    def look_up(self, gateway: str, now: datetime) -> Found:
        return lookup.find_by_code(gateway, self.code, now)

    def find_secret(self, found: Found, original: Original, now: datetime) -> Proof | None:
        if found.app is None or found.app.code is None:
            return None
        return Proof("apps.AppCode", found.app.code)


def read(headers: Mapping[str, str], sent: Callable[[], signing.Sent]) -> Presented:
    """The one credential among these headers, by their names in lower case. Raises Unreadable.

    `sent` gives the headers as a signature needs them; it is asked for nothing else.
    """
    given = [name for name in HEADERS if name in headers]
    if len(given) != 1:
        raise Unreadable
    text = headers[given[0]]
    if given[0] == CODE:
        return Code(text)
    if given[0] == KEY:
        return _split(text, ".")
    if text[: len(_BASIC)].lower() == _BASIC:
        return _split(_decoded(text[len(_BASIC) :]), ":")
    return signature(sent())


def signature(sent: signing.Sent) -> Signature:
    """Of a call's headers. Raises Unreadable."""
    try:
        claim = signing.read_claim(sent)
    except DomainError:
        raise Unreadable from None
    return Signature(replace(claim, access=_app_key(claim.access)))


def matching(held: Sequence[SecretTerms], now: datetime, is_own: Callable[[str], bool]) -> SecretTerms | None:
    """The secret that is meant, among those that are live. As many are read as there can be."""
    live = [secret for secret in held if secret.is_live(now)]
    matching = [secret for secret in live if is_own(secret.reveal())]
    for _ in range(MOST_LIVE - len(live)):
        is_own(vault.reveal_nobodys())
    return matching[0] if matching else None


def _split(text: str, mark: str) -> KeyAndSecret:
    app_key, _, app_secret = text.partition(mark)
    return key_and_secret(app_key, app_secret)


def key_and_secret(app_key: str, app_secret: str) -> KeyAndSecret:
    """Raises Unreadable."""
    if not app_secret:
        raise Unreadable
    return KeyAndSecret(_app_key(app_key), app_secret)


def _app_key(text: str) -> str:
    """One that an app could have: the database is asked for no other."""
    if not keys.is_app_key(text):
        raise Unreadable
    return text


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise Unreadable from None


def _secrets(found: Found) -> Sequence[SecretTerms]:
    return found.app.secrets if found.app is not None else ()


def prove_gateway(found: Found, key: str, now: datetime) -> Proof | None:
    """By which of its keys a gateway that asks has proved itself; None where it has not."""
    given = key.encode()
    held = found.gateway.secrets if found.gateway is not None else ()
    return _proof(matching(held, now, lambda text: hmac.compare_digest(text.encode(), given)))


def _proof(secret: SecretTerms | None, body: str = NONE) -> Proof | None:
    return Proof(secret.table, secret.pk, secret, body) if secret is not None else None
