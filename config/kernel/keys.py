"""What keys, secrets and codes of a client's own choice may be. Source: 004, table 3; for v2 and codes [vendor]."""

import re

from config.kernel.errors import Code, Invalid
from config.kernel.names import shown

KEY_LENGTHS = {"v1": (8, 64), "v2": (8, 200)}
SECRET_LENGTHS = {"v1": (8, 64), "v2": (8, 128)}
CODE_LENGTH = (64, 180)
_KEY = "A-Za-z0-9_-"
_SECRET = "A-Za-z0-9_!@#$%-"
_CODE = "A-Za-z0-9+_!@#$%/=-"
_START = "A-Za-z0-9"
# The same for readers of a schema.
KEY_PATTERN = f"^[{_START}][{_KEY}]*$"
SECRET_PATTERN = f"^[{_START}][{_SECRET}]*$"


def is_app_key(value: str) -> bool:
    """Could an app have such a key?"""
    return len(value) <= KEY_LENGTHS["v2"][1] and re.fullmatch(KEY_PATTERN, value) is not None


def clean_app_key(value: str, *, field: str = "app_key", lengths: tuple[int, int] = KEY_LENGTHS["v2"]) -> str:
    """Letters, digits, `_` and `-`, a letter or digit first. Raises Invalid."""
    return _clean(value, field, lengths, _KEY, _START)


def clean_app_secret(value: str, *, field: str = "app_secret", lengths: tuple[int, int] = SECRET_LENGTHS["v2"]) -> str:
    """A key's characters and `!@#$%`, a letter or digit first. Raises Invalid."""
    return _clean(value, field, lengths, _SECRET, _START)


def clean_app_code(value: str, *, field: str = "app_code") -> str:
    """Letters, digits and `+_!@#$%-/=`, a letter, a digit, `+` or `/` first. Raises Invalid."""
    return _clean(value, field, CODE_LENGTH, _CODE, f"{_START}+/")


def _clean(value: str, field: str, lengths: tuple[int, int], alphabet: str, start: str) -> str:
    """Raises Invalid with TOO_SHORT, TOO_LONG, BAD_CHARACTER or BAD_START, in this order; never with the value."""
    shortest, longest = lengths
    if len(value) < shortest:
        raise Invalid(Code.TOO_SHORT, field=field, limit=shortest)
    if len(value) > longest:
        raise Invalid(Code.TOO_LONG, field=field, limit=longest)
    if bad := re.search(f"[^{alphabet}]", value):
        raise Invalid(Code.BAD_CHARACTER, field=field, character=shown(bad.group()))
    if not re.match(f"[{start}]", value):
        raise Invalid(Code.BAD_START, field=field, character=value[0])
    return value
