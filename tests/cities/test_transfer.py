"""A city is handed on: offered by its owner, taken up by whom it is offered to, for the whole of it (S3, S9)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.lifecycle import USER
from accounts.models import AuditEvent, User
from accounts.people import services
from cities.models import City, CityGrant, Transfer
from config.kernel.ids import CONSOLE
from config.kernel.roles import Role
from config.kernel.states import State, Verb
from projects.models import ProjectGrant
from tests.cast import Answer, Caller, Cast
from tests.factories import actor, do, make_city, make_project, make_token, make_user


def user(caller: Caller) -> User:
    assert caller.user is not None
    return caller.user


def key(caller: Caller) -> str:
    return user(caller).key


def offer(cast: Cast, to: str = "", by: Caller | None = None, **more: Any) -> Answer:
    """alice's city, to charlie, unless others are named."""
    body = {"user": to or key(cast.charlie), **more}
    return (by or cast.alice).api("POST", f"cities/{cast.city.key}/transfer", body)


def take(cast: Cast, step: str, by: Caller | None = None) -> Answer:
    return (by or cast.charlie).api("POST", f"cities/{cast.city.key}/transfer/{step}")


def look(cast: Cast, by: Caller) -> Answer:
    return by.api("GET", f"cities/{cast.city.key}/transfer")


def owner_of(cast: Cast) -> str:
    return str(City.objects.get(pk=cast.city.pk).creator.key)  # type: ignore[union-attr]


def told(*verbs: str) -> list[tuple[str, str, Any, Any]]:
    """The events of these verbs: verb, actor, before and after."""
    events = AuditEvent.objects.filter(verb__in=verbs, outcome="ok").order_by("id")
    return [(event.verb, event.actor, event.before, event.after) for event in events]


# ── the offer ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_offer_shows_its_addressee_the_city_by_name_and_who_offers(cast: Cast) -> None:
    made = offer(cast)
    assert (made.status, made.headers["Location"]) == (201, f"/api/v1/cities/{cast.city.key}/transfer")
    seen = look(cast, cast.charlie)
    assert (seen.status, seen.body) == (200, made.body)
    assert seen.body["city"] == {"id": cast.city.key, "name": "Alice_City"}
    assert seen.body["offered_by"] == {"id": key(cast.alice), "name": "alice"}
    assert set(seen.body) == {"city", "user", "offered_by", "offered_at", "expires_at", "url"}
    assert cast.charlie.api("GET", f"cities/{cast.city.key}").status == 404, "of the city they see no more than that"
    assert look(cast, cast.alice).body == made.body


@pytest.mark.parametrize("who", ["oscar", "vera", "zoe", "root"])
def test_to_everybody_else_there_is_none(cast: Cast, who: str) -> None:
    before = look(cast, getattr(cast, who))
    offer(cast)
    after = look(cast, getattr(cast, who))
    assert (before.status, after.status) == (404, 404)
    assert {**before.body, "request_id": ""} == {**after.body, "request_id": ""}


def test_it_stands_for_seven_days_to_the_second(cast: Cast) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        offer(cast)
        clock.shift(timedelta(days=7) - timedelta(seconds=1))
        late = Caller(make_token(user(cast.charlie)), cast.charlie.user)
        assert look(cast, late).status == 200
        clock.shift(timedelta(seconds=1))
        for step in ("accept", "decline"):
            assert take(cast, step, late).status == 404
        assert look(cast, late).status == 404
        again = Caller(make_token(user(cast.alice)), cast.alice.user)
        assert again.api("DELETE", f"cities/{cast.city.key}/transfer").status == 404
        assert offer(cast, by=again).status == 201
        assert look(cast, late).status == 200


def test_a_second_offer_takes_the_place_of_the_first(cast: Cast) -> None:
    offer(cast)
    assert offer(cast, key(cast.vera)).status == 201
    assert take(cast, "accept").status == 404
    assert take(cast, "accept", cast.vera).status == 200
    first, second = [after for *_, after in told("OFFER")]
    assert (first["user"], second["user"]) == (key(cast.charlie), key(cast.vera))
    assert told("OFFER")[1][2] == first


