"""Where mails leave by, from the environment; and what `check --deploy` says where they do not."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.checks import mails_are_sent
from config.settings import env_email

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        (
            "smtps://polis%40example.com:p%2Fw@mail.example.com",
            {
                "EMAIL_BACKEND": SMTP,
                "EMAIL_HOST": "mail.example.com",
                "EMAIL_PORT": 465,
                "EMAIL_HOST_USER": "polis@example.com",
                "EMAIL_HOST_PASSWORD": "p/w",
                "EMAIL_USE_SSL": True,
            },
        ),
        (
            "smtp+tls://mail.example.com:2525",
            {
                "EMAIL_BACKEND": SMTP,
                "EMAIL_HOST": "mail.example.com",
                "EMAIL_PORT": 2525,
                "EMAIL_HOST_USER": "",
                "EMAIL_HOST_PASSWORD": "",
                "EMAIL_USE_TLS": True,
            },
        ),
        (
            "smtp://127.0.0.1",
            {
                "EMAIL_BACKEND": SMTP,
                "EMAIL_HOST": "127.0.0.1",
                "EMAIL_PORT": 25,
                "EMAIL_HOST_USER": "",
                "EMAIL_HOST_PASSWORD": "",
            },
        ),
    ],
)
def test_an_address_says_where_mails_leave(url: str, expected: dict[str, Any]) -> None:
    assert env_email(url) == expected


def test_outside_development_nothing_is_sent_unless_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.settings.DEVELOPMENT", False)
    assert env_email("") == {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


@pytest.mark.parametrize("url", ["https://mail.example.com", "smtps://", "mail.example.com:25", "smtp:mail"])
def test_what_is_no_mail_server_stops_the_start(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        env_email(url)


@pytest.mark.parametrize(
    ("backend", "sender", "expected"),
    [
        ("django.core.mail.backends.dummy.EmailBackend", "Polis <polis@example.com>", ["polis.W003"]),
        (SMTP, "Polis <polis@localhost>", ["polis.W004"]),
        (SMTP, "Polis <polis@example.com>", []),
    ],
)
def test_check_deploy_says_so(settings: Any, backend: str, sender: str, expected: list[str]) -> None:
    settings.EMAIL_BACKEND, settings.DEFAULT_FROM_EMAIL = backend, sender
    assert [found.id for found in mails_are_sent()] == expected
