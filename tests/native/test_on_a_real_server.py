"""Many at once, and what both processes of a server must know at the same moment: over real sockets."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

from tests.cities.test_concurrency import at_once
from tests.server import Line, Person, Reply, Server, running

CALLERS = 50
PATCHES = 20
LIMIT = 100
SECONDS = (5, 20, 60)  # more where a machine is too slow to ask in time
_COUNT = """
import json
from accounts.access.actor import Actor
from accounts.models import AuditEvent
from cities.models import City
print(json.dumps([City.objects.filter(name=%r).count(), AuditEvent.objects.filter(verb="ADD", thing_name=%r).count()]))
"""


def worker_of(line: Line) -> int:
    """The process that holds the server's end of a connection."""
    port = line.connection.sock.getsockname()[1]
    remote = f":{port:04X}"
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {f"socket:[{row[9]}]" for row in rows if row[2].endswith(remote)}
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(descriptor.readlink()) in inodes:
                return int(descriptor.parts[2])
        except OSError:  # it was closed meanwhile
            continue
    raise AssertionError("nobody holds it")


@contextmanager
def lines_of_both_workers(server: Server, person: Person, path: str) -> Iterator[list[Line]]:
    """Open connections of which each process serves two at least; each has been used once, for `path`."""
    with ExitStack() as stack:
        lines: list[Line] = []
        served: Counter[int] = Counter()
        while len(served) < 2 or min(served.values()) < 2:
            lines.append(stack.enter_context(server.line(person)))
            assert lines[-1].call("GET", path).status == 200
            served[worker_of(lines[-1])] += 1
            assert len(lines) < 100, f"one process takes all: {served}"
        yield lines


def statuses(lines: list[Line], path: str) -> set[int]:
    return {line.call("GET", path).status for line in lines}


def test_of_fifty_equal_creates_with_one_key_one_makes_a_city(server: Server) -> None:
    person = server.make_people(maker="developer")["maker"]
    name, key = f"Once_{person.id}", f"key {person.id}"
    replies: list[Reply] = []

    def create(stack: ExitStack, server: Server, start: Barrier) -> None:
        line = stack.enter_context(server.line(person))
        start.wait()
        replies.append(line.call("POST", "/api/v1/cities", {"name": name}, Idempotency_Key=key))

    at_once(server, [create] * CALLERS)
    assert len(replies) == CALLERS
    made = [reply for reply in replies if reply.status == 201]
    waiting = [reply for reply in replies if reply.status == 409]
    assert len(made) + len(waiting) == CALLERS, [reply.body for reply in replies]
    assert len({reply.body["id"] for reply in made}) == 1
    assert [reply.headers["Idempotent-Replayed"] for reply in made].count(None) == 1
    assert {reply.headers["Idempotent-Replayed"] for reply in made} <= {None, "true"}
    assert {(reply.body["code"], reply.headers["Retry-After"]) for reply in waiting} <= {("idempotency_in_flight", "1")}
    assert server.shell(_COUNT % (name, name)) == [1, 1]
    with server.line(person) as line:
        repeat = line.call("POST", "/api/v1/cities", {"name": name}, Idempotency_Key=key)
        assert (repeat.status, repeat.body) == (201, made[0].body)
        other = line.call("POST", "/api/v1/cities", {"name": f"Not_{person.id}"}, Idempotency_Key=key)
        assert (other.status, other.body["code"]) == (422, "idempotency_mismatch")


def test_of_two_who_change_what_both_have_read_one_is_told_that_it_is_stale(server: Server) -> None:
    person = server.make_people(editor="developer")["editor"]
    with server.line(person) as line:
        path = "/api/v1/cities/" + line.call("POST", "/api/v1/cities", {"name": f"Edit_{person.id}"}).body["id"]
        for turn in range(PATCHES):
            read = line.call("GET", path)
            replies: list[Reply] = []

            def patch(
                number: int, tag: str, replies: list[Reply], turn: int
            ) -> Callable[[ExitStack, Server, Barrier], None]:
                def change(stack: ExitStack, server: Server, start: Barrier) -> None:
                    own = stack.enter_context(server.line(person))
                    start.wait()
                    replies.append(own.call("PATCH", path, {"brief": f"{turn} by {number}"}, If_Match=tag))

                return change

            at_once(server, [patch(number, read.headers["ETag"], replies, turn) for number in range(2)])
            assert sorted(reply.status for reply in replies) == [200, 412]
            won = next(reply for reply in replies if reply.status == 200)
            now = line.call("GET", path)
            assert (now.body["brief"], now.body["version"]) == (won.body["brief"], turn + 2)
            assert now.headers["ETag"] == won.headers["ETag"] == f'"{turn + 2}.0.0"'


