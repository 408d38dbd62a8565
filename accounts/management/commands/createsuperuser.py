"""createsuperuser: nobody is Django's superuser, whose bearer passes unasked (domain.md §3)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """In place of Django's own."""

    help = "There are no superusers here: createuser NAME --role god."

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("There are no superusers here. Use: createuser NAME --role god")
