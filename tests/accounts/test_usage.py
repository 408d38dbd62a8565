"""When a secret was last used: what is gathered, what is written, and what is kept when the database refuses."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from accounts.machine import usage
from accounts.models import AuditEvent
from apps.models import App, AppCode, AppSecret, GatewaySecret
from apps.services import codes
from projects.models import ProjectSecret
from tests.cast import Cast
from tests.factories import actor, make_app, make_gateway, make_project
from tests.server import Server

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=1)
HERE, THERE = "192.0.2.7", "2001:db8::7"


@pytest.fixture(autouse=True)
def _nothing_is_gathered() -> Iterator[None]:
    usage.forget()
    yield
    usage.forget()


@pytest.fixture
def app(cast: Cast) -> App:
    """With a secret, a code, a gateway's key and a project's secret around it."""
    assert cast.alice.user is not None
    project = make_project(cast.alice.user)
    made, _ = make_app(make_gateway(cast.alice.user, project), cast.alice.user)
    codes.create_code(made.key, App.objects.with_chain(), by=actor(cast.alice.user), read=dict)
    return made


def used(row: Any) -> tuple[datetime | None, str | None]:
    row.refresh_from_db()
    return row.last_used_at, row.last_used_ip


def test_each_table_is_told_when_and_from_where(app: App) -> None:
    rows = {
        "apps.AppSecret": AppSecret.objects.get(),
        "apps.GatewaySecret": GatewaySecret.objects.get(),
        "apps.AppCode": AppCode.objects.get(),
        "projects.ProjectSecret": ProjectSecret.objects.get(holder=app.gateway.project),
    }
    for table, row in rows.items():
        usage.note(table, row.pk, NOON, HERE)
    assert [used(row) for row in rows.values()] == [(None, None)] * 4, "nothing is written on the way"
    assert usage.flush() == 4
    assert [used(row) for row in rows.values()] == [(NOON, HERE)] * 4
    assert usage.flush() == 0


def test_the_latest_use_is_kept_whichever_comes_first(app: App) -> None:
    secret, code = AppSecret.objects.get(), AppCode.objects.get()
    usage.note("apps.AppSecret", secret.pk, LATER, THERE)
    usage.note("apps.AppSecret", secret.pk, NOON, HERE)
    usage.note("apps.AppCode", code.pk, NOON, HERE)
    usage.note("apps.AppCode", code.pk, LATER, THERE)
    assert usage.flush() == 2
    assert [used(secret), used(code)] == [(LATER, THERE)] * 2


def test_what_another_process_wrote_of_a_later_moment_stays(app: App) -> None:
    AppSecret.objects.update(last_used_at=LATER, last_used_ip=THERE)
    secret = AppSecret.objects.get()
    usage.note("apps.AppSecret", secret.pk, NOON, HERE)
    assert usage.flush() == 0
    assert used(secret) == (LATER, THERE)


@pytest.mark.parametrize("address", ["", "unknown", "192.0.2.7, 192.0.2.8"])
def test_what_is_no_address_is_kept_as_none(app: App, address: str) -> None:
    secret = AppSecret.objects.get()
    usage.note("apps.AppSecret", secret.pk, NOON, address)
    assert usage.flush() == 1
    assert used(secret) == (NOON, None)


def test_the_zone_of_an_address_is_left_out(app: App) -> None:
    secret = AppSecret.objects.get()
    usage.note("apps.AppSecret", secret.pk, NOON, "fe80::7%eth0")
    usage.flush()
    assert used(secret) == (NOON, "fe80::7")


def test_use_bumps_no_version_and_leaves_no_event(app: App) -> None:
    code, events = AppCode.objects.get(), AuditEvent.objects.count()
    usage.note("apps.AppCode", code.pk, NOON, HERE)
    usage.note("apps.AppSecret", AppSecret.objects.get().pk, NOON, HERE)
    usage.flush()
    before = (app.version, code.version, code.updated_at)
    app.refresh_from_db()
    code.refresh_from_db()
    assert (app.version, code.version, code.updated_at) == before
    assert AuditEvent.objects.count() == events


def test_one_that_is_gone_meanwhile_is_passed_by(app: App) -> None:
    secret = AppSecret.objects.get()
    usage.note("apps.AppSecret", secret.pk + 1000, NOON, HERE)
    usage.note("apps.AppSecret", secret.pk, NOON, HERE)
    assert usage.flush() == 1
    assert usage.flush() == 0


def refusing(statements: int, meanwhile: Callable[[], None] = lambda: None) -> Any:
    """A database that is away after so many updates."""
    seen = 0

    def execute(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        if sql.startswith("UPDATE"):
            seen += 1
            if seen > statements:
                meanwhile()
                raise OperationalError("away")
        return execute(sql, params, many, context)

    return connection.execute_wrapper(execute)


def test_what_the_database_refuses_is_written_the_next_time(app: App, caplog: pytest.LogCaptureFixture) -> None:
    secret, code, key = AppSecret.objects.get(), AppCode.objects.get(), GatewaySecret.objects.get()
    usage.note("apps.AppSecret", secret.pk, NOON, HERE)
    usage.note("apps.AppCode", code.pk, NOON, HERE)
    usage.note("apps.GatewaySecret", key.pk, LATER, HERE)

    def meanwhile() -> None:
        usage.note("apps.AppSecret", secret.pk, LATER, THERE)
        usage.note("apps.GatewaySecret", key.pk, NOON, THERE)

    with refusing(0, meanwhile):
        assert usage.flush() == 0
    assert [record.levelname for record in caplog.records if record.name == "polis.usage"] == ["WARNING"]
    assert used(code) == (None, None)
    assert usage.flush() == 3
    assert [used(secret), used(code), used(key)] == [(LATER, THERE), (NOON, HERE), (LATER, HERE)]


def test_what_was_written_before_a_refusal_is_written(app: App) -> None:
    """In small transactions: a table's two hundred at a time."""
    holder = app.gateway
    made = [GatewaySecret(holder=holder, number=number, created_at=NOON) for number in range(2, 252)]
    GatewaySecret.objects.bulk_create(made)
    rows = list(GatewaySecret.objects.order_by("-pk"))
    for row in rows:
        usage.note("apps.GatewaySecret", row.pk, NOON, HERE)
    with refusing(1):
        assert usage.flush() == 200
    kept = GatewaySecret.objects.filter(last_used_at=None).values_list("pk", flat=True)
    assert sorted(kept) == sorted(row.pk for row in rows[:51]), "the first by their inner ids went first"
    assert usage.flush() == 51


