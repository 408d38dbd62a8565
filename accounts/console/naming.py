"""Whom the console tells by name (S13): oneself and those of one's own company; to who may browse all, everybody.

Of anybody else a page has the id that it was given, which says no more than an id that is nobody's.
"""

from collections.abc import Iterable
from typing import Any

from accounts.access.actor import Actor
from accounts.models import AuditEvent, User
from accounts.pages import trail
from config.kernel import ids, words
from config.kernel.roles import BROWSERS
from config.kernel.states import Side


def name_of(user: User | None, by: Actor) -> str:
    """A name where the reader knows it anyway, else ""."""
    if user is None or by.user is None:
        return ""
    return user.name if by.may_browse or user.corp_id == by.user.corp_id else ""


def in_words(events: Iterable[AuditEvent], by: Actor) -> list[tuple[AuditEvent, trail.Entry]]:
    """Events as this reader is told of them; an administrator who acted is that and no more. One query."""
    listed = list(events)
    people = _people(trail.people_in(listed))
    names = {key: name for key, user in people.items() if (name := name_of(user, by))}
    stewards = {key for key, user in people.items() if key not in names and user.role in BROWSERS}
    return [(event, trail.entry(event, names | _side(event, stewards))) for event in listed]


def _people(keys: Iterable[Any]) -> dict[str, User]:
    wanted = {key for key in keys if ids.is_key(key)}
    found = User.objects.filter(key__in=wanted).only("key", "name", "role", "corp") if wanted else ()
    return {user.key: user for user in found}


def _side(event: AuditEvent, stewards: set[str]) -> dict[str, str]:
    """Of who acted alone: that somebody whom an owner names is an administrator is not told."""
    return {event.actor: str(words.SIDES[Side.ADMIN])} if event.actor in stewards else {}
