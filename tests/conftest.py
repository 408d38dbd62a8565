"""What every test may ask for. The cast: alice owns, oscar operates, vera views, charlie is a stranger; zoe, root."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from django.utils import timezone

from accounts.access.visibility import governed_kinds
from accounts.audit import counting, triggers
from accounts.audit.journal import origins
from accounts.machine import usage
from accounts.people.hashers import Md5Argon2Hasher
from apps.verification import failures, traffic
from tests import leaks
from tests.cast import Cast, make_cast
from tests.million import holders
from tests.server import Server, running

__all__ = ["holders"]  # a fixture with a room of its own

# The least that Argon2 does: what is tested is who gets in, not how long a guess takes. The real server keeps its own.
Md5Argon2Hasher.time_cost, Md5Argon2Hasher.memory_cost, Md5Argon2Hasher.parallelism = 1, 8, 1

_flush = TransactionTestCase._fixture_teardown


def _flush_with_the_gate_open(self: Any) -> None:
    with triggers.open_gate():
        _flush(self)
        for kind in governed_kinds():  # SQLite deletes rows where PostgreSQL truncates
            counting.count_anew(kind)


TransactionTestCase._fixture_teardown = _flush_with_the_gate_open  # type: ignore[method-assign]


def _forget() -> None:
    origins.clear()
    usage.forget()
    failures.clear()
    traffic.clear()


@pytest.fixture(autouse=True)
def _forget_between_tests() -> Iterator[None]:
    """What a process remembers of rows that the test's rollback takes away."""
    _forget()
    yield
    _forget()


leaks.watch()


@pytest.fixture(autouse=True)
def _no_secret_is_told() -> Iterator[None]:
    """S15, of every test: what it has made is nowhere but in the answer that made it."""
    leaks.found.clear()
    leaks.passwords.clear()  # one may be another test's e-mail address
    yield
    assert leaks.found == []


@pytest.fixture
def cast(db: None) -> Cast:
    """The people, a token each, and alice's city with its grants."""
    return make_cast()


@pytest.fixture
def is_postgres() -> bool:
    return connections["default"].vendor == "postgresql"


@pytest.fixture
def standing_clock() -> Iterator[time_machine.Traveller]:
    """The wait after five failures is a second: on a busy machine that is over before the next call."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A real server, started once by each process of the run that asks for it."""
    with running() as server:
        yield server


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is about PostgreSQL alone is not there on SQLite: deselected, and so not skipped."""
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    others = [item for item in items if item.get_closest_marker("postgres")]
    items[:] = [item for item in items if item not in others]
    config.hook.pytest_deselected(items=others)
