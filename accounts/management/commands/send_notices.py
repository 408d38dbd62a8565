"""send_notices: tell what time brings, and send the mails that wait. To be run every minute."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.machine import reminders
from accounts.people import mailing


class Command(BaseCommand):
    """Two at once do no harm: what is told is told once, and each takes other mails."""

    help = (
        "Tell people what time is about to do to what is theirs, and send the mails that wait. "
        "Run it every minute or so; where no mail server is set, nothing is sent."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        told = reminders.remind(now)
        self.stdout.write(f"{told} notices, {mailing.send_waiting(now)} mails sent")
