"""What was done, newest first: to a thing, or by oneself."""

from typing import Any

from accounts import policies
from accounts.access.walks import keyset
from accounts.audit import reading
from accounts.console import lists, naming
from accounts.console.due import row_of
from accounts.console.room import Visit
from config.kernel.registry import Kind
from config.kernel.states import Verb

# By which row the trail is read, on whichever page.
READING = row_of(policies.AUDIT, Verb.QRI)


def of_thing(kind: Kind, key: str, visit: Visit) -> dict[str, Any]:
    """A page of the history of a thing. Raises NotVisible."""
    return _told(reading.of_thing(kind, key, by=visit.by), f"{kind.name} {key}", visit)


def of_oneself(visit: Visit) -> dict[str, Any]:
    """A page of what one did."""
    assert visit.by.user is not None
    return _told(reading.of_all(by=visit.by).filter(actor=visit.by.key), "me", visit)


def _told(events: Any, question: str, visit: Visit) -> dict[str, Any]:
    page = lists.page_of(keyset(events), visit, f"activity {question}")
    return {"page": page, "entries": naming.in_words(page.rows, visit.by)}
