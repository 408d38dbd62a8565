"""MOVE: a project changes its city by whoever may change all three, and is evicted by the owner of its city (S8)."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.access.actor import Actor
from accounts.lifecycle import ORGANIZATION
from accounts.machine import executor
from accounts.models import AuditEvent, User
from accounts.people import services, sharing
from apps.models import Gateway
from cities.models import City
from config.kernel import registry
from config.kernel.roles import Share
from config.kernel.states import Side, State, Verb
from projects.lifecycle import PROJECT
from projects.models import Project
from tests.cast import Answer, Caller, Cast
from tests.factories import actor, do, make_city, make_gateway, make_project, make_token, share, unshare


def user(caller: Caller) -> User:
    assert caller.user is not None
    return caller.user


def move(caller: Caller, project: Project, city: City | None, **headers: str) -> Answer:
    body = {"city": city.key if city is not None else None}
    return caller.api("POST", f"projects/{project.key}/move", body, **headers)


def standing(project: Project) -> str:
    """The id of the city that it stands in."""
    found = Project.objects.select_related("city").get(pk=project.pk)
    return found.city_key


def moved() -> list[tuple[Any, Any, str, str]]:
    """Of each move: from where, to where, the city of its event, and who."""
    events = AuditEvent.objects.filter(verb="MOVE", outcome="ok").order_by("id")
    return [(event.before["city"], event.after["city"], event.city, event.actor) for event in events]


def end(project: Project, verb: Verb, by: Actor) -> None:
    executor.fire(PROJECT, Project.objects.all(), project.key, verb, by=by)


@pytest.fixture
def project(cast: Cast) -> Project:
    """Of alice's company, in her city."""
    return make_project(user(cast.alice), city=cast.city.key)


@pytest.fixture
def other(cast: Cast) -> City:
    """Another city of alice's."""
    return make_city(user(cast.alice), "Other_City")


@pytest.fixture
def handed_on(cast: Cast, project: Project) -> Project:
    """The project after the city has become charlie's, who is of another company."""
    cast.alice.api("POST", f"cities/{cast.city.key}/transfer", {"user": user(cast.charlie).key})
    assert cast.charlie.api("POST", f"cities/{cast.city.key}/transfer/accept").status == 200
    return project


def test_it_goes_out_and_in_and_across_and_each_is_one_event(cast: Cast, project: Project, other: City) -> None:
    first, second, who = cast.city.key, other.key, user(cast.alice).key
    for target in (other, None, cast.city):
        answer = move(cast.alice, project, target)
        shown = {"id": target.key, "name": target.name} if target is not None else None
        assert (answer.status, answer.body["city"]) == (200, shown)
        assert standing(project) == (target.key if target is not None else "")
    assert moved() == [
        (first, second, second, who),
        (second, None, second, who),
        (None, first, first, who),
    ]
    assert Project.objects.get(pk=project.pk).version == project.version + 3


def test_where_it_stands_already_it_stays(cast: Cast, project: Project, other: City) -> None:
    for target in (cast.city, other, other):
        assert move(cast.alice, project, target).status == 200
    out = make_project(user(cast.alice))
    answer = move(cast.alice, out, None)
    assert (answer.status, answer.body["version"], len(moved())) == (200, 1, 1)


def test_its_effective_state_follows_at_once(cast: Cast, project: Project, other: City) -> None:
    gateway = make_gateway(user(cast.alice), project)
    do(other, Verb.OFF, actor(user(cast.alice)))
    seen = lambda: cast.alice.api("GET", f"gateways/{gateway.key}").body  # noqa: E731
    assert (seen()["effective_state"], seen()["city"]["id"]) == ("enabled", cast.city.key)
    move(cast.alice, project, other)
    assert (seen()["effective_state"], seen()["city"]["id"]) == ("offline", other.key)
    move(cast.alice, project, None)
    assert (seen()["effective_state"], seen()["city"]) == ("enabled", None)
    assert Gateway.objects.get(pk=gateway.pk).version == gateway.version


