"""The one way in by password (S2, S3, S6): every door calls `sign_in`, but the web's, which goes in two steps."""

import functools
import hashlib
import operator
import re
from collections.abc import Callable
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.db import models

from accounts.access.actor import Actor
from accounts.models import User
from accounts.people import factors, lockouts, mails, queue
from accounts.people.hashers import Md5Argon2Hasher, md5_hex
from config.kernel import names
from config.kernel.errors import Code, DomainError
from config.kernel.roles import Role

_hasher = Md5Argon2Hasher()
_MD5 = re.compile(r"[0-9a-fA-F]{32}\Z")

BY = {"name": "name_key", "mail": "email", "tel": "tel"}
ANY = "any"  # at the web's door, which does not ask what it is that one is called by
ID = "id"  # the public id, by which Keystone's clients alone call somebody


def sign_in(
    identifier: str,
    password: str,
    *,
    by: Actor,
    kind: str = "name",
    md5: bool = False,
    device: str = "",
    code: str = "",
) -> User:
    """The user of a right password and, where they have a second factor, of its `code`: all at once.

    `md5`: what is given is the md5 hex of the password, as XDUA's documents have it. `by` is nobody yet: its address
    and moment count. `device` is a device the user is known on, "" for none. Raises SIGNIN_FAILED, the same and after
    the same time for a wrong name, a wrong password, a disabled user, a factor that is wrong, missing or not theirs;
    TOO_MANY_REQUESTS with `retry_after`; BUSY as `queue.place`.
    """
    user = _find(identifier, kind)

    def is_right() -> bool:
        right = _check(user, password, by=by, device=device, md5=md5)
        if not right or user is None or not _may_enter(user, password, by=by, md5=md5):
            return False
        return not mails.is_awaited(user) and _proves(user, code, by)

    _count(user, identifier, is_right, by=by, device=device)
    assert user is not None
    welcome(user, by=by, device=device)
    return user


def prove_password(identifier: str, password: str, *, by: Actor, kind: str = "name", device: str = "") -> User:
    """The first step at the web's door, which asks for the second factor next. Raises as `sign_in`.

    It clears no counter: who knows the password must not have their guesses at the code begin anew with it.
    """
    user = _find(identifier, kind)

    def is_right() -> bool:
        right = _check(user, password, by=by, device=device)
        return right and user is not None and _may_enter(user, password, by=by, md5=False)

    _count(user, identifier, is_right, by=by, device=device)
    assert user is not None
    return user


def prove_code(user: User, code: str, *, by: Actor) -> None:
    """The second step: pass, or raise as `sign_in`."""
    if wait := lockouts.wait_of(_code_pair(user), by.now):
        raise lockouts.refusal(wait)
    if not (user.is_enabled(by.now) and _is_code_right(user, code, by)):
        raise DomainError(Code.SIGNIN_FAILED)


def welcome(user: User, *, by: Actor, device: str = "") -> None:
    """They have proved all that they have to: failures are forgotten, and the address is known from now on."""
    lockouts.clear(_pair(user, user.key, by=by, device=device))
    lockouts.clear(_code_pair(user))
    lockouts.remember(user, by.address, by.now)


def is_weak_md5(md5: str, user: User) -> bool:
    """Is it the md5 of a common password, of the name or of the e-mail?"""
    own = {md5_hex(text) for text in (user.name, user.name.lower(), user.email) if text}
    return md5.lower() in own or bytes.fromhex(md5) in _common_md5s()


def _count(user: User | None, identifier: str, is_right: Callable[[], bool], *, by: Actor, device: str) -> None:
    """Pass where it is right; count it where it is not. The count is read before anything is tried."""
    pair = _pair(user, identifier, by=by, device=device)
    wait = lockouts.wait_of(pair, by.now)
    if wait and not (user is not None and lockouts.is_known(user, by.address, by.now)):
        raise lockouts.refusal(wait)
    if not is_right():
        lockouts.count_failure(pair, by.now)
        # Where they are known the right password is let in all the same; a wrong one is told the wait like anybody's.
        raise lockouts.refusal(wait) if wait else DomainError(Code.SIGNIN_FAILED)


def _pair(user: User | None, identifier: str, *, by: Actor, device: str) -> str:
    """By whichever of their names one is called, it is one count."""
    return lockouts.subject(user.key if user is not None else identifier, device or by.address)


def _code_pair(user: User) -> str:
    """Codes are counted for a user as a whole, from wherever they come: six digits are soon guessed from many places.

    It is no weapon, since nobody comes so far without the password.
    """
    return lockouts.subject(user.key, "code")


def _proves(user: User, code: str, by: Actor) -> bool:
    """Is the code what they have to give beside the password? Who has no factor has no code either."""
    if not code:
        return not (user.has_factor or factors.must_have_one(user))
    return user.has_factor and not lockouts.wait_of(_code_pair(user), by.now) and _is_code_right(user, code, by)


def _is_code_right(user: User, code: str, by: Actor) -> bool:
    is_right = factors.check(user, code)
    if not is_right:
        lockouts.count_failure(_code_pair(user), by.now)
    return is_right


def _find(identifier: str, kind: str) -> User | None:
    value = names.name_key(identifier) if kind == "name" else identifier.lower()
    if not value or "\0" in value:
        return None
    people = User.objects.annotate(has_factor=factors.of_user()).select_related("corp")
    if kind == ANY:
        called = {"name_key": names.name_key(identifier), "email": value, "tel": value}
        found = people.filter(functools.reduce(operator.or_, (models.Q(**{each: called[each]}) for each in called)))
        # A name comes before a mail that looks like it.
        return min(found, key=lambda user: user.name_key != called["name_key"], default=None)
    column, value = ("key", identifier) if kind == ID else (BY[kind], value)
    return people.filter(models.Q(**{column: value})).first()


def _check(user: User | None, password: str, *, by: Actor, device: str, md5: bool = False) -> bool:
    """One hash whatever happens: a name that is nobody's takes as long. Raises BUSY."""
    encoded = user.password if user is not None and user.has_usable_password() else _nobodys_password()
    test: Callable[[str, str], bool] = _hasher.verify_md5 if md5 else _hasher.verify
    with queue.place(device or by.address, lambda: bool(device) or lockouts.is_home(by.address, by.now)):
        return test(password, encoded)


def _may_enter(user: User, password: str, *, by: Actor, md5: bool) -> bool:
    if not user.has_usable_password() or not user.is_enabled(by.now):
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
