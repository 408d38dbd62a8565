"""Every bad input of the specification has its own answer, in the envelope, and changes nothing.

The numbers are written by hand: they are promised to callers, and must not move with the code.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.lifecycle import ACCESS_TOKEN
from accounts.machine import executor
from accounts.models import AccessToken, Organization, User
from accounts.people import tokens
from config.kernel.states import State, Verb
from tests.cast import Answer, Cast
from tests.cities import trail
from tests.factories import Actor, make_city, make_token

Error = tuple[int, int, str]


def check(refused: Answer, error: Error, before: list[Any]) -> None:
    """The whole envelope, and that nothing has changed."""
    assert (refused.status, refused.body["error"], refused.body["reason"]) == error
    assert set(refused.body) == {"error", "reason", "result"}
    assert refused.result["detail"]
    assert refused.headers["Content-Type"].startswith("application/json")
    assert trail.everything() == before


NAMES: dict[str, tuple[Any, Error]] = {
    "too short": ("abc", (400, 200012, "CityNameTooShort")),
    "empty": ("", (400, 200012, "CityNameTooShort")),
    "too long": ("a" * 33, (400, 200013, "CityNameTooLong")),
    "too long in Han": ("城" * 33, (400, 200013, "CityNameTooLong")),
    "starting with a digit": ("1city", (400, 200014, "CityNameBadStart")),
    "starting with an underscore": ("_city", (400, 200014, "CityNameBadStart")),
    "with an emoji": ("city😀", (400, 200015, "CityNameBadCharacter")),
    "with a NUL": ("ci\0ty", (400, 200015, "CityNameBadCharacter")),
    "with an accent": ("cité", (400, 200015, "CityNameBadCharacter")),
    "in full width": ("ｃｉｔｙ", (400, 200015, "CityNameBadCharacter")),
    "with an Arabic digit": ("city١", (400, 200015, "CityNameBadCharacter")),
    "with a space before": (" city", (400, 200015, "CityNameBadCharacter")),
    "with a line end": ("city\n", (400, 200015, "CityNameBadCharacter")),
    "with a radical": ("city⼀", (400, 200015, "CityNameBadCharacter")),
    "taken": ("Alice_City", (409, 200001, "CityNameTaken")),
    "taken by a binned city": ("Binned_City", (409, 200001, "CityNameTaken")),
    "a number": (12345, (400, 100042, "ParameterWrongType")),
    "a list": (["Alice"], (400, 100042, "ParameterWrongType")),
    "an object": ({"a": 1}, (400, 100042, "ParameterWrongType")),
    "null": (None, (400, 100042, "ParameterWrongType")),
    "true": (True, (400, 100042, "ParameterWrongType")),
}


@pytest.mark.parametrize("case", NAMES)
@pytest.mark.parametrize("verb", ["ADD", "SET"])
def test_a_name_is_refused(cast: Cast, verb: str, case: str) -> None:
    make_city(cast.charlie.user, "Binned_City", state=State.DELETED)
    own = make_city(cast.oscar.user, "Oscar_City").key
    name, error = NAMES[case]
    before = trail.everything()
    refused = cast.oscar.verb(verb, "" if verb == "ADD" else own, {"name": name})
    check(refused, error, before)
    assert refused.result["field"] == "name"


def test_a_missing_name_is_refused(cast: Cast) -> None:
    before = trail.everything()
    for given in (None, {}, {"brief": "x"}):
        check(cast.alice.verb("ADD", data=given), (400, 200011, "CityNameRequired"), before)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"avatar": "a" * 41}, (400, 200016, "CityAvatarTooLong")),
        ({"brief": "简" * 65}, (400, 200017, "CityBriefTooLong")),
        ({"brief": "a\0b"}, (400, 100046, "ParameterBadCharacter")),
        ({"avatar": 7}, (400, 100042, "ParameterWrongType")),
        ({"brief": None}, (400, 100042, "ParameterWrongType")),
    ],
    ids=lambda value: str(value)[:30],
)
def test_avatar_and_brief_are_refused(cast: Cast, given: Any, error: Error) -> None:
    before = trail.everything()
    check(cast.alice.verb("ADD", data={"name": "Quite_new", **given}), error, before)
    check(cast.alice.verb("SET", cast.city.key, given), error, before)


@pytest.mark.parametrize(
    ("verb", "given", "error"),
    [
        ("SET", {"igrp": "g" * 65}, (400, 100044, "ParameterTooLong")),
        ("SET", {"secret": "k" * 65}, (400, 100044, "ParameterTooLong")),
        ("SET", {"enabled": 2}, (400, 100047, "ParameterBadChoice")),
        ("SET", {"enabled": True}, (400, 100047, "ParameterBadChoice")),
        ("SET", {"enabled": "true"}, (400, 100047, "ParameterBadChoice")),
        ("SET", {"enabled": None}, (400, 100047, "ParameterBadChoice")),
        ("DIS", {"stato": "s" * 65}, (400, 100044, "ParameterTooLong")),
        ("DIS", {"stato": ["s"]}, (400, 100042, "ParameterWrongType")),
        ("DIS", {"expire": -1}, (400, 100048, "ParameterOutOfRange")),
        ("DIS", {"expire": 253_402_214_400}, (400, 100048, "ParameterOutOfRange")),
        ("DIS", {"expire": 10**19}, (400, 100048, "ParameterOutOfRange")),
        ("DIS", {"expire": "9" * 20}, (400, 100048, "ParameterOutOfRange")),
        ("DIS", {"expire": "9" * 5000}, (400, 100048, "ParameterOutOfRange")),
        ("DIS", {"expire": 1e12}, (400, 100042, "ParameterWrongType")),
        ("DIS", {"expire": True}, (400, 100042, "ParameterWrongType")),
        ("DIS", {"expire": "tomorrow"}, (400, 100042, "ParameterWrongType")),
        ("DIS", {"expire": "٣"}, (400, 100042, "ParameterWrongType")),
        ("DIS", {"expire": ""}, (400, 100042, "ParameterWrongType")),
        ("DIS", {"expire": None}, (400, 100042, "ParameterWrongType")),
        ("DIS", {"expire": 1}, (400, 100049, "ExpireInPast")),
    ],
    ids=lambda value: str(value)[:30],
)
def test_the_other_parameters_are_refused(cast: Cast, verb: str, given: Any, error: Error) -> None:
    before = trail.everything()
    check(cast.alice.verb(verb, cast.city.key, given), error, before)


WHERE_FIELD = (400, 200025, "WhereUnknownField")
QUERIES: list[tuple[dict[str, Any], Error]] = [
    ({"where": "name"}, (400, 200023, "WhereNotJson")),
    ({"where": "{'name': 1}"}, (400, 200023, "WhereNotJson")),
    ({"where": '{"city": NaN}'}, (400, 200023, "WhereNotJson")),
    ({"where": '{"name": "\\ud800"}'}, (400, 200023, "WhereNotJson")),
    ({"where": '{"city": 0, "city": 1}'}, (400, 200023, "WhereNotJson")),
    ({"where": "[]"}, (400, 200024, "WhereNotAnObject")),
    ({"where": "7"}, (400, 200024, "WhereNotAnObject")),
    ({"where": "null"}, (400, 200024, "WhereNotAnObject")),
    ({"where": '{"nonsense": 1}'}, WHERE_FIELD),
    ({"where": '{"secret_digest": "a"}'}, WHERE_FIELD),
    ({"where": '{"creator__password": "a"}'}, WHERE_FIELD),
    ({"where": '{"id~": "aa"}'}, WHERE_FIELD),
    ({"where": json.dumps({"name": "a" * 1_048_576})}, (413, 200026, "WhereTooLarge")),
    ({"where": json.dumps({"id": ["a"] * 201})}, (400, 100052, "TooManyValues")),
    ({"where": '{"name~": "a"}'}, (400, 100043, "ParameterTooShort")),
    ({"where": '{"name~": ""}'}, (400, 100043, "ParameterTooShort")),
    ({"where": '{"name": "%s"}' % ("a" * 257)}, (400, 100044, "ParameterTooLong")),
    ({"where": '{"name": "a\\u0000b"}'}, (400, 100046, "ParameterBadCharacter")),
    ({"where": '{"name": 7}'}, (400, 100042, "ParameterWrongType")),
    ({"where": '{"name": null}'}, (400, 100042, "ParameterWrongType")),
    ({"where": '{"name": [["a"]]}'}, (400, 100042, "ParameterWrongType")),
    ({"where": '{"city": true}'}, (400, 100042, "ParameterWrongType")),
    ({"where": '{"city": 2}'}, (400, 100047, "ParameterBadChoice")),
    ({"where": '{"city": 100}'}, (400, 100048, "ParameterOutOfRange")),
    ({"where": '{"expire": 253402214400}'}, (400, 100048, "ParameterOutOfRange")),
    ({"where": '{"cstamp": "yesterday"}'}, (400, 100042, "ParameterWrongType")),
    ({"where": '{"cstamp": "0001-01-01 00:00:00"}'}, (400, 100042, "ParameterWrongType")),
    ({"where": "[" * 17 + "]" * 17}, (400, 100027, "BodyTooComplex")),
    ({"where": '{"expire": %s}' % ("9" * 21)}, (400, 100027, "BodyTooComplex")),
    ({"limit": 0}, (400, 200022, "LimitOutOfRange")),
    ({"limit": -1}, (400, 200022, "LimitOutOfRange")),
    ({"limit": 501}, (400, 200022, "LimitOutOfRange")),
    ({"limit": "abc"}, (400, 200021, "LimitNotANumber")),
    ({"limit": ""}, (400, 200021, "LimitNotANumber")),
    ({"limit": "1.5"}, (400, 200021, "LimitNotANumber")),
    ({"limit": "+5"}, (400, 200021, "LimitNotANumber")),
    ({"offset": 10_001}, (400, 100048, "ParameterOutOfRange")),
    ({"offset": -1}, (400, 100048, "ParameterOutOfRange")),
    ({"page": 502, "limit": 20}, (400, 100048, "ParameterOutOfRange")),
    ({"page": -1}, (400, 100048, "ParameterOutOfRange")),
    ({"page": "9" * 21}, (400, 100048, "ParameterOutOfRange")),
    ({"total": 2}, (400, 100048, "ParameterOutOfRange")),
    ({"sort": "nonsense"}, (400, 200027, "SortUnknownField")),
    ({"sort": "secret_digest:ASC"}, (400, 200027, "SortUnknownField")),
    ({"order": "nonsense:DESC"}, (400, 200027, "SortUnknownField")),
    ({"sort": "name:UP"}, (400, 100047, "ParameterBadChoice")),
    ({"format": "xml"}, (400, 100047, "ParameterBadChoice")),
    ({"fields": "nonsense"}, (400, 200028, "FieldsUnknownField")),
    ({"fields": ",".join(["name"] * 51)}, (400, 100052, "TooManyValues")),
    ({"fields": "a" * 4097}, (400, 100044, "ParameterTooLong")),
    ({"cursor": "nonsense"}, (400, 100053, "BadCursor")),
    ({"token": "polis_x"}, (400, 100033, "SecretInQuery")),
    ({"pwd": "x"}, (400, 100033, "SecretInQuery")),
]


def test_a_query_is_refused(cast: Cast) -> None:
    before = trail.everything()
    for caller, verb in ((cast.alice, "QRI"), (cast.root, "QRY")):
        for given, error in QUERIES:
            refused = caller.verb(verb, data=given)
            assert refused.body["reason"] == error[2], str(given)[:80]
            check(refused, error, before)


def test_what_is_just_within_the_limits_is_answered(cast: Cast) -> None:
    for field in ("id", "name", "name~", "stato", "creator_name"):
        given = {"where": json.dumps({field: [f"value{number}" for number in range(200)]})}
        assert cast.alice.verb("QRI", data=given).status == 200
    times = [f"2030-01-01 00:{minute:02}:{second:02}" for minute in range(4) for second in range(50)]
    for field, values in (("cstamp", times), ("istamp", ["9999-12-31 23:59:59"]), ("expire", [0, 253_402_214_399])):
        assert cast.alice.verb("QRI", data={"where": json.dumps({field: values})}).status == 200


def test_an_id_that_is_none_is_one_error(cast: Cast) -> None:
    purged = make_city(cast.charlie.user, "Purged_City").key
    cast.charlie.verb("DEL", purged)
    before = trail.everything()
    for key in (cast.city.key[:7], cast.city.key + "a", cast.city.key, purged, cast.city.key.swapcase(), "no-such-"):
        for verb in ("GET", "GIT", "SET", "DIS", "ENB", "DOL", "RCC", "PUB", "OFF", "DEL"):
            refused = cast.charlie.verb(verb, key)
            check(refused, (404, 200002, "CityNotFound"), before)
            assert refused.result["id"] == key


def shop_of(user: User) -> Organization:
    return Organization.objects.create(
        kind="shop", name="own shop", parent=user.corp, created_at=datetime.now(UTC), updated_at=datetime.now(UTC)
    )


def disabled(text: str) -> str:
    token = AccessToken.objects.get(digest=tokens.digest_of(text))
    with transaction.atomic():
        executor.apply(ACCESS_TOKEN, token, Verb.DIS, by=Actor.system(), given={})
    return text


def test_a_token_is_refused(cast: Cast) -> None:
    user = cast.alice.user
    assert user is not None
    ended = make_token(user, ends_at=datetime.now(UTC) - timedelta(seconds=1))
    refused: list[tuple[str, Error]] = [
        ("", (401, 100001, "TokenMissing")),
        ("nonsense", (401, 100002, "TokenUnknown")),
        (f"{cast.alice.token[:-1]}é", (401, 100002, "TokenUnknown")),
        (f"Basic {cast.alice.token}", (401, 100002, "TokenUnknown")),
        (ended, (401, 100003, "TokenExpired")),
        (disabled(make_token(user)), (401, 100004, "TokenDisabled")),
        # The colour is X where the shop is the super one: with another shop it is the colour that is wrong.
        (make_token(user, shop=shop_of(user)), (403, 100015, "WrongColor")),
        (make_token(user, audience=cast.city.key), (403, 100016, "WrongAudience")),
    ]
    before = trail.everything()
    for token, error in refused:
        for verb, data in (("GET", None), ("SET", {"brief": "x"}), ("DEL", None)):
            answer = cast.nobody.verb(verb, cast.city.key, data, Authorization=token)
            check(answer, error, before)
            assert answer.result["id"] == cast.city.key
