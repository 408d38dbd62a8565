"""A walk through very many: nothing that stood throughout is missed or shown twice, and each page costs a page."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from cities.api import pages
from cities.models import City
from config.dialects.native.query import Query
from config.kernel.roles import Role, Share
from tests.cast import Caller
from tests.cities.test_concurrency import at_once
from tests.factories import actor, make_city, make_token, make_user, share
from tests.million import HOLDERS, fetched
from tests.server import Line, Server

# ── nothing is missed and nothing comes twice ────────────────────────────────────────────────────────────────────────

MANY = 100_000
VICTIMS = 40  # spread among them: binned, restored, purged meanwhile
_FILL = """
import json
from django.db import connection
from django.utils import timezone
from accounts.models import User
from accounts.models.grant import FOREVER, permission_of
from cities.models import City
owner, own = User.objects.get(key=%r).pk, permission_of("cities", "own_city").pk
now, ends_at = map(connection.ops.adapt_datetimefield_value, (timezone.now(), FOREVER))
with connection.cursor() as cursor:
    cursor.execute('''
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %d)
        INSERT INTO cities_city (key, offline, disabled_by, disabled_side, reason, deleted_by, state, version,
            created_at, updated_at, name, name_key, avatar, brief, type, code, igrp, secret_digest, creator_id)
        SELECT CAST(10000000 + n AS varchar(8)), false, '', '', '', '', 0, 1,
            %%s, %%s, 'Many_' || n, 'many_' || n, '', '', '', '', '', '', %%s FROM numbers ORDER BY n
    ''', [now, now, owner])
    cursor.execute('''
        INSERT INTO cities_citygrant (key, version, created_at, invited, ends_at, live, permission_id, user_id,
            content_object_id)
        SELECT key, 1, %%s, '', %%s, true, %%s, creator_id, id FROM cities_city WHERE creator_id = %%s ORDER BY id
    ''', [now, ends_at, own, owner])
