"""Signed calls at `/verify`: what the signature is over, and what is known of the body (S21)."""

import hashlib
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.utils import timezone
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from apps.models import Gateway
from tests.cast import Cast
from tests.verification.calling import HOST, Standing, stand

BODY = b'{"amount": 1}'
EMPTY = hashlib.sha256(b"").hexdigest()
HASH = hashlib.sha256(BODY).hexdigest()


def sign(
    standing: Standing, body: bytes = b"", *, late: timedelta = timedelta(0), method: str = "POST", **headers: str
) -> dict[str, str]:
    """The headers of `POST /orders?page=1` as the vendor's signer makes them."""
    date = (timezone.now() - late).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    named = {"X-Sdk-Date": date, **{name.replace("_", "-"): value for name, value in headers.items()}}
    request = SdkRequest(
        method, "https", HOST, "/orders", query_params=[("page", "1")], header_params=named, body=body
    )  # fmt: skip
    signed = Signer(BasicCredentials(standing.app.app_key, standing.secret, "project")).sign(request)
    kept = {name: value for name, value in signed.header_params.items() if name.lower() != "host"}
    return {name.replace("-", "_"): str(value) for name, value in kept.items()}


def ask(standing: Standing, headers: dict[str, str], **given: Any) -> tuple[int, str | None]:
    answer = standing.ask(**{"X_Original_Method": "POST", **headers, **given})
    return answer.status_code, answer.headers.get("X-Polis-Body")


def test_a_call_without_a_body_passes_and_says_so(standing: Standing) -> None:
    assert ask(standing, sign(standing)) == (200, "none")


@pytest.mark.parametrize(
    "changed",
    [
        {"X_Original_Method": "GET"},
        {"X_Original_URI": "/orders?page=2"},
        {"X_Original_URI": "/order?page=1"},
        {"X_Original_URI": "/orders"},
        {"X_Original_URI": "/x/../orders?page=1"},
        {"X_Original_URI": "/%6frders/%2e%2e?page=1"},
        {"X_Original_Host": "other.example.com"},
        {"X_Sdk_Date": "20260101T000000Z"},
    ],
)
def test_whatever_is_changed_it_is_another_call(standing: Standing, changed: dict[str, str]) -> None:
    assert ask(standing, sign(standing), **changed) == (401, None)


def test_a_date_a_quarter_of_an_hour_off_is_too_far(standing: Standing) -> None:
    assert ask(standing, sign(standing, late=timedelta(minutes=16))) == (401, None)
    assert ask(standing, sign(standing, late=timedelta(minutes=14))) == (200, "none")


def test_a_body_that_the_gateway_forwards_is_checked(standing: Standing) -> None:
    headers = sign(standing, BODY)
    assert ask(standing, headers, body=BODY, method="POST") == (200, "checked")
    assert ask(standing, headers, body=BODY + b" ", method="POST") == (401, None)
    assert ask(standing, headers) == (401, None)


def test_a_hash_that_the_gateway_has_computed_counts_as_checked(standing: Standing) -> None:
    headers = sign(standing, BODY)
    assert ask(standing, headers, X_Polis_Body_Sha256=HASH) == (200, "checked")
    assert ask(standing, headers, X_Polis_Body_Sha256=EMPTY) == (401, None)
    assert ask(standing, headers, X_Polis_Body_Sha256="nonsense") == (401, None)


def test_a_claimed_hash_passes_where_the_gateway_takes_claims_alone(standing: Standing) -> None:
    headers = sign(standing, BODY, X_Sdk_Content_Sha256=HASH)
    assert ask(standing, headers) == (401, None)
    assert ask(standing, headers, body=BODY, method="POST") == (200, "checked")
    assert ask(standing, headers, body=b"another", method="POST") == (401, None)
    Gateway.objects.update(unsigned_body=True)
    assert ask(standing, headers) == (200, "claimed")
    assert ask(standing, headers, X_Sdk_Content_Sha256=EMPTY) == (401, None)
    streamed = sign(standing, BODY, X_Sdk_Content_Sha256="UNSIGNED-PAYLOAD")
    assert ask(standing, streamed) == (200, "none"), "nothing is said of the body, and so nothing claimed"
    Gateway.objects.update(unsigned_body=False)
    assert ask(standing, streamed) == (401, None)


@pytest.mark.parametrize("length", [None, "", "13", "chunked"])
def test_a_body_behind_a_signature_of_none_does_not_pass(standing: Standing, length: str | None) -> None:
    """It was put there on the way: nginx tells how long it is, though not what it is; others tell nothing."""
    headers = sign(standing)
    assert ask(standing, headers, X_Original_Length="0") == (200, "none")
    assert ask(standing, headers, X_Original_Length=length) == (401, None)
    Gateway.objects.update(unsigned_body=True)
    assert ask(standing, headers, X_Original_Length=length) == (200, "none")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_call_that_means_nothing_by_a_body_passes_where_none_is_told_of(standing: Standing, method: str) -> None:
    told = {"X_Original_Length": None, "X_Original_Method": method}
    assert ask(standing, sign(standing, method=method), **told) == (200, "none")
    told["X_Original_Length"] = "13"
    assert ask(standing, sign(standing, method=method), **told) == (401, None)


def test_a_signature_is_never_kept(cast: Cast, settings: Any) -> None:
    settings.VERIFY_TTL = 30
    standing = stand(cast)
    answer = standing.ask(X_Original_Method="POST", **sign(standing))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_envoy_tells_by_the_subrequest_itself(cast: Cast) -> None:
    standing = stand(cast, profile="envoy")
    headers = sign(standing, method="GET") | {"X_Original_URI": "/evil", "X_Original_Method": "PUT"}
    told = standing.ask(path="/verify/orders?page=1", Host=HOST, **headers)
    assert (told.status_code, told.headers["X-Polis-Body"]) == (200, "none")
    for path, method in (("/verify/orders?page=2", "GET"), ("/verify/orders?page=1", "HEAD"), ("/verify", "GET")):
        assert standing.ask(path=path, method=method, Host=HOST, **headers).status_code == 401


@pytest.mark.parametrize("profile", ["traefik", "envoy"])
def test_who_tells_nothing_of_a_body_has_no_signature_of_none(cast: Cast, profile: str) -> None:
    """A body that was slipped in on the way would pass with it."""
    standing = stand(cast, profile=profile)
    forwarded = {"X_Forwarded_Method": "POST", "X_Forwarded_Uri": "/orders?page=1", "X_Forwarded_Host": HOST}
    path = "/verify/orders?page=1" if profile == "envoy" else "/verify"
    for given, status in ((sign(standing), 401), (sign(standing, BODY), 200)):
        body = {} if status == 401 else {"body": BODY}
        told = standing.ask(path=path, method="POST", Host=HOST, **forwarded, **given, **body)
        assert told.status_code == status
    Gateway.objects.update(unsigned_body=True)
    assert standing.ask(path=path, method="POST", Host=HOST, **forwarded, **sign(standing)).status_code == 200


def test_a_gateway_of_another_profile_is_not_believed(standing: Standing) -> None:
    """What an Envoy's client sends under nginx' names."""
    assert standing.ask(path="/verify/orders").status_code == 401
