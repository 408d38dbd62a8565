"""Pages of the consoles, as a person reads them: over HTTP from the server as it is shipped, each page in turn.

How long each query takes is seen in this process, page by page. It is the last part of a run: what it makes of the
database is not put back.
"""

import http.client
import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import User
from config.kernel.roles import Role
from tests.bench import databases, own
from tests.bench.load import Refused
from tests.bench.pages import Page, pages_of, stir
from tests.bench.servers import shipped
from tests.bench.world import World, chance
from tests.factories import make_user

# How often each page is asked for in this process; and, at both places, before anything counts.
_WATCHED, _WARMING = 10, 2
_ASSETS = re.compile(r'<(?:link|script|img)[^>]*(?:href|src)="(/static/[^"]+)"')
_CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


@dataclass
class Asked:
    """One page: the milliseconds of each answer, and of each query whenever it was watched; the bytes of the largest,
    with all that it loads.
    """

    page: Page
    answers: list[float] = field(default_factory=list)
    watched: list[list[float]] = field(default_factory=list)
    size: int = 0

    def within(self, percent: float) -> float:
        """The milliseconds within which so many of a hundred answers came."""
        ordered = sorted(self.answers)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

    @property
    def queries(self) -> int:
        return max(map(len, self.watched))

    @property
    def slowest(self) -> float:
        """The milliseconds of its slowest query: the median over the times that it was watched."""
        return median(max(each) for each in self.watched)


def measure_lists(world: World, passes: int, keys: Path) -> list[Asked]:
    """The super-console's lists. Raises Refused."""
    databases.use(world.database)
    steward = make_user("steward", Role.ZOON)
    stir(world, steward)
    return _measure(world, steward, pages_of(world, steward), passes, keys)


def measure_own(world: World, passes: int, keys: Path) -> list[Asked]:
    """The developers' console, for somebody with a thousand cities. Raises Refused."""
    databases.use(world.database)
    user = own.developer(world)
    return _measure(world, user, own.pages_of(user), passes, keys)


def _measure(world: World, who: User, pages: list[Page], passes: int, keys: Path) -> list[Asked]:
    """Each page so many times, in another order each time."""
    asked = [Asked(page) for page in pages]
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(who)
    _ask_server(world, asked, client.cookies[settings.SESSION_COOKIE_NAME].value, passes, keys)
    for each in asked:
        random = chance("watched", each.page.name)
        times = [_watch(client, each.page.pick(random)) for _ in range(_WARMING + _WATCHED)]
        each.watched += times[_WARMING:]
    return asked


def _ask_server(world: World, asked: list[Asked], session: str, passes: int, keys: Path) -> None:
    assets: dict[str, int] = {}
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
    with shipped(world.url, keys) as port, closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        for turn in range(-_WARMING, passes):
            random = chance("admin", turn)
            for each in random.sample(asked, len(asked)):
                taken, body = _ask(line, each.page.pick(random), headers)
                each.size = max(each.size, len(body) + _weigh(line, body, assets))
                if turn >= 0:
                    each.answers.append(taken)


def _ask(line: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> tuple[float, bytes]:
    """The milliseconds of an answer, and what it is. Raises Refused."""
    began = time.perf_counter()
    line.request("GET", path, headers=headers)
    answer = line.getresponse()
    body = answer.read()
    taken = time.perf_counter() - began
    if answer.status != 200:
        raise Refused(f"{path}: {answer.status}")
    return taken * 1000, body


def _weigh(line: http.client.HTTPConnection, body: bytes, known: dict[str, int]) -> int:
    """The bytes of what a browser that comes for the first time loads with a page."""
    found = set(_ASSETS.findall(body.decode()))
    for path in found - known.keys():
        known[path] = len(_ask(line, path, {})[1])
    return sum(known[path] for path in found)


def _watch(client: Client, path: str) -> list[float]:
    with _timed() as times:
        answer = client.get(path)
    if answer.status_code != 200:
        raise Refused(f"{path}: {answer.status_code}")
    return times


@contextmanager
def _timed() -> Iterator[list[float]]:
    """The milliseconds of each statement on Django's connection; without the control of transactions."""
    times: list[float] = []

    def time_it(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            if not str(sql).startswith(_CONTROL):
                times.append((time.perf_counter() - began) * 1000)

    with connection.execute_wrapper(time_it):
        yield times
