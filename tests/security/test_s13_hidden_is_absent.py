"""S13: what one may not see does not differ from what is not there, in status, body, count or queries."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.machine import executor
from accounts.models import AuditEvent
from cities.models import City
from config.kernel.states import Verb
from tests.cast import Cast
from tests.factories import actor, do, make_city

ON_ONE = ("GET", "GIT", "SET", "OFF", "PUB", "DIS", "ENB", "DOL", "RCC", "DEL")


def purge(cast: Cast) -> None:
    assert cast.root.user is not None
    do(cast.city, Verb.DEL, actor(cast.root.user))


def asked(cast: Cast, verb: str, data: Any = None) -> tuple[int, Any, list[str]]:
    """Status, body and the shape of each query."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = cast.charlie.verb(verb, cast.city.key, data)
    shapes = [query["sql"].split(" WHERE ")[0][:60] for query in queries if "SAVEPOINT" not in query["sql"]]
    return answer.status, answer.body, shapes


@pytest.mark.parametrize("verb", ON_ONE)
@time_machine.travel(timezone.now().replace(second=1), tick=False)  # what is tallied is tallied by the minute
def test_a_hidden_city_and_none_are_one_answer(cast: Cast, verb: str) -> None:
    key = cast.city.key
    hidden = asked(cast, verb)
    purge(cast)
    # The tally of this minute stands from the first time: ask once more of each for the like.
    absent = asked(cast, verb)
    cast.city = make_city(cast.alice.user, "Again_City")  # type: ignore[arg-type]
    City.objects.filter(pk=cast.city.pk).update(key=key)
    cast.city.key = key
    hidden_again = asked(cast, verb)
    assert hidden[:2] == absent[:2] == (404, hidden[1])
    assert hidden[1]["reason"] == "CityNotFound"
    assert absent[2] == hidden_again[2]


@pytest.mark.parametrize("verb", ON_ONE)
def test_bad_input_is_not_looked_at_for_who_cannot_see(cast: Cast, verb: str) -> None:
    status, body, _ = asked(cast, verb, {"name": "1", "stato": "x" * 99, "expire": -1, "fields": "nothing"})
    assert (status, body["reason"]) == (404, "CityNotFound")


def test_lists_and_counts_hold_nothing_of_others(cast: Cast) -> None:
    for where in ("{}", '{"city": [0, 1, 3, 5]}', f'{{"id": "{cast.city.key}"}}', '{"name": "Alice_City"}'):
        result = cast.charlie.verb("QRI", data={"where": where}).result
        assert (result["list"], result["total"], result["next"]) == ([], 0, "")


def test_the_refusals_of_hidden_and_absent_are_recorded_alike(cast: Cast) -> None:
    cast.charlie.verb("GET", cast.city.key)
    cast.charlie.verb("GET", "zzzzzzzz")
    rows = AuditEvent.objects.filter(outcome="refused").order_by("id")
    assert [(row.verb, row.kind, row.code, row.thing_name, row.city) for row in rows] == [
        ("GET", "city", "not_found", "", "")
    ] * 2
    assert [row.thing for row in rows] == [cast.city.key, "zzzzzzzz"]


def test_recycling_by_name_tells_a_developer_nothing(cast: Cast) -> None:
    assert cast.alice.user is not None
    given = {"uid": cast.alice.user.key, "name": "Alice_City"}
    hit = cast.charlie.verb("RCC", data=given)
    miss = cast.charlie.verb("RCC", data=given | {"name": "Nobodys_City"})
    assert (hit.status, hit.body) == (miss.status, miss.body) == (403, miss.body)


def test_a_taken_name_says_no_more_than_that(cast: Cast) -> None:
    live = cast.charlie.verb("ADD", data={"name": "Alice_City"})
    assert cast.alice.user is not None
    executor.fire(
        executor.registry.kind("city").table, City.objects.all(), cast.city.key, Verb.DOL, by=actor(cast.alice.user)
    )
    binned = cast.charlie.verb("ADD", data={"name": "Alice_City"})
    assert (live.status, live.body) == (binned.status, binned.body) == (409, binned.body)
    assert live.body["result"] == {"detail": "该名称已被占用。", "field": "name"}


def test_running_into_taken_names_is_limited_to_thirty_a_minute(cast: Cast) -> None:
    with time_machine.travel(timezone.now().replace(second=10), tick=False) as clock:
        for _ in range(15):
            assert cast.charlie.verb("ADD", data={"name": "Alice_City"}).reason == "CityNameTaken"
        own = cast.charlie.verb("ADD", data={"name": "Own_City"}).result["id"]
        for _ in range(15):
            assert cast.charlie.verb("SET", own, {"name": "Alice_City"}).reason == "CityNameTaken"
        for name in ("Alice_City", "Nobodys_City"):  # and then the answer is the same for a free one
            for answer in (
                cast.charlie.verb("ADD", data={"name": name}),
                cast.charlie.verb("SET", own, {"name": name}),
            ):
                assert (answer.status, answer.headers["Retry-After"]) == (429, "50")
        assert cast.oscar.verb("ADD", data={"name": "Alice_City"}).reason == "CityNameTaken"
        clock.shift(timedelta(minutes=1))
        assert cast.charlie.verb("ADD", data={"name": "Nobodys_City"}).status == 200


def test_a_cursor_serves_nobody_else_and_no_other_query(cast: Cast) -> None:
    assert cast.alice.user is not None
    for _ in range(3):
        make_city(cast.alice.user)
    cursor = cast.alice.verb("QRI", data={"limit": 1}).result["next"]
    assert cast.alice.verb("QRI", data={"limit": 1, "cursor": cursor}).status == 200
    for answer in (
        cast.charlie.verb("QRI", data={"limit": 1, "cursor": cursor}),
        cast.alice.verb("QRI", data={"limit": 1, "cursor": cursor, "sort": "name:ASC"}),
        cast.alice.verb("QRI", data={"limit": 1, "cursor": cursor[:-2]}),
        cast.root.verb("QRY", data={"limit": 1, "cursor": cursor}),
    ):
        assert (answer.status, answer.reason) == (400, "BadCursor")
