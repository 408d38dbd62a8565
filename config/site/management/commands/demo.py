"""demo: people and cities to look at, in development only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.site import demo


class Command(BaseCommand):
    """Prints who can sign in."""

    help = "Load the demo: a god, a zoon, three developers, 60 cities. Development only (POLIS_DEVELOPMENT=1)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("The demo is for development: set POLIS_DEVELOPMENT=1.")
        for person in demo.load().people:
            self.stdout.write(f"{person.role:<10}{person.name:<8}{person.password}")
