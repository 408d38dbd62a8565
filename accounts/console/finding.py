"""One box that finds a thing of any kind: by a part of its name among what one has, or by its whole id."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.access.walks import Ask
from accounts.console import things
from accounts.console.listing import ListedRoom
from accounts.console.room import Visit
from config.kernel import names, registry
from config.kernel.errors import Invalid, NotVisible
from config.kernel.states import Verb

FIRST = 5
LONGEST = 64


@dataclass(frozen=True, slots=True)
class Found:
    """What of a kind fits, as its list shows it; `all` leads to the rest of them, "" where this is all."""

    word: Any
    rows: list[dict[str, Any]]
    all: str


def is_enough(query: str) -> bool:
    """Is it long enough to be looked for?"""
    return len(names.name_key(query)) >= names.SHORTEST_MATCH and "\0" not in query


def find(query: str, rooms: Iterable[ListedRoom], visit: Visit) -> list[Found]:
    """By the walk of each kind's own list, so that what is found is what the list would show."""
    found = [_found(query, room, visit) for room in rooms if room.lets(visit, room.policy_of(Verb.QRI))]
    return [each for each in found if each.rows]


def _found(query: str, room: ListedRoom, visit: Visit) -> Found:
    exact = _exactly(query, room, visit)
    try:
        page = room.walk({"search": query}, visit.by).page(Ask(FIRST, "", visit.by.key, "console search"))
    except Invalid:
        return Found(things.PLURALS[room.kind], [room.row(each, visit.by) for each in exact], "")
    rows = [*exact, *(each for each in page.rows if each.key not in {one.key for one in exact})]
    all_of = things.list_of(room.kind, search=query) if page.next else ""
    return Found(things.PLURALS[room.kind], [room.row(each, visit.by) for each in rows[:FIRST]], all_of)


def _exactly(query: str, room: ListedRoom, visit: Visit) -> list[Any]:
    """The thing of this id, where one sees it: in the bin too."""
    model: Any = registry.kind(room.kind).model
    if not model.read_id(query):
        return []
    try:
        return [room.find(query, visit.by)]
    except NotVisible:
        return []