print(json.dumps(list(City.objects.filter(creator=owner).order_by("pk").values_list("key", flat=True))))
"""


def test_a_walk_through_a_hundred_thousand_misses_and_repeats_nothing(server: Server) -> None:
    """While it goes on, its owner inserts and bins, and a god restores and purges, as fast as they can."""
    people = server.make_people(owner="zoon", root="god")
    keys = server.shell(_FILL % (people["owner"].id, MANY))
    victims = keys[:: MANY // VICTIMS]
    seen: list[str] = []
    done, changes = Event(), list[int]()

    def walk(stack: ExitStack, server: Server, start: Barrier) -> None:
        line = stack.enter_context(server.line(people["owner"]))
        try:
            page = line.call("GET", "/api/v1/cities?limit=200&fields=id")
            seen.extend(city["id"] for city in page.body["results"])
            start.wait()
            while url := page.body["next"]:
                page = line.call("GET", url)
                assert page.status == 200, page.body
                seen.extend(city["id"] for city in page.body["results"])
        finally:
            done.set()

    def disturb(stack: ExitStack, server: Server, start: Barrier) -> None:
        owner, root = (stack.enter_context(server.line(people[name])) for name in ("owner", "root"))
        start.wait()
        for number, key in enumerate(victims):
            if done.is_set():
                return
            changes.extend(one_round(owner, root, key, number))

    at_once(server, [walk, disturb])
    assert len(changes) >= 5 * 10, "enough went on meanwhile"
    assert set(changes) == {200, 201, 204}
    standing = set(keys) - set(victims)
    assert [key for key in seen if key in standing] == [key for key in reversed(keys) if key in standing]
    assert len(seen) == len(set(seen))
    assert set(seen) <= set(keys), "what is newer than the first page lies before it"


def one_round(owner: Line, root: Line, key: str, number: int) -> list[int]:
    """One is binned, and restored or purged; one is made, binned and restored."""
    name = root.call("GET", f"/api/v1/cities/{key}").body["name"]
    binned = owner.call("DELETE", f"/api/v1/cities/{key}")
    fate: tuple[str, Any] = ("purge", {"confirm": name}) if number % 2 else ("recycle", None)
    ended = root.call("POST", f"/api/v1/cities/{key}/{fate[0]}", fate[1])
    made = owner.call("POST", "/api/v1/cities", {"name": f"Late_{key}"})
    new = f"/api/v1/cities/{made.body['id']}"
    later = [owner.call("DELETE", new), root.call("POST", f"{new}/recycle")]
    return [each.status for each in (binned, ended, made, *later)]


# ── page 4,000 costs what page 1 costs ───────────────────────────────────────────────────────────────────────────────

LIMIT = 25
PAGES = 4_000
FACTOR = 2
# A row's own index entry, its place in the table, and as much for creator and updater; and a little for the token.
MOST_BUFFERS = 500
WALKS = [("walked", "-created_at"), *(("root", ordering) for ordering in pages.ORDERINGS)]


@pytest.mark.scale
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("who", "ordering"), WALKS)
def test_page_4000_costs_what_page_1_costs(who: str, ordering: str, holders: dict[str, User]) -> None:
    user = holders["walked"] if who == "walked" else make_user("root", Role.GOD)
    by, is_descending = actor(user), ordering.startswith("-")
    scope = {"scope": "all"} if who == "root" else {}
    walk, _ = pages.cities_of(Query(LIMIT, "", ordering, (), False, scope), by=by)
    column = {"created_at": "pk", "updated_at": "updated_at", "name": "name_key"}[ordering.lstrip("-")]
    sign = "-" if is_descending else ""
    rows = City.objects.filter(creator=user) if who == "walked" else City.objects.all()
    in_order = rows.order_by(f"{sign}{column}", f"{sign}pk")
    before, expected = in_order[LIMIT * (PAGES - 1) - 1], in_order[LIMIT * (PAGES - 1) : LIMIT * PAGES]
    at = walk.position(before)
    walk.fetch(at, True, 1)  # what a connection reads once is read
    costs = {
        "1": cost(lambda: walk.fetch(None, False, LIMIT + 1)),
        "4000": cost(lambda: walk.fetch(at, False, LIMIT + 1)),
        "back from 4000": cost(lambda: walk.fetch(at, True, LIMIT + 1)),
    }
    print(f"\n  {who:<10}{ordering:<14}{costs}")
    assert [city.pk for city in walk.fetch(at, False, LIMIT)] == [city.pk for city in expected]
    assert max(costs.values()) <= MOST_BUFFERS
    assert max(costs.values()) <= FACTOR * min(costs.values())


@pytest.mark.scale
@pytest.mark.usefixtures("db")
def test_a_list_costs_a_newcomer_what_it_costs_who_holds_ten_thousand(holders: dict[str, User]) -> None:
    row, page = costs_of("limit=1", holders), costs_of("limit=25", holders)
    assert max(row.values()) <= FACTOR * min(row.values())
    assert max(page.values()) <= MOST_BUFFERS


@pytest.mark.scale
@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    "query", ["ordering=name", "ordering=updated_at", "ordering=created_at", "state=enabled", "search=ci"]
)
def test_a_list_in_another_order_costs_no_more_than_what_one_holds(query: str, holders: dict[str, User]) -> None:
    costs = costs_of(query, holders)
    assert max(costs[name] for name in ("newcomer", "few")) <= MOST_BUFFERS
    assert max(costs.values()) <= MOST_BUFFERS + 3 * HOLDERS["owned"]  # of each its grant, its place, its row


def costs_of(query: str, holders: dict[str, User]) -> dict[str, int]:
    """The buffers of GET /cities for who has one city and for who has ten thousand."""
    newcomer, giver = make_user(), make_user()
    share(make_city(giver, f"City_of_{giver.key}"), newcomer, Share.VIEWER, by=actor(giver))
    costs = {}
    for name in ("newcomer", "few", "spread", "oldest", "owned"):
        caller = Caller(make_token(holders.get(name, newcomer)))
        ask = partial(caller.api, "GET", f"cities?{query}")
        assert ask().body["results"]  # and what a connection reads once is read
        costs[name] = cost(ask)
    print(f"\n  {query:<24}{costs}")
    return costs


def cost(act: Callable[[], Any]) -> int:
    """Buffers that it asks for, with no worker beside this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
    before = fetched()
    act()
    return fetched() - before
