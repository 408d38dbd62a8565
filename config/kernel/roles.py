"""Who may do what: one table for all kinds with the full lifecycle (domain.md §3).

Rank of the answers: the platform's role, then a grant on the thing, then a grant on an ancestor.
"""

from enum import StrEnum
from typing import Any

from config.kernel.states import Table, Verb


class Role(StrEnum):
    """The platform's roles."""

    DEVELOPER = "developer"
    ZOON = "zoon"
    GOD = "god"


class Share(StrEnum):
    """What a grant gives; the value is the stem of the permission that it is (`own_city`)."""

    VIEWER = "view"
    OPERATOR = "operate"
    OWNER = "own"


_VIEW = frozenset({Verb.GET, Verb.GIT, Verb.QRI})
_OPERATE = _VIEW | {Verb.SET, Verb.OFF, Verb.PUB}

ANYBODY = frozenset({Verb.ADD, Verb.QRI})
BY_SHARE = {
    Share.VIEWER: _VIEW,
    Share.OPERATOR: _OPERATE,
    Share.OWNER: _OPERATE | {Verb.DIS, Verb.DOL, Verb.DEL},
}
BY_ROLE = {
    Role.DEVELOPER: frozenset[Verb](),
    Role.ZOON: frozenset({Verb.GET, Verb.DIS, Verb.ENB, Verb.RCC}),
    Role.GOD: frozenset({Verb.GET, Verb.DIS, Verb.ENB, Verb.RCC, Verb.DEL, Verb.QRY}),
}
# The super-console's list and `?scope=all`: the permission behind them, which is no verb of the API.
BROWSERS = frozenset({Role.ZOON, Role.GOD})


def grants_role(role: Role, verb: Verb) -> bool:
    """Does the platform's role alone answer for the verb?"""
    return verb in BY_ROLE[role]


def grants_share(share: Share | None, verb: Verb) -> bool:
    """Does a grant with this share answer for the verb?"""
    return share is not None and verb in BY_SHARE[share]


def may(role: Role, share: Share | None, verb: Verb) -> bool:
    """The whole question for one thing, its grants already resolved."""
    return verb in ANYBODY or grants_role(role, verb) or grants_share(share, verb)


def permissions(table: Table) -> list[tuple[str, Any]]:
    """The `Meta.permissions` of a kind: one per verb, one per share, and `browse_`."""
    kind = table.kind
    verbs = [(f"{verb.lower()}_{kind}", f"{verb} {kind}") for verb in table.verbs]
    shares = [(f"{share}_{kind}", f"{share} {kind}") for share in Share]
    return [*verbs, *shares, (f"browse_{kind}", f"browse {kind}")]
