"""What the commands that take a password have in common."""

import sys
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand


def read_password(given: str | None) -> str | None:
    """What was given; for "-", asked for on the terminal, or a line of standard input."""
    if given != "-":
        return given
    return getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def warn_if_weak(command: BaseCommand, password: str) -> None:
    """Who has the shell is past every door: told, not refused."""
    try:
        validate_password(password)
    except ValidationError as error:
        command.stderr.write(command.style.WARNING(f"Weak password: {' '.join(map(str, error.messages))}"))
