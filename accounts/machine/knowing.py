"""Secrets that somebody knows who may not operate their things any more, as a share ends (S9)."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.apps import apps as django_apps

from accounts.access.actor import Actor, Door
from accounts.machine.notices import Happening, tell
from accounts.models import Grant, HeldSecret, User
from accounts.models.grant import share_of
from config.kernel import registry
from config.kernel.registry import Kind
from config.kernel.roles import Role, Share
from config.kernel.states import State

_OPERATES = {Share.OPERATOR, Share.OWNER}


def tell_known(kind: Kind, thing: Any, person: str, occasion: str, *, now: datetime) -> int:
    """Tell the owners of what stands in a thing, or is it, which live secrets of theirs that person was shown.

    `person` had an operator's share until now, as the trail calls them. How many notices there are new.
    """
    known: Counter[tuple[tuple[str, Any], ...]] = Counter()
    for model in secret_tables():
        for holder, number in _shown(model, kind, thing, person, now):
            known[tuple(holder.owners.items())] += number
    told = 0
    for owners, number in known.items():
        facts = {"user": person, "secrets": number}
        happening = Happening("secret_known", kind.name, thing.key, thing.name, occasion, facts)
        told += tell(User.objects.filter(**dict(owners)), happening, now)
    return told


def of_grant(kind: Kind, thing: Any, grant: Grant, former: Share | None, person: str, *, by: Actor) -> None:
    """A share was taken away or is another: that is told as a consequence, whoever took it."""
    if former is Share.OPERATOR and "@" not in person:
        tell_known(kind, thing, person, f"KNOWN {grant.key} {by.now.isoformat()}", now=by.now)


def secret_tables() -> list[Any]:
    """The models of what a thing proves itself with, and that remembers whom it was shown to."""
    return [model for model in django_apps.get_models() if hasattr(model, "secret_of")]


def _shown(model: Any, kind: Kind, thing: Any, person: str, now: datetime) -> list[tuple[Any, int]]:
    """The holders whose live secrets of a table that person was shown and may not operate, and how many each has."""
    holders = model._meta.get_field(model.secret_of).related_model
    name = registry.kind_of(holders).name
    way = holders.objects.all().above.get(kind.name) if name != kind.name else ""
    if way is None:
        return []
    path = f"{model.secret_of}__{way}" if way else model.secret_of
    rows = model._default_manager.filter(**{path: thing}, shown_to=person)
    live = rows.filter(model.live_at(now)) if issubclass(model, HeldSecret) else rows.exclude(state=State.DELETED)
    counts = Counter(live.values_list(model.secret_of, flat=True))
    if not counts:
        return []
    outside = counts.keys() - _operated(holders, set(counts), person, now)
    return [(holder, counts[holder.pk]) for holder in holders.objects.with_chain().filter(pk__in=outside)]


def _operated(holders: Any, pks: set[int], person: str, now: datetime) -> set[int]:
    """Which of these that person may operate all the same."""
    user = User.objects.filter(key=person).first()
    if user is None or not user.is_enabled(now):
        return set()
    if user.platform_role is Role.GOD:
        return pks
    seen = holders.objects.visible_to(Actor(now, Door.SYSTEM, user)).filter(pk__in=pks)
    return {pk for pk, held in seen.values_list("pk", "held") if share_of(held) in _OPERATES}
