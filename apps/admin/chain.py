"""What a gateway or an app stands in, on its page: each link with its state, and which of them keep it from serving."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.pages import show
from config.kernel import registry, words
from config.kernel.states import State, settled
from projects.admin.projects import company_link

Fact = tuple[Any, Any]


def link(thing: Any) -> SafeString:
    """Something of the chain, and the way to its page."""
    if isinstance(thing, Organization):
        return company_link(thing)
    table = registry.kind_of(thing).table
    return show.link(reverse(f"admin:{table.app}_{table.kind}_change", args=[thing.key]), thing.name, thing.key)


def effect(thing: Any, now: datetime) -> SafeString:
    """The state in effect; where something above makes it, that too."""
    badge = show.badge(thing.effective_at(now))
    closed = [above for above in thing.above if above.state_at(now) is not State.ENABLED]
    if not closed:
        return badge
    told = _("Closed above: %(named)s") % {"named": ", ".join(f"{_word(above)} {above.name}" for above in closed)}
    return format_html('{} <span class="polis-quiet">{}</span>', badge, told)


def facts(thing: Any, now: datetime) -> list[Fact]:
    """Each link above, the nearest first, and what is in effect."""
    links = [
        (_word(above), format_html("{} {}", link(above), show.badge(above.state_at(now)))) for above in thing.above
    ]
    table = registry.kind_of(thing).table
    closing = show.closing(settled(thing.facts, now), reverse(f"admin:{table.app}_{table.kind}_changelist"))
    return [*links, (_("In effect"), effect(thing, now)), *closing]


def stamps(thing: Any) -> list[Fact]:
    """Who made it and who changed it last."""
    return [
        (_("Created"), show.moment(thing.created_at)),
        (_("Created by"), show.person(thing.creator)),
        (_("Updated"), show.moment(thing.updated_at)),
        (_("Updated by"), show.person(thing.updater)),
    ]


def _word(thing: Any) -> str:
    kind = registry.kind_of(thing).name
    return _("Company") if isinstance(thing, Organization) else str(words.KINDS[kind])
