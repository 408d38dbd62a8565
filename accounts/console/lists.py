"""A list, page by page: by the same walks and filters as the native API's, and so at the same cost however deep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from accounts.access.walks import Ask, Walk
from accounts.console.room import Visit
from config.kernel.errors import Invalid

A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a page, and the addresses of the pages beside it, "" where there is none."""

    rows: list[Any]
    next: str
    previous: str


def page_of(walk: Walk, visit: Visit, question: str, given: Mapping[str, str] | None = None) -> Listed:
    """The page that is asked for. `question` names the list, `given` what narrows it: a cursor is good for both.

    A cursor that is none, or of another list, shows the first page.
    """
    asked = sorted((given or {}).items())
    identity = f"console {question} {urlencode(asked)}"
    try:
        page = walk.page(Ask(A_PAGE, visit.asked("cursor"), visit.by.key, identity))
    except Invalid:
        page = walk.page(Ask(A_PAGE, "", visit.by.key, identity))
    ways = [f"?{urlencode([*asked, ('cursor', cursor)])}" if cursor else "" for cursor in (page.next, page.previous)]
    return Listed(page.rows, *ways)
