"""What it means to be signed in by a browser: a session, the signing in behind it, and when its user proved it all."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, login, logout
from django.http import HttpResponse
from django.urls import reverse

from accounts.access.actor import Actor, Door
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.lifecycle import LOGIN as LOGIN_KIND
from accounts.models import Login, User
from accounts.people import devices, logins, signin, tokens
from accounts.people.sessions import ENDS_AT, LOGIN, PROVED_AT, proved_at, stored
from config.kernel.errors import Code, DomainError
from config.kernel.states import Verb

BACKEND = "accounts.access.backend.PolisBackend"
# In a session: whose password was right, and under which one.
_PROVED_AS = "proved_as"
_AGENT = 200


def nobody(request: Any) -> Actor:
    """The caller before anything is known of them."""
    return Actor(
        request.now, Door.CONSOLE, address=request.client_address, request_id=request.request_id, is_anonymous=True
    )


def actor_of(request: Any, user: User | None = None) -> Actor:
    """Who sits before the page, or who is just about to."""
    user = user or request.user
    return Actor(request.now, Door.CONSOLE, user, address=request.client_address, request_id=request.request_id)


def device_of(request: Any, name: str) -> str:
    """The device that the browser is known as, for this name; "" where it is not."""
    return devices.known_device(request.COOKIES, name)


def way_home(user: User) -> str:
    """The console of somebody who is signed in: the administrators', or the developers'."""
    return reverse("admin:index") if user.is_staff else reverse("console:home")


def begin(request: Any, user: User, methods: Sequence[str]) -> None:
    """They have proved all that they have to: a session of their own, with its signing in as a row and an event.

    Raises SIGNIN_FAILED where what was proved is so no more.
    """
    by = nobody(request)
    check_still(request, user)
    signin.welcome(user, by=by, device=device_of(request, user.name))
    login(request, user, backend=BACKEND)
    request.session.pop(_PROVED_AS, None)
    request.session.cycle_key()  # whatever was there before, the key is known from here on
    request.session[PROVED_AT] = request.now.isoformat()
    ends_at = request.now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    row = tokens.begin_login(
        user,
        by=actor_of(request, user),
        ends_at=ends_at,
        methods=methods,
        session=stored(request.session.session_key),
        address=request.client_address or None,
        agent=request.headers.get("User-Agent", "")[:_AGENT],
    )
    request.session[LOGIN] = row.key
    request.session[ENDS_AT] = ends_at.isoformat()
    keep_end(request)


def keep_end(request: Any) -> None:
    """A session ends when its signing in does, whatever is done in it meanwhile."""
    if ends_at := request.session.get(ENDS_AT):
        request.session.set_expiry(datetime.fromisoformat(ends_at))


def password_is_right(request: Any, user: User) -> None:
    """The first step is done, by this password, at this count of sign-ins."""
    request.session[_PROVED_AS] = [user.key, user.get_session_auth_hash()]


def check_still(request: Any, user: User) -> None:
    """Pass, or SIGNIN_FAILED: the password is the one that was proved, and nobody has closed them since (S5)."""
    now = User.objects.filter(pk=user.pk).first()
    proved = request.session.get(_PROVED_AS)
    if now is None or not now.is_enabled(request.now) or proved != [now.key, now.get_session_auth_hash()]:
        raise DomainError(Code.SIGNIN_FAILED)


def stay(request: Any) -> None:
    """All sign-ins have ended by what was just done here; this browser's goes on."""
    user = User.objects.get(pk=request.user.pk)
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    Login.objects.filter(key=request.session.get(LOGIN, ""), user=user).update(epoch=user.login_epoch)


def leave(request: Any) -> None:
    """Sign out: the session is gone, and the signing in behind it has ended."""
    key = request.session.get(LOGIN)
    by = actor_of(request) if request.user.is_authenticated else None
    logout(request)
    if key is not None and by is not None:
        with suppress(DomainError):  # it was ended from elsewhere, or with all others
            logins.end(key, by=by)


def remember(response: HttpResponse, request: Any, user: User) -> None:
    """The browser is known from now on, for this name: whoever fails elsewhere in it does not lock it out (S6)."""
    response.set_cookie(
        devices.cookie_name(user.name),
        devices.issue(user.name, device_of(request, user.name)),
        max_age=devices.MAX_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def note(request: Any, user: User, method: str) -> None:
    """One more factor is proved on the way in."""
    record_authentication(request, user, "mfa" if method == tokens.TOTP else method)


def is_fresh(request: Any) -> bool:
    """Have they proved all their factors not long ago (S3)?"""
    try:
        signed_in(request).check_fresh()
    except DomainError:
        return False
    return True


def prove_again(request: Any, password: str, code: str) -> None:
    """All factors anew: for a quarter of an hour what needs a fresh proof is open. Raises as `signin.sign_in`."""
    user = request.user
    by, device = nobody(request), device_of(request, user.name)
    try:
        signin.sign_in(user.key, password, by=by, kind=signin.ID, device=device, code=code)
    except DomainError as error:
        journal.refuse(by, Verb.ADD, About(LOGIN_KIND.kind), error)
        raise
    request.session[PROVED_AT] = request.now.isoformat()


def signed_in(request: Any) -> Actor:
    """Who sits before the page, with when they last proved who they are."""
    return replace(actor_of(request), proved_at=proved_at(request.session))


def just_proved(request: Any, user: User) -> Actor:
    """Who has proved a moment ago all that they have, and is asked for more before they are signed in."""
    return replace(actor_of(request, user), proved_at=request.now)
