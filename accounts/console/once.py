"""A form that makes something makes it once: sent again, by a reload or a second click, it leads to what it made.

What shows a secret cannot be shown again, and a second thing would be worse than that: so it is the same as with the
native API's Idempotency-Key (S16). A form carries a number of its own, which opens nothing.
"""

import hashlib
import secrets
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.console.room import Visit
from accounts.console.ways import lead_to
from accounts.machine import answers
from accounts.models import StoredAnswer
from config.kernel.errors import Code, DomainError

FIELD = "once"
_LONGEST = 64
_MADE = 201

# What was made, in the words of whom it is told to: its id, and the answer that shows it.
Made = tuple[str, HttpResponse]


def of(visit: Visit) -> str:
    """The number of the form that is shown: a new one, or of what is shown again with its faults its own."""
    return _sent(visit) or secrets.token_urlsafe(16)


def make(
    visit: Visit, call: Callable[[], Made], *, again: Callable[[str], str], said: str, meanwhile: str
) -> HttpResponse:
    """Make it, and show it; where this form has made one already, say so, at the address that `again` gives for its id.

    `meanwhile` is where it will be seen, while the first is still being made. Raises what `call` raises.
    """
    number = _sent(visit)
    if not number:  # no form of ours
        return call()[1]
    subject = hashlib.sha256("\0".join(["console", visit.by.key, visit.request.path, number]).encode()).hexdigest()
    try:
        held = answers.claim(subject, subject, visit.by.now)
        if not isinstance(held, StoredAnswer):
            return answers.act(held, call, lambda made: answers.Kept(_MADE, made[0]))[1]
    except DomainError as error:
        if error.code is not Code.IDEMPOTENCY_IN_FLIGHT:
            raise
        messages.info(visit.request, _("It is being made at this moment. Look again in a second."))
        return lead_to(meanwhile)
    messages.info(visit.request, said)
    return lead_to(again(held.body))


def _sent(visit: Visit) -> str:
    return str(visit.request.POST.get(FIELD, ""))[:_LONGEST] if visit.is_sent else ""
