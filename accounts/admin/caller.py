"""Who stands before the super-console."""

from dataclasses import replace
from typing import Any

from accounts.access.actor import Actor, Door
from accounts.people import sessions


def nobody(request: Any) -> Actor:
    """The caller before anything is known of them."""
    return Actor(
        request.now, Door.ADMIN, address=request.client_address, request_id=request.request_id, is_anonymous=True
    )


def actor_of(request: Any) -> Actor:
    """The signed-in caller, whoever that is; nobody where none is."""
    if not request.user.is_authenticated:
        return nobody(request)
    proved = sessions.proved_at(request.session)
    return replace(nobody(request), user=request.user, is_anonymous=False, proved_at=proved)


def may_enter(request: Any) -> bool:
    """Signed in, in service at this moment, and a steward of the platform."""
    user = request.user
    return bool(user.is_authenticated and user.is_staff and user.is_enabled(request.now))
