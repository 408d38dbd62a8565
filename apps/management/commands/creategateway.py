"""creategateway: a gateway in a project, from the shell."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access.actor import Actor, Door
from apps.services import gateways
from config.kernel import names
from config.kernel.errors import DomainError


class Command(BaseCommand):
    """Prints the instance id and nothing else. The gateway's key is had by rotating it."""

    help = "Make a gateway in the project PROJECT_APP_ID and print its instance id. Its key is had by rotating it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", metavar="PROJECT_APP_ID", help="the AppId of the project it is to stand in")
        parser.add_argument("--name", required=True, metavar="N", help="its name, 3 to 64 characters")
        parser.add_argument(
            "--app-key-secret-switch",
            choices=["on", "off"],
            default="off",
            help="may its apps have keys and secrets of their developers' choice (default: off)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by = Actor.system(door=Door.COMMAND)

        def read() -> dict[str, Any]:
            name = names.clean_name(options["name"], shortest=3, longest=64)
            return {"name": name, "key_switch": options["app_key_secret_switch"] == "on"}

        try:
            gateway, _ = gateways.create_gateway(options["project"], by=by, read=read)
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(gateway.key)
