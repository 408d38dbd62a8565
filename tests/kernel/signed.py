"""Requests as the vendor's SDK signs them, and what checking them says."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from config.kernel import signing
from config.kernel.errors import Code, DomainError
from config.kernel.signing import Sent

SECRET = "SK"
DATE = "20260102T030405Z"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def by_the_vendor(
    method: str, path: str, query: list[Any] | None = None, body: bytes = b"", secret: str = SECRET, **headers: str
) -> Sent:
    """What the vendor's SDK sends: signed by its signer, written by it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = SdkRequest(
        method=method,
        schema="https",
        host="h.example",
        resource_path=path,
        query_params=query or [],
        header_params={"X-Sdk-Date": DATE, **named},
        body=body,
    )
    signed = Signer(BasicCredentials("AK", secret, "project")).sign(request)
    written = signed.uri.partition("?")
    # The path goes out as an HTTP client writes it, not as the canonical one has it.
    address = written[0].encode().decode("latin-1").replace(" ", "%20")
    return Sent(method, address, written[2], tuple(signed.header_params.items()), body)


def by_hand(sent: Sent, signature: str, signed_headers: str = "host;x-sdk-date") -> Sent:
    text = f"SDK-HMAC-SHA256 Access=AK, SignedHeaders={signed_headers}, Signature={signature}"
    return replace(sent, headers=(*sent.headers, ("authorization", text)))


def check(sent: Sent, secret: str = SECRET, now: datetime = NOW) -> None:
    signing.check(sent, signing.read_claim(sent), secret, now)


def refusal(sent: Sent, **given: Any) -> Code:
    with pytest.raises(DomainError) as refused:
        check(sent, **given)
    return refused.value.code


def with_header(sent: Sent, name: str, value: str | None) -> Sent:
    """With another value of a header, or without it."""
    kept = tuple(pair for pair in sent.headers if pair[0].lower() != name.lower())
    return replace(sent, headers=kept if value is None else (*kept, (name, value)))
