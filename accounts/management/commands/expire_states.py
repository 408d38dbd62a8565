"""expire_states: write down what time has done. To be run every few minutes."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import answers, figures, operations, sweeps
from accounts.people import lockouts, requests


class Command(BaseCommand):
    """Bans and requests that ended, refusals of past minutes; lockouts and answers that no longer count."""

    help = (
        "Write down bans that have ended and refusals of past minutes; forget old lockouts and stored answers. "
        "Run it every few minutes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        settled, written = sweeps.expire_states(now), sweeps.write_tallies(now)
        lockouts.forget_old(now)
        answers.forget_old(now)
        figures.fold(now)
        operations.forget_old(now)
        requests.settle_over(Actor.system(now))
        self.stdout.write(f"{settled} bans ended, {written} rows of refusals written")
