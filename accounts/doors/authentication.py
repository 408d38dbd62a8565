"""Who is asking: the credential of a request, with all that its chain needs, in one query; or a session."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware

from accounts.access.actor import Actor, Door
from accounts.machine import usage
from accounts.models import Credential
from accounts.people import sessions, tokens
from config.dialects.native.conditions import expected_versions
from config.kernel import addresses
from config.kernel.errors import Code, DomainError


def nobody(request: Any, door: Door) -> Actor:
    """The caller before anything is known of them."""
    return Actor(request.now, door, address=request.client_address, request_id=request.request_id, is_anonymous=True)


def identify(request: Any, door: Door) -> Actor:
    """The caller behind `Authorization: <token>` or `Authorization: Bearer <token>`.

    Raises TOKEN_MISSING, TOKEN_UNKNOWN, TOKEN_EXPIRED (or its login is over), TOKEN_DISABLED, USER_DISABLED,
    ADDRESS_NOT_ALLOWED. A dead credential is dead whatever a policy's chain allows (S5, S11).
    """
    return identify_by(_text(request), request, door)


def identify_by(text: str, request: Any, door: Door) -> Actor:
    """The caller behind an access token's text. Raises as `identify`."""
    if not text:
        raise DomainError(Code.TOKEN_MISSING)
    token = tokens.find_token(text, request.now)
    if token is None:
        raise DomainError(Code.TOKEN_UNKNOWN)
    return let_in(token, request, door)


def let_in(credential: Credential, request: Any, door: Door) -> Actor:
    """The caller who has proved to hold a credential. Raises as `check_alive`."""
    check_alive(credential, request)
    usage.note(credential._meta.label, credential.pk, request.now, request.client_address)
    by = nobody(request, door)
    return replace(by, user=credential.user, token=credential, is_anonymous=False, proved_at=credential.proof)


def identify_native(request: Any, door: Door) -> Actor:
    """The caller behind a token, or behind a browser's session, whose writing calls carry its CSRF token (S25).

    Raises as `identify`, and CSRF_FAILED.
    """
    if "Authorization" not in request.headers and _has_session(request):
        by = _of_session(request, door)
    else:
        by = identify(request, door)
    return replace(by, if_match=expected_versions(request))


def fingerprint(request: Any) -> str:
    """What stands for the token of a request where it must not be kept itself; "" where there is none."""
    text = _text(request)
    return tokens.digest_of(text) if text else ""


def check_alive(token: Credential, request: Any) -> None:
    """Pass, or raise: neither ended nor past its time nor disabled, its user in service, from where it may come."""
    tokens.check_alive(token, request.now)
    if token.addresses and not addresses.is_within(request.client_address, token.addresses):
        raise DomainError(Code.ADDRESS_NOT_ALLOWED)


def _text(request: Any) -> str:
    text: str = request.headers.get("Authorization", "").strip()
    return text[7:].strip() if text[:7].lower() == "bearer " else text


def _has_session(request: Any) -> bool:
    return bool(request._request.COOKIES) and request._request.user.is_authenticated


def _of_session(request: Any, door: Door) -> Actor:
    # The CSRF token comes in its header: no form is read for it, and the body is left to its parser.
    request._request.POST = QueryDict()
    check = _CsrfCheck(_never)
    check.process_request(request._request)
    if check.process_view(request._request, _never, (), {}) is not None:
        raise DomainError(Code.CSRF_FAILED)
    by = nobody(request, door)
    proved = sessions.proved_at(request._request.session)
    return replace(by, user=request._request.user, is_anonymous=False, proved_at=proved)


def _never(request: Any) -> HttpResponse:
    raise AssertionError("the check answers by itself")


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, asked where it is due: views of the API are exempt from the middleware's."""

    def _reject(self, request: Any, reason: str) -> Any:
        return reason
