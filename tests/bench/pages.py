"""What a steward looks for in the lists of the super-console, after a year of such a platform."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from urllib.parse import quote

from django.db import connection
from django.utils import timezone

from accounts.models import User
from projects.models import Project
from tests.bench import rows
from tests.bench.world import World

_LISTS = {
    "cities": "/admin/cities/city/",
    "projects": "/admin/projects/project/",
    "gateways": "/admin/apps/gateway/",
    "apps": "/admin/apps/app/",
    "audit": "/admin/accounts/auditevent/",
    "console": "/console/",
}
_PAGE = 50  # rows
# What is closed of each hundred: by a steward for good, by one for up to sixty days, by its owner; off line, binned.
_STIR = """
UPDATE {table} SET disabled_at = now() - interval '90 days', disabled_by = %(steward)s, disabled_side = 'admin',
    reason = 'Unpaid', state = 1 WHERE id %% 100 = 1;
UPDATE {table} SET disabled_at = now() - interval '90 days', disabled_by = %(steward)s, disabled_side = 'admin',
    reason = 'Unpaid', state = 1, expires_at = now() + (1 + id / 200 %% 1000) * interval '86 minutes'
    WHERE id %% 200 = 2;
UPDATE {table} SET disabled_at = now(), disabled_by = 'somebody', disabled_side = 'owner', state = 1
    WHERE id %% 100 = 3;
UPDATE {table} SET offline = true, state = 3 WHERE id %% 100 = 4;
UPDATE {table} SET deleted_at = now() - (id / 100 %% 4300) * interval '10 minutes', deleted_by = 'somebody', state = 5
    WHERE id %% 100 = 5;
"""
_SECRETS = """
UPDATE apps_appsecret SET expires_at = now() + (1 + id / 50 %% 36500) * interval '15 minutes' WHERE id %% 50 = 6
"""
_EVENTS = """
INSERT INTO accounts_auditevent (at, actor_kind, actor, door, request_id, verb, kind, thing, thing_name, city, outcome,
    code, before, after, batch, count)
SELECT now() - (%(many)s - n) * interval '31 seconds', 'user', lpad((n %% 10000)::text, 8, '0'),
    (ARRAY['native', 'xdua', 'admin', 'console'])[n %% 4 + 1], 'request-' || n,
    (ARRAY['ADD', 'SET', 'OFF', 'PUB'])[n %% 4 + 1], 'city', lpad((n::bigint * 48271 %% 100000000)::text, 8, '0'), '',
    '', CASE WHEN n %% 100 = 7 THEN 'refused' ELSE 'ok' END, CASE WHEN n %% 100 = 7 THEN 'forbidden' ELSE '' END, '{}',
    '{}', '', 1