def test_who_was_granted_the_city_has_it_no_more_on_what_has_left(cast: Cast, project: Project, other: City) -> None:
    path = f"projects/{project.key}"
    assert cast.vera.api("GET", path).status == 200
    move(cast.alice, project, other)
    assert cast.vera.api("GET", path).status == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "required"), ({"city": "x"}, "wrong_type"), ({"city": 7}, "wrong_type"), ({"city": "%s\n"}, "wrong_type")],
)
def test_what_is_sent_is_checked(cast: Cast, project: Project, body: Any, code: str) -> None:
    sent = {
        name: value % cast.city.key if isinstance(value, str) and "%" in value else value
        for name, value in body.items()
    }
    answer = cast.alice.api("POST", f"projects/{project.key}/move", sent)
    assert (answer.status, answer.body["errors"][0]["pointer"], answer.body["errors"][0]["code"]) == (
        422,
        "#/city",
        code,
    )


def test_a_city_of_another_companys_owner_takes_it_not(cast: Cast, project: Project) -> None:
    """Though its owner lets the caller operate it."""
    foreign = make_city(user(cast.charlie), "Foreign_City")
    assert move(cast.alice, project, foreign).status == 404
    share(foreign, user(cast.alice), Share.VIEWER, by=actor(user(cast.charlie)))
    assert move(cast.alice, project, foreign).code == "forbidden"
    share(foreign, user(cast.alice), Share.OPERATOR, by=actor(user(cast.charlie)))
    answer = move(cast.alice, project, foreign)
    assert (answer.status, answer.body["errors"][0]["code"], standing(project)) == (422, "bad_choice", cast.city.key)


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────

WHO_MAY = {
    #            to another, out of all, of their own to another
    "alice": (200, 200),
    "oscar": (404, 200),  # operates the project by his grant on its city, and sees no other
    "vera": (403, 403),
    "charlie": (404, 404),
    "zoe": (403, 403),
    "root": (403, 403),
    "nobody": (401, 401),
}


@pytest.mark.parametrize("who", WHO_MAY)
def test_it_takes_set_on_the_project_and_on_both_cities(cast: Cast, project: Project, other: City, who: str) -> None:
    caller = getattr(cast, who)
    assert tuple(move(caller, project, each).status for each in (other, None)) == WHO_MAY[who]


def test_set_on_one_of_the_three_is_not_enough(cast: Cast, project: Project, other: City) -> None:
    """oscar views the city by now, and operates the project itself; then the other city too."""
    by = actor(user(cast.alice))
    share(cast.city, user(cast.oscar), Share.VIEWER, by=by)
    terms = {"user": user(cast.oscar).key, "role": Share.OPERATOR}
    sharing.share(registry.kind("project"), project.key, by=by, read=lambda: terms)
    share(other, user(cast.oscar), Share.OPERATOR, by=by)
    assert [move(cast.oscar, project, each).code for each in (other, None)] == ["forbidden"] * 2
    share(cast.city, user(cast.oscar), Share.OPERATOR, by=by)
    share(other, user(cast.oscar), Share.VIEWER, by=by)
    assert move(cast.oscar, project, other).code == "forbidden"
    share(other, user(cast.oscar), Share.OPERATOR, by=by)
    assert move(cast.oscar, project, other).status == 200


@pytest.mark.parametrize(
    ("given", "out", "across"),
    [
        ({"scopes": ["read", "set"]}, "out_of_scope", "out_of_scope"),
        ({"scopes": ["move"]}, "", ""),
        ({"cities": ["{city}"]}, "beyond_cities", "not_found"),
        ({"cities": ["{city}", "{other}"]}, "beyond_cities", ""),
        ({"cities": ["{other}"]}, "not_found", "not_found"),
        ({"project": "{project}"}, "forbidden", "forbidden"),
    ],
)
def test_a_credential_moves_within_its_reach(
    cast: Cast, project: Project, other: City, *, given: Any, out: str, across: str
) -> None:
    names = {"{city}": cast.city.key, "{other}": other.key, "{project}": project.key}
    reach = {
        name: names[value] if isinstance(value, str) else [names.get(each, each) for each in value]
        for name, value in given.items()
    }
    caller = Caller(make_token(user(cast.alice), **reach), cast.alice.user)
    for target, code in ((None, out), (other, across)):
        answer = move(caller, project, target)
        assert (answer.body.get("code", ""), answer.status < 300) == (code, not code)
        assert not code or standing(project) == cast.city.key
        move(cast.alice, project, cast.city)


