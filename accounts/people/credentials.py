"""One's own tokens and access keys: making, naming, disabling, ending (S4, S5). The same for both kinds."""

import secrets
import string
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.access.actor import Actor
from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN
from accounts.machine import executor
from accounts.models import AccessKey, AccessToken, User
from accounts.models.thing import only
from accounts.people import reach, tokens
from config.kernel import ids, scopes, vault
from config.kernel.errors import Code, DomainError, LimitReached, NotVisible
from config.kernel.states import Side, State, Table, Verb

PER_USER = 200  # live ones of a kind
_SK_ALPHABET = string.ascii_letters + string.digits
_SK_LENGTH = 40  # a little over 2^238
_MODELS: Mapping[str, Any] = {ACCESS_TOKEN.kind: AccessToken, ACCESS_KEY.kind: AccessKey}


def make(table: Table, *, by: Actor, read: executor.Reader) -> tuple[Any, str]:
    """ADD: a credential of the caller's, no stronger than theirs, and its secret, shown this once.

    `read` gives `name`, and what of `reach.narrowed`. Raises OUT_OF_SCOPE, REAUTHENTICATE, Invalid, EXCEEDS_MAKER,
    LimitReached, and TOKEN_DISABLED or USER_DISABLED for a maker that was closed meanwhile.
    """
    check_may_make(by)
    given = dict(read())
    wanted = reach.narrowed(given, by=by)
    tokens.check_form(wanted)
    with transaction.atomic():
        user = _lock_maker(by)
        # Tokens of signing in come and go by themselves: they take no place, and what is past its time takes none.
        live = _own(table, by).exclude(Q(state=State.DELETED) | Q(ends_at__lte=by.now))
        LimitReached.check(live[:PER_USER].count(), PER_USER)
        if table is ACCESS_TOKEN:
            return tokens.make_token(user, wanted, by=by, name=given["name"])
        return make_key(user, wanted, by=by, name=given["name"])


def check_may_make(by: Actor) -> None:
    """Pass, or OUT_OF_SCOPE or REAUTHENTICATE (S3, S4)."""
    by.check_scope(scopes.CREDENTIALS)
    by.check_fresh()
    by.check_new()


def mine(table: Table, *, by: Actor) -> Any:
    """One's own of a kind, those of signing in left out. Raises OUT_OF_SCOPE."""
    by.check_scope(Verb.QRI)
    by.check_unbound()
    return _own(table, by)


def find(table: Table, key: str, *, by: Actor) -> Any:
    """One of one's own. Raises NotVisible, OUT_OF_SCOPE."""
    row = _own(table, by).filter(key=ids.foreign_id(key)).first()
    if row is None:
        raise NotVisible(kind=table.kind)
    by.check_scope(Verb.GET)
    by.check_unbound()
    return row


def find_key(ak: str, now: datetime) -> AccessKey | None:
    """The access key of that AK with all that its chain needs, in one query; none for one that has ended."""
    if not ids.is_access_key(ak):
        return None
    return only(tokens.with_chain(AccessKey, now).filter(key=ak).exclude(sealed=""))


def rename(table: Table, key: str, *, by: Actor, read: executor.Reader) -> Any:
    """SET. `read` gives `name`. Raises NotVisible, OUT_OF_SCOPE, STALE, Invalid, WrongState for an ended one."""
    with transaction.atomic():
        row = _locked(table, key, Verb.SET, by)
        executor.edit(table, row, read(), by=by)
        return row


def fire(table: Table, key: str, verb: Verb, *, by: Actor, read: executor.Reader = dict) -> Any:
    """DIS, ENB or DEL, which is final. Raises NotVisible, OUT_OF_SCOPE, STALE, Invalid, WrongState."""
    with transaction.atomic():
        row = _locked(table, key, verb, by)
        # A steward does not act on a credential of their own as the platform would.
        return executor.apply(table, row, verb, by=by, given=read(), side=Side.OWNER).thing


def check_may_fire(table: Table, key: str, verb: Verb, *, by: Actor) -> None:
    """Pass, or raise as `fire` would before it is given anything."""
    with transaction.atomic():
        _locked(table, key, verb, by)


def _own(table: Table, by: Actor) -> Any:
    rows = _MODELS[table.kind].objects.filter(user=by.user).select_related("shop")
    return rows.filter(login=None) if table is ACCESS_TOKEN else rows


def _locked(table: Table, key: str, verb: Verb, by: Actor) -> Any:
    rows = _own(table, by).select_for_update(of=("self",))
    row = rows.filter(key=ids.foreign_id(key)).first()
    if row is None:
        raise NotVisible(kind=table.kind)
    # A token may always end itself: whoever finds one may render it harmless.
    if verb is not Verb.DEL or by.token is None or row != by.token:
        by.check_scope(scopes.CREDENTIALS)
        by.check_unbound()
    by.check_version(row)
    return row


def _lock_maker(by: Actor) -> User:
    """User and token stand still while something is made in their name, and are still in service."""
    assert by.user is not None
    # Not their key: who shares something with them need not wait.
    user = User.objects.select_for_update(no_key=True).get(pk=by.user.pk)
    if not user.is_enabled(by.now):
        raise DomainError(Code.USER_DISABLED)
    if by.token is not None:
        token = type(by.token)._default_manager.select_for_update().get(pk=by.token.pk)
        if token.state_at(by.now) is not State.ENABLED:
            raise DomainError(Code.TOKEN_DISABLED)
    return user


def make_key(user: User, wanted: reach.Reach, *, by: Actor, name: str) -> tuple[AccessKey, str]:
    sk = "".join(secrets.choice(_SK_ALPHABET) for _ in range(_SK_LENGTH))
    row = AccessKey(name=name, user=user, hint=sk[: tokens.HINT], **wanted.columns())
    row.sealed = vault.protect(sk, row.sealed_for)
    executor.add(ACCESS_KEY, row, by=by, after={"user": user.key, **wanted.told()})
    return row, sk
