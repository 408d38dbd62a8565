"""Invariant 5 on PostgreSQL: who has waited for a lock is judged by what stands then, not by what they saw before."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from config.kernel.states import Verb
from tests.server import Person, Server

pytestmark = pytest.mark.postgres

_SHARE = """
import json
from accounts.access.actor import Actor
from accounts.models import User
from cities.models import City
from config.kernel.roles import Share
from tests.factories import share
share(City.objects.get(key=%r), User.objects.get(key=%r), Share.OPERATOR, by=Actor.system())
print(json.dumps("done"))
"""


def wait_for_a_waiter(connection: psycopg.Connection[Any]) -> None:
    """Until another session of this database waits for our lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(2000):
        connection.execute("SELECT pg_sleep(0.01)")
        if connection.execute(waiting).fetchone() != (0,):
            return
    raise AssertionError("nobody came to wait")


def fire(server: Server, person: Person, verb: Verb, key: str = "", **data: Any) -> tuple[int, Any]:
    with server.line(person) as line:
        return line.verb(verb, key, **data)


def meanwhile(server: Server, change: str, call: Any) -> tuple[int, Any]:
    """What the call is answered that began before `change` was committed and had to wait for it."""
    url = server.environment["DATABASE_URL"]
    with (
        psycopg.connect(url) as holder,
        psycopg.connect(url, autocommit=True) as watcher,
        ThreadPoolExecutor(1) as pool,
    ):
        holder.execute(change)
        answer: Future[tuple[int, Any]] = pool.submit(call)
        wait_for_a_waiter(watcher)
        holder.commit()
        return answer.result(30)


def test_a_grant_taken_away_meanwhile_serves_no_more(server: Server) -> None:
    people = server.make_people(owner="developer", operator="developer")
    _, made = fire(server, people["owner"], Verb.ADD, name=f"Race_{people['owner'].id}")
    key = made["result"]["id"]
    server.shell(_SHARE % (key, people["operator"].id))
    take_away = f"""
        SELECT 1 FROM cities_city WHERE key = '{key}' FOR UPDATE;
        DELETE FROM cities_citygrant g USING accounts_user u
        WHERE g.user_id = u.id AND u.key = '{people["operator"].id}'
    """
    status, body = meanwhile(server, take_away, lambda: fire(server, people["operator"], Verb.OFF, key))
    assert (status, body["reason"]) == (404, "CityNotFound")


def test_an_owner_closed_meanwhile_makes_no_city(server: Server) -> None:
    owner = server.make_people(owner="developer")["owner"]
    close = f"""
        UPDATE accounts_user SET state = 1, disabled_at = now(), disabled_side = 'admin' WHERE key = '{owner.id}'
    """
    status, body = meanwhile(server, close, lambda: fire(server, owner, Verb.ADD, name=f"Race_{owner.id}"))
    assert (status, body["reason"]) == (401, "UserDisabled")
