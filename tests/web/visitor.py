"""Somebody at the pages of signing in: what they type, the codes of their app, the mails that they get."""

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail

from accounts.access.actor import Actor
from accounts.models import User
from accounts.people import factors
from tests.site.console import Browser

PASSWORD = "correct horse 9"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(seed: str = SEED) -> str:
    """What an app with this key shows now (RFC 6238)."""
    return format_hotp_value(hotp_value(seed, int(time.time()) // 30))


def with_factor(user: User) -> list[str]:
    """They have an app with SEED from now on; their recovery codes."""
    return factors.enrol(user, SEED, by=Actor.system())


def sent_link() -> str:
    """The path of the link in the mail that was sent last."""
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert found is not None, mail.outbox[-1].body
    return found[1]


def type_code(browser: Browser, code: str, page: str = "/account/login/code") -> Any:
    return browser.post(page, code=code)


def is_in(browser: Browser) -> bool:
    """Is somebody signed in there?"""
    return browser.get("/account/").status == 200
