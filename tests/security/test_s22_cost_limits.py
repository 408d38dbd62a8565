"""S22: every input has a cost limit, and over it the answer is in the dialect's own envelope."""

import json
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cities.models import City
from config.dialects.base import translated
from config.kernel.errors import Code
from tests.cast import Cast
from tests.factories import actor, make_city

OVER: dict[str, tuple[dict[str, Any], int, str]] = {
    "limit": ({"limit": 501}, 400, "LimitOutOfRange"),
    "values": ({"where": json.dumps({"id": ["aaaaaaaa"] * 201})}, 400, "TooManyValues"),
    "fields": ({"fields": ",".join(["id"] * 51)}, 400, "TooManyValues"),
    "match": ({"where": '{"name~": "健"}'}, 400, "ParameterTooShort"),
    "offset": ({"offset": 10_001}, 400, "ParameterOutOfRange"),
    "page": ({"page": 502, "limit": 20}, 400, "ParameterOutOfRange"),
    "where": ({"where": json.dumps({"name": "x" * 1_000_000})}, 413, "WhereTooLarge"),
    "depth": ({"where": "[" * 17 + "]" * 17}, 400, "BodyTooComplex"),
    "digits": ({"where": '{"expire": 123456789012345678901}'}, 400, "BodyTooComplex"),
}


@pytest.mark.parametrize("name", OVER)
def test_over_a_limit_of_the_query_nothing_is_read(cast: Cast, name: str) -> None:
    params, status, reason = OVER[name]
    with CaptureQueriesContext(connection) as queries:
        answer = cast.root.verb("QRY", data=params)
    assert (answer.status, answer.reason) == (status, reason)
    assert len(queries) == 1, "the token's, and none after it"


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b'{"name": "' + b"x" * (256 * 1024) + b'"}', 413, "BodyTooLarge"),
        (b'{"name": ' + b"[" * 17 + b"]" * 17 + b"}", 400, "BodyTooComplex"),
        (b'{"name": 123456789012345678901}', 400, "BodyTooComplex"),
    ],
)
def test_over_a_limit_of_the_body_nothing_is_made(cast: Cast, body: bytes, status: int, reason: str) -> None:
    answer = cast.alice.call("POST", "/city", body)
    assert (answer.status, answer.reason) == (status, reason)


def test_a_body_of_256_kilobytes_is_read(cast: Cast) -> None:
    frame = b'{"name": "Right_City", "note": ""}'
    body = frame[:-2] + b"x" * (256 * 1024 - len(frame)) + frame[-2:]
    assert cast.alice.call("POST", "/city", body).status == 200


def test_counting_stops_and_says_so_but_not_for_god(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cast.alice.user is not None
    by = actor(cast.alice.user)
    cities = [City(name=f"N{i}", name_key=f"n{i}", created_at=by.now, updated_at=by.now) for i in range(10_050)]
    City.objects.bulk_create(cities, batch_size=2000)
    grants = City.grants.rel.related_model
    mine = grants.objects.get(user=cast.alice.user)
    rows = [
        grants(user=cast.alice.user, permission_id=mine.permission_id, content_object_id=pk)
        for pk in City.objects.filter(name_key__startswith="n").exclude(pk=cast.city.pk).values_list("pk", flat=True)
    ]
    grants.objects.bulk_create(rows, batch_size=2000)
    for where in ("{}", '{"city": 0}'):
        found = cast.alice.verb("QRI", data={"where": where}).result
        assert (found["total"], found["total_is"]) == (10_001, "at_least")
    everything = cast.root.verb("QRY").result
    assert everything["total"] == City.objects.count()
    assert "total_is" not in everything
    assert cast.alice.verb("QRI", data={"total": 0}).result["total"] is None


def test_a_developer_holds_so_many_cities_and_the_bin_counts(cast: Cast, settings: Any) -> None:
    settings.CITIES_PER_USER = 3
    assert cast.charlie.user is not None
    for _ in range(3):
        last = make_city(cast.charlie.user)
    cast.charlie.verb("DOL", last.key)
    answer = cast.charlie.verb("ADD", data={"name": "One_Too_Many"})
    assert (answer.status, answer.reason) == (409, "CityLimitReached")
    cast.charlie.verb("DEL", last.key)
    assert cast.charlie.verb("ADD", data={"name": "One_Too_Many"}).status == 200


def test_a_query_over_its_time_is_503_with_a_wait(cast: Cast) -> None:
    class Request:
        request_id = "r"

    error = translated(OperationalError("canceling statement due to statement timeout"), Request())
    assert (error.code, error.facts) == (Code.BUSY, {"retry_after": 1})


@pytest.mark.postgres
def test_the_statement_timeout_is_answered_in_the_envelope(cast: Cast) -> None:
    now = cast.city.created_at
    cities = [City(name=f"N{i}", name_key=f"n{i}" * 8, created_at=now, updated_at=now) for i in range(20_000)]
    City.objects.bulk_create(cities, batch_size=5000)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        answer = cast.root.verb("QRY", data={"where": '{"name~": "xy"}', "sort": "name:ASC"})
        transaction.set_rollback(True)
    assert (answer.status, answer.reason) == (503, "Busy")
    assert answer.headers["Retry-After"] == "1"


def test_a_body_of_unknown_length_is_refused(cast: Cast) -> None:
    client = Client(HTTP_TRANSFER_ENCODING="chunked")
    answer = client.generic("PUT", f"/city/{cast.city.key}", headers={"Authorization": cast.alice.token})
    assert (answer.status_code, answer.json()["reason"]) == (411, "LengthRequired")
