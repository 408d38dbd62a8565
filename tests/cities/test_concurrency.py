"""Many at once on one city, one name and one limit: over real sockets, processes and connections.

No update is lost and no limit is passed: what the trail tells, event by event, is how the row came to be.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Barrier, Thread
from typing import Any

import pytest

from config.kernel.states import Verb
from tests.server import CITIES_PER_USER, Line, Person, Server

THREADS = 8
SECONDS = 10
ATTEMPTS = 5
# The verbs of the quarrel, and who gives them.
MOVES = [("alice", Verb.DIS), ("root", Verb.DIS), ("root", Verb.ENB), ("alice", Verb.DOL), ("root", Verb.RCC)]
# The facts of a city that nothing has happened to.
NEW = {
    "state": 0,
    "offline": False,
    "disabled_at": None,
    "disabled_by": "",
    "disabled_side": "",
    "reason": "",
    "expires_at": None,
    "deleted_at": None,
    "deleted_by": "",
}
_STORY = """
import json
from accounts.models import AuditEvent
from cities.models import City
names = %r
city = City.objects.values("version", *names).get(key=%r)
events = AuditEvent.objects.filter(thing=%r).order_by("id")
told = list(events.values("verb", "actor", "outcome", "before", "after"))
print(json.dumps({"city": city, "events": told}, default=lambda moment: moment.isoformat().replace("+00:00", "Z")))
"""
_COUNT_EVENTS = """
from accounts.models import AuditEvent
print(AuditEvent.objects.filter(thing_name=%r, kind="city", verb="ADD", outcome="ok").count())
"""


def test_no_update_is_lost_when_eight_fight_over_one_city(server: Server) -> None:
    """DIS, ENB, DOL and RCC by its owner and by a god, for ten seconds. Each event begins where the last one ended."""
    quarrel = Quarrel(server)
    assert {status for _, status in quarrel.answers} == {200, 409}
    assert {verb for verb, status in quarrel.answers if status == 200} == {verb for _, verb in MOVES}
    told = dict(NEW)
    for event in quarrel.events:
        assert event["before"] == {name: told[name] for name in event["before"]}
        assert event["before"] != event["after"]
        told |= event["after"]
    assert told == {name: quarrel.city[name] for name in NEW}
    assert quarrel.city["version"] == 1 + len(quarrel.events)
    assert len(quarrel.events) > THREADS
    # Each of the god's bans has a reason of its own, so none is a repeat: what was answered with yes was done, once.
    reasons = [event["after"].get("reason") for event in quarrel.events if event["actor"] == quarrel.root.id]
    assert sorted(filter(None, reasons)) == sorted(quarrel.banned)


class Quarrel:
    """What was answered, and what the database tells afterwards."""

    def __init__(self, server: Server) -> None:
        people = server.make_people(alice="developer", root="god")
        self.people, self.root = people, people["root"]
        self.answers: list[tuple[Verb, int]] = []
        self.banned: list[str] = []
        with server.line(people["alice"]) as line:
            _, body = line.verb(Verb.ADD, name=f"Quarrel_{people['alice'].id}")
        self.key = body["result"]["id"]
        at_once(server, [self._take_part(number) for number in range(THREADS)])
        story = server.shell(_STORY % (tuple(NEW), self.key, self.key))
        self.city = story["city"]
        added, *self.events = [event for event in story["events"] if event["outcome"] == "ok"]
        assert added["verb"] == Verb.ADD

    def _take_part(self, number: int) -> Callable[[ExitStack, Server, Barrier], None]:
        def take_part(stack: ExitStack, server: Server, start: Barrier) -> None:
            chance = random.Random(number)
            lines = {name: stack.enter_context(server.line(person)) for name, person in self.people.items()}
            start.wait()
            ends_at = time.monotonic() + SECONDS
            while time.monotonic() < ends_at:
                name, verb = chance.choice(MOVES)
                self._move(lines[name], name, verb, chance)

        return take_part

    def _move(self, line: Line, name: str, verb: Verb, chance: random.Random) -> None:
        given: dict[str, Any] = {}
        if verb is Verb.DIS:
            given = {"stato": f"{name}_{chance.getrandbits(64):x}", "expire": chance.choice([0, 4_000_000_000])}
        status, _ = line.verb(verb, self.key, **given)
        self.answers.append((verb, status))
        if status == 200 and name == "root" and given:
            self.banned.append(given["stato"])


@pytest.fixture(scope="module")
def developers(server: Server) -> Iterator[list[Person]]:
    return list(server.make_people(**{f"dev{number}": "developer" for number in range(THREADS)}).values())


def test_of_eight_who_create_one_name_one_gets_it(server: Server, developers: list[Person]) -> None:
    name = f"Wanted_{developers[0].id}"
    answers = create_at_once(server, [(person, name) for person in developers])
    assert sorted(status for status, _ in answers) == [200] + [409] * (THREADS - 1)
    assert {body["reason"] for status, body in answers if status == 409} == {"CityNameTaken"}
    assert server.shell(_COUNT_EVENTS % name) == 1


def test_eight_who_create_at_the_limit_do_not_pass_it(server: Server) -> None:
    """One place is left, and eight want it; again and again, since a race is not lost every time."""
    keen = server.make_people(keen="developer")["keen"]
    with server.line(keen) as line:
        for number in range(CITIES_PER_USER - 1):
            assert line.verb(Verb.ADD, name=f"Held{number}_{keen.id}")[0] == 200
        for attempt in range(ATTEMPTS):
            answers = create_at_once(server, [(keen, f"More{attempt}{each}_{keen.id}") for each in range(THREADS)])
            assert sorted(status for status, _ in answers) == [200] + [409] * (THREADS - 1)
            assert {body["reason"] for status, body in answers if status == 409} == {"CityLimitReached"}
            assert line.verb(Verb.QRI)[1]["result"]["total"] == CITIES_PER_USER
            made = [body["result"]["id"] for status, body in answers if status == 200]
            assert line.verb(Verb.DEL, made[0])[0] == 200


def create_at_once(server: Server, wanted: list[tuple[Person, str]]) -> list[tuple[int, Any]]:
    """Each creates a city by that name at the same moment; the answers."""
    answers: list[tuple[int, Any]] = []

    def one(person: Person, name: str) -> Callable[[ExitStack, Server, Barrier], None]:
        def create(stack: ExitStack, server: Server, start: Barrier) -> None:
            line = stack.enter_context(server.line(person))
            start.wait()
            answers.append(line.verb(Verb.ADD, name=name))

        return create

    at_once(server, [one(person, name) for person, name in wanted])
    return answers


def at_once(server: Server, tasks: list[Callable[[ExitStack, Server, Barrier], None]]) -> None:
    """Run each task in a thread, all from one start on; a task's failure is the test's."""
    start, failures = Barrier(len(tasks)), list[BaseException]()

    def run(task: Callable[[ExitStack, Server, Barrier], None]) -> None:
        try:
            with ExitStack() as stack:
                task(stack, server, start)
        except BaseException as error:
            start.abort()
            failures.append(error)

    threads = [Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