def test_it_is_taken_back_by_its_owner_and_turned_down_by_its_addressee(cast: Cast) -> None:
    path = f"cities/{cast.city.key}/transfer"
    offer(cast)
    assert cast.alice.api("DELETE", path).status == 204
    assert (take(cast, "accept").status, cast.alice.api("DELETE", path).status) == (404, 404)
    offer(cast)
    assert take(cast, "decline").status == 204
    assert (take(cast, "accept").status, take(cast, "decline").status) == (404, 404)
    assert [(verb, who) for verb, who, *_ in told("WITHDRAW", "DECLINE")] == [
        ("WITHDRAW", key(cast.alice)),
        ("DECLINE", key(cast.charlie)),
    ]
    assert (owner_of(cast), Transfer.objects.count()) == (key(cast.alice), 0)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "#/user", "required"),
        ({"user": "x"}, "#/user", "too_short"),
        ({"user": 7}, "#/user", "wrong_type"),
        ({"user": "dora@polis.example"}, "#/user", "too_long"),
        ({"user": "{alice}"}, "#/user", "bad_choice"),
        ({"user": "{charlie}", "force": "yes"}, "#/force", "wrong_type"),
        ({"user": "{charlie}", "role": "viewer"}, "#/role", "unknown_field"),
    ],
)
def test_what_is_sent_is_checked(cast: Cast, body: Any, pointer: str, code: str) -> None:
    people = {"{alice}": key(cast.alice), "{charlie}": key(cast.charlie)}
    sent = {name: people.get(value, value) for name, value in body.items()}
    answer = cast.alice.api("POST", f"cities/{cast.city.key}/transfer", sent)
    assert (answer.status, [(each["pointer"], each["code"]) for each in answer.body["errors"]]) == (
        422,
        [(pointer, code)],
    )


@pytest.mark.parametrize(("state", "status"), [(0, 201), (1, 409), (3, 201), (5, 409)])
def test_what_is_closed_or_binned_is_not_offered(cast: Cast, state: int, status: int) -> None:
    city = make_city(user(cast.alice), "Some_City", State(state))
    answer = cast.alice.api("POST", f"cities/{city.key}/transfer", {"user": key(cast.charlie)})
    assert answer.status == status
    assert status == 201 or answer.code == "wrong_state"


# ── taking it up ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_takes_it_up_is_its_owner_and_who_had_it_is_nobody_there(cast: Cast) -> None:
    offer(cast)
    answer = take(cast, "accept")
    assert (answer.status, answer.body["owner"]) == (200, {"id": key(cast.charlie), "name": "charlie"})
    path = f"cities/{cast.city.key}"
    assert cast.charlie.api("PATCH", path, {"brief": "mine"}).status == 200
    assert cast.alice.api("GET", path).status == 404
    listed = {name: getattr(cast, name).api("GET", "cities").body["results"] for name in ("alice", "charlie")}
    assert [city["id"] for city in listed["charlie"]] == [cast.city.key]
    assert listed["alice"] == []
    assert cast.root.verb("GET", cast.city.key).result["data"]["creator_id"] == key(cast.charlie)
    assert take(cast, "accept").status == 404, "the offer is gone with it"


def test_one_event_tells_it_and_names_both_by_id(cast: Cast) -> None:
    offer(cast)
    before = AuditEvent.objects.count()
    take(cast, "accept")
    assert AuditEvent.objects.count() == before + 1
    # oscar's and vera's
    after = {"user": key(cast.charlie), "grants": 2}
    assert told("TRANSFER") == [("TRANSFER", key(cast.charlie), {"user": key(cast.alice)}, after)]
    assert (City.objects.get(pk=cast.city.pk).version, cast.city.version) == (2, 1)


def test_a_viewer_who_takes_it_up_has_the_owners_share_alone(cast: Cast) -> None:
    offer(cast, key(cast.vera))
    assert take(cast, "accept", cast.vera).status == 200
    grants = CityGrant.objects.filter(content_object=cast.city).select_related("permission")
    assert [(grant.user, grant.permission.codename, grant.live) for grant in grants] == [
        (cast.vera.user, "own_city", True)
    ]


@pytest.mark.parametrize("verb", [Verb.DIS, Verb.DOL])
def test_what_is_closed_meanwhile_by_its_owner_is_not_handed_on(cast: Cast, verb: Verb) -> None:
    offer(cast)
    do(cast.city, verb, actor(user(cast.alice)))
    answer = take(cast, "accept")
    assert (answer.status, answer.code, owner_of(cast)) == (409, "wrong_state", key(cast.alice))


def test_nor_is_it_while_who_offers_is_out_of_service(cast: Cast) -> None:
    offer(cast)
    services.switch(USER, user(cast.alice), Verb.DIS, by=Actor.system())
    assert (take(cast, "accept").code, owner_of(cast)) == ("wrong_state", key(cast.alice))
    services.switch(USER, User.objects.get(key=key(cast.alice)), Verb.ENB, by=Actor.system())
    assert take(cast, "accept").status == 200


