"""Counters that processes share: failures at signing in (S6), rightful sign-ins, refusals of the minute (S17).

And answers that are kept for whoever asks again (S16).
"""

from django.db import models

from accounts.models.people import User
from accounts.models.thing import KeyField


class Lockout(models.Model):
    """Failures of one pair (name, address) or (name, device); `subject` is a hash, so no name of nobody is kept."""

    subject = KeyField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.failures} until {self.blocked_until}"


class SignIn(models.Model):
    """Where a user has signed in rightly: such an address is not refused for the failures of others."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    address = models.GenericIPAddressField()
    last_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "address"], name="signin_user_address")]
        indexes = [models.Index(fields=["address", "last_at"], name="signin_address")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.address}"


class RefusalTally(models.Model):
    """Refusals of one principal, verb, thing and code within a minute, until they are written down."""

    actor_kind = models.CharField(max_length=10)
    actor = models.CharField(max_length=64, blank=True)
    door = models.CharField(max_length=10)
    verb = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    thing = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=32)
    minute = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["actor_kind", "actor", "door", "verb", "kind", "thing", "code", "minute"],
                name="refusal_tally",
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.thing} {self.count}"


class StoredAnswer(models.Model):
    """What a POST with an Idempotency-Key was answered, for whoever repeats it (S16). It holds no secret.

    Of a form of the console that makes something: the id of that.

    `subject` is a hash of credential, method, address and key; `fingerprint` one of the body. `status` None: the first
    call is still running, under the `lease` that it took.
    """

    subject = KeyField(max_length=64, unique=True)
    fingerprint = KeyField(max_length=64)
    lease = KeyField(max_length=32)
    began_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)  # JSON as it was answered: a JSON column would order its members anew
    headers = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.status} {self.began_at}"


class NameProbe(models.Model):
    """How many taken names somebody has run into within a minute (S13)."""

    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} {self.count}"