# ── eviction ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_owner_of_the_city_evicts_what_is_not_theirs(cast: Cast, handed_on: Project) -> None:
    answer = move(cast.charlie, handed_on, None)
    assert (answer.status, answer.body["city"], standing(handed_on)) == (200, None, "")
    assert moved() == [(cast.city.key, None, cast.city.key, user(cast.charlie).key)]
    assert cast.charlie.api("GET", f"projects/{handed_on.key}").status == 404
    assert cast.alice.api("PATCH", f"projects/{handed_on.key}", {"name": "Renamed"}).status == 200


def test_and_moves_it_nowhere_else(cast: Cast, handed_on: Project) -> None:
    own = make_city(user(cast.charlie), "Charlies_City")
    assert move(cast.charlie, handed_on, own).code == "forbidden"
    assert move(cast.charlie, handed_on, cast.city).code == "forbidden"


def test_who_operates_the_city_evicts_nobody(cast: Cast, handed_on: Project) -> None:
    share(cast.city, user(cast.oscar), Share.OPERATOR, by=actor(user(cast.charlie)))
    assert move(cast.oscar, handed_on, None).status == 404, "nor does he see it"


@pytest.mark.parametrize("verb", [None, Verb.DIS, Verb.OFF, Verb.DOL])
def test_its_company_takes_it_out_of_a_city_that_is_a_strangers_now(
    cast: Cast, handed_on: Project, verb: Verb | None
) -> None:
    """Who is not of the company could close it with their city for as long as they like."""
    if verb is not None:
        do(cast.city, verb, actor(user(cast.charlie)))
    assert move(cast.alice, handed_on, None).status == 200
    assert standing(handed_on) == ""


def test_but_not_into_another_one(cast: Cast, handed_on: Project, other: City) -> None:
    """S8: that takes SET on the city that it leaves."""
    assert move(cast.alice, handed_on, other).code == "forbidden"
    assert standing(handed_on) == cast.city.key


def test_nor_does_its_operator_take_it_out(cast: Cast, handed_on: Project) -> None:
    given = {"thing": f"project/{handed_on.key}", "user": user(cast.oscar).key, "role": "operator"}
    assert cast.alice.api("POST", "grants", given).status == 201
    assert move(cast.oscar, handed_on, None).code == "forbidden"


@pytest.mark.parametrize("verb", [Verb.DIS, Verb.DOL, Verb.OFF])
@pytest.mark.parametrize("what", ["project", "city"])
def test_what_is_closed_or_binned_by_its_own_is_evicted_as_it_is(
    cast: Cast, handed_on: Project, what: str, verb: Verb
) -> None:
    if what == "city":
        do(cast.city, verb, actor(user(cast.charlie)))
    else:
        end(handed_on, verb, actor(user(cast.alice)))
    before = Project.objects.get(pk=handed_on.pk).facts
    assert move(cast.charlie, handed_on, None).status == 200
    assert Project.objects.get(pk=handed_on.pk).facts == before


# ── states and bans ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("verb", [Verb.DIS, Verb.DOL])
@pytest.mark.parametrize("what", ["project", "left", "entered"])
def test_what_is_closed_or_binned_is_not_moved_nor_moved_into(
    cast: Cast, project: Project, other: City, what: str, verb: Verb
) -> None:
    by = actor(user(cast.alice))
    if what == "project":
        end(project, verb, by)
    else:
        do(cast.city if what == "left" else other, verb, by)
    answer = move(cast.alice, project, other)
    assert (answer.status, answer.code, standing(project)) == (409, "wrong_state", cast.city.key)


@pytest.mark.parametrize("verb", [Verb.OFF, None])
def test_off_line_it_moves(cast: Cast, project: Project, other: City, verb: Verb | None) -> None:
    if verb is not None:
        end(project, verb, actor(user(cast.alice)))
        do(other, verb, actor(user(cast.alice)))
    assert move(cast.alice, project, other).status == 200


def ban_project(cast: Cast, project: Project, other: City) -> None:
    end(project, Verb.DIS, Actor.system())


