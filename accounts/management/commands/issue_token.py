"""issue_token: an access token, made from the shell, with every scope unless narrowed (S4)."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access.actor import Actor, Door
from accounts.models import Organization, User
from accounts.people import tokens
from accounts.people.reach import Reach
from config.kernel import ids, names, scopes
from config.kernel.errors import DomainError


class Command(BaseCommand):
    """Prints the token and nothing else: it is shown this once."""

    help = "Make an access token for a user and print it, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        every = ",".join(scopes.ALL)
        parser.add_argument("name", help="the user's name")
        parser.add_argument("--days", type=int, default=90, help="how long it is good for (90)")
        parser.add_argument("--scopes", default=every, help=f"comma list of {every}, or single verbs (all)")
        parser.add_argument("--shop", default=ids.SUPER, help="the id of the shop it is for (XdUaXduA)")
        parser.add_argument("--audience", default=ids.CONSOLE, help="the id of the city it is for (ConsoleX)")

    def handle(self, *args: Any, **options: Any) -> None:
        by = Actor.system(door=Door.COMMAND)
        user = User.objects.filter(name_key=names.name_key(options["name"])).first()
        key = options["shop"] if ids.is_key(options["shop"]) else ""
        shop = Organization.objects.filter(kind=Organization.Kind.SHOP, key=key).first()
        if user is None:
            raise CommandError(f"There is no user {options['name']}.")
        if shop is None:
            raise CommandError(f"There is no shop {options['shop']}.")
        if not 1 <= options["days"] <= 3650:
            raise CommandError("--days must be between 1 and 3650.")
        reach = Reach(
            shop,
            scopes=tuple(dict.fromkeys(scope for scope in options["scopes"].split(",") if scope)),
            audience=options["audience"],
            ends_at=by.now + timedelta(days=options["days"]),
        )
        try:
            _, text = tokens.make_token(user, reach, by=by, name="issue_token")
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(text)
