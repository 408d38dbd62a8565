"""createuser: a person, made from the shell."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access.actor import Actor, Door
from accounts.people import services
from config.kernel.errors import DomainError
from config.kernel.roles import Role


class Command(BaseCommand):
    """Prints the new user's id."""

    help = "Make a user and print their id. Without --password they cannot sign in by password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name to sign in with: 2-64 characters, no spaces")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument(
            "--password", help="plain text; '-' asks for it on the terminal or reads one line of standard input"
        )
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        password = _read_password(options["password"])
        by = Actor.system(door=Door.COMMAND)
        try:
            if password is not None:
                self._warn_if_weak(password)
            user = services.register(
                options["name"], Role(options["role"]), by=by, password=password, email=options["email"]
            )
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(user.key)

    def _warn_if_weak(self, password: str) -> None:
        """Who has the shell is past every door: told, not refused."""
        try:
            validate_password(password)
        except ValidationError as error:
            self.stderr.write(self.style.WARNING(f"Weak password: {' '.join(error.messages)}"))


def _read_password(given: str | None) -> str | None:
    if given != "-":
        return given
    return getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
