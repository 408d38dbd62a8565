"""purge_deleted: empty the recycle bin of what has been in it too long. To be run daily."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.machine import sweeps


class Command(BaseCommand):
    """What an administrator has closed stays, whatever its age (S7)."""

    help = "Remove for good what has been in the recycle bin longer than POLIS_BIN_DAYS days. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{sweeps.purge_deleted()} purged (older than {settings.BIN_DAYS} days)")
