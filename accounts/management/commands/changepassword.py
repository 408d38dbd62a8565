"""changepassword: Django's own would tell the trail nothing and leave the logins alive (S5)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access.actor import Actor, Door
from accounts.management.passwords import read_password, warn_if_weak
from accounts.models import User
from accounts.people import services
from config.kernel import names


class Command(BaseCommand):
    """Ends all their logins and sessions."""

    help = "Set a user's password. All their logins and sessions end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user's name")
        parser.add_argument(
            "--password", default="-", help="plain text; '-', the default, asks for it or reads a line of input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(name_key=names.name_key(options["name"])).first()
        if user is None:
            raise CommandError(f"There is no user {options['name']}.")
        password = read_password(options["password"])
        if not password:
            raise CommandError("An empty password is none.")
        warn_if_weak(self, password)
        services.change_password(user, password, by=Actor.system(door=Door.COMMAND))
        self.stdout.write(f"The password of {user.name} is changed; their logins and sessions have ended.")
