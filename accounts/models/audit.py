"""The audit trail: append-only, in values, with no foreign keys; what is personal lies apart (domain.md §4, S18)."""

import secrets

from django.db import models


def _drawn() -> int:
    return secrets.randbits(63)


class AuditEvent(models.Model):
    """Who did what to which thing. Triggers refuse UPDATE, DELETE and TRUNCATE (accounts.audit.triggers)."""

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)  # user, system, anonymous
    actor = models.CharField(max_length=64, blank=True)
    door = models.CharField(max_length=10)  # native, xdua, cloudroom, apig, admin, console, command, system
    request_id = models.CharField(max_length=64, blank=True)
    verb = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    thing = models.CharField(max_length=64, blank=True)
    thing_name = models.CharField(max_length=64, blank=True)
    city = models.CharField(max_length=8, blank=True)
    outcome = models.CharField(max_length=8)  # ok, refused
    code = models.CharField(max_length=32, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    batch = models.CharField(max_length=32, blank=True)
    count = models.PositiveIntegerField(default=1)
    origin = models.BigIntegerField(null=True)  # the id of an AuditOrigin: where from, as long as that is kept

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(models.F("kind"), models.F("thing"), models.F("id").desc(), name="audit_thing"),
            models.Index(models.F("actor"), models.F("id").desc(), name="audit_actor"),
            models.Index(models.F("city"), models.F("id").desc(), name="audit_city"),
            models.Index(fields=["at", "id"], name="audit_at"),
            models.Index(models.F("id").desc(), name="audit_refused", condition=models.Q(outcome="refused")),
            models.Index(fields=["request_id"], name="audit_request"),
            models.Index(fields=["batch"], name="audit_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.verb} {self.kind} {self.thing}"


class AuditOrigin(models.Model):
    """An address from which an actor came on a day: erasable, and shared by that day's events of a process.

    The id is drawn, not counted, so that storing it is one statement, whoever else does so at the moment.
    """

    id = models.BigIntegerField(primary_key=True, default=_drawn)
    actor = models.CharField(max_length=64, db_index=True)
    address = models.GenericIPAddressField()
    day = models.DateField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.actor} {self.address} {self.day}"


class AuditPersonal(models.Model):
    """Old and new personal values of an event about a person: erasable."""

    event = models.BigIntegerField(unique=True)
    person = models.CharField(max_length=64, db_index=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person} {self.event}"
