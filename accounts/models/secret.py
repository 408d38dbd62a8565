"""Secrets that a thing proves itself with, and that we must read again: encrypted, at most two live (S5, S15)."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from accounts.models.thing import KeyField
from accounts.models.used import Used
from config.kernel import vault


def bound_to(model: str, holder: int, number: int) -> str:
    """What a value is bound to: no two rows of any table share it, and it never changes."""
    return f"{model}:{holder}:{number}"


class SecretTerms:
    """What a secret is and until when it is good, of a row however much of it was read. `table` is its model's label,
    `sealed_for` what its value is bound to.
    """

    pk: Any
    table: Any
    number: Any
    sealed: Any
    sealed_for: Any
    expires_at: Any
    ends_at: Any
    ended_at: Any

    @property
    def good_until(self) -> datetime | None:
        """When time ends it, None: never."""
        ends: list[Any] = [end for end in (self.expires_at, self.ends_at) if end is not None]
        return min(ends) if ends else None

    def is_live(self, now: datetime) -> bool:
        until = self.good_until
        return self.ended_at is None and (until is None or until > now)

    def reveal(self) -> str:
        """The value. Raises config.kernel.vault.Unreadable."""
        return vault.reveal(self.sealed, self.sealed_for)


class HeldSecret(SecretTerms, Used):
    """Abstract: the concrete table adds `holder`, whose related_name is `secrets`.

    `number` counts a holder's secrets from 1. `expires_at` is the end that was set at its making, `ends_at` that of the
    grace which a rotation has left it; `ended_at` is when it was ended, by hand or by a rotation that found its time
    over. An ended one keeps no value. `shown_to` is who has seen the value, as the trail calls them; "" for nobody.
    """

    number = models.PositiveIntegerField(editable=False)
    sealed = models.CharField(max_length=512, blank=True, editable=False)
    hint = models.CharField(max_length=4, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    # No foreign key: it is told of who is not there any more, too.
    shown_to = KeyField(max_length=64, blank=True, default="", db_default="", editable=False)

    # The field that names whose secret it is.
    secret_of: ClassVar[str] = "holder"

    class Meta:
        abstract = True
        default_permissions = ()
        # Of these a rotation leaves a holder two at most, however many it had in its life.
        indexes = [
            models.Index(fields=["holder"], name="%(class)s_live", condition=Q(ended_at__isnull=True)),
            models.Index(
                fields=["expires_at"],
                name="%(class)s_expiry",
                condition=Q(ended_at__isnull=True, expires_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["holder", "number"], name="%(class)s_number"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(sealed=""), name="%(class)s_ended_keeps_no_value"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sealed_for} {self.hint}"

    @classmethod
    def live_at(cls, now: datetime) -> Q:
        """The condition of being good at a moment."""
        return (
            Q(ended_at__isnull=True)
            & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))
            & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))
        )

    @classmethod
    def ending_by(cls, until: datetime, now: datetime) -> Q:
        """The condition of being good at `now` and no more by then, without a successor: a rotation leaves none."""
        return Q(ended_at__isnull=True, ends_at__isnull=True, expires_at__gt=now, expires_at__lte=until)

    def protect(self, plain: str) -> None:
        """Keep a value, for this row alone."""
        self.sealed = vault.protect(plain, self.sealed_for)

    @property
    def table(self) -> str:
        return self._meta.label

    @property
    def sealed_for(self) -> str:
        return bound_to(str(self._meta.model_name), self.holder_id, self.number)
