"""S4: what a token is bound to, it reaches, and nothing else: single verbs, single cities, at every door."""

import json
from typing import Any

import pytest

from accounts.models import AuditEvent, User
from cities.models import City, CityGrant
from config.kernel.states import State, Verb
from tests.cast import Caller, Cast
from tests.factories import actor, do, make_city, make_token, make_user

WHERE = {"where": json.dumps({"city": [0, 1, 3, 5]})}


@pytest.fixture
def other(cast: Cast) -> City:
    """Alice's too, of which the bound token is to know nothing."""
    return make_city(cast.alice.user, "Other_City")  # type: ignore[arg-type]


def bound(user: User | None, city: City, **more: Any) -> Caller:
    assert user is not None
    return Caller(make_token(user, cities=[city.key], **more), user)


# What each single scope is for: the calls that pass with it, and with no other.
CALLS: dict[str, list[tuple[str, str, str, Any]]] = {
    "get": [("alice", "GET", "cities/{city}", None), ("alice", "GET", "me", None), ("alice", "GET", "{grant}", None)],
    "qri": [
        ("alice", "GET", "cities", None),
        ("alice", "GET", "tokens", None),
        ("alice", "GET", "grants", None),
        ("alice", "GET", "bin", None),
        ("alice", "GET", "audit", None),
    ],
    "add": [("alice", "POST", "cities", {"name": "Second_City"})],
    "set": [("alice", "PATCH", "cities/{city}", {"brief": "x"}), ("alice", "PATCH", "me", {"avatar": "x"})],
    "share": [
        ("alice", "POST", "grants", {"thing": "city/{city}", "user": "nobodyyy", "role": "viewer"}),
        ("alice", "PATCH", "{grant}", {"role": "viewer"}),
        ("alice", "DELETE", "{grant}", None),
    ],
    "off": [("alice", "POST", "cities/{city}/offline", None)],
    "pub": [("alice", "POST", "cities/{city}/publish", None)],
    "dis": [("alice", "POST", "cities/{city}/disable", None)],
    "enb": [("zoe", "POST", "cities/{city}/enable", None)],
    "dol": [("alice", "DELETE", "cities/{city}", None)],
    "rcc": [("zoe", "POST", "cities/{city}/recycle", None)],
    "del": [("alice", "POST", "cities/{binned}/purge", {"confirm": "Binned_City"})],
    "git": [],
    "qry": [],
    "credentials": [("alice", "POST", "access-keys", {"name": "x", "scopes": ["credentials"]})],
}


def passed(cast: Cast, scope: str, call: tuple[str, str, str, Any], names: dict[str, str]) -> bool:
    who, method, path, data = call
    user = getattr(cast, who).user
    caller = Caller(make_token(user, scopes=[scope]), user)
    filled = {name: str(value).format(**names) for name, value in data.items()} if data else data
    if data and "scopes" in data:
        filled["scopes"] = data["scopes"]
    answer = caller.api(method, path.format(**names), filled)
    if answer.status == 403:
        assert answer.code == "out_of_scope", (call, answer.body)
        return False
    assert answer.status < 400, (call, answer.body)
    return True


@pytest.mark.parametrize("needed", list(CALLS))
def test_each_single_scope_is_for_its_verb_and_for_nothing_else(cast: Cast, needed: str) -> None:
    binned = make_city(cast.alice.user, "Binned_City", State.DELETED)  # type: ignore[arg-type]
    grant = CityGrant.objects.get(user=cast.oscar.user)
    names = {"city": cast.city.key, "binned": binned.key, "grant": f"grants/{grant.key}"}
    for call in CALLS[needed]:
        for scope in CALLS:
            if scope != needed:
                assert not passed(cast, scope, call, names), (scope, call)
        assert passed(cast, needed, call, names)


@pytest.mark.parametrize(("scope", "verb", "data"), [("git", "GIT", None), ("get", "GET", None), ("qri", "QRI", None)])
def test_a_single_scope_serves_the_documented_verb_of_its_name(cast: Cast, scope: str, verb: str, data: Any) -> None:
    caller = Caller(make_token(cast.alice.user, scopes=[scope]))  # type: ignore[arg-type]
    statuses = {
        other: caller.verb(other, "" if other == "QRI" else cast.city.key).status for other in ("GET", "GIT", "QRI")
    }
    assert statuses == {other: 200 if other == verb else 403 for other in ("GET", "GIT", "QRI")}


