"""createcompany: a company of its own for somebody, from the shell."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access.actor import Actor, Door
from accounts.models import User
from config.kernel import names
from config.kernel.errors import DomainError
from projects import companies


class Command(BaseCommand):
    """Prints `CompID CompSecret` and nothing else: the secret is shown this once."""

    help = "Make a company, with USER as its admin, and print its CompID and CompSecret, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the company's name, 1 to 64 characters")
        parser.add_argument("--owner", required=True, metavar="USER", help="the developer who is to be its admin")

    def handle(self, *args: Any, **options: Any) -> None:
        by = Actor.system(door=Door.COMMAND)
        user = User.objects.filter(name_key=names.name_key(options["owner"])).first()
        if user is None:
            raise CommandError(f"There is no user {options['owner']}.")
        try:
            company, secret = companies.create_company(options["name"], user, by=by)
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(f"{company.comp_id} {secret}")
