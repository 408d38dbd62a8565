"""The one way in by password: every password door calls `sign_in` (S2, S3, S6)."""

import hashlib
import re
import threading
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.db import models

from accounts.access.actor import Actor
from accounts.models import User
from accounts.people import lockouts
from accounts.people.hashers import Md5Argon2Hasher, md5_hex
from config.kernel import names
from config.kernel.errors import Code, DomainError
from config.kernel.roles import Role

# Argon2 is made to cost memory and time: two at once per worker, the rest wait their turn.
_hashing = threading.BoundedSemaphore(2)
_hasher = Md5Argon2Hasher()
_MD5 = re.compile(r"[0-9a-fA-F]{32}\Z")

BY = {"name": "name_key", "mail": "email", "tel": "tel"}
ID = "id"  # the public id, by which Keystone's clients alone call somebody


def sign_in(
    identifier: str, password: str, *, by: Actor, kind: str = "name", md5: bool = False, device: str = ""
) -> User:
    """The user of a right password. `md5`: what is given is the md5 hex of it, as XDUA's documents have it.

    `by` is nobody yet: its address and moment count. `device` is a device the user is known on, "" for none.
    Raises SIGNIN_FAILED, the same and after the same time for a wrong name, a wrong password, a disabled user
    and one who needs a second factor here; TOO_MANY_REQUESTS with `retry_after`.
    """
    user = _find(identifier, kind)
    # By whichever of their names one is called, it is one count.
    pair = lockouts.subject(user.key if user is not None else identifier, device or by.address)
    wait = lockouts.wait_of(pair, by.now)
    if wait and not (user is not None and lockouts.is_known(user, by.address, by.now)):
        raise lockouts.refusal(wait)
    is_right = _check(user, password, md5=md5)
    if user is None or not is_right or not _may_enter(user, password, by=by, md5=md5):
        lockouts.count_failure(pair, by.now)
        # Where they are known the right password is let in all the same; a wrong one is told the wait like anybody's.
        raise lockouts.refusal(wait) if wait else DomainError(Code.SIGNIN_FAILED)
    lockouts.clear(pair)
    lockouts.remember(user, by.address, by.now)
    return user


def needs_second_factor(user: User) -> bool:
    """Zoon and god, outside development: a password alone lets them in nowhere (S3)."""
    return user.platform_role in (Role.ZOON, Role.GOD) and not settings.DEVELOPMENT


def is_weak_md5(md5: str, user: User) -> bool:
    """Is it the md5 of a common password, of the name or of the e-mail?"""
    own = {md5_hex(text) for text in (user.name, user.name.lower(), user.email) if text}
    return md5.lower() in own or bytes.fromhex(md5) in _common_md5s()


def _find(identifier: str, kind: str) -> User | None:
    value = names.name_key(identifier) if kind == "name" else identifier.lower()
    if not value or "\0" in value:
        return None
    column, value = ("key", identifier) if kind == ID else (BY[kind], value)
    return User.objects.filter(models.Q(**{column: value})).select_related("corp").first()


def _check(user: User | None, password: str, *, md5: bool) -> bool:
    """One hash whatever happens: a name that is nobody's takes as long."""
    encoded = user.password if user is not None and user.has_usable_password() else _nobodys_password()
    test: Callable[[str, str], bool] = _hasher.verify_md5 if md5 else _hasher.verify
    with _hashing:
        return test(password, encoded)


def _may_enter(user: User, password: str, *, by: Actor, md5: bool) -> bool:
    if not user.has_usable_password() or not user.is_enabled(by.now) or needs_second_factor(user):
        return False
    if not md5:
        return True
    # What goes over the wire as an md5 is good for a replay: not for the powerful, and not for what can be guessed.
    is_developer = user.platform_role is Role.DEVELOPER
    return is_developer and _MD5.match(password) is not None and not is_weak_md5(password, user)


@cache
def _nobodys_password() -> str:
    return _hasher.encode("nobody's", _hasher.salt())


@cache
def _common_md5s() -> frozenset[bytes]:
    passwords: set[str] = CommonPasswordValidator().passwords
    return frozenset(hashlib.md5(text.encode(), usedforsecurity=False).digest() for text in passwords)
