"""Who is asking: the token of a request's header, with all that its chain needs, in one query."""

from typing import Any

from accounts.access.actor import Actor, Door
from accounts.models import AccessToken
from accounts.people import tokens
from config.kernel.errors import Code, DomainError
from config.kernel.states import State


def nobody(request: Any, door: Door) -> Actor:
    """The caller before anything is known of them."""
    return Actor(request.now, door, address=request.client_address, request_id=request.request_id, is_anonymous=True)


def identify(request: Any, door: Door) -> Actor:
    """The caller behind `Authorization: <token>` or `Authorization: Bearer <token>`.

    Raises TOKEN_MISSING, TOKEN_UNKNOWN, TOKEN_EXPIRED (or its login is over), TOKEN_DISABLED, USER_DISABLED.
    A dead credential is dead whatever a policy's chain allows (S5, S11).
    """
    text = request.headers.get("Authorization", "").strip()
    if text[:7].lower() == "bearer ":
        text = text[7:].strip()
    if not text:
        raise DomainError(Code.TOKEN_MISSING)
    token = tokens.find_token(text, request.now)
    if token is None:
        raise DomainError(Code.TOKEN_UNKNOWN)
    check_alive(token, request)
    return Actor(request.now, door, token.user, token, address=request.client_address, request_id=request.request_id)


def check_alive(token: AccessToken, request: Any) -> None:
    """Pass, or raise: neither ended nor past its time nor disabled, and its user in service."""
    if tokens.is_ended(token) or (token.ends_at is not None and token.ends_at <= request.now):
        raise DomainError(Code.TOKEN_EXPIRED)
    if token.state_at(request.now) is not State.ENABLED:
        raise DomainError(Code.TOKEN_DISABLED)
    if not token.user.is_enabled(request.now):
        raise DomainError(Code.USER_DISABLED)
