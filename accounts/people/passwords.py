"""Changing one's own password as XDUA's document has it: by the md5 of the old one and of the new (003, 修改应用)."""

import re

from accounts.access.actor import Actor
from accounts.people import services, signin
from config.kernel.errors import Code, Invalid

_MD5 = re.compile(r"[0-9a-fA-F]{32}\Z")


def clean_new(md5: str, *, field: str, by: Actor) -> str:
    """The md5 of a new password, lower-case. Raises Invalid for what is none, and for what is easily guessed (S2)."""
    assert by.user is not None
    if not _MD5.match(md5):
        raise Invalid(Code.WRONG_TYPE, field=field, expected="md5 (32 hex digits)")
    if signin.is_weak_md5(md5, by.user):
        raise Invalid(Code.BAD_CHOICE, field=field, allowed="md5s of passwords that are not easily guessed")
    return md5.lower()


def prove(md5: str, *, by: Actor) -> None:
    """Pass, or SIGNIN_FAILED or TOO_MANY_REQUESTS: is it the caller's password? Guesses count as at every door."""
    assert by.user is not None
    signin.sign_in(by.user.name, md5, by=by, md5=True)


def change(md5: str, *, by: Actor) -> None:
    """Set the caller's password, which they have proved; all logins and sessions end with the old one (S5)."""
    assert by.user is not None
    services.change_password(by.user, md5, by=by, md5=True)
