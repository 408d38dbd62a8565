"""createuser: a person, made from the shell."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts.access.actor import Actor, Door
from accounts.management.passwords import read_password, warn_if_weak
from accounts.people import services
from config.kernel.errors import DomainError
from config.kernel.roles import Role


class Command(BaseCommand):
    """Prints the new user's id."""

    help = "Make a user and print their id. Without --password they cannot sign in by password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name to sign in with: 2-64 characters, no spaces")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--password", help="plain text; '-' asks for it, or reads a line of standard input")
        parser.add_argument("--email", default="", help="an address nobody else has")

    def handle(self, *args: Any, **options: Any) -> None:
        email, password = options["email"].strip(), read_password(options["password"])
        try:
            if email:
                validate_email(email)
            if password is not None:
                warn_if_weak(self, password)
            by = Actor.system(door=Door.COMMAND)
            user = services.register(options["name"], Role(options["role"]), by=by, password=password, email=email)
        except ValidationError:
            raise CommandError(f"This is no e-mail address: {email}") from None
        except DomainError as error:
            taken = "This e-mail address is taken." if error.field == "email" else error.sentence
            raise CommandError(taken) from error
        self.stdout.write(user.key)
