"""Small pieces of a page: a state in its colour, a moment, a person."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Used, User
from config.kernel import ids, words
from config.kernel.states import Facts, Side, State

NOTHING = "–"
_COLOURS = {State.ENABLED: "green", State.DISABLED: "red", State.OFFLINE: "amber", State.DELETED: "grey"}


def badge(state: State) -> SafeString:
    """A state as a word in its colour; never the colour alone."""
    return format_html('<span class="polis-badge is-{}">{}</span>', _COLOURS[state], words.STATES[state])


def moment(at: datetime | None) -> str:
    """A moment in the platform's time zone, to the minute."""
    return here(at).strftime("%Y-%m-%d %H:%M") if at is not None else NOTHING


def second(at: datetime) -> str:
    """A moment to the second, for a trail."""
    return here(at).strftime("%Y-%m-%d %H:%M:%S")


def used(row: Used) -> str:
    """When it was last used, and from where."""
    if row.last_used_at is None:
        return _("never")
    return " · ".join(filter(None, (moment(row.last_used_at), row.last_used_ip)))


def here(at: datetime) -> datetime:
    """In the platform's time zone; at the ends of what a date can hold, where there may be none, as it is."""
    try:
        return timezone.localtime(at)
    except OverflowError:
        return at


def until(at: datetime | None) -> str:
    """When a ban ends."""
    return moment(at) if at is not None else _("until it is lifted")


def duration(seconds: int) -> str:
    """A length of time, in the largest unit that tells it whole."""
    for size, words_of in ((86_400, _("%(many)s d")), (3_600, _("%(many)s h")), (60, _("%(many)s min"))):
        if seconds and seconds % size == 0:
            return words_of % {"many": seconds // size}
    return _("%(many)s s") % {"many": seconds} if seconds else _("none")


def switch(is_on: bool) -> SafeString:
    """On or off, as a word in its colour."""
    colour, word = ("green", _("On")) if is_on else ("grey", _("Off"))
    return format_html('<span class="polis-badge is-{}">{}</span>', colour, word)


def link(address: str, name: str, key: Any) -> SafeString:
    """A thing's name, which leads to its page, with its id under it."""
    return format_html('<a class="polis-person" href="{}">{} <small>{}</small></a>', address, name, key)


def closer(facts: Facts, people: Mapping[str, str], address: str) -> SafeString:
    """Who closed a thing, on whose behalf; a person's name leads to the list at the address, of all their bans."""
    name, side = named(facts.disabled_by, people), words.SIDES[Side(facts.disabled_side)]
    if not ids.is_key(facts.disabled_by):
        return format_html("{} · {}", name, side)
    return format_html('<a href="{}?disabled_by={}">{}</a> · {}', address, facts.disabled_by, name, side)


def closing(facts: Facts, address: str, people: Mapping[str, str] | None = None) -> list[tuple[str, Any]]:
    """Who closed a thing and who deleted it, when and why: pairs of a word and a value, none where nobody did.

    `address` is of the list of its kind; `people`: the names, where they have been read for several things at once.
    """
    rows: list[tuple[str, Any]] = []
    if people is None:
        people = names_of([facts.disabled_by, facts.deleted_by])
    if facts.disabled_at is not None:
        rows += [
            (_("Disabled by"), closer(facts, people, address)),
            (_("Disabled at"), moment(facts.disabled_at)),
            (_("Reason"), facts.reason),
            (_("Until"), until(facts.expires_at)),
        ]
    if facts.deleted_at is not None:
        rows += [
            (_("Deleted by"), named(facts.deleted_by, people)),
            (_("Deleted at"), moment(facts.deleted_at)),
        ]
    return rows


def person(user: User | None) -> SafeString:
    """A name with the id under it."""
    if user is None:
        return format_html("{}", _("System"))
    return format_html('<span class="polis-person">{} <small>{}</small></span>', user.name, user.key)


def names_of(keys: Iterable[Any]) -> dict[str, str]:
    """Public id → name, for all of these people in one query."""
    wanted = {key for key in keys if ids.is_key(key)}
    return dict(User.objects.filter(key__in=wanted).values_list("key", "name")) if wanted else {}


def named(key: str, names: Mapping[str, str]) -> str:
    """The name behind an id of the trail: the id where nobody has it any more, the system where there is none."""
    return names.get(key, key) or _("System")
