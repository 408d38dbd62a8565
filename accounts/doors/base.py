"""What every door does alike: remember who asks, and record what was refused once all is rolled back."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from accounts.access.actor import Actor, Door
from accounts.access.rates import Rate, Rates
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.doors import authentication
from config.dialects.base import DialectMixin
from config.kernel.errors import Code, DomainError

rates = Rates(settings.VAR / "rates.sqlite3")
# What a request raises that cannot be read: then it names nothing.
UNREADABLE = (DomainError, APIException, SuspiciousOperation)


class DoorMixin(DialectMixin):
    """For views: `actor` is nobody until the door has let somebody in; `verb` is what they ask for."""

    door: Door
    kind: str
    actor: Actor
    verb: str = ""
    rate: Rate | None = None

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        self.actor = authentication.nobody(request, self.door)
        if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
            # Django reads no body of unknown length: better refused than taken for an empty one.
            raise DomainError(Code.LENGTH_REQUIRED)
        super().initial(request, *args, **kwargs)

    def count_call(self, principal: str = "", *, calls: int = 1) -> None:
        """One more call of who asks, whichever door they come by; a nobody's is their address's. One that asks for
        several things counts as several. Raises TOO_MANY_REQUESTS.
        """
        principal = principal or self.actor.key or f"address {self.actor.address}"
        self.rate = rates.count(principal, settings.RATE_LIMIT, self.actor.now, calls=calls)
        if self.rate is not None:
            self.rate.check()

    def named(self, request: Any) -> About:
        """What the call is about, as far as it says (S17)."""
        return About(self.kind, self.kwargs.get("id", ""))

    def answer_failure(self, exception: Exception, context: Mapping[str, Any]) -> Response:
        response = super().answer_failure(exception, context)
        if isinstance(exception, DomainError):
            try:
                journal.refuse(self.actor, self.verb, self.named(context["request"]), exception)
            except OperationalError as error:  # the database is busy: so is the answer
                return super().answer_failure(error, context)
        return response
