"""What a call may ask of the database: reads 2, a page of 20 cities 3, each verb 6 with its audit event.

Counted over HTTP, from the token on; the control of transactions is left out. The day's first call of an actor from an
address also stores where from it came, after the commit: that is counted by itself. The numbers are exact, so that one
query more is seen, and they are the same for an owner of ten cities and of ten thousand.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.models.grant import permission_of
from cities.models import City, CityGrant
from tests.cast import Cast
from tests.factories import make_city

Commit = Callable[..., Any]

# The queries of each verb. Reads: the token, the city; of a page also how many there are. Verbs: the token, the city
# (for ADD its owner's row and how many they hold), what is written (grants follow into the bin and out), the event;
# of an administrator's also the notice to its owner.
READS = {"GET": 2, "GIT": 2}
PAGES = {"QRI": 3, "QRY": 3}
VERBS = {"ADD": 6, "SET": 4, "OFF": 4, "PUB": 4, "DIS": 4, "ENB": 5, "DOL": 5, "RCC": 6, "DEL": 7}
# On PostgreSQL who has waited for a lock looks again at their grant; on SQLite nobody waits in the middle.
LOOK_AGAIN = {"SET", "OFF", "PUB", "DIS", "DOL", "DEL"}
_COSTS = {verb: VERBS[verb] + (verb in LOOK_AGAIN) for verb in VERBS}
# DEL looks at what stands below, too, and takes an offer along.
BUDGETS = [(READS, 2), (PAGES, 3), ({verb: _COSTS[verb] - 2 * (verb == "DEL") for verb in VERBS}, 6)]
# Who gives a verb, if not the owner; what the city has been through before; what the verb is given.
ADMINISTRATORS = {"QRY", "ENB", "RCC"}
BEFORE = {"PUB": "OFF", "ENB": "DIS", "RCC": "DOL"}
GIVEN = {"QRI": {"limit": 20}, "QRY": {"limit": 20}, "SET": {"brief": "new"}, "DIS": {"stato": "closed"}}
CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


@pytest.mark.parametrize("number", [10, 10_000])
def test_a_call_costs_what_it_should_however_much_its_owner_has(
    number: int, cast: Cast, settings: Any, is_postgres: bool
) -> None:
    settings.CITIES_PER_USER = 20_000
    assert cast.alice.user is not None
    crowd(cast.alice.user, number)
    verbs = {verb: queries + (is_postgres and verb in LOOK_AGAIN) for verb, queries in VERBS.items()}
    assert {verb: cost(cast, verb) for verb in (*READS, *PAGES, *VERBS)} == READS | PAGES | verbs


def test_where_from_somebody_came_is_stored_once_a_day_and_after_the_commit(
    cast: Cast, django_capture_on_commit_callbacks: Commit
) -> None:
    cost(cast, "OFF")  # what a process asks once in its life
    stored = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured, django_capture_on_commit_callbacks(execute=True):
            assert cast.alice.verb("SET", cast.city.key, {"brief": f"brief {len(stored)}"}).status == 200
        stored.append(sum("accounts_auditorigin" in query["sql"] for query in captured.captured_queries))
    assert stored == [1, 0]


def test_the_numbers_are_within_their_budgets() -> None:
    for expected, budget in BUDGETS:
        assert max(expected.values()) <= budget


def crowd(owner: User, number: int) -> None:
    """Give somebody cities, each with the owner's grant."""
    now = timezone.now()
    named = [f"Crowd_{index}" for index in range(number)]
    made = [City(name=name, name_key=name.lower(), creator=owner, created_at=now, updated_at=now) for name in named]
    stored = City.objects.bulk_create(made, batch_size=500)
    own = permission_of("cities", "own_city")
    grants = [CityGrant(user=owner, content_object=city, permission=own) for city in stored]
    CityGrant.objects.bulk_create(grants, batch_size=500)


def cost(cast: Cast, verb: str) -> int:
    """The queries of one call, on a city of its own."""
    assert cast.alice.user is not None
    city = make_city(cast.alice.user)
    if verb in BEFORE:
        assert cast.alice.verb(BEFORE[verb], city.key).status == 200
    caller = cast.root if verb in ADMINISTRATORS else cast.alice
    key = "" if verb in {"ADD", *PAGES} else city.key
    given = {"name": f"New_{city.key}"} if verb == "ADD" else GIVEN.get(verb)
    with CaptureQueriesContext(connection) as captured:
        answer = caller.verb(verb, key, given)
    assert answer.status == 200
    if verb in PAGES:
        assert len(answer.result["list"]) == min(20, answer.result["total"])
    return sum(not query["sql"].startswith(CONTROL) for query in captured.captured_queries)
