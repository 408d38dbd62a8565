"""What a credential may be used for: `read`, `verbs` (all that write), `credentials` (making more), or single verbs.

A credential never makes a stronger one (S4): `within` is that rule for scopes.
"""

from collections.abc import Iterable

from config.kernel.states import READS, Verb

READ, VERBS, CREDENTIALS, SHARE, ROTATE = "read", "verbs", "credentials", "share", "rotate"
TRANSFER, MOVE = "transfer", "move"
REQUEST, ANSWER = "request", "answer"
ALL = (READ, VERBS, CREDENTIALS)
_READING = frozenset(verb.lower() for verb in READS)
_OWN = frozenset({SHARE, ROTATE, TRANSFER, MOVE, REQUEST, ANSWER})
_WRITING = frozenset(verb.lower() for verb in Verb) - _READING | _OWN
KNOWN = frozenset(ALL) | _READING | _WRITING
# What is not named alone: the other half of something that is, or as much as all of a group. Who gives a role makes
# credentials through somebody else's hands.
_ALIASES = {
    "unshare": SHARE,
    "endsecret": ROTATE,
    "withdraw": TRANSFER,
    "retract": REQUEST,
    "invite": SHARE,
    "uninvite": SHARE,
    "join": VERBS,
    "leave": VERBS,
    "setrole": CREDENTIALS,
    "export": READ,
}


def needed(verb: str) -> str:
    """The narrowest scope that is enough for a verb."""
    return _ALIASES.get(verb.lower(), verb.lower())


def group(scope: str) -> str:
    """The wider scope that holds this one."""
    return READ if scope in _READING else VERBS if scope in _WRITING else scope


def allows(scopes: Iterable[str], verb: str) -> bool:
    """Are these scopes enough for the verb?"""
    return within([needed(verb)], scopes)


def within(wanted: Iterable[str], held: Iterable[str]) -> bool:
    """Is each wanted scope one that is held, itself or by its group?"""
    holds = set(held)
    return all(scope in holds or group(scope) in holds for scope in wanted)
