"""A browser that somebody signed in with: a signed cookie, good for that one name and for 30 days (S6).

Failures are counted per (name, device) where there is one, so whoever fails elsewhere in one's name locks nobody out.
"""

import hashlib
import secrets
from collections.abc import Mapping

from django.core import signing

from accounts.people.lockouts import MEMORY
from config.kernel import names

MAX_AGE = int(MEMORY.total_seconds())
_SALT = "polis.device"


def cookie_name(name: str) -> str:
    """One cookie per name, so that people who share a browser do not forget each other."""
    return f"device_{hashlib.sha256(_key(name)).hexdigest()[:16]}"


def known_device(cookies: Mapping[str, str], name: str) -> str:
    """The device that these cookies prove for this name; "" where they do not."""
    try:
        owner, device = signing.loads(cookies.get(cookie_name(name), ""), salt=_SALT, max_age=MAX_AGE)
    except (signing.BadSignature, TypeError, ValueError):
        return ""
    return device if owner == names.name_key(name) else ""


def issue(name: str, device: str = "") -> str:
    """The cookie's value after a rightful sign-in: the device it was, or a new one."""
    return signing.dumps([names.name_key(name), device or secrets.token_urlsafe(16)], salt=_SALT)


def _key(name: str) -> bytes:
    return names.name_key(name).encode("utf-8", "surrogatepass")