def test_the_limit_of_cities_holds(cast: Cast, settings: Any) -> None:
    settings.CITIES_PER_USER = 1
    make_city(user(cast.charlie), state=State.DELETED)
    offer(cast)
    answer = take(cast, "accept")
    assert (answer.status, answer.code, owner_of(cast)) == (409, "limit_reached", key(cast.alice))
    settings.CITIES_PER_USER = 2
    assert take(cast, "accept").status == 200


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"scopes": ["read", "set", "share"]}, 403, "out_of_scope"),
        ({"scopes": ["transfer"]}, 200, ""),
        ({"cities": ["zzzzzzzz"]}, 404, "not_found"),
    ],
)
def test_a_credential_takes_it_up_within_its_reach(cast: Cast, given: Any, status: int, code: str) -> None:
    offer(cast)
    answer = take(cast, "accept", Caller(make_token(user(cast.charlie), **given), cast.charlie.user))
    assert (answer.status, answer.body.get("code", "")) == (status, code)


def test_the_former_owners_credentials_that_are_bound_to_it_reach_it_no_more(cast: Cast) -> None:
    bound = Caller(make_token(user(cast.alice), cities=[cast.city.key]), cast.alice.user)
    assert bound.api("GET", f"cities/{cast.city.key}").status == 200
    offer(cast)
    take(cast, "accept")
    assert bound.api("GET", f"cities/{cast.city.key}").status == 404
    assert bound.api("PATCH", f"cities/{cast.city.key}", {"brief": "x"}).status == 404
    assert bound.api("GET", "cities").body["results"] == []


def test_it_can_be_handed_back(cast: Cast) -> None:
    offer(cast)
    take(cast, "accept")
    assert offer(cast, key(cast.alice), by=cast.charlie).status == 201
    assert take(cast, "accept", cast.alice).status == 200
    assert owner_of(cast) == key(cast.alice)


# ── what ends with it ────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_grant_and_offer_on_the_city_and_below_ends(cast: Cast) -> None:
    """S9. Of what stands there the company stays the owner, and where it stands."""
    project = make_project(user(cast.alice), city=cast.city.key)
    elsewhere = make_project(user(cast.alice))
    for thing in (f"city/{cast.city.key}", f"project/{project.key}", f"project/{elsewhere.key}"):
        for to in (key(cast.root), "nobody00", "pending@polis.example"):
            given = {"thing": thing, "user": to, "role": "viewer"}
            assert cast.alice.api("POST", "grants", given).status == 201
    offer(cast)
    take(cast, "accept")
    assert [grant.user for grant in CityGrant.objects.filter(content_object=cast.city)] == [cast.charlie.user]
    assert set(ProjectGrant.objects.values_list("content_object__key", flat=True)) == {elsewhere.key}
    assert told("TRANSFER")[0][3]["grants"] == 2 + 3 + 3
    for caller in (cast.oscar, cast.vera):
        assert caller.api("GET", f"cities/{cast.city.key}").status == 404
    project.refresh_from_db()
    assert (project.city, project.company) == (cast.city, user(cast.alice).corp)
    assert cast.alice.api("PATCH", f"projects/{project.key}", {"name": "Renamed"}).status == 200
    assert cast.charlie.api("GET", f"projects/{project.key}").status == 200, "who owns the city sees what stands there"
    assert cast.charlie.api("PATCH", f"projects/{project.key}", {"name": "Mine"}).status == 403


def test_its_new_owner_does_not_take_others_projects_away_with_it(cast: Cast) -> None:
    """S8: who owns the city may evict, nothing more."""
    project = make_project(user(cast.alice), city=cast.city.key)
    assert cast.alice.api("DELETE", f"projects/{project.key}").status == 204
    offer(cast)
    take(cast, "accept")
    assert cast.charlie.api("DELETE", f"cities/{cast.city.key}").status == 204
    purge = lambda: cast.charlie.api("POST", f"cities/{cast.city.key}/purge", {"confirm": "Alice_City"})  # noqa: E731
    assert purge().code == "has_children"
    assert cast.charlie.api("POST", f"projects/{project.key}/move", {"city": None}).status == 200
    assert purge().status == 200
    project.refresh_from_db()
    assert project.state == State.DELETED


# ── by force ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def left(cast: Cast) -> Cast:
    """alice is gone."""
    services.switch(USER, user(cast.alice), Verb.DIS, by=Actor.system())
    return cast


