"""createaccesskey: a pair for signing requests, made from the shell, with every scope (S4)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.access.actor import Actor, Door
from accounts.models import User
from accounts.people import credentials
from accounts.people.reach import Reach
from config.kernel import names, scopes
from config.kernel.errors import DomainError


class Command(BaseCommand):
    """Prints `AK SK` and nothing else: the SK is shown this once."""

    help = "Make an access key for a user and print its AK and SK, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="the user's name")
        parser.add_argument("--name", default="createaccesskey", help="what the key is called (createaccesskey)")

    def handle(self, *args: Any, **options: Any) -> None:
        by = Actor.system(door=Door.COMMAND)
        user = User.objects.filter(name_key=names.name_key(options["user"])).first()
        if user is None:
            raise CommandError(f"There is no user {options['user']}.")
        try:
            name = names.clean_label(options["name"], field="name")
            with transaction.atomic():
                key, sk = credentials.make_key(user, Reach(scopes=scopes.ALL), by=by, name=name)
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(f"{key.key} {sk}")
