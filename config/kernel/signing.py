"""Signatures of requests: SDK-HMAC-SHA256, as the vendor's SDKs make them. Source: huaweicloudsdkcore, signer.py.

It knows no server: what was sent is told in a `Sent`, so that a request can be checked that somebody else received.
What is malformed is BAD_REQUEST, whoever sent it; all else that is wrong is BAD_SIGNATURE, which tells nothing of keys.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote_to_bytes

from config.kernel.errors import Code, DomainError, Invalid

ALGORITHM = "SDK-HMAC-SHA256"
SKEW = timedelta(minutes=15)
MAX_SIGNED_HEADERS = 32  # S22
MAX_PARAMETERS = 1_000
HOST, DATE = "host", "x-sdk-date"
WRONG = "verify aksk signature fail"  # the vendor's words, for a wrong secret as for a key of nobody's
BODY_HASH = "x-sdk-content-sha256"
# Given twice, each of them could be read differently by who checks and by who acts (S21).
_SINGLE = ("authorization", HOST, DATE)
# `_` is not among them: no header that holds one reaches us (S19).
_HEADER_NAME = re.compile(r"[a-z0-9!#$%&'*+.^`|~-]+")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_DATE = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_DATE_FORMAT = "%Y%m%dT%H%M%SZ"
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it came: path and query as they were written, each character of the texts one byte (latin-1).

    `headers` are pairs, one for each line that was sent; from a server that joins equal ones by commas, one a name.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def values(self, name: str) -> list[str]:
        """What was sent under a name in lower case."""
        return [value.strip(" \t") for each, value in self.headers if each.lower() == name]


@dataclass(frozen=True, slots=True)
class Claim:
    """What an Authorization header says: by which key, over which headers, with which signature."""

    access: str
    signed_headers: tuple[str, ...]
    signature: str


def read_claim(sent: Sent) -> Claim:
    """The claim of a signed request.

    Raises BAD_REQUEST for what is doubled, TOO_MANY_VALUES for more than 32 headers, BAD_SIGNATURE for another form.
    """
    _check_single(sent)
    text = (sent.values("authorization") or [""])[0]
    algorithm, _, rest = text.partition(" ")
    parts = [part.strip() for part in rest.split(",")]
    if len(parts) > 3:
        raise Invalid(Code.BAD_REQUEST)  # servers join two headers of one name by a comma
    pairs = dict(part.split("=", 1) for part in parts if "=" in part)
    if algorithm != ALGORITHM or len(parts) != 3 or set(pairs) != {"Access", "SignedHeaders", "Signature"}:
        raise _refused("the Authorization header is not well-formed")
    names = pairs["SignedHeaders"].split(";")
    if len(names) > MAX_SIGNED_HEADERS:
        raise Invalid(Code.TOO_MANY_VALUES, field="SignedHeaders", limit=MAX_SIGNED_HEADERS)
    is_well_formed = len(set(names)) == len(names) and all(map(_HEADER_NAME.fullmatch, names))
    if not is_well_formed or not _SIGNATURE.fullmatch(pairs["Signature"]):
        raise _refused("the Authorization header is not well-formed")
    return Claim(pairs["Access"], tuple(names), pairs["Signature"])


@dataclass(frozen=True, slots=True)
class Signed:
    """What a well-formed request would have to be signed as: the texts to sign, and the signature it came with."""

    texts: tuple[bytes, ...]
    signature: str

    def is_by(self, secret: str) -> bool:
        """Was it signed with this secret? In constant time."""
        key = secret.encode()
        right = [hmac.compare_digest(hmac.digest(key, text, "sha256").hex(), self.signature) for text in self.texts]
        return any(right)


def hash_of(body: bytes) -> str:
    """As a signature holds it."""
    return hashlib.sha256(body).hexdigest()


def check(sent: Sent, claim: Claim, secret: str, now: datetime) -> None:
    """Pass, or BAD_SIGNATURE, the same for a wrong secret as for anything changed; BAD_REQUEST for what is malformed.

    Only what `claim` says is signed counts; of the body its own hash, whatever a header says of it (S21).
    """
    signed = read_signed(sent, claim, checked_hash(sent, hash_of(sent.body)), now)
    if not signed.is_by(secret):
        raise _refused(WRONG)


def checked_hash(sent: Sent, body_hash: str) -> str:
    """The hash of a body that was seen. BAD_SIGNATURE where a header says another."""
    if any(value != body_hash for value in sent.values(BODY_HASH)):
        raise _refused("X-Sdk-Content-Sha256 is not the hash of the body")
    return body_hash


def read_signed(sent: Sent, claim: Claim, body_hash: str, now: datetime) -> Signed:
    """What must be signed for a claim to hold. Raises BAD_SIGNATURE and BAD_REQUEST, as `check`."""
    date = _checked_date(sent, claim, now)
    forms = canonical_forms(sent, claim.signed_headers, body_hash)
    return Signed(tuple(_text_to_sign(form, date) for form in forms), claim.signature)


def sign(canonical: bytes, date: str, secret: str) -> str:
    """The signature of a canonical request, in lower hexadecimal."""
    return hmac.digest(secret.encode(), _text_to_sign(canonical, date), "sha256").hex()


def canonical_forms(sent: Sent, signed_headers: tuple[str, ...], body_hash: str) -> list[bytes]:
    """The canonical request, in each order of the query that the vendor's SDKs sign.

    Raises BAD_REQUEST, and BAD_SIGNATURE where a signed header is not there.
    """
    path = canonical_path(sent.path)
    lines = [(name, sent.values(name)) for name in signed_headers]
    if any(not values for _, values in lines):
        raise _refused("a signed header is missing")
    if any(len(values) > 1 for _, values in lines):
        raise Invalid(Code.BAD_REQUEST)
    headers = "".join(f"{name}:{values[0]}\n" for name, values in lines)
    names = ";".join(signed_headers)
    texts = [
        f"{sent.method.upper()}\n{path}\n{query}\n{headers}\n{names}\n{body_hash}"
        for query in _canonical_queries(sent.query)
    ]
    try:
        return [text.encode("latin-1") for text in texts]
    except UnicodeEncodeError:
        raise Invalid(Code.BAD_REQUEST) from None


def canonical_path(raw: str) -> str:
    """The path, each segment decoded and encoded again, with a `/` at its end. Raises BAD_REQUEST."""
    segments = [quote(segment, safe="~") for segment in _segments(raw)]
    if segments[-1]:
        segments.append("")
    return "/".join(segments)


def decoded_path(raw: str) -> str:
    """The path as it is meant. Raises BAD_REQUEST for one that could be meant in two ways (S21)."""
    return "/".join(_segments(raw))


def _segments(raw: str) -> list[str]:
    """The decoded segments. The vendor's signer decodes before it splits, so none may hold what splits a path."""
    if not raw.startswith("/") or "?" in raw or "#" in raw:
        raise Invalid(Code.BAD_REQUEST)
    segments = [_decoded(part) for part in raw.split("/")]
    for segment in segments:
        is_dots = segment.split(";")[0] in (".", "..")  # some servers take `..;x` for `..`
        if is_dots or set(segment) & set("/\\\0") or _ESCAPE.search(segment):
            raise Invalid(Code.BAD_REQUEST)
    return segments


