"""ADD: a new city, its owner's at once, with a name that nobody else holds in any look-alike form."""

import pytest
from pytest_django.fixtures import Settings

from cities.models import City, CityGrant
from tests.cast import Cast
from tests.cities import trail
from tests.factories import make_city


def test_it_answers_with_the_id_alone(cast: Cast) -> None:
    made = cast.charlie.verb("ADD", data={"name": "Charlies_Own"})
    assert made.status == 200
    assert made.body == {"error": 0, "reason": "Success", "result": {"id": made.result["id"]}}
    assert len(made.result["id"]) == 8
    assert made.result["id"].isalnum()


def test_it_stores_what_was_given(cast: Cast) -> None:
    given = {"name": "健康_Band2", "avatar": "a" * 40, "brief": "简" * 64}
    made = cast.charlie.verb("ADD", data=given)
    data = cast.charlie.verb("GET", made.result["id"]).result["data"]
    assert {name: data[name] for name in given} == given
    assert (data["city"], data["stato"], data["expire"]) == (0, "", 0)
    assert data["creator_name"] == data["ipdator_name"] == "charlie"


def test_avatar_and_brief_may_be_left_out(cast: Cast) -> None:
    made = cast.charlie.verb("ADD", data={"name": "Bare_City"})
    data = cast.charlie.verb("GET", made.result["id"]).result["data"]
    assert (data["avatar"], data["brief"]) == ("", "")


def test_who_makes_it_owns_it(cast: Cast) -> None:
    made = cast.charlie.verb("ADD", data={"name": "Charlies_Own"})
    assert made.result["id"] in [row["id"] for row in cast.charlie.verb("QRI").result["list"]]
    assert cast.charlie.verb("DOL", made.result["id"]).status == 200
    assert cast.alice.verb("GET", made.result["id"]).status == 404


def test_it_writes_one_event_that_names_the_maker(cast: Cast) -> None:
    made = cast.charlie.verb("ADD", data={"name": "Charlies_Own"}, X_Request_Id="my-request-1")
    (event,) = trail.events(made.result["id"])
    assert cast.charlie.user is not None
    assert (event.verb, event.kind, event.door) == ("ADD", "city", "xdua")
    assert (event.actor_kind, event.actor, event.request_id) == ("user", cast.charlie.user.key, "my-request-1")
    assert (event.thing_name, event.city) == ("Charlies_Own", made.result["id"])
    assert event.before == {}
    assert event.after == {"name": "Charlies_Own", "avatar": "", "brief": "", "state": 0}


@pytest.mark.parametrize("whose", ["zoe", "root"])
def test_stewards_may_have_cities_of_their_own(cast: Cast, whose: str) -> None:
    steward = getattr(cast, whose)
    made = steward.verb("ADD", data={"name": "Steward_Own"})
    assert steward.verb("GIT", made.result["id"]).status == 200
    assert steward.verb("DOL", made.result["id"]).status == 200


def test_a_form_and_a_query_string_will_do(cast: Cast) -> None:
    token = {"Authorization": cast.charlie.token}
    form = cast.charlie.client.generic(
        "POST", "/city", b"name=From_a_form&brief=%E7%AE%80+a", "application/x-www-form-urlencoded", headers=token
    )
    assert form.status_code == 200
    assert City.objects.get(key=form.json()["result"]["id"]).brief == "简 a"
    query = cast.charlie.call("POST", "/city?name=From_a_query")
    assert City.objects.get(key=query.result["id"]).name == "From_a_query"


def test_a_name_is_kept_in_its_composed_form(cast: Cast) -> None:
    # U+F900 is a compatibility form of U+8C48, and composes to it.
    made = cast.charlie.verb("ADD", data={"name": "豈城之市"})
    assert City.objects.get(key=made.result["id"]).name == "\u8c48城之市"


@pytest.mark.parametrize(
    "taken",
    ["Alice_City", "ALICE_CITY", "alice_city"],
    ids=["the same", "in capitals", "in small letters"],
)
def test_a_name_is_taken_in_every_case(cast: Cast, taken: str) -> None:
    before = trail.everything()
    refused = cast.charlie.verb("ADD", data={"name": taken})
    assert (refused.status, refused.body["error"], refused.reason) == (409, 200001, "CityNameTaken")
    assert trail.everything() == before


def test_a_look_alike_name_is_taken(cast: Cast) -> None:
    make_city(cast.alice.user, "第十城市")
    # U+3038, the Hangzhou numeral, folds to 十.
    assert cast.charlie.verb("ADD", data={"name": "第\u3038城市"}).reason == "CityNameTaken"


@pytest.mark.parametrize("steps", [[], ["OFF"], ["DIS"], ["DOL"]], ids=["enabled", "offline", "disabled", "binned"])
def test_a_name_is_held_in_every_state_and_the_answer_says_no_more(cast: Cast, steps: list[str]) -> None:
    for step in steps:
        assert cast.alice.verb(step, cast.city.key).status == 200
    strangers = cast.charlie.verb("ADD", data={"name": "Alice_City"})
    owners = cast.alice.verb("ADD", data={"name": "Alice_City"})
    assert strangers.status == 409
    assert strangers.body == owners.body
    assert cast.city.key not in str(strangers.body)


def test_a_developer_holds_no_more_cities_than_the_limit_the_bin_counted(cast: Cast, settings: Settings) -> None:
    settings.CITIES_PER_USER = 2
    first = cast.charlie.verb("ADD", data={"name": "City_one"}).result["id"]
    assert cast.charlie.verb("ADD", data={"name": "City_two"}).status == 200
    cast.charlie.verb("DOL", first)
    before = trail.everything()
    refused = cast.charlie.verb("ADD", data={"name": "City_three"})
    assert (refused.status, refused.reason) == (409, "CityLimitReached")
    assert trail.everything() == before
    cast.charlie.verb("DEL", first)
    assert cast.charlie.verb("ADD", data={"name": "City_three"}).status == 200


def test_cities_that_are_shared_with_one_do_not_count(cast: Cast, settings: Settings) -> None:
    settings.CITIES_PER_USER = 1
    assert cast.oscar.verb("ADD", data={"name": "Oscars_Own"}).status == 200
    assert cast.oscar.verb("ADD", data={"name": "Oscars_Two"}).status == 409


def test_parameters_that_adds_table_does_not_have_change_nothing(cast: Cast) -> None:
    extra = {"city": 5, "state": 1, "code": "L1", "type": "x", "creator_id": "AAAAAAAA", "id": "BBBBBBBB", "version": 9}
    made = cast.charlie.verb("ADD", data={"name": "Charlies_Own", "stato": "closed", "igrp": "g", **extra})
    data = cast.charlie.verb("GET", made.result["id"]).result["data"]
    assert data["creator_name"] == "charlie"
    assert [data[name] for name in ("city", "stato", "code", "type", "igrp_id")] == [0, "", "", "", ""]


def test_it_grants_to_the_maker_and_to_nobody_else(cast: Cast) -> None:
    made = cast.charlie.verb("ADD", data={"name": "Charlies_Own"})
    grants = CityGrant.objects.filter(content_object__key=made.result["id"])
    assert [(grant.user.name, grant.permission.codename) for grant in grants] == [("charlie", "own_city")]
