"""What one was told: the newest first, in one's language; and that it is read."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _

from accounts import policies
from accounts.access.actor import Actor
from accounts.access.visibility import governed_kinds
from accounts.access.walks import keyset
from accounts.console import lists
from accounts.console.room import Room, Visit
from accounts.console.ways import address, lead_to
from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN
from accounts.models import Notice
from accounts.people import notices, wording
from config.kernel.policies import Policy
from config.kernel.states import Verb

_CREDENTIALS = {ACCESS_TOKEN.kind: "token", ACCESS_KEY.kind: "access_key"}


class NoticesRoom(Room):
    """One's notices."""

    kind, section = notices.KIND, "notices"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.NOTICES}

    def urls(self) -> list[URLPattern]:
        return [
            self.at("notices", self.index, "notices", Verb.QRI),
            self.act_at("notices/<key>/read", self.mark, "notices_read", Verb.SET),
        ]

    def index(self, visit: Visit) -> HttpResponse:
        """Those that are unread stand out."""
        page = lists.page_of(keyset(notices.mine(by=visit.by)), visit, "notices")
        seen, user = _seen(page.rows, visit.by), visit.by.user
        zone = user.time_zone if user is not None else ""
        told = {
            "title": _("Notices"),
            "page": page,
            "rows": [(each, wording.text(each, zone), _way(each, seen)) for each in page.rows],
            "newest": next((each.key for each in page.rows if each.read_at is None), ""),
        }
        return self.show(visit, "console/notices.html", told)

    def mark(self, visit: Visit, key: str) -> HttpResponse:
        """All up to this one as read: what came while the page was read stays unread."""
        notices.mark_until(key, by=visit.by)
        messages.success(visit.request, _("They are marked as read."))
        return lead_to(address("notices"))


def _seen(rows: Iterable[Notice], by: Actor) -> set[tuple[str, str]]:
    """What of these is still there to be seen, in a query a kind."""
    found: set[tuple[str, str]] = set()
    rows = list(rows)
    for kind in governed_kinds():
        keys = {each.thing for each in rows if each.kind == kind.name}
        things: Any = kind.model._default_manager
        if keys:
            found |= {
                (kind.name, key) for key in things.visible_to(by).filter(key__in=keys).values_list("key", flat=True)
            }
    return found


def _way(notice: Notice, seen: set[tuple[str, str]]) -> str:
    """Where it leads to; "" where there is nothing to be seen of it."""
    if notice.event == "request_answered":
        return address("request", notice.facts["request"])
    if notice.event == "offered":
        return address("shares")
    if notice.kind in _CREDENTIALS:
        return address(_CREDENTIALS[notice.kind], notice.thing)
    return address(notice.kind, notice.thing) if (notice.kind, notice.thing) in seen else ""
