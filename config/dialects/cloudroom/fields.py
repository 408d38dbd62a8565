"""CloudRoom's parameters: what is missing, null or blank is said by its own code; another type is a wrong parameter."""

from collections.abc import Mapping
from typing import Any

from config.kernel import names
from config.kernel.errors import Code, Invalid


def text(params: Mapping[str, Any], name: str, *, takes_numbers: bool = False) -> str:
    """A text that must be given. Raises REQUIRED where it is missing, null or blank, WRONG_TYPE for another type."""
    value = optional_text(params, name, takes_numbers=takes_numbers)
    if value is None:
        raise Invalid(Code.REQUIRED, field=name)
    return value


def optional_text(params: Mapping[str, Any], name: str, *, takes_numbers: bool = False) -> str | None:
    """A text, None where it is missing, null or blank. Raises WRONG_TYPE."""
    value = params.get(name)
    if takes_numbers and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        raise Invalid(Code.WRONG_TYPE, field=name, expected="string")
    return value


def whole(params: Mapping[str, Any], name: str) -> int:
    """A number, or its digits. Raises REQUIRED, WRONG_TYPE."""
    digits = text(params, name, takes_numbers=True)
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 9:
        raise Invalid(Code.WRONG_TYPE, field=name, expected="integer")
    return int(digits)


def switch(params: Mapping[str, Any], name: str) -> int | None:
    """0 or 1, as a number or a digit; None where it is missing or null. Raises BAD_CHOICE."""
    value = params.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or str(value) not in {"0", "1"}:
        raise Invalid(Code.BAD_CHOICE, field=name, allowed="0, 1")
    return int(value)


def project_name(params: Mapping[str, Any], name: str) -> str:
    """A project's name. Raises REQUIRED, BAD_CHARACTER, TOO_SHORT, TOO_LONG, in this order."""
    return names.clean_project_name(text(params, name), field=name)
