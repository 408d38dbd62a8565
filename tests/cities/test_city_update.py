"""SET: what was sent is changed and told, what was not is kept; the verbs that hide in it go by their own names."""

import hashlib
from typing import Any

import pytest

from cities.models import City
from tests.cast import Cast
from tests.cities import trail
from tests.factories import make_city, make_token


def test_it_tells_each_field_that_was_sent_under_both_of_the_documents_keys(cast: Cast) -> None:
    given = {"name": "New_name", "avatar": "icon.png", "brief": "简介", "igrp": "group-7"}
    answer = cast.alice.verb("SET", cast.city.key, given)
    assert answer.body == {
        "error": 0,
        "reason": "Success",
        "result": {"id": cast.city.key, "ipdates": given, "updates": given},
    }
    data = cast.alice.verb("GET", cast.city.key).result["data"]
    assert (data["name"], data["avatar"], data["brief"]) == ("New_name", "icon.png", "简介")
    assert (data["igrp_id"], data["igrp_name"]) == ("group-7", "group-7")


def test_it_keeps_what_was_not_sent(cast: Cast) -> None:
    cast.alice.verb("SET", cast.city.key, {"avatar": "icon.png", "brief": "text"})
    answer = cast.alice.verb("SET", cast.city.key, {"brief": "other"})
    assert answer.result["updates"] == {"brief": "other"}
    data = cast.alice.verb("GET", cast.city.key).result["data"]
    assert (data["name"], data["avatar"], data["brief"]) == ("Alice_City", "icon.png", "other")


def test_an_empty_text_clears_avatar_and_brief(cast: Cast) -> None:
    cast.alice.verb("SET", cast.city.key, {"avatar": "icon.png", "brief": "text"})
    answer = cast.alice.verb("SET", cast.city.key, {"avatar": "", "brief": ""})
    assert answer.result["ipdates"] == {"avatar": "", "brief": ""}
    data = cast.alice.verb("GET", cast.city.key).result["data"]
    assert (data["avatar"], data["brief"]) == ("", "")


def test_an_empty_name_clears_nothing(cast: Cast) -> None:
    assert cast.alice.verb("SET", cast.city.key, {"name": ""}).reason == "CityNameTooShort"


@pytest.mark.parametrize("given", [None, {}, {"unknown": 1}, {"name": "Alice_City"}], ids=str)
def test_nothing_new_changes_nothing(cast: Cast, given: Any) -> None:
    before = trail.everything()
    assert cast.alice.verb("SET", cast.city.key, given).status == 200
    assert trail.everything() == before


def test_it_writes_one_event_with_the_old_and_the_new(cast: Cast) -> None:
    done = len(trail.events())
    cast.oscar.verb("SET", cast.city.key, {"brief": "text", "avatar": ""})
    (event,) = trail.events()[done:]
    assert cast.oscar.user is not None
    assert (event.verb, event.thing, event.actor) == ("SET", cast.city.key, cast.oscar.user.key)
    assert (event.before, event.after) == ({"brief": ""}, {"brief": "text"})


def test_it_notes_who_changed_it_last(cast: Cast) -> None:
    cast.oscar.verb("SET", cast.city.key, {"brief": "text"})
    data = cast.alice.verb("GET", cast.city.key).result["data"]
    assert (data["creator_name"], data["ipdator_name"]) == ("alice", "oscar")
    assert City.objects.get(key=cast.city.key).version == cast.city.version + 1


def test_a_name_that_is_taken_is_refused_and_the_rest_with_it(cast: Cast) -> None:
    make_city(cast.charlie.user, "Charlies_Own")
    before = trail.everything()
    refused = cast.alice.verb("SET", cast.city.key, {"name": "charlies_own", "brief": "text", "enabled": 0})
    assert (refused.status, refused.reason, refused.result["id"]) == (409, "CityNameTaken", cast.city.key)
    assert trail.everything() == before


def test_a_city_may_change_the_case_of_its_own_name(cast: Cast) -> None:
    assert cast.alice.verb("SET", cast.city.key, {"name": "ALICE_CITY"}).status == 200
    assert cast.alice.verb("GET", cast.city.key).result["data"]["name"] == "ALICE_CITY"


