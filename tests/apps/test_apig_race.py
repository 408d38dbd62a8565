"""Many at one moment, on a real server: limits hold, and one key is one app's."""

import secrets
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from threading import Barrier
from typing import Any

from tests.apps.real import Tenant, tenant
from tests.cities.test_concurrency import at_once
from tests.server import Person, Reply, Server

ROUNDS = 10


def all_at_once(server: Server, tenants: list[Tenant], calls: list[tuple[str, str, Any]]) -> list[Reply]:
    """Each call by its own connection, none before all are there; their answers in their order."""
    replies: dict[int, Reply] = {}

    def client(number: int) -> Callable[[ExitStack, Server, Barrier], None]:
        who, (method, path, body) = tenants[number % len(tenants)], calls[number]

        def call(stack: ExitStack, server: Server, start: Barrier) -> None:
            line = stack.enter_context(server.line(Person("", who.token)))
            start.wait()
            replies[number] = line.call(method, path, body, X_Auth_Token=who.token)

        return call

    at_once(server, [client(number) for number in range(len(calls))])
    return [replies[number] for number in range(len(calls))]


def said(replies: list[Reply]) -> Counter[tuple[int, str]]:
    return Counter((reply.status, (reply.body or {}).get("error_code", "")) for reply in replies)


def apps_at(who: Tenant, instance: str, version: str = "v2") -> str:
    return f"/{version}/{who.project}/apigw/instances/{instance}/apps"


def test_of_eight_for_the_last_two_of_fifty_two_get_one(server: Server) -> None:
    dora = tenant(server)
    path = apps_at(dora, dora.open)
    with server.line(Person("", dora.token)) as line:
        for number in range(48):
            made = line.call("POST", path, {"name": f"app_{number}"}, X_Auth_Token=dora.token)
            assert made.status == 201
        replies = all_at_once(server, [dora], [("POST", path, {"name": f"last_{n}"}) for n in range(8)])
        assert said(replies) == {(201, ""): 2, (403, "APIG.3103"): 6}
        assert line.call("GET", path, X_Auth_Token=dora.token).body["total"] == 50


def test_one_app_key_on_two_gateways_at_the_same_moment_is_one_apps(server: Server) -> None:
    one, two = tenant(server), tenant(server)
    for turn in range(ROUNDS):
        key = f"key_{secrets.token_hex(8)}"
        calls = [("POST", apps_at(each, each.open), {"name": f"app_{turn}", "app_key": key}) for each in (one, two)]
        assert said(all_at_once(server, [one, two], calls)) == {(201, ""): 1, (400, "APIG.3310"): 1}


def test_two_who_change_to_one_app_key_at_the_same_moment(server: Server) -> None:
    one, two = tenant(server), tenant(server)
    made = all_at_once(
        server, [one, two], [("POST", apps_at(each, each.open), {"name": "app_1"}) for each in (one, two)]
    )
    for _ in range(ROUNDS):
        key = f"key_{secrets.token_hex(8)}"
        body = {"name": "app_1", "app_key": key}
        paths = [f"{apps_at(each, each.open)}/{reply.body['id']}" for each, reply in zip((one, two), made, strict=True)]
        replies = all_at_once(server, [one, two], [("PUT", path, body) for path in paths])
        assert said(replies) == {(200, ""): 1, (400, "APIG.3310"): 1}


def test_one_name_at_the_same_moment_is_one_apps(server: Server) -> None:
    dora = tenant(server)
    path = apps_at(dora, dora.shut, "v1")
    for turn in range(ROUNDS):
        replies = all_at_once(server, [dora], [("POST", path, {"name": f"same_{turn}"})] * 4)
        assert said(replies) == {(201, ""): 1, (400, "APIG.3203"): 3}


def test_resets_at_the_same_moment_leave_one_secret(server: Server) -> None:
    dora = tenant(server)
    with server.line(Person("", dora.token)) as line:
        app = line.call("POST", apps_at(dora, dora.open), {"name": "app_1"}, X_Auth_Token=dora.token).body["id"]
    path = f"{apps_at(dora, dora.open)[:-5]}/apps/secret/{app}"
    replies = all_at_once(server, [dora], [("PUT", path, {})] * 8)
    assert said(replies) == {(200, ""): 8}
    code = "import json\nfrom apps.models import AppSecret\n"
    code += f"rows = AppSecret.objects.filter(holder__key={app!r}, ended_at=None)\n"
    live = server.shell(f"{code}print(json.dumps([row.reveal() for row in rows]))")
    assert len(live) == 1
    assert live[0] in {reply.body["app_secret"] for reply in replies}
