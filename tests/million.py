"""A database with a million cities, for the tests that measure: a copy of the run's, filled once.

Cost is counted in buffers, which do not depend on the machine.
"""

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User, parts
from accounts.models.grant import permission_of
from config.kernel.roles import Role
from tests.factories import make_user

CITIES = 1_000_000
OWNERS = 10_000
MANY = 10_000
SHARED = 399_995  # among the owners: with those of few, spread and oldest, 420,000 beside the owners' own
WALKED = 100_000  # of one owner alone, whose list is walked to its end
HOLDERS = {"none": 0, "few": 5, "spread": MANY, "oldest": MANY, "owned": MANY}

_CITIES = f"""
INSERT INTO cities_city (key, offline, disabled_by, disabled_side, reason, deleted_by, state, version, created_at,
    updated_at, name, name_key, avatar, brief, type, code, igrp, secret_digest, creator_id, updater_id)
SELECT lpad((n::bigint * 48271 %% 100000000)::text, 8, '0'), false, '', '', '', '', 0, 1, now(),
    now() - (n::bigint * 48271 %% 1000000) * interval '1 second', 'City_' || n,
    'city_' || n, '', 'one of very many', '', '', '', '', owner, owner
FROM (SELECT n, CASE WHEN n %% 100 = 50 THEN %(owned)s WHEN n %% 10 = 5 THEN %(walked)s
                ELSE (%(owners)s)[n %% {OWNERS} + 1] END AS owner
      FROM generate_series(1, {CITIES}) n ORDER BY n) city
"""
_GRANTS = """INSERT INTO cities_citygrant (key, version, created_at, invited, ends_at, live, user_id, permission_id,
    content_object_id)"""
_NEW = "lpad(nextval('grant_keys')::text, 8, '0'), 1, now(), '', '9999-12-31Z', true"
_OWN = f"""
{_GRANTS}
SELECT {_NEW}, creator_id, %s, id FROM cities_city WHERE creator_id IS NOT NULL ORDER BY id
"""
# To somebody, every so many-th city, so many of them, from the oldest on.
_SHARE = f"""
{_GRANTS}
SELECT {_NEW}, %s, %s, id
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM cities_city WHERE creator_id IS NOT NULL) city
WHERE n %% %s = 0 ORDER BY id LIMIT %s
"""
_SHARE_AMONG_OWNERS = f"""
{_GRANTS}
SELECT {_NEW}, (%s)[(n + 7) %% {OWNERS} + 1], %s, id
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM cities_city WHERE creator_id IS NOT NULL) city
WHERE n %% 2 = 1 ORDER BY (n * 48271) %% {CITIES} LIMIT %s
"""
_FETCHED = "SELECT sum(pg_stat_get_xact_blocks_fetched(oid)) FROM pg_class WHERE relkind IN ('r', 'i', 't')"


@pytest.fixture(scope="session")
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
    holders = {name: make_user(name) for name in (*HOLDERS, "walked")}
    own, view = permission_of("cities", "own_city").pk, permission_of("cities", "view_city").pk
    with connection.cursor() as cursor:
        among = {"owned": holders["owned"].pk, "walked": holders["walked"].pk, "owners": owners}
        cursor.execute(f"DROP INDEX {parts.name_of('cities_city')}")  # made anew afterwards: it takes less
        cursor.execute(_CITIES, among)
        cursor.execute(parts.make_index("cities_city"))
        cursor.execute("CREATE TEMPORARY SEQUENCE grant_keys")
        cursor.execute(_OWN, [own])
        for name, step in (("few", 190_001), ("spread", CITIES // MANY), ("oldest", 1)):
            cursor.execute(_SHARE, [holders[name].pk, view, step, HOLDERS[name]])
        cursor.execute(_SHARE_AMONG_OWNERS, [owners, view, SHARED])
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM cities_citygrant")
        assert cursor.fetchone() == (CITIES + 5 + 2 * MANY + SHARED,)
    return holders


def fetched() -> int:
    """Blocks of tables and indexes that this transaction has asked for so far."""
    with connection.cursor() as cursor:
        cursor.execute(_FETCHED)
        return int(cursor.fetchone()[0])
