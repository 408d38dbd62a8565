"""What stands under a thing, on its page: the newest, and the way to all. Higher floors are named, not imported."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.admin import show
from config.kernel import registry

SHOWN = 10


def newest(
    kind: str, link: str, holder: Any, now: datetime, *, filtered: str = "", named: object = ""
) -> dict[str, Any]:
    """The things of a kind whose `link` is the holder. `filtered` and `named`: what the list's filter is called, and
    what it calls the holder, where that is not the link and the id.
    """
    found = registry.kind(kind)
    page = f"admin:{found.table.app}_{found.table.kind}"
    model: Any = found.model
    rows = list(model._default_manager.filter(**{link: holder}).order_by("-pk")[: SHOWN + 1])
    for row in rows:
        row.badge, row.address = show.badge(row.state_at(now)), reverse(f"{page}_change", args=[row.key])
    every = f"{reverse(f'{page}_changelist')}?{filtered or link}={named or holder.key}"
    return {"rows": rows[:SHOWN], "has_more": len(rows) > SHOWN, "shown": SHOWN, "all": every}