FROM generate_series(1, %(many)s) n ORDER BY n
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One thing to ask for: of which list, what, and addresses of it that differ in what they name."""

    list: str
    name: str
    queries: tuple[str, ...]

    def pick(self, random: Random) -> str:
        return _LISTS[self.list] + quote(random.choice(self.queries), safe="?=&")


def stir(world: World, steward: User) -> None:
    """Some of everything is closed, off line or in the bin, some ends soon; and as many events as there are cities."""
    with connection.cursor() as cursor:
        for table in ("cities_city", "projects_project", "apps_gateway", "apps_app"):
            cursor.execute(_STIR.format(table=table), {"steward": steward.key})
        cursor.execute(_SECRETS, {})
        cursor.execute(_EVENTS, {"many": world.layout.rows})
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def pages_of(world: World, steward: User) -> list[Page]:
    return [*_of_cities(world, steward), *_of_others(world), *_of_events(world)]


def _of_cities(world: World, steward: User) -> list[Page]:
    some = [rows.short_key(world.layout.rows * part // 7 + 1) for part in range(7)]
    owners = list(User.objects.filter(cities__key__in=some).values_list("key", "name"))
    newest = world.layout.rows + rows.pk(0)
    asked = {
        "page 1": [""],
        "page 500": [f"?p={max(1, newest - 500 * _PAGE)}"],
        "page 10,000": [f"?p={max(1, newest - 10_000 * _PAGE)}"],
        "the oldest": ["?p=-0"],
        "search: an id": [f"?q={key}" for key in some],
        "search: an owner's id": [f"?q={key}" for key, _ in owners],
        "search: an owner's name": [f"?q={name}" for _, name in owners],
        "search: two characters of many names": ["?q=城市"],
        "search: two characters of few": ["?q=港湾"],
        "search: two characters of none": ["?q=虚无"],
        "search: a part of nearly all": ["?q=city"],
        "search: a part of old ones alone": ["?q=ty_1", "?q=city_2"],
        "search: a rare part of common pairs": ["?q=_9753", "?q=24680", "?q=98765"],
        "search: nothing": ["?q=zzzz", "?q=city_x"],
        **{f"filter: state {state}": [f"?state={state}"] for state in (0, 1, 3, 5)},
        "filter: closed by administrators": ["?side=admin"],
        "filter: closed by owners": ["?side=owner"],
        "filter: closed by one person": [f"?disabled_by={steward.key}"],
        "filter: of one owner": [f"?owner={key}" for key, _ in owners],
        **{f"filter: made {created}": [f"?created={created}"] for created in ("today", "week", "month")},
        "filter: made in a month long ago": [_between("created", 200, 170)],
        "filter: ban ends soon": ["?expires=soon"],
        "filter: purged soon": ["?bin=soon"],
        "state 1, made this month": ["?state=1&created=month"],
        "search and filter": ["?q=城市&state=1", "?q=9753&state=3"],
    }
    return [Page("cities", name, tuple(queries)) for name, queries in asked.items()]


def _of_others(world: World) -> list[Page]:
    projects = Project.objects.filter(company__comp_id__gte=100_000).select_related("company", "city")[:7]
    companies = [f"?company={project.company.comp_id}" for project in projects]
    cities = [f"?city={project.city.key}" for project in projects if project.city is not None]
    found = [
        Page("projects", "page 1", ("",)),
        Page("projects", "search: a part", ("?q=ject", "?q=t 12")),
        Page("projects", "filter: of a company", tuple(companies)),
        Page("projects", "filter: in a city", tuple(cities)),
    ]
    for kind, parts in (("gateways", ("?q=way_1", "?q=9753")), ("apps", ("?q=app_1", "?q=_9753", "?q=24680"))):
        found += [
            Page(kind, "page 1", ("",)),
            Page(kind, "search: a part", parts),
            Page(kind, "filter: state 1", ("?state=1",)),
            Page(kind, "filter: state 5", ("?state=5",)),
            Page(kind, "filter: of a company", tuple(companies)),
            Page(kind, "filter: in a city", tuple(cities)),
            Page(kind, "filter: made in a month long ago", (_between("created", 200, 170),)),
        ]
    keys = [rows.app_key(world.layout.rows * part // 7 + 1) for part in range(7)]
    found.append(Page("apps", "search: an AppKey", tuple(f"?q={key}" for key in keys)))
    return [*found, Page("apps", "filter: a secret ends soon", ("?expires=soon",))]


def _of_events(world: World) -> list[Page]:
    things = [f"?q={rows.short_key(world.layout.rows * part // 7 + 1)}" for part in range(7)]
    asked = {
        "page 1": [""],
        "search: a thing's id": things,
        "filter: today": ["?at=today"],
        "filter: this week": ["?at=week"],
        "filter: a day long ago": [_between("at", 200, 199)],
        "filter: refused": ["?outcome=refused"],
        "filter: refused on a day long ago": [f"{_between('at', 200, 199)}&outcome=refused"],
    }
    return [Page("audit", name, tuple(queries)) for name, queries in asked.items()]


def _between(name: str, since: int, until: int) -> str:
    """From so many days ago to so many."""
    today = timezone.localdate()
    first, last = (today - timedelta(days=ago) for ago in (since, until))
    return f"?{name}_from={first}&{name}_to={last}"
