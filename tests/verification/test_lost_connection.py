"""The database's server comes and goes: a connection that is gone costs no client its call."""

from collections.abc import Iterator

import pytest

from tests.server import Server, running
from tests.verification.calls import KINDS, by_nginx, send_once
from tests.verification.tenants import make_tenant

_END_ALL = """
import json
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    print(json.dumps(len(cursor.fetchall())))
"""


@pytest.fixture(scope="module")
def alone() -> Iterator[Server]:
    """A server whose connections are nobody else's."""
    with running() as server:
        yield server


@pytest.mark.postgres
def test_a_connection_that_is_gone_is_made_anew_and_asked_again(alone: Server) -> None:
    tenant = make_tenant(alone)
    ended = []
    for _ in range(3):
        for kind in KINDS.values():
            replies = [send_once((alone.host, alone.port), by_nginx(tenant, kind(tenant.app))) for _ in range(4)]
            assert [reply.status for reply in replies] == [200] * 4
        ended.append(alone.shell(_END_ALL))
    assert min(ended) > 0, "there was something to end"