def test_other_cities_are_absent_for_a_bound_token(cast: Cast, other: City) -> None:
    caller = bound(cast.alice.user, cast.city)
    assert caller.api("GET", f"cities/{cast.city.key}").status == 200
    for method, step in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/disable"), ("POST", "/purge")):
        answer = caller.api(method, f"cities/{other.key}{step}")
        assert (answer.status, answer.code) == (404, "not_found")
    assert [city["id"] for city in caller.api("GET", "cities").body["results"]] == [cast.city.key]
    for query in ("?state=enabled,deleted", "?name=Other_City", "?search=City", "?ordering=name&count=exact"):
        body = caller.api("GET", f"cities{query}").body
        assert other.key not in str(body)
        assert body.get("count", 1) == 1
    for path in (f"audit?thing=city/{other.key}", f"grants?thing=city/{other.key}"):
        assert caller.api("GET", path).code == "not_found"
    given = {"thing": f"city/{other.key}", "user": "nobodyyy", "role": "viewer"}
    assert caller.api("POST", "grants", given).code == "not_found"
    assert caller.api("GET", f"grants/{CityGrant.objects.get(content_object=other).key}").code == "not_found"


def test_they_are_absent_at_the_documented_door_too(cast: Cast, other: City) -> None:
    caller = bound(cast.alice.user, cast.city)
    assert caller.verb("GET", cast.city.key).status == 200
    for verb in ("GET", "GIT", "SET", "OFF", "DIS", "DOL", "DEL"):
        assert (caller.verb(verb, other.key).status, caller.verb(verb, other.key).reason) == (404, "CityNotFound")
    for query in ({}, WHERE, {"where": json.dumps({"id": other.key})}, {"where": json.dumps({"name": "Other_City"})}):
        result = caller.verb("QRI", data=query).result
        assert other.key not in str(result)
        assert result["total"] in {0, 1}
    assert caller.verb("ADD", data={"name": "Third_City"}).status == 403


def test_a_gods_bound_token_sees_its_cities_alone(cast: Cast, other: City) -> None:
    root = bound(cast.root.user, cast.city)
    assert [city["id"] for city in root.api("GET", "cities?scope=all").body["results"]] == [cast.city.key]
    assert root.api("GET", f"cities/{other.key}").status == 404
    for query in ({}, WHERE):
        found = root.verb("QRY", data=query).result
        assert [city["id"] for city in found["list"]] == [cast.city.key]
        assert found["total"] == 1
    assert root.api("GET", f"audit?thing=city/{other.key}").status == 404
    do(other, Verb.DOL, actor(cast.alice.user))  # type: ignore[arg-type]
    assert root.api("GET", "bin?scope=all").body["results"] == []
    given = {"uid": cast.alice.user.key, "name": "Other_City"}  # type: ignore[union-attr]
    assert root.verb("RCC", data=given).status == 404


def test_what_is_in_no_city_is_out_of_a_bound_tokens_reach(cast: Cast) -> None:
    caller = bound(cast.alice.user, cast.city)
    for method, path, data in (
        ("POST", "cities", {"name": "Second_City"}),
        ("PATCH", "me", {"avatar": "x"}),
        ("GET", "tokens", None),
        ("GET", "access-keys", None),
        ("GET", "audit", None),
    ):
        answer = caller.api(method, path, data)
        assert (answer.status, answer.code) == (403, "beyond_cities"), path
        assert answer.body["detail"] == "This access token reaches certain cities alone, and this is in none of them."
    assert not City.objects.filter(name="Second_City").exists()
    assert not AuditEvent.objects.filter(kind="user", verb="SET", outcome="ok").exists()


def test_a_bound_token_takes_up_no_offer(cast: Cast, other: City) -> None:
    dora = make_user("dora", email="dora@polis.example")
    own = make_city(dora, "Doras_City")
    given = {"thing": f"city/{cast.city.key}", "user": "dora@polis.example", "role": "viewer"}
    made = cast.alice.api("POST", "grants", given).body["id"]
    caller = bound(dora, own)
    assert caller.api("GET", "grants").body["results"] == []
    assert caller.api("POST", f"grants/{made}/accept").status in {403, 404}
    assert Caller(make_token(dora)).api("POST", f"grants/{made}/accept").status == 200
