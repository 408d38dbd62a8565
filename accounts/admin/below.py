"""What stands under a thing, on its page: the newest, and the way to all. Higher floors are named, not imported."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.pages import show
from config.kernel import registry

SHOWN = 10


def newest(
    kind: str, link: str, holder: Any, now: datetime, *, filtered: str = "", named: object = ""
) -> dict[str, Any]:
    """The things of a kind whose `link` is the holder. `filtered` and `named`: what the list's filter is called, and
    what it calls the holder, where that is not the link and the id.
    """
    found = registry.kind(kind)
    model: Any = found.model
    rows = list(model._default_manager.filter(**{link: holder}).order_by("-pk")[: SHOWN + 1])
    for row in rows:
        row.badge, row.address = (
            show.badge(row.state_at(now)),
            reverse(f"admin:{found.table.app}_{kind}_change", args=[row.key]),
        )
    every = f"{list_of(kind)}?{filtered or link}={named or holder.key}"
    return {"rows": rows[:SHOWN], "has_more": len(rows) > SHOWN, "shown": SHOWN, "all": every}


def list_of(kind: str) -> str:
    """The address of the list of a kind."""
    table = registry.kind(kind).table
    return reverse(f"admin:{table.app}_{table.kind}_changelist")


def list_within(thing: Any) -> Callable[[str], str]:
    """For a thing: the address of the list of what of a kind stands below it."""
    return lambda kind: f"{list_of(kind)}?{registry.kind_of(thing).name}={thing.key}"
