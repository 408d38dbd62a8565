"""rekey_secrets: encrypt what is stored anew with the newest key. Online; can be stopped and run again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.machine import rekeying
from config.kernel import vault


class Command(BaseCommand):
    """Says how far it is after each batch."""

    help = (
        "Encrypt every stored secret anew with the newest key, in batches, while the server runs. "
        "It can be stopped and run again. Make the key with `python -m config.kernel.keyring FOLDER --new-key`."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for table, done, left in rekeying.rekey():
                self.stdout.write(f"{table}: {done} done, {left} left")
                self.stdout.flush()  # whoever reads it through a pipe waits for it
            newest = vault.newest()
        except vault.Unreadable as error:
            raise CommandError(
                f"A secret cannot be read: {error}. Put the missing key back into POLIS_KEYS."
            ) from error
        self.stdout.write(f"Every secret is encrypted by key {newest}. Older keys are needed no more.")
