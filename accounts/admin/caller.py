"""Who stands before the super-console."""

from datetime import datetime
from typing import Any

from accounts.access.actor import Actor, Door
from accounts.people.sessions import PROVED_AT
from config.kernel.errors import Code

# What a page answers with, beside the sentence that it shows.
STATUSES = {
    Code.NOT_FOUND: 404,
    Code.FORBIDDEN: 403,
    Code.REAUTHENTICATE: 403,
    Code.WRONG_STATE: 409,
    Code.STALE: 409,
    Code.RESERVED: 409,
    Code.HAS_CHILDREN: 409,
    Code.LIMIT_REACHED: 409,
    Code.TOO_MANY_REQUESTS: 429,
}


def nobody(request: Any) -> Actor:
    """The caller before anything is known of them."""
    return Actor(
        request.now, Door.ADMIN, address=request.client_address, request_id=request.request_id, is_anonymous=True
    )


def actor_of(request: Any) -> Actor:
    """The signed-in caller, whoever that is; nobody where none is."""
    if not request.user.is_authenticated:
        return nobody(request)
    proved = request.session.get(PROVED_AT)
    return Actor(
        request.now,
        Door.ADMIN,
        request.user,
        address=request.client_address,
        request_id=request.request_id,
        proved_at=datetime.fromisoformat(proved) if proved else None,
    )


def may_enter(request: Any) -> bool:
    """Signed in, in service at this moment, and a steward of the platform."""
    user = request.user
    return bool(user.is_authenticated and user.is_staff and user.is_enabled(request.now))