def test_the_old_name_is_free_at_once(cast: Cast) -> None:
    cast.alice.verb("SET", cast.city.key, {"name": "New_name"})
    assert cast.charlie.verb("ADD", data={"name": "Alice_City"}).status == 200


@pytest.mark.parametrize("off", [0, "0"])
def test_enabled_zero_takes_it_offline_and_does_not_ban_it(cast: Cast, off: Any) -> None:
    answer = cast.alice.verb("SET", cast.city.key, {"enabled": off})
    assert answer.result["updates"] == {"enabled": 0}
    assert City.objects.get(key=cast.city.key).state == 3
    assert trail.verbs(cast.city.key)[-1] == "OFF"
    # Its owner can undo it.
    assert cast.alice.verb("PUB", cast.city.key).status == 200


@pytest.mark.parametrize("on", [1, "1"])
def test_enabled_one_publishes_it(cast: Cast, on: Any) -> None:
    cast.alice.verb("OFF", cast.city.key)
    answer = cast.alice.verb("SET", cast.city.key, {"enabled": on})
    assert answer.result["updates"] == {"enabled": 1}
    assert City.objects.get(key=cast.city.key).state == 0
    assert trail.verbs(cast.city.key)[-1] == "PUB"


def test_enabled_as_it_is_already_is_a_repeat(cast: Cast) -> None:
    before = trail.everything()
    assert cast.alice.verb("SET", cast.city.key, {"enabled": 1}).status == 200
    assert trail.everything() == before


def test_enabled_lifts_no_ban(cast: Cast) -> None:
    cast.zoe.verb("DIS", cast.city.key)
    before = trail.everything()
    assert cast.alice.verb("SET", cast.city.key, {"enabled": 1}).reason == "CityWrongState"
    assert trail.everything() == before


def test_an_edit_a_switch_and_a_secret_are_one_event_each(cast: Cast) -> None:
    done = len(trail.events())
    cast.alice.verb("SET", cast.city.key, {"name": "New_name", "brief": "b", "enabled": 0, "secret": "kid"})
    assert sorted(event.verb for event in trail.events()[done:]) == ["OFF", "SET", "SET"]


def test_a_secret_is_made_here_shown_this_once_and_kept_as_a_hash(cast: Cast) -> None:
    answer = cast.alice.verb("SET", cast.city.key, {"secret": "my-kid", "brief": "b"})
    secret = answer.result["secret"]
    assert len(secret) == 32
    assert set(secret) <= set("0123456789abcdef")
    assert answer.result["ipdates"] == answer.result["updates"] == {"brief": "b"}
    stored = City.objects.get(key=cast.city.key)
    assert stored.secret_digest == hashlib.sha256(secret.encode()).hexdigest()
    shown = cast.alice.verb("GET", cast.city.key, {"fields": "@all"})
    told = str([(event.before, event.after) for event in trail.events(cast.city.key)])
    assert secret not in str(shown.body) + told
    assert "my-kid" not in str(shown.body) + told


def test_the_same_kid_gives_another_secret(cast: Cast) -> None:
    first = cast.alice.verb("SET", cast.city.key, {"secret": "kid"}).result["secret"]
    assert cast.alice.verb("SET", cast.city.key, {"secret": "kid"}).result["secret"] != first


def test_a_token_for_set_alone_cannot_switch_in_its_clothes(cast: Cast) -> None:
    assert cast.alice.user is not None
    cast.alice.token = make_token(cast.alice.user, scopes=["set"])
    assert cast.alice.verb("SET", cast.city.key, {"brief": "one"}).status == 200
    before = trail.everything()
    refused = cast.alice.verb("SET", cast.city.key, {"brief": "two", "enabled": 0})
    assert (refused.status, refused.reason) == (403, "OutOfScope")
    assert trail.everything() == before


def test_parameters_that_sets_table_does_not_have_change_nothing(cast: Cast) -> None:
    before = trail.everything()
    given = {"city": 5, "stato": "x", "expire": 1, "creator_id": "AAAAAAAA", "code": "L", "type": "t", "version": 9}
    assert cast.alice.verb("SET", cast.city.key, given).result["updates"] == {}
    assert trail.everything() == before
