"""What every test may ask for. The cast: alice owns, oscar operates, vera views, charlie is a stranger; zoe, root."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import TransactionTestCase

from accounts.audit import triggers
from accounts.audit.journal import origins
from tests.cast import Cast, make_cast

_flush = TransactionTestCase._fixture_teardown


def _flush_with_the_gate_open(self: Any) -> None:
    with triggers.open_gate():
        _flush(self)


TransactionTestCase._fixture_teardown = _flush_with_the_gate_open  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _forget_between_tests() -> Iterator[None]:
    """What a process remembers of rows that the test's rollback takes away."""
    origins.clear()
    yield
    origins.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """The people, a token each, and alice's city with its grants."""
    return make_cast()


@pytest.fixture
def is_postgres() -> bool:
    return connections["default"].vendor == "postgresql"