def test_nothing_noted_by_threads_at_once_is_lost(app: App) -> None:
    secret, start = AppSecret.objects.get(), threading.Barrier(8)

    def note(number: int) -> None:
        start.wait()
        for turn in range(500):
            usage.note("apps.AppSecret", secret.pk, NOON + timedelta(seconds=number * 500 + turn), HERE)

    threads = [threading.Thread(target=note, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert usage.flush() == 1
    assert used(secret) == (NOON + timedelta(seconds=3999), HERE)


# ── a process that serves ────────────────────────────────────────────────────────────────────────────────────────────

_MADE = """
import json, os, secrets, threading
from datetime import datetime
from django.db import connections
from projects.models import ProjectSecret
from tests.factories import make_project, make_user
pk = ProjectSecret.objects.get(holder=make_project(make_user(f"user_{secrets.token_hex(4)}"))).pk
import config.wsgi
from accounts.machine import usage
def note(second):
    usage.note("projects.ProjectSecret", pk, datetime.fromisoformat(f"2026-06-01T12:00:0{second}+00:00"), "192.0.2.7")
def written():
    pause = threading.Event()
    for _ in range(3000):
        at = ProjectSecret.objects.values_list("last_used_at", flat=True).get(pk=pk)
        if at is not None:
            return at.second
        pause.wait(0.01)
"""
_AT_ITS_END = """
note(3)
print(pk)
"""
_BY_ITSELF = """
note(4)
print(json.dumps(written()))
"""
# The fork is asked for while the writer, which has a connection, is in the midst of its work.
_FORKED = """
parent, busy, forking = os.getpid(), threading.Event(), threading.Event()
def work():
    ProjectSecret.objects.count()
    if os.getpid() == parent and not busy.is_set():
        busy.set()
        forking.wait(60)
        threading.Event().wait(0.3)
    return 0
usage.also(work)
note(0)
busy.wait(60)
ProjectSecret.objects.filter(pk=pk).update(last_used_at=None)
connections.close_all()
os.register_at_fork(before=forking.set)
child = os.fork()
if not child:
    note(5)
    os._exit(written())
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
_EARLY = """
usage.MOST = 3
note(6)
for other in (1, 2):
    usage.note("apps.AppSecret", -other, datetime.now().astimezone(), "")
print(json.dumps(written()))
"""
_READ = """
from projects.models import ProjectSecret
print(ProjectSecret.objects.get(pk=%d).last_used_at.second)
"""


def every(seconds: int, server: Server) -> Server:
    return replace(server, environment={**server.environment, "POLIS_USAGE_SECONDS": str(seconds)})


def test_what_is_left_is_written_at_its_end(server: Server) -> None:
    pk = every(60, server).shell(_MADE + _AT_ITS_END)
    assert server.shell(_READ % pk) == 3


def test_it_writes_by_itself(server: Server) -> None:
    assert every(1, server).shell(_MADE + _BY_ITSELF) == 4


def test_the_child_of_a_fork_writes_by_itself(server: Server) -> None:
    assert every(1, server).shell(_MADE + _FORKED) == 5


def test_with_too_much_gathered_it_writes_early(server: Server) -> None:
    assert every(60, server).shell(_MADE + _EARLY) == 6
