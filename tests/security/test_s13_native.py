"""S13 at the native API's door: what is hidden is absent, and whom an id or a mail belongs to nobody learns."""

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccessToken, AuditEvent
from cities.models import City, CityGrant
from tests.cast import Answer, Caller, Cast
from tests.factories import make_token, make_user

ABSENT = "zzzzzzzz"
BAD: dict[str, Any] = {"zz": 1, "name": 7}
ON_A_CITY = [
    ("GET", "cities/{id}", None),
    ("HEAD", "cities/{id}", None),
    ("PATCH", "cities/{id}", BAD),
    ("DELETE", "cities/{id}", BAD),
    *(
        ("POST", f"cities/{{id}}/{verb}", BAD)
        for verb in ("disable", "enable", "publish", "offline", "recycle", "purge")
    ),
    ("POST", "grants", {"thing": "city/{id}", "user": "no id", "role": "king"}),
    ("GET", "grants?thing=city/{id}", None),
    ("GET", "audit?thing=city/{id}", None),
]
ON_A_GRANT = [
    ("GET", "grants/{id}", None),
    ("PATCH", "grants/{id}", {"role": "king"}),
    ("DELETE", "grants/{id}", None),
    ("POST", "grants/{id}/accept", None),
    ("POST", "grants/{id}/decline", None),
]
ON_A_TOKEN = [
    ("GET", "tokens/{id}", None),
    ("PATCH", "tokens/{id}", BAD),
    ("DELETE", "tokens/{id}", None),
    ("POST", "tokens/{id}/disable", BAD),
    ("POST", "tokens/{id}/enable", BAD),
]


def asked(caller: Caller, call: tuple[str, str, Any], key: str) -> tuple[Answer, list[str]]:
    """The answer, without what names this very call, and the shape of each query."""
    method, path, data = call
    sent = data | {"thing": data["thing"].format(id=key)} if data and "thing" in data else data
    with CaptureQueriesContext(connection) as queries:
        answer = caller.api(method, path.format(id=key), sent)
    if answer.body:
        for name in ("request_id", "instance"):
            answer.body.pop(name)
    shapes = [query["sql"].split(" WHERE ")[0][:80] for query in queries if "SAVEPOINT" not in query["sql"]]
    return answer, shapes


def are_one(caller: Caller, call: tuple[str, str, Any], hidden: str) -> None:
    with time_machine.travel(timezone.now().replace(second=1), tick=False):
        asked(caller, call, hidden)  # whose token it is, and whence it comes, is known from the first call on
        asked(caller, call, ABSENT)
        first, first_shapes = asked(caller, call, hidden)
        second, second_shapes = asked(caller, call, ABSENT)
    assert (first.status, first.body) == (second.status, second.body)
    assert first.status == 404
    assert call[0] == "HEAD" or first.body["code"] == "not_found"
    assert first_shapes == second_shapes
    kept = [{name: value for name, value in answer.headers.items() if name not in ANEW} for answer in (first, second)]
    assert kept[0] == kept[1]


# Of the call, not of what it is about: lengths follow from the address that is repeated in the body.
ANEW = {"X-Request-Id", "RateLimit-Remaining", "Content-Length"}


@pytest.mark.parametrize("call", ON_A_CITY, ids=lambda call: f"{call[0]} {call[1]}")
def test_a_hidden_city_is_answered_as_one_that_is_not(cast: Cast, call: tuple[str, str, Any]) -> None:
    are_one(cast.charlie, call, cast.city.key)


@pytest.mark.parametrize("call", ON_A_GRANT, ids=lambda call: f"{call[0]} {call[1]}")
@pytest.mark.parametrize("who", ["charlie", "vera"])
def test_so_is_a_grant_of_others(cast: Cast, who: str, call: tuple[str, str, Any]) -> None:
    are_one(getattr(cast, who), call, CityGrant.objects.get(user=cast.oscar.user).key)


@pytest.mark.parametrize("call", ON_A_TOKEN, ids=lambda call: f"{call[0]} {call[1]}")
@pytest.mark.parametrize("who", ["charlie", "root"])
def test_so_is_a_token_of_others(cast: Cast, who: str, call: tuple[str, str, Any]) -> None:
    are_one(getattr(cast, who), call, AccessToken.objects.get(user=cast.alice.user).key)


def test_their_refusals_are_recorded_alike(cast: Cast) -> None:
    for key in (cast.city.key, ABSENT):
        cast.charlie.api("POST", f"cities/{key}/offline")
    rows = AuditEvent.objects.filter(outcome="refused").order_by("id")
    assert [(row.verb, row.kind, row.code, row.thing_name, row.city, row.thing) for row in rows] == [
        ("OFF", "city", "not_found", "", "", cast.city.key),
        ("OFF", "city", "not_found", "", "", ABSENT),
    ]


