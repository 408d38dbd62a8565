"""S19: what a proxy says counts only from a proxy that is trusted; development is loopback."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from accounts.models import AuditOrigin
from config.middleware import believe_proxies
from tests.cast import Cast

PROXY, CLIENT = "192.0.2.10", "203.0.113.7"


def address_of(forwarded: str, remote: str = PROXY, **more: Any) -> str:
    return believe_proxies(RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded, **more))


def test_nobody_is_trusted_by_default() -> None:
    assert address_of(CLIENT) == PROXY


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        (CLIENT, CLIENT),
        (f"1.2.3.4, {CLIENT}", CLIENT),  # what the client wrote itself stands further left
        (f"1.2.3.4, {CLIENT}, 192.0.2.11", CLIENT),
        ("192.0.2.12, 192.0.2.11", "192.0.2.12"),
        ("not an address", PROXY),
        (f"{CLIENT}, rubbish", PROXY),
        ("", PROXY),
        ("::ffff:203.0.113.7", CLIENT),
    ],
)
def test_the_client_is_the_first_untrusted_from_the_right(settings: Any, forwarded: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = ["192.0.2.0/24"]
    assert address_of(forwarded) == expected


def test_an_untrusted_peer_is_believed_nothing(settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["192.0.2.0/24"]
    assert address_of("1.2.3.4", remote=CLIENT) == CLIENT


def test_https_from_a_proxy_counts_only_where_it_is_trusted(settings: Any, cast: Cast) -> None:
    settings.DEVELOPMENT = False
    headers = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_AUTHORIZATION": cast.alice.token}
    answer = Client().get("/city", REMOTE_ADDR=PROXY, **headers)
    assert (answer.status_code, answer.json()["reason"]) == (403, "HttpsRequired")
    settings.TRUSTED_PROXIES = ["192.0.2.0/24"]
    assert Client().get("/city", REMOTE_ADDR=PROXY, **headers).status_code == 200
    headers["HTTP_X_FORWARDED_PROTO"] = "http"
    assert Client().get("/city", REMOTE_ADDR=PROXY, **headers).status_code == 403


def test_plain_http_is_refused_in_the_dialects_own_words(settings: Any, cast: Cast) -> None:
    settings.DEVELOPMENT = False
    answer = cast.alice.verb("QRI")
    assert (answer.status, answer.reason) == (403, "HttpsRequired")
    login = cast.nobody.call("POST", "/login", {"by": "name", "ustr": "alice", "pwd": "0" * 32})
    assert login.reason == "HttpsRequired"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1"])
def test_development_answers_loopback_hosts_only(settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    answer = Client(raise_request_exception=False).get("/city", HTTP_HOST=host)
    assert (answer.status_code, answer.json()["reason"]) == (400, "BadRequest")


def test_the_trail_knows_the_client_and_not_the_proxy(
    settings: Any, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    settings.TRUSTED_PROXIES = ["192.0.2.0/24"]
    headers = {"HTTP_AUTHORIZATION": cast.alice.token, "HTTP_XDUAAPIMETHOD": "OFF"}
    url = f"/city/{cast.city.key}"
    with django_capture_on_commit_callbacks(execute=True):
        assert Client().put(url, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=CLIENT, **headers).status_code == 200
    assert AuditOrigin.objects.get().address == CLIENT
