"""Grants: django-guardian's direct-foreign-key rows, one a person and thing, the permission being the role."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import models
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from accounts.models.thing import KeyField
from config.kernel import ids
from config.kernel.roles import Share

# "For good" is a date like any other, so that no query needs an OR.
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


class Grant(UserObjectPermissionBase):
    """Abstract: the concrete table stands beside its thing and adds `content_object`.

    `user` None: it is offered to whoever `invited` is. `live` is false while the thing is in the bin, so that a list
    of what one has is one walk of one index.
    """

    key = KeyField(max_length=8, unique=True, editable=False, default=ids.new_key)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # The base indexes each alone; the one covering index of the concrete table serves them all.
    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, db_index=False, related_name="+")
    # To whom it was given where that is no user of ours, as far as the giver may know (S13): a mail, or an id.
    invited = KeyField(max_length=254, blank=True)
    # Named, since guardian asks from the permission's side.
    permission = models.ForeignKey(Permission, models.PROTECT, db_index=False, related_name="%(class)ss")
    ends_at = models.DateTimeField(default=FOREVER)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    live = models.BooleanField(default=True)

    @property
    def share(self) -> Share | None:
        """What it gives. It costs a query where the permission was not read along."""
        return share_of(self.permission.codename)

    @property
    def is_pending(self) -> bool:
        """Is it offered to a mail, and not taken up? What was given to an id counts as in force (S13)."""
        return self.user_id is None and "@" in self.invited

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True
        default_permissions = ()
        unique_together: ClassVar[list[Sequence[str]]] = []
        constraints = [
            models.UniqueConstraint(fields=["content_object", "user"], name="%(class)s_one_a_person"),
            models.UniqueConstraint(
                fields=["invited", "content_object"],
                condition=models.Q(user__isnull=True),
                name="%(class)s_one_an_address",
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, invited="")
                | models.Q(user__isnull=True) & ~models.Q(invited=""),
                name="%(class)s_is_somebodys",
            ),
        ]
        indexes = [
            models.Index(
                models.F("user"),
                models.F("content_object").desc(),
                name="%(class)s_live",
                include=["permission", "ends_at"],
                condition=models.Q(live=True),
            ),
            models.Index(fields=["user"], name="%(class)s_binned", condition=models.Q(live=False)),
            models.Index(fields=["ends_at"], name="%(class)s_ends", condition=models.Q(ends_at__lt=FOREVER)),
        ]


@cache
def permission_of(app: str, codename: str) -> Permission:
    """The permission that a share is, with the content type that guardian asks it for; read once a process."""
    permissions = Permission.objects.select_related("content_type")
    return permissions.get(content_type__app_label=app, codename=codename)


def forget_permissions(**_: Any) -> None:
    """After a migration or a flush the ids may be others."""
    permission_of.cache_clear()


def share_of(codename: str | None) -> Share | None:
    """The share that a permission's codename means ("own_city" → OWNER), None where it is none."""
    stem = (codename or "").partition("_")[0]
    return Share(stem) if stem in set(Share) else None
