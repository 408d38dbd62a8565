"""Overriding policy rows: what god sets otherwise than the code says, for every door at once (domain.md §3, S11).

A row is one more gate: no override lets a dead credential in, nor permits anything to anybody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.access import book
from accounts.access.actor import Actor
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.models import PolicyBook
from config.kernel import registry
from config.kernel.errors import Code, DomainError, Forbidden, NotVisible
from config.kernel.policies import Policy, read_acitys, read_enable, write_acitys
from config.kernel.states import Verb

KIND = "policy"
# What may be overridden, and how what is given for it is read.
_READERS: Mapping[str, Callable[[str], str]] = {
    "enable": read_enable,
    "acitys": lambda text: write_acitys(read_acitys(text)),
}
_VERSION = "version"


@dataclass(frozen=True, slots=True)
class Row:
    """A policy row: as the code says it, what is overridden of it, and as it is in force."""

    policy: Policy
    version: int
    overridden: Mapping[str, str]
    effective: Policy


def every(*, by: Actor) -> list[Row]:
    """All rows, in the order of the floors. Raises Forbidden, OUT_OF_SCOPE."""
    if not _may_read(by):
        raise Forbidden(verb=Verb.QRI, kind=KIND)
    _check_reach(Verb.QRI, by)
    said = _said()
    return [_row(policy, said) for policy in registry.policies()]


def find(name: str, *, by: Actor) -> Row:
    """One row. Raises NotVisible, OUT_OF_SCOPE."""
    policy = _visible(name, by)
    _check_reach(Verb.GET, by)
    return _row(policy, _said())


def permit(name: str, *, by: Actor) -> Policy:
    """The row, for who may override rows at all. Raises NotVisible, Forbidden, OUT_OF_SCOPE, REAUTHENTICATE."""
    policy = _visible(name, by)
    if not (by.is_god or by.is_system):
        raise Forbidden(verb=Verb.SET, kind=KIND)
    _check_reach(Verb.SET, by)
    by.check_fresh()
    return policy


def override(name: str, *, by: Actor, read: Callable[[], Mapping[str, str | None]]) -> Row:
    """SET: `read` gives any of `enable` and `acitys`, in the document's words; None is the default again.

    Raises as `permit`, and STALE, Invalid, POLICY_FIXED.
    """
    policy = permit(name, by=by)
    with transaction.atomic():
        page = PolicyBook.locked()
        row = _row(policy, page.overrides)
        by.check_version(row)
        wanted = {**row.overridden, **_cleaned(policy, read())}
        if policy.is_fixed:
            raise DomainError(Code.POLICY_FIXED, policy=name)
        kept = {member: value for member, value in wanted.items() if value is not None}
        if kept == row.overridden:
            return row
        page.overrides[name] = {_VERSION: _version(name, page.overrides) + 1, **kept}
        page.turn()
        after = _row(policy, page.overrides)
        journal.write(by, Verb.SET, About(KIND, name), *_difference(policy, row.overridden, after.overridden))
        return after


def reset(*, by: Actor) -> list[str]:
    """Clear every override; the names of the rows that had one. An event for each."""
    with transaction.atomic():
        page = PolicyBook.locked()
        cleared = {name: entry for name, entry in page.overrides.items() if _own(entry)}
        for name, entry in cleared.items():
            page.overrides[name] = {_VERSION: entry[_VERSION] + 1}
            policy = registry.find_policy(name)
            told = _difference(policy, _own(entry), {}) if policy is not None else (_own(entry), {})
            journal.write(by, Verb.SET, About(KIND, name), *told)
        if cleared:
            page.turn()
    return sorted(cleared)


def value_of(policy: Policy, member: str) -> str:
    """`enable` or `acitys` of a row, as the document writes it."""
    return policy.enable if member == "enable" else write_acitys(policy.acitys)


def _may_read(by: Actor) -> bool:
    return by.may_browse or by.is_system


def _visible(name: str, by: Actor) -> Policy:
    policy = registry.find_policy(name) if _may_read(by) else None
    if policy is None:
        raise NotVisible(kind=KIND)
    return policy


def _check_reach(verb: Verb, by: Actor) -> None:
    by.check_scope(verb)
    by.check_unbound()


def _said() -> book.Overrides:
    page = PolicyBook.only().first()
    return page.overrides if page is not None else {}


def _row(policy: Policy, said: book.Overrides) -> Row:
    # What the row that it follows becomes is its own change too.
    version = _version(policy.name, said) + (_version(policy.follows, said) - 1 if policy.follows else 0)
    overridden = {} if policy.is_fixed else _own(said.get(policy.name, {}))
    return Row(policy, version, overridden, book.applied(policy, said))


def _version(name: str, said: book.Overrides) -> int:
    """It is counted on when the default comes back, too: no two contents ever share a version."""
    return int(said.get(name, {}).get(_VERSION, 1))


def _own(entry: Mapping[str, Any]) -> dict[str, str]:
    return {member: entry[member] for member in _READERS if member in entry}


def _cleaned(policy: Policy, given: Mapping[str, str | None]) -> dict[str, str | None]:
    """As they are kept: in the shortest words, and None for what the row says anyway. Raises Invalid."""
    cleaned: dict[str, str | None] = {}
    for member, text in given.items():
        said = _READERS[member](text) if text is not None else None
        cleaned[member] = None if said == value_of(policy, member) else said
    return cleaned


def _difference(policy: Policy, before: Mapping[str, str], after: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    """What the event tells of each member that changed: what it was, and what it is."""
    changed = [member for member in _READERS if before.get(member) != after.get(member)]
    return tuple({member: said.get(member, value_of(policy, member)) for member in changed} for said in (before, after))