def ban_city(cast: Cast, project: Project, other: City) -> None:
    do(cast.city, Verb.DIS, Actor.system())


def ban_other(cast: Cast, project: Project, other: City) -> None:
    do(other, Verb.DIS, Actor.system())


def ban_company(cast: Cast, project: Project, other: City) -> None:
    services.switch(ORGANIZATION, project.company, Verb.DIS, by=Actor.system())


@pytest.mark.parametrize("ban", [ban_project, ban_city, ban_other])
@pytest.mark.parametrize("is_binned", [False, True])
def test_under_a_ban_nothing_goes_out_or_in(
    cast: Cast, project: Project, other: City, ban: Callable[..., None], is_binned: bool
) -> None:
    """S7: held, or remembered under the bin."""
    ban(cast, project, other)
    if is_binned:
        by = actor(user(cast.alice))
        if ban is ban_project:
            end(project, Verb.DOL, by)
        else:
            do(cast.city if ban is ban_city else other, Verb.DOL, by)
    targets = [other] if ban is ban_other else [other, None]
    for target in targets:
        answer = move(cast.alice, project, target)
        assert (answer.status, answer.code, standing(project)) == (409, "wrong_state", cast.city.key)


@pytest.mark.parametrize("ban", [ban_project, ban_city, ban_company])
def test_nor_is_anything_evicted_under_one(
    cast: Cast, handed_on: Project, other: City, ban: Callable[..., None]
) -> None:
    ban(cast, handed_on, other)
    answer = move(cast.charlie, handed_on, None)
    assert (answer.status, answer.code, standing(handed_on)) == (409, "wrong_state", cast.city.key)
    city = City.objects.get(pk=cast.city.pk)
    assert ban is not ban_city or (city.disabled_side, city.state) == (Side.ADMIN, State.DISABLED)


# ── conditions, replays, history ─────────────────────────────────────────────────────────────────────────────────────


def test_a_replay_is_done_once_and_judged_again(cast: Cast, project: Project, other: City) -> None:
    by = actor(user(cast.alice))
    share(other, user(cast.oscar), Share.OPERATOR, by=by)
    for replayed in (None, "true"):
        answer = move(cast.oscar, project, other, Idempotency_Key="m")
        assert (answer.status, answer.headers.get("Idempotent-Replayed")) == (200, replayed)
    assert len(moved()) == 1
    share(other, user(cast.oscar), Share.VIEWER, by=by)
    assert move(cast.oscar, project, other, Idempotency_Key="m").code == "forbidden"
    assert unshare(other, user(cast.oscar), by=by)
    assert move(cast.oscar, project, other, Idempotency_Key="m").status == 404


def test_a_hidden_city_is_one_that_is_not(cast: Cast, project: Project) -> None:
    hidden = make_city(user(cast.charlie), "Hidden_City")
    answers = [
        cast.alice.api("POST", f"projects/{project.key}/move", {"city": key}) for key in (hidden.key, "zzzzzzzz")
    ]
    assert [(answer.status, {**answer.body, "request_id": ""}) for answer in answers] == [
        (404, {**answers[0].body, "request_id": ""})
    ] * 2


def history(caller: Caller, city: City) -> list[tuple[str, str]]:
    """What is moved in the history of a city: the thing and where it went, the newest first."""
    answer = caller.api("GET", f"audit?thing=city/{city.key}&verb=MOVE")
    assert answer.status == 200
    return [(event["thing"], event["after"]["city"]) for event in answer.body["results"]]


def test_the_one_event_is_told_in_the_history_of_both_cities(cast: Cast, project: Project, other: City) -> None:
    for target in (other, None):
        move(cast.alice, project, target)
    thing = f"project/{project.key}"
    across, out = (thing, other.key), (thing, None)
    for caller in (cast.alice, cast.zoe, cast.root):
        assert history(caller, cast.city) == [across]
        assert history(caller, other) == [out, across]
    assert history(cast.vera, cast.city) == [], "who only sees the city need not see what stood in it"
    own = cast.alice.api("GET", f"audit?thing=city/{cast.city.key}").body["results"]
    assert [event["verb"] for event in own] == ["MOVE", "SHARE", "SHARE", "ADD"]
