"""Access tokens: making, finding by text, ending. 256 bits, shown once, a SHA-256 at rest (S4, S5)."""

import hashlib
import secrets
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.access import book
from accounts.access.actor import Actor
from accounts.lifecycle import ACCESS_TOKEN, LOGIN
from accounts.machine import executor
from accounts.models import AccessKey, AccessToken, Credential, Login, PolicyBook, User
from accounts.models.thing import only
from accounts.people.reach import Reach
from config.kernel import ids, registry, scopes
from config.kernel.errors import Code, DomainError, Invalid
from config.kernel.states import Side, State, Verb

PREFIX = ids.TOKEN_PREFIX
_SECRET_LENGTH = 43  # 62^43 is a little over 2^256
_SUM_LENGTH = 6
HINT = 4  # characters of a secret that are shown again
# By what somebody proves who they are, as Keystone calls it.
PASSWORD, TOTP = "password", "totp"


def make_token(
    user: User, reach: Reach, *, by: Actor, login: Login | None = None, name: str = ""
) -> tuple[AccessToken, str]:
    """A new token and its text, which is nowhere else. Raises Invalid for an unknown scope or audience.

    A command and a signing in are proofs of who asks; a token that a token makes carries that one's (S3).
    """
    check_form(reach)
    text = _new_text()
    is_proof = by.is_system or login is not None
    token = AccessToken(
        name=name,
        user=user,
        digest=digest_of(text),
        hint=text.removeprefix(PREFIX)[:HINT],
        login=login,
        proved_at=by.now if is_proof else by.proved_at,
        **reach.columns(),
    )
    with transaction.atomic():
        executor.add(ACCESS_TOKEN, token, by=by, after={"user": user.key, **reach.told()})
    return token, text


def check_form(reach: Reach) -> None:
    """Pass, or Invalid: what a credential is to reach is well said."""
    if unknown := [scope for scope in reach.scopes if scope not in scopes.KNOWN]:
        raise Invalid(Code.BAD_CHOICE, field="scopes", given=unknown[0], allowed=", ".join(sorted(scopes.KNOWN)))
    if not reach.scopes:
        raise Invalid(Code.REQUIRED, field="scopes")
    if not ids.is_key(reach.audience):
        raise Invalid(Code.BAD_CHOICE, field="audience", allowed="the id of a city")


def begin_login(
    user: User, *, by: Actor, ends_at: datetime, methods: Sequence[str] = (PASSWORD,), **browser: str | None
) -> Login:
    """One signing in, under the user's present epoch; `browser`: `session`, `address`, `agent` of one."""
    login = Login(user=user, epoch=user.login_epoch, ends_at=ends_at, methods=" ".join(methods), **browser)
    with transaction.atomic():
        told = {"user": user.key, "ends_at": ends_at, "methods": login.methods}
        executor.add(LOGIN, login, by=by, after=told)
    return login


def begin(
    user: User, reach: Reach, *, nobody: Actor, name: str, methods: Sequence[str] = (PASSWORD,)
) -> tuple[AccessToken, str]:
    """A signing in and its token, both until `reach.ends_at`; `nobody` is who has just proved to be the user."""
    assert reach.ends_at is not None
    by = Actor(nobody.now, nobody.door, user, address=nobody.address, request_id=nobody.request_id)
    with transaction.atomic():
        login = begin_login(user, by=by, ends_at=reach.ends_at, methods=methods)
        return make_token(user, reach, by=by, login=login, name=name)


def end(token: AccessToken, *, by: Actor) -> None:
    """DEL of a token of the caller's own, and of the signing in that it came from. Raises OUT_OF_SCOPE, BEYOND_CITIES.

    A token may always end itself: whoever finds one may render it harmless.
    """
    if token != by.token:
        by.check_scope(scopes.CREDENTIALS)
        by.check_unbound()
    with transaction.atomic():
        for table, row in ((LOGIN, token.login), (ACCESS_TOKEN, token)):
            if row is not None:
                locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
                executor.apply(table, locked, Verb.DEL, by=by, given={}, side=Side.OWNER)


def find_token(text: str, now: datetime) -> AccessToken | None:
    """The token of that text with all that its chain needs, in one query; none for a text that cannot be one."""
    return only(with_chain(AccessToken, now).filter(digest=digest_of(text))) if looks_right(text) else None


def with_chain(model: Any, now: datetime) -> Any:
    """Credentials of a kind with all that the judgment of a call needs: their chain, and the policies' edition."""
    login = ["login"] if model is AccessToken else []
    rows = model.objects.select_related("user__corp", "shop__parent__parent", *login)
    edition = {book.EDITION: PolicyBook.present_edition()}
    return rows.annotate(audience_state=registry.audience_state(now), **edition)


def find_by_id(key: str, now: datetime) -> Credential | None:
    """The token or access key of a public id, with the same."""
    model: Any = AccessKey if ids.is_access_key(key) else AccessToken
    found: Credential | None = with_chain(model, now).filter(key=ids.foreign_id(key)).first()
    return found


def is_ended(token: Credential) -> bool:
    """Has it, or the login it came from, been ended for good?"""
    if token.facts.state is State.DELETED:
        return True
    login = token.signing_in
    return login is not None and (login.state == State.DELETED or login.epoch != token.user.login_epoch)


def check_alive(token: Credential, now: datetime) -> None:
    """Pass, or raise TOKEN_EXPIRED, TOKEN_DISABLED or USER_DISABLED: neither ended nor past its time nor disabled, and
    its user in service.
    """
    if is_ended(token) or (token.ends_at is not None and token.ends_at <= now):
        raise DomainError(Code.TOKEN_EXPIRED)
    if token.state_at(now) is not State.ENABLED:
        raise DomainError(Code.TOKEN_DISABLED)
    if not token.user.is_enabled(now):
        raise DomainError(Code.USER_DISABLED)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def looks_right(text: str) -> bool:
    """Has it the form and the checksum of a token? A slip of the hand costs no query."""
    body = text.removeprefix(PREFIX)
    if body == text or len(body) != _SECRET_LENGTH + _SUM_LENGTH or not body.isascii():
        return False
    return secrets.compare_digest(_sum(body[:_SECRET_LENGTH]), body[_SECRET_LENGTH:])


def _new_text() -> str:
    secret = "".join(secrets.choice(ids.ALPHABET) for _ in range(_SECRET_LENGTH))
    return f"{PREFIX}{secret}{_sum(secret)}"


def _sum(secret: str) -> str:
    number, digits = zlib.crc32(secret.encode()), ""
    while len(digits) < _SUM_LENGTH:
        number, rest = divmod(number, len(ids.ALPHABET))
        digits += ids.ALPHABET[rest]
    return digits
