"""What would happen: this person, with this token or in a session, does this verb to this thing.

Nothing is decided here. Each step asks the very function that a real call runs through, in the order of refusals
(domain.md §3), and says what it answers; the first that refuses is what the caller would hear.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.access import book, policies
from accounts.access.actor import Actor, Door
from accounts.access.visibility import find_thing, named_thing
from accounts.machine import executor
from accounts.models import Credential, User
from accounts.people import sharing, tokens
from config.kernel import registry
from config.kernel.errors import Code, DomainError, Invalid
from config.kernel.policies import Policy, checks
from config.kernel.registry import Kind
from config.kernel.states import Order, Verb

CREDENTIAL, VISIBLE, PERMITTED, SCOPE, STATE = "credential", "visible", "permitted", "scope", "state"
_OF_THE_THING = (VISIBLE, PERMITTED, SCOPE, STATE)
_SHARING = frozenset({sharing.SHARE, sharing.UNSHARE})


@dataclass(frozen=True, slots=True)
class Step:
    """One question and its answer. `is_asked` False: there is nothing to ask it of, or no way to know."""

    name: str
    error: DomainError | None = None
    is_asked: bool = True

    @property
    def is_passed(self) -> bool:
        return self.is_asked and self.error is None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every step, and the one that would refuse; None: the call would be let through as far as these know."""

    policy: Policy
    steps: tuple[Step, ...]

    @property
    def refusal(self) -> Step | None:
        return next((step for step in self.steps if step.error is not None), None)


def explain(
    user: User, token: Credential | None, policy: Policy, thing: str = "", *, now: datetime, is_secure: bool = True
) -> Explanation:
    """The steps of a call at the native API. `thing` is "city/rYub4wrT"; of ADD what it is made in.

    `token` is of `tokens.find_by_id`; None: a session. Raises Invalid for a thing of another kind than the row's.
    """
    by = Actor(now, Door.NATIVE, user, token)
    call = policies.call_of(by, is_secure=is_secure)
    steps = [Step(CREDENTIAL, _error_of(lambda: _check_alive(by)))]
    steps += [Step(name, error) for name, error in checks(book.in_force(policy, by), call)]
    with transaction.atomic():  # some ask for locks, as the call itself would
        steps += _of_the_thing(policy, thing, by)
    return Explanation(policy, tuple(steps))


def _check_alive(by: Actor) -> None:
    assert by.user is not None
    if by.token is not None:
        tokens.check_alive(by.token, by.now)
    elif not by.user.is_enabled(by.now):
        raise DomainError(Code.USER_DISABLED)


def _of_the_thing(policy: Policy, thing: str, by: Actor) -> list[Step]:
    kind = registry.kind_of_policy(policy)
    if thing:
        here, key = named_thing(thing)
        _check_kind(policy, kind, here)
        found: list[Any] = []
        error = _error_of(lambda: found.append(find_thing(here, key, by=by)))
        if error is not None:
            return [Step(VISIBLE, error), *_unasked(PERMITTED, SCOPE, STATE)]
        return [Step(VISIBLE), *_asked(policy, kind or here, found[0], by)]
    if kind is None or policy.verb not in {Verb.ADD, Verb.QRI, Verb.QRY} or policy.verb not in kind.table.verbs:
        return _unasked(*_OF_THE_THING)
    if kind.is_made_below and policy.verb == Verb.ADD:
        return _unasked(*_OF_THE_THING)
    permit = lambda by: executor.permit(kind.table, None, Verb(policy.verb), by=by)  # noqa: E731
    return [*_unasked(VISIBLE), *_permission(permit, by), *_unasked(STATE)]


def _check_kind(policy: Policy, kind: Kind | None, here: Kind) -> None:
    """Pass, or Invalid: the thing is of the kind that the row is about, or what such a thing is made in."""
    if policy.verb in _SHARING:
        return
    is_above = kind is not None and policy.verb == Verb.ADD and kind.parent == here.name
    if (kind is None or here.name != kind.name) and not is_above:
        allowed = f"{kind.name}/<id>" if kind is not None else "–"
        raise Invalid(Code.BAD_CHOICE, field="thing", allowed=allowed)


def _asked(policy: Policy, kind: Kind, thing: Any, by: Actor) -> list[Step]:
    """Of a thing that is seen: may one, does the token reach so far, is it in the right state?"""
    table, verb = kind.table, policy.verb
    if verb in _SHARING:
        here = registry.kind_of(thing)
        return [*_permission(lambda by: sharing.check_may_share(here, thing.key, by=by), by), *_unasked(STATE)]
    if verb in kind.services:
        permit, check = kind.services[verb]
        steps = [*_permission(lambda by: permit(thing, by=by), by)]
        if not all(step.is_passed for step in steps):
            return [*steps, *_unasked(STATE)]
        return [*steps, Step(STATE, _error_of(lambda: check(thing, by=by)))]
    if verb == Verb.ADD:
        above = lambda by: executor.permit_below(table, thing, by=by)  # noqa: E731
        return [*_permission(above, by), *_unasked(STATE)] if kind.is_made_below else _unasked(PERMITTED, SCOPE, STATE)
    if verb not in table.verbs:
        return _unasked(PERMITTED, SCOPE, STATE)
    steps = [*_permission(lambda by: executor.permit(table, thing, Verb(verb), by=by), by)]
    return [*steps, Step(STATE, _error_of(lambda: _check_state(kind, thing, Verb(verb), by)))]


def _permission(permit: Callable[[Actor], None], by: Actor) -> Iterator[Step]:
    """The role or the grant, which are the user's own; then what the token is short of."""
    error = _error_of(lambda: permit(replace(by, token=None)))
    yield Step(PERMITTED, error)
    yield Step(SCOPE, _error_of(lambda: permit(by))) if error is None else Step(SCOPE, None, False)


def _check_state(kind: Kind, thing: Any, verb: Verb, by: Actor) -> None:
    executor.judge(kind.table, thing, Order(verb, now=by.now, by=by.key, side=by.side_in(verb)))
    if verb is Verb.SET:
        executor.check_above(kind.table, thing, by=by)


def _error_of(ask: Callable[[], Any]) -> DomainError | None:
    try:
        ask()
    except DomainError as error:
        return error
    return None


def _unasked(*names: str) -> list[Step]:
    return [Step(name, is_asked=False) for name in names]
