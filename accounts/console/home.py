"""Where one begins: what one has, what waits, what is next; and one box that finds a thing of any kind."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _

from accounts import policies
from accounts.access.visibility import governed_kinds
from accounts.audit import reading
from accounts.console import due, finding, guide, having, history, things, tryit
from accounts.console.listing import ListedRoom
from accounts.console.room import Room, Visit
from accounts.console.waiting import Part
from accounts.console.ways import address
from accounts.lifecycle import LOGIN
from accounts.pages import trail
from accounts.people import notices, wording
from config.kernel import registry, words
from config.kernel.policies import Policy
from config.kernel.roles import Role
from config.kernel.states import Verb

_LATEST = 5
_LOOKED_AT = 100  # of the newest events, of which those of signing in are left out


class HomeRoom(Room):
    """The first page, the search, and what one did.

    `rooms`: of the kinds, which are searched; `offered`: what waits for an answer.
    """

    kind, section = "user", "home"
    policies: ClassVar[Mapping[str, Policy]] = {
        **{policy.verb: policy for policy in policies.ME},
        Verb.QRI: history.READING,
    }

    def __init__(self, rooms: Iterable[ListedRoom], offered: Part) -> None:
        self.rooms = rooms
        self.offered = offered

    def urls(self) -> list[URLPattern]:
        return [
            self.at("", self.home, "home", Verb.GET),
            self.at("search", self.search, "search", Verb.GET),
            self.at("activity", self.activity, "activity", Verb.QRI),
        ]

    def home(self, visit: Visit) -> HttpResponse:
        """What one has, and the way to a first call that is accepted."""
        may_see = [kind for kind in governed_kinds() if self.lets(visit, kind.policy(Verb.QRI))]
        had = {kind.name: having.of(kind, visit.by) for kind in may_see}
        is_led = len(had) == len(things.PATHS) and visit.by.role is Role.DEVELOPER
        asks_whom = next((room.asks_whom(visit) for room in self.rooms if room.kind == "project"), "")
        steps = guide.steps(had, asks_whom) if is_led else []
        told = {
            "title": _("Overview"),
            "steps": steps if any(not step.is_done for step in steps) else [],
            "had": list(had.values()),
            "due": due.of(visit, self),
            "offered": list(self.offered(visit))[:_LATEST],
            "notices": self._notices(visit),
            "did": _did(visit) if self.lets(visit, history.READING) else None,
            "root": f"{tryit.root_of(visit.request)}/api/v1",
        }
        return self.show(visit, "console/home.html", told)

    def activity(self, visit: Visit) -> HttpResponse:
        """What one did oneself."""
        return self.show(visit, "console/my_activity.html", history.of_oneself(visit) | {"section": "activity"})

    def search(self, visit: Visit) -> HttpResponse:
        """By a part of a name among what one has, or by the whole id."""
        query = visit.asked("q").strip()[: finding.LONGEST]
        is_enough = finding.is_enough(query)
        found = finding.find(query, self.rooms, visit) if is_enough else []
        told = {"query": query, "found": found, "is_enough": is_enough, "section": ""}
        return self.show(visit, "console/search.html", told)

    def _notices(self, visit: Visit) -> list[tuple[Any, str, str]]:
        """The newest that are unread, with the page of what each is about."""
        user = visit.by.user
        if user is None or not self.lets(visit, due.row_of(policies.NOTICES, Verb.QRI)):
            return []
        rows = notices.mine(by=visit.by).filter(read_at__isnull=True).order_by("-pk")[:_LATEST]
        return [(each, wording.text(each, user.time_zone), _page_of(each.kind, each.thing)) for each in rows]


def _did(visit: Visit) -> list[tuple[Any, Any, Any, str]]:
    """The last things that one did, to sign in left out: the event, what it was, of what kind, and the page of that.

    No page for what has no name: it was asked for by its id, and not found.
    """
    newest = reading.of_all(by=visit.by).filter(actor=visit.by.key).order_by("-pk")[:_LOOKED_AT]
    return [
        (
            each,
            trail.entry(each, {}),
            words.KINDS.get(each.kind, each.kind),
            _page_of(each.kind, each.thing) if each.thing_name else "",
        )
        for each in [event for event in newest if event.kind != LOGIN.kind][:_LATEST]
    ]


def _page_of(kind: str, key: str) -> str:
    """ "" for what has none: other kinds, and what was asked for by an id that cannot be one."""
    if kind not in things.PATHS:
        return ""
    model: Any = registry.kind(kind).model
    return address(kind, key) if model.read_id(key) else ""
