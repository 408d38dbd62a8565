"""The recycle bin: what of one's own lies there, until when, and how it comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _

from accounts import policies
from accounts.access.actor import Actor
from accounts.console import lists
from accounts.console.room import Room, Visit
from accounts.console.ways import address
from accounts.machine import binned
from accounts.models import Request
from accounts.pages import show
from accounts.people import requests
from config.kernel import registry, words
from config.kernel.states import Verb


@dataclass(frozen=True, slots=True)
class Binned:
    """A thing in the bin. `goes`: when it goes for good, "" where it stays; `asked`: the request that waits for it."""

    thing: Any
    word: Any
    address: str
    deleted: str
    goes: str
    ask: str
    asked: str


class BinRoom(Room):
    """One's own bin, of all kinds at once."""

    kind = section = "bin"
    policies = {policy.verb: policy for policy in policies.BIN}

    def urls(self) -> list[URLPattern]:
        return [self.at("bin", self.index, "bin", Verb.QRI)]

    def index(self, visit: Visit) -> HttpResponse:
        """Kind after kind, the newest things first."""
        page = lists.page_of(binned.walk(by=visit.by), visit, "bin")
        told = {"title": _("Recycle bin"), "page": page, "rows": _rows(page.rows, visit.by), "days": settings.BIN_DAYS}
        return self.show(visit, "console/bin.html", told)


def _rows(things: Sequence[Any], by: Actor) -> list[Binned]:
    keys = [thing.key for thing in things]
    waiting = requests.in_state(requests.mine(by=by), Request.State.OPEN).filter(verb=Verb.RCC, thing__in=keys)
    asked = {(row.kind, row.thing): row.key for row in waiting} if keys else {}
    return [_row(thing, registry.kind_of(thing).name, asked, by) for thing in things]


def _row(thing: Any, kind: str, asked: dict[tuple[str, str], str], by: Actor) -> Binned:
    goes_at, request = binned.purge_at(thing, by.now), asked.get((kind, thing.key), "")
    return Binned(
        thing,
        words.KINDS[kind],
        address(kind, thing.key),
        show.moment(thing.deleted_at),
        show.moment(goes_at) if goes_at is not None else "",
        address(f"{kind}_ask", thing.key),
        address("request", request) if request else "",
    )
