"""Calls signed as the vendor's SDK signs them, sent through Django's test client."""

from datetime import UTC, datetime
from typing import Any

from django.test import Client
from django.utils import timezone
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from tests.cast import Answer


def sign(
    ak: str, sk: str, method: str, path: str, *, query: list[Any] | None = None, body: bytes = b"", **headers: str
) -> SdkRequest:
    """A request with its Authorization, for the test client's host, dated now."""
    date = timezone.now().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    named = {"X-Sdk-Date": date, **{name.replace("_", "-"): value for name, value in headers.items()}}
    request = SdkRequest(
        method, "http", "testserver", path, query_params=query or [], header_params=named, body=body
    )  # fmt: skip
    return Signer(BasicCredentials(ak, sk, "project")).sign(request)


def send(signed: SdkRequest, *, address: str = "127.0.0.1", **environ: Any) -> Answer:
    """Send it; `environ` is WSGI's, for what a server would tell beside."""
    client = Client(raise_request_exception=False)
    headers = dict(signed.header_params)
    media_type = headers.pop("Content-Type", "application/json")
    response = client.generic(
        signed.method, signed.uri, signed.body, media_type, headers=headers, REMOTE_ADDR=address, **environ
    )
    return Answer(response.status_code, response.json() if response.content else None, response.headers)


def moment(text: str) -> datetime:
    """Of Keystone's form, with six digits of a fraction and Z."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
