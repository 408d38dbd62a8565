"""Two at the same moment, on a real server: of two who ask, and of two who answer, one is too late."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from tests.server import Person, Server


def both(server: Server, calls: list[tuple[Person, str, str, Any]]) -> list[int]:
    """The statuses of calls that are sent at once, each on a connection of its own; sorted."""
    barrier = Barrier(len(calls))

    def send(call: tuple[Person, str, str, Any]) -> int:
        person, method, path, data = call
        with server.line(person) as line:
            line.call("GET", "/api/v1/me")
            barrier.wait()
            return line.call(method, f"/api/v1/{path}", data).status

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(send, calls))


def binned(server: Server, person: Person) -> dict[str, str]:
    """What is asked for a city that its owner has deleted."""
    with server.line(person) as line:
        city = line.call("POST", "/api/v1/cities", {"name": f"N_{person.id}"}).body["id"]
        line.call("DELETE", f"/api/v1/cities/{city}")
    return {"thing": f"city/{city}", "verb": "recycle"}


def test_of_two_who_ask_at_once_one_is_too_late(server: Server) -> None:
    ann = server.make_people(ann="developer")["ann"]
    wish = binned(server, ann)
    assert both(server, [(ann, "POST", "requests", wish)] * 2) == [201, 409]


def test_of_two_who_answer_at_once_one_is_too_late(server: Server) -> None:
    people = server.make_people(ann="developer", zoe="zoon", gus="god")
    wish = binned(server, people["ann"])
    with server.line(people["ann"]) as line:
        asked = line.call("POST", "/api/v1/requests", wish).body["id"]
        answers = [(people["zoe"], True), (people["gus"], False)]
        calls = [(person, "PATCH", f"requests/{asked}", {"grant": grant}) for person, grant in answers]
        assert both(server, calls) == [200, 409]
        state = line.call("GET", f"/api/v1/requests/{asked}").body["state"]
        city = line.call("GET", f"/api/v1/cities/{wish['thing'].partition('/')[2]}").body["state"]
        told = line.call("GET", "/api/v1/notices").body["results"]
    assert (state, city) in {("granted", "enabled"), ("refused", "deleted")}
    assert [notice["event"] for notice in told] == ["request_answered"]
