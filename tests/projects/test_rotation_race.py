"""Many who change one secret at the same moment: all succeed in turn, and the last one's secret is the good one."""

from collections.abc import Callable
from contextlib import ExitStack
from threading import Barrier
from typing import Any

from tests.cities.test_concurrency import at_once
from tests.projects.calling import NOBODY, Account, found, secrets_of
from tests.server import Server

CLIENTS = 16
ROTATIONS = 200
ROUNDS = 3


def test_of_200_rotations_by_16_clients_each_is_told_once_and_the_last_ones_secret_is_good(server: Server) -> None:
    account = found(server)
    told = rotate_at_once(server, account, ROTATIONS)
    assert [body["RspCode"] for body in told.values()] == ["0"] * ROTATIONS
    values = {request_id: body["Data"]["AppSecret"] for request_id, body in told.items()}
    assert len(set(values.values())) == ROTATIONS
    found_then = secrets_of(server, account.default_id)
    assert [number for number, _ in found_then["events"]] == list(range(2, ROTATIONS + 2))
    assert sorted(request_id for _, request_id in found_then["events"]) == sorted(values)
    last, request_id = found_then["events"][-1]
    assert found_then["live"] == [[last, values[request_id]]]
    assert found_then["kept"] == [last]
    assert found_then["numbers"] == list(range(1, ROTATIONS + 2))


def test_with_a_grace_time_two_are_good_and_they_are_the_last_two(server: Server) -> None:
    account = found(server, grace_seconds=3600)
    values = {name: body["Data"]["AppSecret"] for name, body in rotate_at_once(server, account, 48).items()}
    found_then = secrets_of(server, account.default_id)
    last_two = found_then["events"][-2:]
    assert found_then["live"] == [[number, values[request_id]] for number, request_id in last_two]
    assert found_then["kept"] == [number for number, _ in last_two] == [48, 49]


def rotate_at_once(server: Server, account: Account, times: int) -> dict[str, Any]:
    """The bodies of the answers, by RequestId."""
    told: dict[str, Any] = {}

    def client(number: int) -> Callable[[ExitStack, Server, Barrier], None]:
        def rotate(stack: ExitStack, server: Server, start: Barrier) -> None:
            line = stack.enter_context(server.line(NOBODY))
            start.wait()
            for turn in range(number, times, CLIENTS):
                reply = account.call(
                    line, "project/update/secret", OperateAppId=account.default_id, RequestId=f"t-{turn}"
                )
                assert reply.status == 200, reply.body
                told[f"t-{turn}"] = reply.body

        return rotate

    at_once(server, [client(number) for number in range(CLIENTS)])
    assert len(told) == times
    return told


def test_eight_who_want_the_last_place_do_not_pass_the_limit(server: Server) -> None:
    """One place is left, again and again, since a race is not lost every time."""
    account = found(server, project_limit=2)
    with server.line(NOBODY) as line:
        assert account.call(line, "project/add", ProjectName="Held").body["RspCode"] == "0"
        for turn in range(ROUNDS):
            bodies = add_at_once(server, account, f"Round {turn}")
            assert sorted(body["RspCode"] for body in bodies) == ["0"] + ["19"] * 7
            listed = account.call(line, "project/query/list").body["Data"]
            assert listed["ProjectCount"] == len(listed["ProjectList"]) == 3
            (made,) = (body["Data"]["AppId"] for body in bodies if body["RspCode"] == "0")
            assert account.call(line, "project/delete", OperateAppId=made).body["RspCode"] == "0"


def add_at_once(server: Server, account: Account, name: str) -> list[Any]:
    bodies: list[Any] = []

    def add(stack: ExitStack, server: Server, start: Barrier) -> None:
        line = stack.enter_context(server.line(NOBODY))
        start.wait()
        bodies.append(account.call(line, "project/add", ProjectName=name).body)

    at_once(server, [add] * 8)
    return bodies


def test_of_eight_who_delete_one_project_one_does(server: Server) -> None:
    account = found(server)
    with server.line(NOBODY) as line:
        key = account.call(line, "project/add", ProjectName="Chat Room").body["Data"]["AppId"]
    codes: list[str] = []

    def delete(stack: ExitStack, server: Server, start: Barrier) -> None:
        line = stack.enter_context(server.line(NOBODY))
        start.wait()
        codes.append(account.call(line, "project/delete", OperateAppId=key).body["RspCode"])

    at_once(server, [delete] * 8)
    assert sorted(codes) == ["0"] + ["21"] * 7
