"""The audit trail for people: who, what, when, through which door, from what to what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import AuditEvent
from accounts.pages import show
from config.kernel import words
from config.kernel.errors import SENTENCES, Code
from config.kernel.states import State

# Facts whose values are people, and those that the event's own verb, moment and actor tell again.
_PEOPLE = frozenset({"disabled_by", "deleted_by", "user"})
_TOLD = frozenset({"offline", "disabled_at", "disabled_by", "deleted_at", "deleted_by"})


@dataclass(frozen=True, slots=True)
class Change:
    """One fact, before and after; "" where there was none."""

    word: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a page shows it."""

    at: datetime
    verb: str
    code: str
    actor: str
    door: str
    is_refused: bool
    why: str
    count: int
    changes: list[Change]


def history(kind: str, key: str, *, at_most: int) -> list[Entry]:
    """The last events of one thing, newest first: two queries, however many people they name."""
    events = list(AuditEvent.objects.filter(kind=kind, thing=key).order_by("-id")[:at_most])
    names = show.names_of(people_in(events))
    return [entry(event, names) for event in events]


def people_in(events: Iterable[AuditEvent]) -> set[str]:
    """The ids of everybody whom these events name."""
    found: set[str] = set()
    for event in events:
        found.add(event.actor)
        for values in (event.before, event.after):
            found.update(str(values[name]) for name in _PEOPLE & values.keys() if values[name])
    return found


def entry(event: AuditEvent, names: Mapping[str, str]) -> Entry:
    """An event in words."""
    return Entry(
        at=event.at,
        verb=words.verb(event.verb),
        code=event.verb,
        actor=actor_of(event, names),
        door=str(words.DOORS.get(event.door, event.door)),
        is_refused=event.outcome == "refused",
        why=_why(event.code),
        count=event.count,
        changes=changes_of(event, names),
    )


def actor_of(event: AuditEvent, names: Mapping[str, str]) -> str:
    if event.actor_kind == "anonymous":
        return _("Somebody not signed in")
    return show.named(event.actor, names)


def changes_of(event: AuditEvent, names: Mapping[str, str]) -> list[Change]:
    """What the event changed, without what its own moment and actor tell."""
    facts = [name for name in {**event.before, **event.after} if name not in _TOLD]
    changes = [
        Change(
            str(words.FACTS.get(name, name)),
            _said(name, event.before.get(name), names),
            _said(name, event.after.get(name), names),
        )
        for name in facts
    ]
    return [change for change in changes if change.before or change.after]


def _why(code: str) -> str:
    """A refusal in a few words: the sentence of its code, whose facts the trail does not keep."""
    if code not in set(Code):
        return code
    sentence = str(SENTENCES[Code(code)])
    return code if "{" in sentence else sentence


def _said(name: str, value: Any, names: Mapping[str, str]) -> Any:
    """A value as a person reads it."""
    if value is None or value == "":
        return ""
    if isinstance(value, dict):
        told = ((words.FACTS.get(each, each), _said(each, value[each], names)) for each in value)
        return ", ".join(f"{word} {said}" for word, said in told if said)
    if name == "state" and value in set(State):
        return show.badge(State(value))
    if name in _PEOPLE:
        return show.named(str(value), names)
    if name.endswith("_at"):
        return show.moment(parse_datetime(str(value)))
    return _plain(name, value)


def _plain(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(words.VALUES.get(name, {}).get(value, value))
