"""What time is about to do to what is theirs: secrets end, and things in the bin go for good."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import compress
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts import policies
from accounts.access.actor import Actor
from accounts.access.present import which_hold
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


Tell = Callable[[Kind, Any, Actor], Iterator[Due]]


def of(visit: Visit, room: Room) -> list[Due]:
    """A few of each sort, the most urgent first; what a policy closes is left out."""
    by, kinds = visit.by, governed_kinds()
    held = [kind for kind in kinds if hasattr(kind.model, "secrets") and room.lets(visit, kind.policy(Verb.QRI))]
    lists: list[tuple[Kind, Any, Tell]] = [(kind, _ending(kind, by), _of_secret) for kind in held]
    if room.lets(visit, row_of(policies.BIN, Verb.QRI)):
        lists += [(kind, binned.going(kind, BIN_WITHIN, by=by), _of_bin) for kind in kinds]
    are_there = which_hold([rows for _, rows, _ in lists], user=visit.request.user)
    there = compress(lists, are_there)
    return [told for kind, rows, tell in there for thing in rows[:FIRST] for told in tell(kind, thing, by)]


def row_of(rows: Iterable[Policy], verb: str) -> Policy:
    """The row of a verb among an interface's."""
    return next(row for row in rows if row.verb == verb)


def _ending(kind: Kind, by: Actor) -> Any:
    """Things whose secret ends without one in its place, with `ends`."""
    model: Any = kind.model
    secrets, until = model.secrets.rel.related_model, by.now + SECRETS_WITHIN
    ends = secrets._default_manager.filter(secrets.ending_by(until, by.now), holder=OuterRef("pk"))
    owned = model._default_manager.all().owned_by(by).with_secret_ending_by(until, by.now)
    return owned.annotate(ends=Subquery(ends.order_by("expires_at").values("expires_at")[:1])).order_by("ends")


def _of_secret(kind: Kind, thing: Any, by: Actor) -> Iterator[Due]:
    told = {"kind": words.KINDS[kind.name], "name": thing.name, "at": show.moment(thing.ends)}
    yield Due(_("%(kind)s %(name)s: its secret ends %(at)s") % told, address(kind.name, thing.key))


def _of_bin(kind: Kind, thing: Any, by: Actor) -> Iterator[Due]:
    goes_at = binned.purge_at(thing, by.now)
    if goes_at is not None:
        told = {"kind": words.KINDS[kind.name], "name": thing.name, "at": show.moment(goes_at)}
        yield Due(_("%(kind)s %(name)s: goes for good %(at)s") % told, address("bin"))
