"""How the pages of a thing are called, and what stands in its head: what it is, how it stands, where else to go."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access.actor import Actor
from accounts.access.visibility import held_share
from accounts.audit.journal import About
from accounts.console.ways import address
from accounts.machine.below import kinds_below
from accounts.pages import show
from config.kernel import registry, words
from config.kernel.roles import Share
from config.kernel.states import State

PATHS = {"city": "cities", "project": "projects", "gateway": "gateways", "app": "apps"}
PLURALS = {
    "city": pgettext_lazy("kinds", "Cities"),
    "project": pgettext_lazy("kinds", "Projects"),
    "gateway": pgettext_lazy("kinds", "Gateways"),
    "app": pgettext_lazy("kinds", "Apps"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the same thing."""

    name: str
    word: Any
    address: str


@dataclass(frozen=True, slots=True)
class Head:
    """What stands over each page of a thing."""

    thing: Any
    kind: str
    word: Any
    badge: Any
    closed_above: Any
    share: Any
    crumbs: list[tuple[Any, str]]
    tabs: list[Tab]


def of(thing: Any, kind: str) -> str:
    """The address of a thing."""
    return address(kind, thing.key)


def told_as(kind: str, key: str) -> About:
    """A thing that an address names, for the trail: an id that can be spelt in two ways is one id there."""
    model: Any = registry.kind(kind).model
    return About(kind, model.read_id(key) or key)


def list_of(kind: str, **narrowed: str) -> str:
    """The address of the list of a kind."""
    return address(PATHS[kind], **narrowed)


def head(thing: Any, kind: str, by: Actor) -> Head:
    """For a thing that was found with `held`."""
    state, effective = thing.state_at(by.now), thing.effective_at(by.now)
    share = held_share(thing)
    return Head(
        thing,
        kind,
        words.KINDS[kind],
        show.badge(state),
        show.badge(effective) if effective is not state else "",
        words.SHARES[share] if share is not None else "",
        crumbs(thing, kind, by),
        tabs(thing, kind, by),
    )


def crumbs(thing: Any, kind: str, by: Actor) -> list[tuple[Any, str]]:
    """The way to a thing through what it stands in, as far as they see that: what they do not see is absent (S13)."""
    seen = seen_above(thing, by)
    first = seen[0][0] if seen else kind
    return [(PLURALS[first], list_of(first)), *((above.name, of(above, name)) for name, above in seen)]


def seen_above(thing: Any, by: Actor) -> list[tuple[str, Any]]:
    """Kinds and things in which it stands, the outermost first, of those that they see: a query for each."""
    return [(name, each) for name, each in reversed(above_of(thing)) if sees(each, by)]


def above_of(thing: Any) -> list[tuple[str, Any]]:
    """Kinds and things in which it stands, the nearest first; its company is none of these."""
    kinds = {registry.kind(name).label: name for name in PATHS}
    return [(kinds[each._meta.label], each) for each in thing.above if each._meta.label in kinds]


def sees(thing: Any, by: Actor) -> bool:
    """Do they see it, as it stands now?"""
    return bool(type(thing)._default_manager.visible_to(by).filter(pk=thing.pk).exists())


def tabs(thing: Any, kind: str, by: Actor) -> list[Tab]:
    """The pages of a thing that somebody may open."""
    found = [Tab("show", pgettext_lazy("tab", "Overview"), of(thing, kind))]
    found += [
        Tab(PATHS[below.name], PLURALS[below.name], list_of(below.name, **{kind: thing.key}))
        for below in kinds_below(kind)
    ]
    if owns(thing) or by.may_browse:
        found.append(Tab("people", _("People"), address(f"{kind}_people", thing.key)))
    found.append(Tab("activity", _("Activity"), address(f"{kind}_activity", thing.key)))
    found.append(Tab("try", _("Try it"), address(f"{kind}_try", thing.key)))
    return found


def owns(thing: Any) -> bool:
    """Is the thing, found with `held`, the caller's own?"""
    return held_share(thing) is Share.OWNER


def is_binned(thing: Any) -> bool:
    return bool(thing.state == State.DELETED)
