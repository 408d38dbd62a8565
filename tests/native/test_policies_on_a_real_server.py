"""Overriding rows on a real server: every process obeys at once, and of two gods at one moment one is stale."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.server import Line, Reply, Server

# More than the server's two processes have threads, so that both of them answer.
LINES = 12
RESET = """
from accounts.access.actor import Actor
from accounts.machine import overrides
print(len(overrides.reset(by=Actor.system())))
"""


@pytest.fixture
def lines(server: Server) -> Iterator[list[Line]]:
    """A god's connections, each of which has been answered."""
    god = server.make_people(gus="god")["gus"]
    with ExitStack() as stack:
        made = [stack.enter_context(server.line(god)) for _ in range(LINES)]
        assert {line.call("GET", "/api/v1/bin").status for line in made} == {200}
        yield made
    server.shell(RESET)


def bins(lines: list[Line]) -> set[int]:
    return {line.call("GET", "/api/v1/bin").status for line in lines}


def test_every_process_obeys_at_once(server: Server, lines: list[Line]) -> None:
    first, *others = lines
    for said, status in (("Api Not Supported", 403), (None, 200), ("Api Not Implemented", 403)):
        answer = first.call("PATCH", "/api/v1/policies/QriBin", {"enable": said}, If_Match="*")
        assert answer.status == 200
        assert bins(others) == {status}
    assert server.shell(RESET) == 1
    assert bins(lines) == {200}, "another process than the server's own has done it"


def test_of_two_with_the_same_version_one_is_stale(lines: list[Line]) -> None:
    version = lines[0].call("GET", "/api/v1/policies/QriAudit").headers["ETag"]
    start, replies = threading.Barrier(LINES), list[Reply]()

    def change(line: Line, acitys: str) -> None:
        start.wait()
        replies.append(line.call("PATCH", "/api/v1/policies/QriAudit", {"acitys": acitys}, If_Match=version))

    texts = ["03", "01", "05", "013", "015", "035", "0135", "0,03", "0,01", "0,05", "0,013", "0,015"]
    threads = [threading.Thread(target=change, args=each) for each in zip(lines, texts, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.status for reply in replies) == [200, *[412] * (LINES - 1)]
    won = next(reply for reply in replies if reply.status == 200)
    assert lines[0].call("GET", "/api/v1/policies/QriAudit").body == won.body


def test_changes_of_different_rows_are_none_lost(lines: list[Line]) -> None:
    names = [f"{verb}Gateway" for verb in ("Add", "Set", "Off", "Pub", "Dis", "Enb", "Dol", "Rcc", "Del", "Get", "Qri")]
    replies = list[Reply]()

    def change(line: Line, name: str) -> None:
        replies.append(line.call("PATCH", f"/api/v1/policies/{name}", {"acitys": "03"}, If_Match="*"))

    threads = [threading.Thread(target=change, args=each) for each in zip(lines, names, strict=False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {reply.status for reply in replies} == {200}
    rows = lines[0].call("GET", "/api/v1/policies").body["results"]
    assert {row["name"] for row in rows if row["overridden"] == {"acitys": "03"}} == set(names)
