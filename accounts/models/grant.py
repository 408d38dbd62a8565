"""Grants: django-guardian's direct-foreign-key rows, one a person and thing, the permission being the role."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import models
from guardian.models import UserObjectPermissionBase

from config.kernel.roles import Share

# "For good" is a date like any other, so that no query needs an OR.
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


class Grant(UserObjectPermissionBase):
    """Abstract: the concrete table stands beside its thing and adds `content_object`.

    `live` is false while the thing is in the bin, so that a list of what one has is one walk of one index.
    """

    # The base indexes each alone; the one covering index of the concrete table serves them all.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+")
    permission = models.ForeignKey(Permission, models.PROTECT, db_index=False, related_name="+")
    ends_at = models.DateTimeField(default=FOREVER)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    live = models.BooleanField(default=True)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True
        default_permissions = ()
        unique_together: ClassVar[list[Sequence[str]]] = []
        constraints = [
            models.UniqueConstraint(fields=["content_object", "user"], name="%(class)s_one_a_person"),
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
