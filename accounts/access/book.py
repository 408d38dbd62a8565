"""The policy rows as they are in force: what god has overridden lies over what the code says.

A process keeps the book that it read last. Which edition is in force comes with the caller's own row, in its own query:
the book itself is read again only when that is another. So an override counts at once, in every process.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from accounts.access.actor import Actor
from accounts.models import PolicyBook
from config.kernel import registry
from config.kernel.policies import Policy, read_acitys
from config.kernel.states import UNSET

# What a caller's row calls the edition that was read along with it.
EDITION = "policy_edition"
Overrides = Mapping[str, Mapping[str, Any]]


def in_force(policy: Policy, by: Actor) -> Policy:
    """The row as it is at this moment. A fixed one is as the code says, whatever is written (S11)."""
    if policy.is_fixed:
        return policy
    edition = edition_of(by)
    return policy if edition is None else _shelf.rows(edition).get(policy.name, policy)


def edition_of(by: Actor) -> str | None:
    """The edition that came with who asks; None where nothing was ever overridden.

    Whoever came without a row of their own costs a query.
    """
    for row in (by.token, by.user, by.company):
        edition: Any = getattr(row, EDITION, UNSET)
        if edition is not UNSET:
            return edition
    return next(iter(PolicyBook.only().values_list("edition", flat=True)), None)


def applied(policy: Policy, overrides: Overrides) -> Policy:
    """A row with what these say of it: its own words go before those of the row that it follows."""
    if policy.is_fixed:
        return policy
    said = {**overrides.get(policy.follows, {}), **overrides.get(policy.name, {})}
    changes: dict[str, Any] = {"enable": said["enable"]} if "enable" in said else {}
    if "acitys" in said:
        changes["acitys"] = read_acitys(said["acitys"])
    return replace(policy, **changes) if changes else policy


class _Shelf:
    """The book that this process has read last: its edition, and the rows that are not as the code says."""

    def __init__(self) -> None:
        # Both at once: threads must not find the one without the other.
        self._kept: tuple[str, Mapping[str, Policy]] = ("", {})

    def rows(self, edition: str) -> Mapping[str, Policy]:
        kept, changed = self._kept
        if kept == edition:
            return changed
        book = PolicyBook.only().first()
        if book is None:
            return {}
        rows = ((policy, applied(policy, book.overrides)) for policy in registry.policies())
        self._kept = book.edition, {policy.name: other for policy, other in rows if other != policy}
        return self._kept[1]


_shelf = _Shelf()
