"""What waits for an answer of whoever sits before the page: a share, a company, a city that somebody offers them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.console.room import Room, Visit
from config.kernel.errors import DomainError

# No more of a kind are shown at once: those that are answered make place.
AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """`look`: the page that says what taking it up means, and asks; "": a button takes it up at once."""

    word: Any
    name: str
    said: str
    decline: str
    version: int
    accept: str = ""
    look: str = ""


# Of the room that answers it.
Part = Callable[[Visit], list[Waiting]]


def of_row(room: Room, visit: Visit, verb: str, found: Callable[[], Sequence[Waiting]]) -> list[Waiting]:
    """As `found` has it, where the room's own row lets the caller see it; else nothing."""
    try:
        room.check(visit, verb)
        return list(found())
    except DomainError:
        return []