def test_a_grant_ends_at_its_moment_on_every_connection(server: Server) -> None:
    people = server.make_people(owner="developer", guest="developer")
    with server.line(people["owner"]) as owner:
        id = owner.call("POST", "/api/v1/cities", {"name": f"Guest_{people['owner'].id}"}).body["id"]
        terms = {"thing": f"city/{id}", "user": people["guest"].id, "role": "viewer"}
        grant = owner.call("POST", "/api/v1/grants", terms).body["id"]
        with lines_of_both_workers(server, people["guest"], f"/api/v1/cities/{id}") as lines:
            for seconds in SECONDS:
                ends_at = datetime.now(UTC) + timedelta(seconds=seconds)
                shortened = owner.call("PATCH", f"/api/v1/grants/{grant}", {"expires_at": ends_at.isoformat()})
                assert shortened.status == 200
                before = statuses(lines, f"/api/v1/cities/{id}")
                if datetime.now(UTC) < ends_at:
                    break
                grant = owner.call("POST", "/api/v1/grants", terms).body["id"]
            assert before == {200}
            # It is the moment itself that is waited for: nothing happens then that could be awaited.
            while (left := (ends_at - datetime.now(UTC)).total_seconds()) > 0:
                time.sleep(left)
            assert statuses(lines, f"/api/v1/cities/{id}") == {404}
            assert {len(line.call("GET", "/api/v1/cities").body["results"]) for line in lines} == {0}
        assert owner.call("GET", f"/api/v1/cities/{id}").status == 200


def test_a_revoked_token_is_refused_at_once_by_every_connection(server: Server) -> None:
    person = server.make_people(owner="developer")["owner"]
    with server.line(person) as owner:
        made = owner.call("POST", "/api/v1/tokens", {"name": "ci"}).body
        with lines_of_both_workers(server, Person(person.id, made["token"]), "/api/v1/me") as lines:
            assert owner.call("DELETE", f"/api/v1/tokens/{made['id']}").status == 204
            assert statuses(lines, "/api/v1/me") == {401}
        assert owner.call("GET", "/api/v1/me").status == 200


def test_both_processes_count_the_calls_of_a_user_together() -> None:
    with running(POLIS_RATE_LIMIT=str(LIMIT)) as server:
        people = server.make_people(keen="developer", calm="developer")
        with lines_of_both_workers(server, people["keen"], "/api/v1/me") as lines:
            began = time.monotonic()
            left = [told(lines[number % len(lines)].call("GET", "/api/v1/me")) for number in range(LIMIT - len(lines))]
            assert [remaining for _, remaining, _ in left] == list(reversed(range(LIMIT - len(lines))))
            over = [line.call("GET", "/api/v1/me") for line in lines]
            assert time.monotonic() - began < 60, "all within one minute"
            assert {(each.status, each.body["code"]) for each in over} == {(429, "too_many_requests")}
            for each in over:
                limit, remaining, reset = told(each)
                assert (limit, remaining) == (LIMIT, 0)
                assert 0 < reset <= 60
                assert each.headers["Retry-After"] == str(reset)
                assert each.headers["Content-Type"] == "application/problem+json"
        with server.line(people["calm"]) as line:
            assert told(line.call("GET", "/api/v1/me"))[1] == LIMIT - 1


def told(reply: Reply) -> tuple[int, ...]:
    return tuple(int(reply.headers[f"RateLimit-{name}"]) for name in ("Limit", "Remaining", "Reset"))


def test_the_calls_at_once_of_one_user_are_all_counted(server: Server) -> None:
    person = server.make_people(keen="developer")["keen"]
    left: list[Any] = []

    def ask(stack: ExitStack, server: Server, start: Barrier) -> None:
        line = stack.enter_context(server.line(person))
        start.wait()
        left.append(told(line.call("GET", "/api/v1/me"))[1])

    at_once(server, [ask] * CALLERS)
    assert sorted(left, reverse=True) == list(range(1199, 1199 - CALLERS, -1))
