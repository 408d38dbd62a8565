"""“Shared with me”: what others have shared, and what they offer and waits for an answer."""

from collections.abc import Mapping
from itertools import compress
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _

from accounts import policies
from accounts.access.actor import Actor
from accounts.access.present import which_hold
from accounts.access.visibility import governed_kinds
from accounts.access.walks import chained, keyset
from accounts.console import lists, things
from accounts.console.room import Room, Visit
from accounts.console.sharing import terms_of
from accounts.console.waiting import AT_MOST, Part, Waiting, of_row
from accounts.console.ways import address, lead_to
from accounts.models import Grant
from accounts.pages import show
from accounts.pages.secrets import of_version
from accounts.people import grants, sharing
from config.kernel import registry, words
from config.kernel.policies import Policy
from config.kernel.states import Verb


class SharedRoom(Room):
    """Shares of one's own; `parts` tell what else waits for an answer."""

    kind, section = "grant", "shares"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.GRANTS}

    def __init__(self, *parts: Part) -> None:
        self.parts = parts

    def urls(self) -> list[URLPattern]:
        return [
            self.at("shares", self.index, "shares", Verb.QRI),
            self.act_at("shares/<key>/accept", self.accept, "share_accept", "ACCEPT"),
            self.act_at("shares/<key>/decline", self.decline, "share_decline", "DECLINE"),
        ]

    def index(self, visit: Visit) -> HttpResponse:
        """First what waits, then what there is, kind by kind."""
        by = visit.by
        held = [(kind, grants.mine(kind, by=by).filter(user=by.user)) for kind in governed_kinds()]
        walk = chained([(grants.table_of(kind).model, keyset(rows)) for kind, rows in held])
        page = lists.page_of(walk, visit, "shares")
        waiting = [] if page.previous else self.waiting(visit)
        told = {"page": page, "rows": [_row(grant, by) for grant in page.rows], "waiting": waiting}
        return self.show(visit, "console/shares.html", {"title": _("Shared with me"), **told})

    def waiting(self, visit: Visit) -> list[Waiting]:
        """All that others offer one, on the first page too."""
        offers = of_row(self, visit, Verb.QRI, lambda: self.offers(visit.by))
        return [*offers, *(each for part in self.parts for each in part(visit))]

    def offers(self, by: Actor) -> list[Waiting]:
        """The newest shares that are offered to one's mail."""
        assert by.user is not None
        offered = [grants.mine(kind, by=by).filter(user=None).order_by("-pk") for kind in governed_kinds()]
        there = compress(offered, which_hold(offered, user=by.user))
        return [_waiting(grant) for rows in there for grant in rows[:AT_MOST]]

    def accept(self, visit: Visit, key: str) -> HttpResponse:
        """Take it up."""
        grant = sharing.accept(key, by=of_version(visit.by, visit.request.POST))
        thing: Any = grant.content_object
        messages.success(visit.request, _("%(name)s is shared with you now.") % {"name": thing.name})
        return lead_to(things.of(thing, registry.kind_of(thing).name))

    def decline(self, visit: Visit, key: str) -> HttpResponse:
        """Turn it down."""
        sharing.decline(key, by=of_version(visit.by, visit.request.POST))
        messages.success(visit.request, _("The offer is turned down."))
        return lead_to(address("shares"))


def _waiting(grant: Grant) -> Waiting:
    thing: Any = grant.content_object
    role = words.SHARES[grant.share] if grant.share is not None else ""
    return Waiting(
        words.KINDS[registry.kind_of(thing).name],
        thing.name,
        f"{role}. {terms_of(grant)}",
        address("share_decline", grant.key),
        grant.version,
        accept=address("share_accept", grant.key),
    )


def _row(grant: Grant, by: Actor) -> dict[str, Any]:
    thing: Any = grant.content_object
    kind = registry.kind_of(thing).name
    return {
        "word": words.KINDS[kind],
        "thing": thing,
        "address": things.of(thing, kind),
        "badge": show.badge(thing.state_at(by.now)),
        "role": words.SHARES[grant.share] if grant.share is not None else "",
        "terms": terms_of(grant),
    }
