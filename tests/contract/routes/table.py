"""Reading the tables: a line is a route, and the status that each of the people is answered."""

from tests.contract.routes.who import PEOPLE

Rows = dict[str, dict[str, int]]


def read(text: str) -> Rows:
    """The rows by their heads: method, address, and what tells apart the rows of one route."""
    rows: Rows = {}
    for line in text.strip().splitlines():
        words = line.replace("|", " ").split()
        if not words or words[0].startswith("#"):
            continue
        cut = len(words) - len(PEOPLE)
        head = " ".join(words[:cut])
        assert head not in rows, head
        rows[head] = dict(zip(PEOPLE, map(int, words[cut:]), strict=True))
    return rows


def route_of(head: str) -> str:
    """The head of the route that a row is about."""
    words = head.split()
    return " ".join(words if words[1].startswith("/city") else words[:2])


def writes(head: str) -> bool:
    """Does a good call of it change something?"""
    return not head.startswith("GET") and head not in _QUESTIONS


# They have a body because what they ask must be in no address.
_QUESTIONS = ("POST /api/v1/verifications",)
