"""Somebody who has just proved who they are."""

from dataclasses import replace

from django.utils import timezone

from accounts.access.actor import Actor
from accounts.models import User
from tests.factories import actor


def fresh(user: User) -> Actor:
    """As if they had signed in with all their factors a moment ago."""
    now = timezone.now()
    return replace(actor(user, now), proved_at=now)
