"""Telling people what others did to what is theirs: a row each, in the transaction of what was done.

Whom it concerns is a condition that the insert itself asks: so it costs one query however many they are, and the same
whether there is anybody (S13). What is told twice is told once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, Value
from django.utils.crypto import salted_hmac

from accounts.access.actor import Actor
from accounts.access.visibility import held_share
from accounts.models import FOREVER, Grant, Notice, User
from config.kernel import ids
from config.kernel.roles import Share
from config.kernel.states import Verb

# What its owner hears of it when somebody else has done a verb.
EVENTS: Mapping[str, str] = {
    Verb.DIS: "disabled",
    Verb.ENB: "enabled",
    Verb.DOL: "deleted",
    Verb.RCC: "restored",
    Verb.DEL: "purged",
}
_COLUMNS = (
    "key",
    "event",
    "kind",
    "thing",
    "thing_name",
    "occasion",
    "facts",
    "version",
    "created_at",
    "mail_at",
    "attempts",
)


@dataclass(frozen=True, slots=True)
class Happening:
    """What is told: `occasion` tells it from all else that happens to the thing. `facts` are plain, and no secret."""

    event: str
    kind: str
    thing: str
    name: str
    occasion: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def row(self, now: datetime) -> dict[str, Any]:
        """The columns of a notice of it, but for whose it is."""
        facts = {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in self.facts.items()
        }
        values = (ids.new_key(), self.event, self.kind, self.thing, self.name, self.occasion, facts, 1, now, now, 0)
        return dict(zip(_COLUMNS, values, strict=True))


def tell(people: QuerySet[User], happening: Happening, now: datetime) -> int:
    """A notice to each of these people, who has none of it yet. How many there are new."""
    row = {f"told_{name}": _value(name, value) for name, value in happening.row(now).items()}
    select, params = people.order_by().annotate(**row).values_list(F("pk"), *row).query.sql_with_params()
    columns = ", ".join(connection.ops.quote_name(name) for name in ("user_id", *_COLUMNS))
    table = connection.ops.quote_name(Notice._meta.db_table)
    sql = f"INSERT INTO {table} ({columns}) {select} ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return max(0, cursor.rowcount)


def tell_owners(thing: Any, happening: Happening, now: datetime) -> int:
    """To whose the thing is; nobody's has nobody."""
    return tell(User.objects.filter(**thing.owners), happening, now) if thing.owners else 0


def of_verb(kind: str, thing: Any, verb: Verb, *, by: Actor, **facts: Any) -> None:
    """Tell its owners that somebody else has done a verb to it. It costs a query where somebody else has."""
    event = EVENTS.get(verb)
    if event is None or not hasattr(thing, "grants") or is_owners_own(thing):
        return
    if verb is Verb.DIS:
        facts = {"reason": thing.reason, "ends_at": thing.expires_at}
    tell_owners(thing, Happening(event, kind, thing.key, thing.name, occasion(verb, by), facts), by.now)


def occasion(verb: str, by: Actor) -> str:
    """One doing of a verb to a thing."""
    return f"{verb} {by.now.isoformat()}"


def is_owners_own(thing: Any) -> bool:
    """Was it an owner's hand that the row was found by?"""
    return held_share(thing) is Share.OWNER if hasattr(thing, "held") else False


def of_share(kind: str, thing: Any, grant: Grant, addressee: str, *, by: Actor) -> None:
    """Tell whom it is shared with, by id; a mail is told to itself, whoever has it: the outbox finds that out (S13).

    Once a day and role; a mail once a week, whatever is taken back and offered again meanwhile.
    """
    role = grant.share.name.lower() if grant.share is not None else ""
    facts = {"grant": grant.key, "role": role, "ends_at": None if grant.ends_at == FOREVER else grant.ends_at}
    if "@" not in addressee:
        when = f"SHARE {role} {by.now.date()}"
        people = User.objects.filter(key=addressee)
        tell(people, Happening("shared", kind, thing.key, thing.name, when, facts), by.now)
        return
    year, week, _ = by.now.isocalendar()
    when = f"{offered_to(addressee)} {year}-{week}"
    offered = Happening("offered", kind, thing.key, thing.name, when, {**facts, "by": by.key})
    Notice.objects.bulk_create([Notice(**offered.row(by.now))], ignore_conflicts=True)


def offered_to(mail: str) -> str:
    """How the occasion of an offer begins: it is known again by who knows the mail, and tells nobody which it is."""
    return f"OFFER {salted_hmac('polis.offer', mail, algorithm='sha256').hexdigest()[:32]}"


def _value(name: str, value: Any) -> Value:
    column: Any = Notice._meta.get_field(name)
    return Value(value, column)
