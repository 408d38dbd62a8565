"""How many statements a call costs, counted in this process; and whether it is answered as it should be."""

import itertools
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tests.bench import databases, rows, settings
from tests.bench.load import Call, Refused
from tests.bench.operations import Operation
from tests.bench.plan import VERIFY
from tests.bench.servers import ENTRANTS, POLIS
from tests.bench.verification import question
from tests.bench.world import World, chance

_CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


def count_all(world: World, operations: Sequence[Operation]) -> dict[tuple[str, str], int]:
    """By operation and entrant. Raises Refused, also where somebody does not do what they are measured for."""
    databases.use(world.database)
    if any(operation.name == VERIFY for operation in operations):
        _check_verification(world)
    return {
        (operation.name, entrant): _count(world, operation, entrant)
        for operation in operations
        for entrant in operation.entrants
    }


def _count(world: World, operation: Operation, entrant: str) -> int:
    """Of the second call, since a process asks some things once in its life; without the control of transactions."""
    calls = operation.calls(world, entrant, chance(operation.name), "counted")
    first, second = itertools.islice(calls, 2)
    _check(send(entrant, first))
    with CaptureQueriesContext(connection) as captured:
        _check(send(entrant, second))
    operation.undo(world)
    return sum(not query["sql"].startswith(_CONTROL) for query in captured.captured_queries)


def _check_verification(world: World) -> None:
    """Everybody knows whose a good credential is, and refuses a wrong one: else speed would mean nothing."""
    app = next(world.layout.kept_apps(chance("checked")))
    for entrant in ENTRANTS:
        good = send(entrant, question(entrant, app, {"X-Api-Key": f"{rows.app_key(app)}.{rows.app_secret(app)}"}))
        bad = send(entrant, question(entrant, app, {"X-Api-Key": f"{rows.app_key(app)}.{rows.app_secret(app + 1)}"}))
        if good.get("X-App-Id") != rows.app_id(app) or bad.status_code != 401:
            raise Refused(f"{entrant} does not verify: {good.status_code} for a good secret, {bad.status_code} else")


def send(entrant: str, call: Call) -> Any:
    """Its answer, from Django's test client under the settings of who is asked."""
    bare = {"MIDDLEWARE": settings.MIDDLEWARE, "ROOT_URLCONF": settings.ROOT_URLCONF}
    with nullcontext() if entrant == POLIS else override_settings(**bare):
        client = Client(headers={"host": "127.0.0.1"})
        return client.generic(call.method, call.path, call.body, "application/json", headers=dict(call.headers))


def _check(answer: Any) -> None:
    if not 200 <= answer.status_code < 300:
        raise Refused(f"{answer.request['PATH_INFO']}: {answer.status_code} {answer.text}")
