"""Who may read what of the trail: of a thing, whoever sees it; of people, oneself; of all, who may browse."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import visibility
from accounts.access.actor import Actor
from accounts.models import AuditEvent
from config.kernel import registry
from config.kernel.roles import Share
from config.kernel.states import Verb


def of_thing(kind: registry.Kind, key: str, *, by: Actor) -> QuerySet[AuditEvent]:
    """The events of a thing; those that were refused for its owner and for who may browse. Raises NotVisible."""
    if by.may_browse and not by.is_bound:  # of what is gone for good, too
        by.check_scope(Verb.GET)
        model: Any = kind.model
        named = model.read_id(key) or key
        return AuditEvent.objects.filter(Q(kind=kind.name, thing=named) | model.told_beside(named))
    thing = visibility.find_thing(kind, key, by=by)
    by.check_scope(Verb.GET)
    if by.may_browse or visibility.held_share(thing) is Share.OWNER:
        return AuditEvent.objects.filter(thing.history(kind.name) | thing.told_beside(thing.key))
    return AuditEvent.objects.filter(thing.history(kind.name), outcome="ok")


def of_other(kind: str, key: str, *, by: Actor) -> QuerySet[AuditEvent] | None:
    """The events of what is nobody's to share, such as people and policy rows, for who may browse; None for others."""
    if not by.may_browse:
        return None
    by.check_scope(Verb.QRI)
    by.check_unbound()
    return AuditEvent.objects.filter(kind=kind, thing=key)


def of_all(*, by: Actor) -> QuerySet[AuditEvent]:
    """Everything, for who may browse; for everybody else what they did themselves. Raises OUT_OF_SCOPE."""
    by.check_scope(Verb.QRI)
    by.check_unbound()
    return AuditEvent.objects.all() if by.may_browse else AuditEvent.objects.filter(actor=by.key)


def narrowed(
    events: QuerySet[AuditEvent],
    exactly: Mapping[str, str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[AuditEvent]:
    """`exactly`: columns that are to be what is given, "" for any; from a moment on, up to before another."""
    events = events.filter(**{column: value for column, value in exactly.items() if value})
    if since is not None:
        events = events.filter(at__gte=since)
    if until is not None:
        events = events.filter(at__lt=until)
    return events
