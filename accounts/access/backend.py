"""The authentication backend: answers `user.has_perm("<app>.<verb>_<model>", obj)` and signs nobody in.

On hot paths the share is resolved in the query that finds the row (`visible_to`); this is for everybody else.
"""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from accounts.access import book
from accounts.models import PolicyBook, User
from accounts.models.grant import share_of
from config.kernel import registry, roles
from config.kernel.roles import Share
from config.kernel.states import Verb


class PolisBackend(BaseBackend):
    """Rank: the platform's role, then a live grant on the thing."""

    def get_user(self, user_id: int) -> User | None:
        edition = {book.EDITION: PolicyBook.present_edition()}
        user = User.objects.select_related("corp").annotate(**edition).filter(pk=user_id).first()
        return user if user is not None and user.is_active else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if not isinstance(user_obj, User):
            return False
        try:
            kind, stem = registry.by_permission(perm)
        except KeyError:
            return False
        if stem == "browse":
            return user_obj.platform_role in roles.BROWSERS
        if stem in set(Share):
            return obj is not None and share_on(user_obj, obj) is Share(stem)
        if not hasattr(kind.model, "grants") or stem.upper() not in kind.table.verbs:
            return False  # people and credentials: nobody's by a role; their services say who
        share = share_on(user_obj, obj) if obj is not None else None
        return roles.may(user_obj.platform_role, share, Verb(stem.upper()))


def share_on(user: User, thing: Any) -> Share | None:
    """The share that a grant in force gives this user on the thing."""
    grants = thing.grants.filter(user=user, ends_at__gt=timezone.now())
    return share_of(grants.values_list("permission__codename", flat=True).first())
