"""What each route of the native API costs in queries: `python -m tests.contract.routes.budgets` writes queries.json.

One good call each, in a process that has made it before, from the token on; the control of transactions is left out,
and so is what follows the commit. The two numbers are SQLite's and PostgreSQL's, where who has waited for a lock looks
again at their grant.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent.parent / "queries.json"
CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
COLUMNS = ("sqlite", "postgresql")


def recorded(column: str) -> dict[str, int]:
    """The numbers of one database."""
    rows: Mapping[str, list[int]] = json.loads(FILE.read_text())
    return {head: numbers[COLUMNS.index(column)] for head, numbers in rows.items()}


def measured(stage: Any) -> dict[str, int]:
    """The queries of each route, called by its owner, or by a god where no owner may."""
    from tests.contract.routes.apps import EVERY as TABLE

    callers = {"owner": stage.cast.alice, "god": stage.cast.root}
    who = {head: next((who for who in callers if row[who] < 400), "") for head, row in TABLE.items()}
    calls = {head: callers[name] for head, name in who.items() if name and " /api/v1/" in head}
    for head, caller in calls.items():
        _cost(head, caller, stage)  # what a process asks once in its life
    return {head: _cost(head, caller, stage) for head, caller in calls.items()}


def _cost(head: str, caller: Any, stage: Any) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.contract.routes.calls import prepare
    from tests.contract.routes.who import undone

    with undone():
        call, _ = prepare(head, stage, caller)
        with CaptureQueriesContext(connection) as captured:
            answer = call.send(caller)
    assert answer.status < 400, head
    return sum(not query["sql"].startswith(CONTROL) for query in captured.captured_queries)


def _measure() -> None:
    """Print the numbers of this process's database, in a test database that is removed again."""
    from tests import environment  # noqa: F401 - before Django is configured

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests.contract.routes.who import make_stage, undone

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    with undone():
        print(json.dumps(measured(make_stage())))
    teardown_databases(databases, verbosity=0)


def main() -> None:
    from tests import postgres

    columns = []
    with postgres.server() as url:
        for database in ("", url):
            environment = {**os.environ, "POLIS_TEST_DATABASE_URL": database}
            command = [sys.executable, "-m", "tests.contract.routes.budgets", "measure"]
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
            columns.append(json.loads(done.stdout.splitlines()[-1]))
    rows = [f"  {json.dumps(head)}: {json.dumps([column[head] for column in columns])}" for head in columns[0]]
    FILE.write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    _measure() if sys.argv[1:] == ["measure"] else main()
