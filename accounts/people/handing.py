"""What becomes of shares where a thing changes hands: part of its transfer, whose event tells it (S9)."""

from collections.abc import Mapping
from typing import Any

from accounts.access.actor import Actor
from accounts.access.visibility import governed_kinds
from accounts.machine import knowing
from accounts.models import User
from accounts.people import grants, sharing
from config.kernel import registry
from config.kernel.roles import Share


def hand_on(thing: Any, to: User, *, by: Actor) -> int:
    """Make somebody the owner; every other grant and offer ends, on the thing and on all that stands in it.

    How many grants and offers there were, the former owner's own among them.
    """
    ended, operators = 0, []
    for kind, way in _ways(thing):
        rows = grants.table_of(kind).filter(**{way: thing})
        operated = rows.filter(permission__codename=f"{Share.OPERATOR}_{kind.name}", user__isnull=False)
        operators += [(kind, grant) for grant in operated.select_related("permission", "user", "content_object")]
        ended += rows.delete()[0]
    sharing.own(thing, by=by, owner=to)
    for kind, grant in operators:
        knowing.of_grant(kind, grant.content_object, grant, Share.OPERATOR, grant.user.key, by=by)
    return ended


def _ways(thing: Any) -> list[tuple[registry.Kind, str]]:
    """The kinds of the thing and of what stands in it, each with the way from a grant to the thing."""
    kind = registry.kind_of(thing)
    ways = [(kind, "content_object")]
    for below in governed_kinds():
        above: Mapping[str, str] = getattr(below.model._default_manager.all(), "above", {})
        if kind.name in above:
            ways.append((below, f"content_object__{above[kind.name]}"))
    return ways
