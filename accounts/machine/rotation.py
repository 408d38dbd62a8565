"""Secrets that are rotated: one rule for projects, gateways and apps (native API, "Rotation").

At most two are live, so that clients can change over while both are good. A rotation lengthens no end.
"""

import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.access.actor import Actor
from accounts.access.visibility import held_share
from accounts.audit import journal
from accounts.machine import executor
from accounts.models import HeldSecret, User
from accounts.models.grant import share_of
from config.kernel import ids
from config.kernel.errors import LimitReached, NotVisible
from config.kernel.roles import Role, Share
from config.kernel.states import Table

ROTATE, END = "ROTATE", "ENDSECRET"
MOST_LIVE = 2
LONGEST_GRACE = timedelta(days=30)
_HINT = 4

# Makes a value of a kind's own form.
Maker = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Rotated:
    """The new secret and its value, shown this once; the one before it, None where there was none."""

    secret: HeldSecret
    value: str
    previous: HeldSecret | None


def maker(alphabet: str, length: int) -> Maker:
    """Values of so many characters, each from a CSPRNG."""
    return lambda: "".join(secrets.choice(alphabet) for _ in range(length))


def begin(holder: Any, make: Maker, *, by: Actor, given: str = "") -> tuple[HeldSecret, str]:
    """The first secret of a thing that is made: the event of its making tells it. `given`: one of a client's choice."""
    return _add(holder, 1, given or make(), by=by, is_given=bool(given))


def rotate(
    table: Table,
    holder: Any,
    make: Maker,
    *,
    by: Actor,
    grace: timedelta,
    expires_at: datetime | None = None,
    may_end_older: bool,
    given: str = "",
) -> Rotated:
    """A new secret for a thing that is found, locked and permitted; the one before it is good for `grace` more.

    `given` is one of the client's choice, "" for one of ours. With two live ones already the older is ended at once,
    where `may_end_older`; else LimitReached.
    """
    live = _live(holder, by)
    if len(live) >= MOST_LIVE and not may_end_older:
        raise LimitReached(limit=MOST_LIVE, kind="secret")
    for older in live[:-1]:
        _end(older, by.now)
    previous = live[-1] if live else None
    if previous is not None:
        _shorten(previous, grace, by)
    number = (holder.secrets.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    secret, value = _add(holder, number, given or make(), by=by, expires_at=expires_at, is_given=bool(given))
    executor.touch(holder, by=by)
    about = executor.about(table, holder)
    journal.write(by, ROTATE, about, {}, {"secret": number, "previous": _told(previous)})
    return Rotated(secret, value, previous)


def end(table: Table, holder: Any, number: int, *, by: Actor) -> HeldSecret:
    """End one secret now. Raises NotVisible where the thing has none of that number. Ended twice changes nothing."""
    row: HeldSecret | None = holder.secrets.select_for_update().filter(number=number).first()
    if row is None:
        raise NotVisible(kind="secret")
    if row.ended_at is None:
        _end(row, by.now)
        executor.touch(holder, by=by)
        journal.write(by, END, executor.about(table, holder), {}, {"secret": number})
    return row


def is_newest(holder: Any, value: str, *, now: datetime) -> bool:
    """Is it the newest of a thing's live secrets? Compared in constant time."""
    row = holder.secrets.filter(HeldSecret.live_at(now)).order_by("-number").first()
    return row is not None and hmac.compare_digest(row.reveal().encode(), value.encode())


def outsiders(thing: Any, people: Iterable[str], *, by: Actor) -> frozenset[str]:
    """Of those to whom secrets of a thing that `by` sees were shown, who has less than an operator's share today (S9).

    A company and the platform, a god's hand too, are nobody who goes. It costs a query for each of them but `by`, and
    one for all.
    """
    shares = {by.user.key: held_share(thing)} if by.user is not None and not by.is_god else {}
    others = {key for key in people if ids.is_key(key) and key != by.key}
    if others:
        shares |= dict.fromkeys(others)  # who is not there any more has none
        for user in User.objects.filter(key__in=others).order_by("pk"):
            if user.platform_role is Role.GOD:
                del shares[user.key]
            elif user.is_enabled(by.now):
                seen = type(thing)._default_manager.visible_to(Actor(by.now, by.door, user)).filter(pk=thing.pk)
                shares[user.key] = share_of(seen.values_list("held", flat=True).first())
    return frozenset(key for key, share in shares.items() if share not in {Share.OPERATOR, Share.OWNER})


def _live(holder: Any, by: Actor) -> list[HeldSecret]:
    """A thing's live secrets, locked, the oldest first. One whose time is over is ended for good, without a value (S5).

    So two at most are left for the next rotation to read, however many there were before.
    """
    live = []
    for row in holder.secrets.select_for_update().filter(ended_at__isnull=True).order_by("number"):
        if row.is_live(by.now):
            live.append(row)
        else:
            _end(row, row.good_until)
    return live


def _add(
    holder: Any, number: int, value: str, *, by: Actor, expires_at: datetime | None = None, is_given: bool = False
) -> tuple[HeldSecret, str]:
    row: HeldSecret = holder.secrets.model(
        holder=holder, number=number, created_at=by.now, expires_at=expires_at, shown_to=by.key
    )
    row.hint = "" if is_given else value[:_HINT]
    row.protect(value)
    row.save(force_insert=True)
    return row, value


def _shorten(row: HeldSecret, grace: timedelta, by: Actor) -> None:
    """Good for so much longer, and never longer than it was."""
    if not grace:
        _end(row, by.now)
        return
    until = by.now + grace
    row.ends_at = min(until, row.ends_at) if row.ends_at is not None else until
    row.save(update_fields=["ends_at"])


def _end(row: HeldSecret, at: datetime | None) -> None:
    row.ended_at, row.sealed = at, ""
    row.save(update_fields=["ended_at", "sealed"])


def _told(row: HeldSecret | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"secret": row.number, "ends_at": (row.ended_at and row.ended_at.isoformat()) or _iso(row.good_until)}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
