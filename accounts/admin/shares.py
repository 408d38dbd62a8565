"""Who has which share of a thing, on its page: the newest first, and the way to those before."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.admin import caller
from accounts.admin.walk import Place
from accounts.models import FOREVER, Grant
from accounts.pages import show
from accounts.people import grants
from config.kernel import registry, words

SHOWN = 20
PLACE = "shares"  # of the query string: those before this one


def of(thing: Any, request: Any) -> dict[str, Any]:
    """Those that have not ended."""
    rows = grants.rows_of(registry.kind_of(thing), caller.actor_of(request)).filter(content_object=thing)
    place = Place.read(request.GET.get(PLACE, "")).pk
    if place > 0:
        rows = rows.filter(pk__lt=place)
    found = list(rows.order_by("-pk")[: SHOWN + 1])
    shown = found[:SHOWN]
    return {
        "rows": [_told(grant) for grant in shown],
        "older": f"?{PLACE}={shown[-1].pk}#{PLACE}" if len(found) > SHOWN else "",
        "newest": f"?#{PLACE}" if place > 0 else "",
    }


def _told(grant: Any) -> dict[str, Any]:
    return {
        "whom": _whom(grant),
        "share": words.SHARES[grant.share],
        "is_pending": grant.is_pending,
        "terms": _terms(grant),
    }


def _terms(grant: Any) -> str:
    """Who gave it, since when it is, until when."""
    giver = grant.granted_by.name if grant.granted_by is not None else _("System")
    told = {"person": giver, "since": show.moment(grant.created_at), "until": show.moment(grant.ends_at)}
    if grant.ends_at == FOREVER:
        return _("Given by %(person)s, since %(since)s, for good.") % told
    return _("Given by %(person)s, since %(since)s, until %(until)s.") % told


def _whom(grant: Grant) -> SafeString:
    """A person and the way to their page; whom it is offered to; or the id that it was given to, which is nobody's."""
    if grant.user is None:
        return format_html('<span class="polis-person">{}</span>', grant.invited)
    return show.link(reverse("admin:accounts_user_change", args=[grant.user.key]), grant.user.name, grant.user.key)
