"""One filled database, and calls about what is in it: the same question to Polis and to a reference."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

import orjson

from tests.bench import databases
from tests.bench.fill import Caller, People, fill
from tests.bench.load import Call
from tests.bench.rows import Layout
from tests.bench.servers import POLIS


@dataclass(frozen=True, slots=True)
class World:
    """`database` is its name, `url` its address."""

    layout: Layout
    database: str
    url: str
    people: People

    def owner_of(self, city: int) -> Caller:
        return self.people.callers[self.layout.owner_of(city)]

    def admin_of(self, app: int) -> Caller:
        """Somebody who may rotate its secret: a company's first owner administers it."""
        return self.people.callers[self.layout.company_of_app(app)]

    def makers(self) -> Iterator[Caller]:
        return itertools.cycle(self.people.makers)


def make_world(cluster_url: str, rows: int) -> World:
    """A database with so many cities and apps."""
    layout, name = Layout(rows), f"bench_{rows}"
    url = databases.make(cluster_url, name)
    return World(layout, name, url, fill(layout))


def ask(entrant: str, method: str, path: str, by: Caller, body: Mapping[str, object] | None = None) -> Call:
    """To Polis with the caller's token, to a reference the same path below its name."""
    text = orjson.dumps(body) if body is not None else b""
    if entrant == POLIS:
        return Call(method, f"/api/v1{path}", {"Authorization": f"Bearer {by.token}"}, text)
    return Call(method, f"/{entrant}{path}", {}, text)


def chance(*seed: object) -> Random:
    """The same for the same seed: so all entrants of a round are asked about the same rows."""
    return Random(" ".join(map(str, seed)))
