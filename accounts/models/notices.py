"""What people are told of what others and time have done to what is theirs, and how far that has come.

A notice is a row that its reader finds in a console, and the outbox of the mail about it: there is no other queue.
"""

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models.people import User
from accounts.models.thing import KeyField
from config.kernel import ids


class Notice(models.Model):
    """One happening, told to one person, once (`occasion` is what makes it another). Its text is made when it is read.

    `key` is drawn for a happening, and one person's alone among theirs. `facts` hold what the text tells: never a
    secret, nor a mail's address. `user` None: it is about an offer to a mail, whose grant `facts` names, and has no
    reader here. `mail_at` is when the mail is to be tried next, None: not again.
    """

    key = KeyField(max_length=8, editable=False, default=ids.new_key)
    user = models.ForeignKey(User, models.CASCADE, null=True, editable=False, related_name="notices", db_index=False)
    event = models.CharField(max_length=16, editable=False)
    kind = models.CharField(max_length=16, editable=False)
    thing = KeyField(max_length=64, editable=False)
    thing_name = models.CharField(max_length=64, editable=False)
    occasion = KeyField(max_length=128, editable=False)
    facts = models.JSONField(default=dict, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    mail_at = models.DateTimeField(null=True, editable=False)
    mailed_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "thing", "occasion"], name="notice_once"),
            models.UniqueConstraint(
                fields=["kind", "thing", "occasion"], condition=Q(user__isnull=True), name="notice_once_to_a_mail"
            ),
            models.UniqueConstraint(fields=["user", "key"], name="notice_key"),
        ]
        indexes = [
            models.Index(models.F("user"), models.F("id").desc(), name="notice_user"),
            models.Index(
                models.F("user"), models.F("id").desc(), name="notice_unread", condition=Q(read_at__isnull=True)
            ),
            models.Index(fields=["mail_at"], name="notice_to_mail", condition=Q(mail_at__isnull=False)),
            models.Index(fields=["mailed_at"], name="notice_offered", condition=Q(user__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.kind}/{self.thing}"


class Sweep(models.Model):
    """Up to which moment time's own happenings have been told, for each of the sweeps that tell of them."""

    name = KeyField(max_length=32, unique=True, editable=False)
    until = models.DateTimeField(editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} {self.until}"


class Request(models.Model):
    """An owner asks the administrators to restore or to reopen a thing of theirs.

    `since` is when the thing was deleted or closed: a request is about that once, and settled as soon as it is over,
    whoever ended it. The state that is stored says so as soon as a sweep has come by.
    """

    class State(models.TextChoices):
        OPEN = "open"
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        SETTLED = "settled"

    key = KeyField(max_length=8, unique=True, editable=False, default=ids.new_key)
    user = models.ForeignKey(User, models.CASCADE, editable=False, related_name="requests", db_index=False)
    kind = models.CharField(max_length=16, editable=False)
    thing = KeyField(max_length=64, editable=False)
    thing_name = models.CharField(max_length=64, editable=False)
    verb = models.CharField(max_length=3, editable=False)  # RCC or ENB
    since = models.DateTimeField(editable=False)
    message = models.CharField(max_length=500, blank=True, editable=False)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN, editable=False)
    answer = models.CharField(max_length=500, blank=True, editable=False)
    answered_by: Any = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    answered_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "thing", "verb"], condition=Q(state="open"), name="request_one_open"
            ),
        ]
        indexes = [
            models.Index(models.F("user"), models.F("id").desc(), name="request_user"),
            models.Index(fields=["id"], name="request_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind}/{self.thing}"
