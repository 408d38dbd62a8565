"""What time is about to do to what is theirs: secrets end, and things in the bin go for good."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts import policies
from accounts.access.visibility import governed_kinds
from accounts.console.room import Room, Visit
from accounts.console.ways import address
from accounts.machine import binned
from accounts.pages import show
from config.kernel import words
from config.kernel.policies import Policy
from config.kernel.registry import Kind
from config.kernel.states import Verb

SECRETS_WITHIN, BIN_WITHIN = timedelta(days=14), timedelta(days=3)
FIRST = 5


@dataclass(frozen=True, slots=True)
class Due:
    """A sentence, and the page where one acts on it."""

    told: Any
    address: str


def of(visit: Visit, room: Room) -> list[Due]:
    """A few of each sort, the most urgent first; what a policy closes is left out."""
    found: list[Due] = []
    for kind in governed_kinds():
        if room.lets(visit, kind.policy(Verb.QRI)):
            found += _secrets(kind, visit)
    if room.lets(visit, row_of(policies.BIN, Verb.QRI)):
        for kind in governed_kinds():
            found += _bin(kind, visit)
    return found


def row_of(rows: Iterable[Policy], verb: str) -> Policy:
    """The row of a verb among an interface's."""
    return next(row for row in rows if row.verb == verb)


def _secrets(kind: Kind, visit: Visit) -> Iterator[Due]:
    """Secrets that end without one in their place."""
    model: Any = kind.model
    if not hasattr(model, "secrets"):
        return
    secrets, now = model.secrets.rel.related_model, visit.by.now
    until = now + SECRETS_WITHIN
    ends = secrets._default_manager.filter(secrets.ending_by(until, now), holder=OuterRef("pk"))
    owned = model._default_manager.all().owned_by(visit.by).with_secret_ending_by(until, now)
    rows = owned.annotate(ends=Subquery(ends.order_by("expires_at").values("expires_at")[:1]))
    for thing in rows.order_by("ends")[:FIRST]:
        told = {"kind": words.KINDS[kind.name], "name": thing.name, "at": show.moment(thing.ends)}
        yield Due(_("%(kind)s %(name)s: its secret ends %(at)s") % told, address(kind.name, thing.key))


def _bin(kind: Kind, visit: Visit) -> Iterator[Due]:
    for thing in binned.going(kind, BIN_WITHIN, by=visit.by)[:FIRST]:
        goes_at = binned.purge_at(thing, visit.by.now)
        if goes_at is not None:
            told = {"kind": words.KINDS[kind.name], "name": thing.name, "at": show.moment(goes_at)}
            yield Due(_("%(kind)s %(name)s: goes for good %(at)s") % told, address("bin"))
