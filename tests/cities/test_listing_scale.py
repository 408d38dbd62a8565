"""A page of one's cities costs a page, whoever asks and however deep, among a million cities; and a request over
its limits is refused before a row is read.

Cost is counted in buffers, which do not depend on the machine. The rows lie in a copy of the test database.
"""

import json
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.models.grant import permission_of
from cities.models import City
from config.kernel.roles import Role
from tests.cast import Caller
from tests.factories import actor, make_token, make_user

pytestmark = pytest.mark.scale

CITIES = 1_000_000
OWNERS = 10_000
MANY = 10_000
SHARED = 399_995  # among the owners: with those of few, spread and oldest, 420,000 beside the owners' own
PAGE = 21  # a page of 20, and one more to know whether there is a next
MOST_BUFFERS = 200
# A page as it is shown names creators and updaters: two more rows for each of its own.
MOST_WITH_PEOPLE = MOST_BUFFERS + 2 * 3 * PAGE
MOST_BUFFERS_REFUSED = 100
HOLDERS = {"none": 0, "few": 5, "spread": MANY, "oldest": MANY, "owned": MANY}

_CITIES = f"""
INSERT INTO cities_city (key, offline, disabled_by, disabled_side, reason, deleted_by, state, version, created_at,
    updated_at, name, name_key, avatar, brief, type, code, igrp, secret_digest, creator_id, updater_id)
SELECT lpad((n::bigint * 48271 %% 100000000)::text, 8, '0'), false, '', '', '', '', 0, 1, now(), now(), 'City_' || n,
    'city_' || n, '', 'one of very many', '', '', '', '', owner, owner
FROM (SELECT n, CASE WHEN n %% 100 = 50 THEN %(owned)s ELSE (%(owners)s)[n %% {OWNERS} + 1] END AS owner
      FROM generate_series(1, {CITIES}) n ORDER BY n) city
"""
_OWN = """
INSERT INTO cities_citygrant (user_id, permission_id, ends_at, live, content_object_id)
SELECT creator_id, %s, '9999-12-31Z', true, id FROM cities_city WHERE creator_id IS NOT NULL ORDER BY id
"""
# To somebody, every so many-th city, so many of them, from the oldest on.
_SHARE = """
INSERT INTO cities_citygrant (user_id, permission_id, ends_at, live, content_object_id)
SELECT %s, %s, '9999-12-31Z', true, id
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM cities_city WHERE creator_id IS NOT NULL) city
WHERE n %% %s = 0 ORDER BY id LIMIT %s
"""
_SHARE_AMONG_OWNERS = f"""
INSERT INTO cities_citygrant (user_id, permission_id, ends_at, live, content_object_id)
SELECT (%s)[(n + 7) %% {OWNERS} + 1], %s, '9999-12-31Z', true, id
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM cities_city WHERE creator_id IS NOT NULL) city
WHERE n %% 2 = 1 ORDER BY (n * 48271) %% {CITIES} LIMIT %s
"""
_FETCHED = "SELECT sum(pg_stat_get_xact_blocks_fetched(oid)) FROM pg_class WHERE relkind IN ('r', 'i', 't')"


@pytest.fixture(scope="module")
def holders(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, User]]:
    """Who holds what, in a database of their own with a million cities, vacuumed."""
    with django_db_blocker.unblock():
        assert connection.vendor == "postgresql", "these tests measure PostgreSQL: make test-scale"
        original, copy = connection.settings_dict["NAME"], f"test_scale_{secrets.token_hex(8)}"
        move(original, f"CREATE DATABASE {copy} TEMPLATE {original}", copy)
        try:
            yield fill()
        finally:
            move(copy, f"DROP DATABASE {copy} WITH (FORCE)", original)


def move(source: str, statement: str, target: str) -> None:
    """Leave one database, run a statement beside it, and go on in another."""
    settings = connection.settings_dict
    for database, sql in (("postgres", statement), (target, "SELECT 1")):
        connection.close()
        settings["NAME"] = database
        with connection.cursor() as cursor:
            cursor.execute(sql)


