"""Who was told what, as the rows say and as a person reads it."""

from typing import Any

from accounts.models import Notice, User
from tests.cast import Caller

Told = list[tuple[str, str, str]]


def told(caller: Caller | User | None, *, but: str = "") -> Told:
    """(event, kind, what it is called) of all that somebody was told, oldest first."""
    user = caller.user if isinstance(caller, Caller) else caller
    rows = Notice.objects.filter(user=user).exclude(event=but).order_by("pk")
    return list(rows.values_list("event", "kind", "thing_name"))


def everybody() -> list[tuple[str, str]]:
    """(who, event) of every notice there is, "" for a mail's."""
    rows = Notice.objects.order_by("pk").select_related("user")
    return [(row.user.name if row.user is not None else "", row.event) for row in rows]


def read(caller: Caller, **query: str) -> list[dict[str, Any]]:
    """One's notices through the API, newest first."""
    from urllib.parse import urlencode

    answer = caller.api("GET", f"notices?{urlencode(query)}" if query else "notices")
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = answer.body["results"]
    return found