@pytest.mark.parametrize(
    "query",
    ["?state=enabled,disabled,offline,deleted", "?name=Alice_City", "?search={id}", "?owner={owner}", "?count=exact"],
)
def test_no_filter_finds_what_is_hidden(cast: Cast, query: str) -> None:
    asked = query.format(id=cast.city.key, owner=cast.alice.user.key)  # type: ignore[union-attr]
    body = cast.charlie.api("GET", f"cities{asked}").body
    assert (body["results"], body["next"], body.get("count", 0)) == ([], None, 0)
    assert cast.charlie.api("GET", f"cities{asked.replace('?', '?scope=all&')}").code == "forbidden"


def shared(cast: Cast, to: str) -> tuple[Any, list[str], list[Any]]:
    """What sharing with somebody answers, asks the database, and leaves in the trail and in the list."""
    given = {"thing": f"city/{cast.city.key}", "user": to, "role": "viewer"}
    with CaptureQueriesContext(connection) as queries:
        answer = cast.alice.api("POST", "grants", given)
    assert answer.status == 201
    listed = cast.alice.api("GET", f"grants?thing=city/{cast.city.key}").body["results"][0]
    assert listed == answer.body == cast.alice.api("GET", f"grants/{answer.body['id']}").body
    event = AuditEvent.objects.latest("id")
    shapes = [query["sql"].split(" WHERE ")[0][:80] for query in queries if "SAVEPOINT" not in query["sql"]]
    told = [event.verb, event.before, {**event.after, "user": "", "offer": ""}, event.thing]
    return {**answer.body, "id": "", "url": "", "user": "", "created_at": ""}, shapes, told


def test_sharing_does_not_tell_an_id_of_somebody_from_one_of_nobody(cast: Cast) -> None:
    shared(cast, make_user().key)  # whence alice comes is stored with the first
    assert shared(cast, make_user().key) == shared(cast, ABSENT)


def test_sharing_does_not_tell_a_mail_of_somebody_from_one_of_nobody(cast: Cast) -> None:
    make_user("dora", email="dora@polis.example")
    shared(cast, "first@polis.example")
    assert shared(cast, "dora@polis.example") == shared(cast, "none@polis.example")


def test_nor_does_changing_it_or_taking_it_away(cast: Cast) -> None:
    found = []
    make_user("dora", email="dora@polis.example")
    for to in (make_user().key, ABSENT, "dora@polis.example", "none@polis.example"):
        given = {"thing": f"city/{cast.city.key}", "user": to, "role": "viewer"}
        path = f"grants/{cast.alice.api('POST', 'grants', given).body['id']}"
        with CaptureQueriesContext(connection) as queries:
            changed = cast.alice.api("PATCH", path, {"role": "operator"})
            ended = cast.alice.api("DELETE", path)
        found.append((changed.status, changed.body["version"], ended.status, len(queries)))
    assert found[0] == found[1]
    assert found[2] == found[3]


def test_an_owners_name_and_mail_are_in_no_grant(cast: Cast) -> None:
    user = make_user("dora_the_first", email="dora@polis.example")
    given = {"thing": f"city/{cast.city.key}", "user": user.key, "role": "viewer"}
    answers = [cast.alice.api("POST", "grants", given), cast.alice.api("GET", f"grants?thing=city/{cast.city.key}")]
    assert not [answer for answer in answers if "dora" in str(answer.body)]


def test_a_taken_name_says_no_more_than_that(cast: Cast) -> None:
    sent = {"name": "Alice_City"}
    live = cast.charlie.api("POST", "cities", sent)
    cast.alice.api("DELETE", f"cities/{cast.city.key}")
    binned = cast.charlie.api("POST", "cities", sent)
    for answer in (live, binned):
        assert answer.body.pop("request_id")
        assert answer.status == 409
    assert live.body == binned.body


def test_the_makers_of_tokens_learn_of_no_hidden_city(cast: Cast) -> None:
    found = []
    for key in (cast.city.key, ABSENT):
        with CaptureQueriesContext(connection) as queries:
            answer = cast.charlie.api("POST", "tokens", {"name": "x", "cities": [key]})
        answer.body.pop("request_id")
        found.append((answer.status, answer.body, len(queries)))
    assert found[0] == found[1]
    assert City.objects.filter(key=cast.city.key).exists()
    assert AccessToken.objects.filter(user=cast.charlie.user).count() == 1


def test_a_token_that_was_bound_to_a_city_goes_blind_with_its_user(cast: Cast) -> None:
    text = make_token(cast.vera.user, cities=[cast.city.key])  # type: ignore[arg-type]
    caller, grant = Caller(text), CityGrant.objects.get(user=cast.vera.user).key
    assert caller.api("GET", f"cities/{cast.city.key}").status == 200
    cast.alice.api("DELETE", f"grants/{grant}")
    assert caller.api("GET", f"cities/{cast.city.key}").status == 404
    assert caller.api("GET", "cities").body["results"] == []
