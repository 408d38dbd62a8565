"""set_role: a role of the platform, from the shell: outside development the first god is made so."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access.actor import Actor, Door
from accounts.models import User
from accounts.people import stewardship
from config.kernel import names
from config.kernel.errors import DomainError
from config.kernel.roles import Role


class Command(BaseCommand):
    """Ends all their logins, sessions, tokens and access keys."""

    help = "Give a user a role. All their sign-ins, tokens and access keys end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user's name")
        parser.add_argument("role", choices=[role.value for role in Role])

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(name_key=names.name_key(options["name"])).first()
        if user is None:
            raise CommandError(f"There is no user {options['name']}.")
        by, given = Actor.system(door=Door.COMMAND), {"role": options["role"]}
        try:
            done = stewardship.set_role(user.key, by=by, read=lambda: given)
        except DomainError as error:
            raise CommandError(error.sentence) from error
        told = "now" if done.changed else "already"
        self.stdout.write(f"{done.thing.name} is {told} {done.thing.role}.")
