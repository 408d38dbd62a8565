"""reset_policies: every policy row is again as the code says (S11). For whoever has closed too much."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.access.actor import Actor, Door
from accounts.machine import overrides


class Command(BaseCommand):
    """Prints what it has cleared, one row a line."""

    help = (
        "Clear every override of a policy row, and print the rows that had one. It needs neither server nor sign-in: "
        "a way back for whoever has closed too much. A running server obeys from its next call on. "
        "Each is told in the audit trail."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        cleared = overrides.reset(by=Actor.system(door=Door.COMMAND))
        for name in cleared:
            self.stdout.write(name)
        if not cleared:
            self.stdout.write("Nothing was overridden.")