def fill() -> dict[str, User]:
    now, corp = timezone.now(), make_user("someone").corp
    made = [User(name=f"o{n}", name_key=f"o{n}", role=Role.DEVELOPER, corp=corp) for n in range(OWNERS)]
    for user in made:
        user.created_at = user.updated_at = now
    owners = [user.pk for user in User.objects.bulk_create(made, batch_size=1000)]
    holders = {name: make_user(name) for name in HOLDERS}
    own, view = permission_of("cities", "own_city").pk, permission_of("cities", "view_city").pk
    with connection.cursor() as cursor:
        cursor.execute(_CITIES, {"owned": holders["owned"].pk, "owners": owners})
        cursor.execute(_OWN, [own])
        for name, step in (("few", 190_001), ("spread", CITIES // MANY), ("oldest", 1)):
            cursor.execute(_SHARE, [holders[name].pk, view, step, HOLDERS[name]])
        cursor.execute(_SHARE_AMONG_OWNERS, [owners, view, SHARED])
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM cities_citygrant")
        assert cursor.fetchone() == (CITIES + 5 + 2 * MANY + SHARED,)
    return holders


@pytest.mark.usefixtures("db")
def test_a_page_costs_a_page_for_everybody_at_any_depth(holders: dict[str, User]) -> None:
    costs = {}
    for name, user in holders.items():
        by = actor(user)
        held = list(City.objects.listed_for(by).values_list("pk", flat=True))
        assert len(held) == HOLDERS[name]
        start = max(0, len(held) - PAGE)
        last = City.objects.listed_for(by, page=slice(PAGE), before=held[start - 1] if start else None)
        pages = {
            "first": City.objects.listed_for(by, page=slice(PAGE)),
            "last by cursor": last,
            "last by offset": City.objects.listed_for(by, page=slice(start, start + PAGE)),
        }
        for page, cities in pages.items():
            expected = held[:PAGE] if page == "first" else held[start:]
            assert [city.pk for city in cities.all()] == expected
            costs[name, page] = (buffers(cities), buffers(cities.with_people()))
    show(costs)
    assert max(alone for alone, _ in costs.values()) <= MOST_BUFFERS
    assert max(with_people for _, with_people in costs.values()) <= MOST_WITH_PEOPLE


LONG = json.dumps({"name": "x" * 1024 * 1024})
OVER = {
    "limit=501": ("limit=501", 400, "LimitOutOfRange"),
    "201 values": (f"where={quote(json.dumps({'name': ['City_1'] * 201}))}", 400, "TooManyValues"),
    "offset=10001": ("offset=10001", 400, "ParameterOutOfRange"),
    "a match of 1": (f"where={quote(json.dumps({'name~': 'x'}))}", 400, "ParameterTooShort"),
    "1 MB of where": (f"where={quote(LONG)}", 413, "WhereTooLarge"),
}


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("case", OVER)
@pytest.mark.parametrize("role", [Role.DEVELOPER, Role.GOD])
def test_a_request_over_its_limits_is_refused_before_rows_are_read(
    case: str, role: Role, holders: dict[str, User]
) -> None:
    user = holders["owned"] if role is Role.DEVELOPER else make_user("root", Role.GOD)
    caller = Caller(make_token(user), user)
    assert caller.call("GET", "/city?limit=1&total=0").status == 200  # what a connection reads once is read
    query, status, reason = OVER[case]
    before = fetched()
    answer = caller.call("GET", f"/city?{query}")
    cost = fetched() - before
    assert (answer.status, answer.reason) == (status, reason)
    print(f"  {role:<10}{case:<16}{cost:>6} buffers")
    assert cost <= MOST_BUFFERS_REFUSED


def buffers(cities: Any) -> int:
    """Shared buffers that the whole query touches."""
    plan = json.loads(cities.explain(format="json", analyze=True, buffers=True))
    top = plan[0]["Plan"]
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])


def fetched() -> int:
    """Blocks of tables and indexes that this transaction has asked for so far."""
    with connection.cursor() as cursor:
        cursor.execute(_FETCHED)
        return int(cursor.fetchone()[0])


def show(costs: dict[tuple[str, str], tuple[int, int]]) -> None:
    print(f"\n  {'holder':<10}{'page':<18}{'buffers':>8}{'with people':>13}")
    for (name, page), (alone, with_people) in costs.items():
        print(f"  {name:<10}{page:<18}{alone:>8}{with_people:>13}")