def test_a_god_hands_on_what_its_owner_has_left(left: Cast) -> None:
    answer = offer(left, by=left.root, force=True)
    assert (answer.status, answer.body["owner"]["id"]) == (200, key(left.charlie))
    after = {"user": key(left.charlie), "grants": 2}
    assert told("TRANSFER") == [("TRANSFER", key(left.root), {"user": key(left.alice)}, after)]
    assert left.charlie.api("PATCH", f"cities/{left.city.key}", {"brief": "x"}).status == 200


def test_not_while_its_owner_is_in_service(cast: Cast) -> None:
    answer = offer(cast, by=cast.root, force=True)
    assert (answer.status, answer.code, owner_of(cast)) == (409, "wrong_state", key(cast.alice))


@pytest.mark.parametrize("to", ["zzzzzzzz", "{alice}", "{closed}"])
def test_it_goes_to_somebody_in_service_alone(left: Cast, to: str) -> None:
    closed = make_user("closed")
    services.switch(USER, closed, Verb.DIS, by=Actor.system())
    answer = offer(left, {"{alice}": key(left.alice), "{closed}": closed.key}.get(to, to), by=left.root, force=True)
    assert (answer.status, answer.body["errors"][0]["code"]) == (422, "bad_choice")


def test_the_consoles_city_is_nobodys(cast: Cast) -> None:
    answer = cast.root.api("POST", f"cities/{CONSOLE}/transfer", {"user": key(cast.charlie), "force": True})
    assert (answer.status, answer.code) == (409, "reserved")
    assert City.objects.get(key=CONSOLE).creator is None


def test_the_limit_holds_for_a_god_too(left: Cast, settings: Any) -> None:
    settings.CITIES_PER_USER = 1
    make_city(user(left.charlie))
    assert offer(left, by=left.root, force=True).code == "limit_reached"


def test_without_force_a_god_may_not_and_with_it_nobody_else(left: Cast) -> None:
    assert offer(left, by=left.root).code == "forbidden"
    assert offer(left, by=left.root, force=False).code == "forbidden"
    for caller in (left.zoe, left.oscar):
        assert offer(left, by=caller, force=True).code == "forbidden"
    assert offer(left, by=left.charlie, force=True).status == 404


def test_what_lies_in_the_bin_goes_on_as_it_is(left: Cast) -> None:
    do(left.city, Verb.DOL, Actor.system())
    assert offer(left, by=left.root, force=True).body["state"] == "deleted"
    assert left.charlie.api("GET", "cities").body["results"] == []
    assert [each["id"] for each in left.charlie.api("GET", "bin").body["results"]] == [left.city.key]
    assert left.zoe.api("POST", f"cities/{left.city.key}/recycle").status == 200
    assert [city["id"] for city in left.charlie.api("GET", "cities").body["results"]] == [left.city.key]


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────

STEPS = {
    "offer": ("POST", "", {"user": "{wanda}"}),
    "force": ("POST", "", {"user": "{wanda}", "force": True}),
    "look": ("GET", "", None),
    "withdraw": ("DELETE", "", None),
    "accept": ("POST", "/accept", None),
    "decline": ("POST", "/decline", None),
}
WHO_MAY = {
    #            offer force look withdraw accept decline
    "alice": (201, 403, 200, 204, 403, 403),
    "oscar": (403, 403, 404, 403, 404, 404),
    "vera": (403, 403, 404, 403, 404, 404),
    "charlie": (404, 404, 404, 404, 404, 404),
    "wanda": (404, 404, 200, 404, 200, 204),
    "zoe": (403, 403, 404, 403, 404, 404),
    "root": (403, 409, 404, 403, 404, 404),  # alice is in service
    "nobody": (401, 401, 401, 401, 401, 401),
}


@pytest.mark.parametrize("who", WHO_MAY)
@pytest.mark.parametrize("step", STEPS)
def test_who_may_do_which_step(cast: Cast, who: str, step: str) -> None:
    """While alice offers her city to wanda, who has nothing to do with it."""
    wanda = make_user("wanda", Role.DEVELOPER)
    people = {**vars(cast), "wanda": Caller(make_token(wanda), wanda)}
    offer(cast, wanda.key)
    method, path, body = STEPS[step]
    sent = {**body, "user": wanda.key} if body else None
    answer = people[who].api(method, f"cities/{cast.city.key}/transfer{path}", sent)
    assert answer.status == WHO_MAY[who][list(STEPS).index(step)]
    assert (owner_of(cast) == key(cast.alice)) is not (answer.status == 200 and step == "accept")
