"""One verb on many things: what was chosen, and what became of each."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.thing import KeyField
from config.kernel import ids


class Operation(models.Model):
    """One verb on many things of one kind, by one person. Its `key` is the batch of what it writes into the trail.

    `lease` is whose turn it is to go on with it, until `leased_until`: whoever finds that over takes the next.
    """

    class State(models.TextChoices):
        """PLANNED: chosen, and nothing done yet. STOPPED: by somebody, or since its principal may no more."""

        PLANNED = "planned"
        RUNNING = "running"
        STOPPED = "stopped"
        DONE = "done"

    key = KeyField(max_length=8, unique=True, editable=False, default=ids.new_key)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, editable=False)
    verb = models.CharField(max_length=16, editable=False)
    reason = models.CharField(max_length=64, blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)
    state = models.CharField(max_length=7, choices=State, default=State.PLANNED, editable=False)
    total = models.PositiveIntegerField(editable=False)
    request_id = models.CharField(max_length=64, blank=True, editable=False)  # of the call that started it
    address = models.GenericIPAddressField(null=True, editable=False)  # while it runs, for the trail's origins
    code = models.CharField(max_length=32, blank=True, editable=False)  # why it was stopped, where nobody stopped it
    created_at = models.DateTimeField(editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    lease = KeyField(max_length=32, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            # S22: one running operation per principal.
            models.UniqueConstraint(fields=["user"], name="operation_running", condition=Q(state="running")),
        ]
        indexes = [
            models.Index(fields=["leased_until"], name="operation_waiting", condition=Q(state="running")),
            models.Index(fields=["created_at"], name="operation_planned", condition=Q(state="planned")),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.verb} {self.kind} {self.total}"

    def given(self) -> dict[str, Any]:
        """What the verb takes."""
        return {"reason": self.reason, "expires_at": self.expires_at} if self.verb == "DIS" else {}


class OperationItem(models.Model):
    """One thing of an operation. `outcome` "": not yet; `code` says why one was passed by."""

    class Outcome(models.TextChoices):
        """SAME: it was so already."""

        DONE = "done"
        SAME = "same"
        SKIPPED = "skipped"

    operation = models.ForeignKey(Operation, models.CASCADE, editable=False, related_name="items", db_index=False)
    thing = KeyField(max_length=36, editable=False)
    name = models.CharField(max_length=64, blank=True, editable=False)
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True, editable=False)
    code = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["operation", "thing"], name="item_once")]
        indexes = [models.Index(fields=["operation", "outcome", "id"], name="item_outcome")]

    def __str__(self) -> str:
        return f"{self.thing} {self.outcome or 'waiting'} {self.code}"
