"""Invariant 5: of two verbs on one thing at once the one is done, the other judged against the result.

So whatever two people do at the same moment ends, answers and trail included, as it does when they come one after the
other: on a real server, over two connections, for each kind. What that is the same server says, asked in turns.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from threading import Barrier
from typing import Any

import pytest

from tests.server import Line, running

ROUNDS = 4
Move = tuple[str, str]  # who, and what
# What was done before, and what the two do.
CASES: list[tuple[list[Move], Move, Move]] = [
    ([], ("alice", "offline"), ("root", "disable")),
    ([], ("alice", "disable"), ("root", "disable")),
    ([], ("alice", "DELETE"), ("root", "disable")),
    ([], ("alice", "DELETE"), ("alice", "rename")),
    ([], ("alice", "DELETE"), ("alice", "DELETE")),
    ([], ("alice", "rename"), ("alice", "offline")),
    ([], ("alice", "rename"), ("root", "disable")),
    ([("alice", "offline")], ("alice", "publish"), ("root", "disable")),
    ([("alice", "offline")], ("alice", "publish"), ("alice", "DELETE")),
    ([("root", "disable")], ("root", "enable"), ("alice", "DELETE")),
    ([("root", "disable")], ("root", "enable"), ("alice", "disable")),
    ([("alice", "DELETE")], ("root", "recycle"), ("root", "purge")),
    ([("alice", "DELETE")], ("root", "recycle"), ("alice", "purge")),
    ([("alice", "DELETE")], ("root", "recycle"), ("root", "recycle")),
]
KINDS = {"city": "cities", "project": "projects", "gateway": "gateways", "app": "apps"}


@dataclass
class World:
    """A project to make gateways in; of each person two connections."""

    lines: dict[str, tuple[Line, Line]]
    project: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    names: dict[str, str] = field(default_factory=dict)  # of each as it was made

    def make(self, kind: str) -> str:
        name, inside = f"Thing_{next(self.numbers)}", {}
        if kind == "gateway":
            inside = {"project": self.project}
        if kind == "app":
            inside = {"gateway": self.make("gateway")}
        made = self.lines["alice"][0].call("POST", f"/api/v1/{KINDS[kind]}", {"name": name, **inside})
        assert made.status == 201, made.body
        key = str(made.body["app_id" if kind == "project" else "id"])
        self.names[key] = name
        return key

    def move(self, side: int, kind: str, key: str, move: Move) -> int:
        who, what = move
        path = f"/api/v1/{KINDS[kind]}/{key}"
        method, step, data = {
            "rename": ("PATCH", "", {"name": f"New_{key[:16]}"}),
            "DELETE": ("DELETE", "", None),
            "disable": ("POST", "/disable", {"reason": who}),
            "purge": ("POST", "/purge", {"confirm": self.names[key]}),
        }.get(what, ("POST", f"/{what}", None))
        return self.lines[who][side].call(method, path + step, data).status

    def told(self, kind: str, key: str) -> tuple[Any, ...]:
        """What there is in the end, and how it came to be."""
        root = self.lines["root"][0]
        seen = root.call("GET", f"/api/v1/{KINDS[kind]}/{key}")
        events = root.call("GET", f"/api/v1/audit?thing={kind}/{key}&outcome=ok&ordering=at").body
        trail = [(each["verb"], each["actor"]) for each in events.get("results", ())]
        facts = [seen.body.get(name) for name in ("state", "reason", "disabled_by", "expires_at", "version")]
        return seen.status, *facts, str(seen.body.get("name")).startswith("New_"), trail


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with ExitStack() as stack:
        server = stack.enter_context(
            running(POLIS_CITIES_PER_USER="1000", POLIS_GATEWAYS_PER_PROJECT="1000", POLIS_RATE_LIMIT="0")
        )
        people = server.make_people(alice="developer", root="god")
        lines = {
            name: (stack.enter_context(server.line(person)), stack.enter_context(server.line(person)))
            for name, person in people.items()
        }
        company = lines["root"][0].call("GET", f"/api/v1/users/{people['alice'].id}").body["corp"]["id"]
        lifted = lines["root"][0].call("PATCH", f"/api/v1/organizations/{company}", {"project_limit": 1000})
        assert lifted.status == 200, lifted.body
        made = World(lines)
        made.project = made.make("project")
        yield made


def outcome(world: World, kind: str, case: tuple[list[Move], Move, Move], order: str) -> tuple[Any, ...]:
    """What either was answered, and what is told afterwards. `order`: "ab", "ba", or "" for at once."""
    before, *moves = case
    key = world.make(kind)
    for move in before:
        assert world.move(0, kind, key, move) < 300
    start = Barrier(2)

    def act(side: int) -> int:
        start.wait(60)
        return world.move(side, kind, key, moves[side])

    if order:
        done = {side: world.move(side, kind, key, moves[side]) for side in ((0, 1) if order == "ab" else (1, 0))}
        answers = [done[0], done[1]]
    else:
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(act, (0, 1)))
    return *answers, *world.told(kind, key)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1][0]}-{case[1][1]}-{case[2][0]}-{case[2][1]}")
@pytest.mark.parametrize("kind", KINDS)
def test_two_at_once_are_two_in_turns(kind: str, case: tuple[list[Move], Move, Move], world: World) -> None:
    in_turns = [outcome(world, kind, case, order) for order in ("ab", "ba")]
    for _ in range(ROUNDS):
        assert outcome(world, kind, case, "") in in_turns