def _canonical_queries(raw: str) -> Iterator[str]:
    """The query in order, as the SDK for Python sorts it; and as those do that sort what is already encoded.

    They differ where a name or value holds what is encoded. Either tells the same parameters, so both are taken.
    """
    pieces = [piece for piece in raw.split("&") if piece]
    if len(pieces) > MAX_PARAMETERS:
        raise Invalid(Code.BAD_REQUEST)
    # `+` is a space to who reads forms, and so to us: it must not share a signature with `%2B`.
    pairs = [tuple(_decoded(part.replace("+", " ")) for part in piece.partition("=")[::2]) for piece in pieces]
    plain = "&".join(map(_written, sorted(pairs)))
    encoded = "&".join(sorted(map(_written, pairs), key=lambda text: text.split("=", 1)))
    yield plain
    if encoded != plain:
        yield encoded


def _written(pair: tuple[str, ...]) -> str:
    return "=".join(quote(part, safe="~") for part in pair)


def _decoded(part: str) -> str:
    try:
        octets = part.encode("latin-1")
        if _BROKEN_ESCAPE.search(octets):
            raise Invalid(Code.BAD_REQUEST)
        return unquote_to_bytes(octets).decode()
    except UnicodeError:
        raise Invalid(Code.BAD_REQUEST) from None


def _text_to_sign(canonical: bytes, date: str) -> bytes:
    return f"{ALGORITHM}\n{date}\n{hashlib.sha256(canonical).hexdigest()}".encode()


def _checked_date(sent: Sent, claim: Claim, now: datetime) -> str:
    if not {HOST, DATE} <= set(claim.signed_headers):
        raise _refused("host and x-sdk-date must be signed")
    date = (sent.values(DATE) or [""])[0]
    try:
        if not _DATE.fullmatch(date):
            raise ValueError(date)
        moment = datetime.strptime(date, _DATE_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise _refused("X-Sdk-Date is no date") from None
    if abs(now - moment) > SKEW:
        raise _refused("X-Sdk-Date is more than 15 minutes off")
    return date


def _check_single(sent: Sent) -> None:
    for name in _SINGLE:
        values = sent.values(name)
        # What a server has joined: a comma is in no host and no date, and of an Authorization `read_claim` counts them.
        is_joined = name != "authorization" and any("," in value for value in values)
        if len(values) > 1 or is_joined or any(value.count(ALGORITHM) > 1 for value in values):
            raise Invalid(Code.BAD_REQUEST)


def _refused(fault: str) -> DomainError:
    return DomainError(Code.BAD_SIGNATURE, fault=fault)
