"""Invitations: a company asks whoever has a mail to be one of its people."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models.people import Organization
from accounts.models.thing import KeyField
from config.kernel import ids


class Invitation(models.Model):
    """It is open until it is taken up, turned down or taken back; then it is gone."""

    key = KeyField(max_length=8, unique=True, editable=False, default=ids.new_key)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    company = models.ForeignKey(
        Organization, models.CASCADE, editable=False, related_name="invitations", db_index=False
    )
    # A mail in lower case, whether or not somebody has it (S13).
    invited = KeyField(max_length=254, editable=False)
    is_admin = models.BooleanField(default=False, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "invited"], name="invitation_one_a_mail")]
        indexes = [models.Index(models.F("invited"), models.F("id").desc(), name="invitation_invited")]

    def __str__(self) -> str:
        return self.key
