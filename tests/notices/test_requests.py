"""Asking the administrators: who may ask for what, who may answer, what granting does, and when a request is over."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.models import AuditEvent, Notice, Request
from accounts.people import requests
from cities.models import City
from config.kernel.roles import Role
from config.kernel.states import State, Verb
from tests.cast import Answer, Caller, Cast
from tests.factories import actor, do, make_city, make_token, make_user
from tests.notices.telling import read, told
from tests.policies import CLOSED, override
from tests.site.console import Browser

NOON = "2031-03-04T12:00:00+00:00"


@pytest.fixture
def binned(cast: Cast) -> City:
    """alice's city, which she has deleted."""
    assert cast.alice.user is not None
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    Notice.objects.all().delete()
    return cast.city


def ask(caller: Caller, city: City, verb: str = "recycle", **more: Any) -> Answer:
    return caller.api("POST", "requests", {"thing": f"city/{city.key}", "verb": verb, **more})


def asked(caller: Caller, city: City, verb: str = "recycle", **more: Any) -> str:
    answer = ask(caller, city, verb, **more)
    assert answer.status == 201, answer.body
    return f"requests/{answer.body['id']}"


def state_of(caller: Caller, request: str) -> str:
    return str(caller.api("GET", request).body["state"])


def state(city: City) -> State:
    return City.objects.get(pk=city.pk).state_at(timezone.now())


def trail(city: City) -> list[str]:
    return list(AuditEvent.objects.filter(thing=city.key, outcome="ok").order_by("id").values_list("verb", flat=True))


def test_what_a_request_grants_is_judged_by_the_row_of_its_verb(cast: Cast, binned: City) -> None:
    request = asked(cast.alice, binned)
    override("RccState", enable=CLOSED)
    refused = cast.zoe.api("PATCH", request, {"grant": True})
    assert (refused.status, refused.code) == (403, "api_not_supported")
    page = Browser(cast.zoe.user).post(
        f"/admin/accounts/request/{request[9:]}/change/", grant="1", answer="", version="1"
    )
    assert page.status == 403
    assert (state_of(cast.alice, request), state(binned)) == ("open", State.DELETED)
    assert cast.zoe.api("PATCH", request, {"grant": False}).status == 200


def test_a_request_is_answered_whole(cast: Cast, binned: City) -> None:
    with time_machine.travel(NOON, tick=False):
        answer = ask(cast.alice, binned, message="我误删了")
    made = answer.body["id"]
    assert (answer.status, answer.headers["Location"]) == (201, f"/api/v1/requests/{made}")
    assert cast.alice.user is not None
    assert answer.body == {
        "id": made,
        "thing": f"city/{binned.key}",
        "thing_name": "Alice_City",
        "verb": "recycle",
        "message": "我误删了",
        "state": "open",
        "user": {"id": cast.alice.user.key, "name": "alice"},
        "answer": "",
        "answered_by": None,
        "answered_at": None,
        "created_at": "2031-03-04T12:00:00Z",
        "version": 1,
        "url": f"/api/v1/requests/{made}",
    }
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.kind, event.thing) == ("REQUEST", "city", binned.key)
    assert event.after == {"request": made, "verb": "RCC"}


@pytest.mark.parametrize("who", ["zoe", "root"])
def test_granting_does_the_verb_in_the_administrators_name(cast: Cast, binned: City, who: str) -> None:
    request, steward = asked(cast.alice, binned), getattr(cast, who)
    answer = steward.api("PATCH", request, {"grant": True, "answer": "gladly"})
    assert (answer.status, answer.body["state"], answer.body["answer"]) == (200, "granted", "gladly")
    assert answer.body["answered_by"] == steward.user.key
    assert state(binned) is State.ENABLED
    assert trail(binned)[-3:] == ["REQUEST", "ANSWER", "RCC"]
    assert {event.actor for event in AuditEvent.objects.order_by("-id")[:2]} == {steward.user.key}
    assert told(cast.alice) == [("request_answered", "city", "Alice_City")], "and not of the verb a second time"
    notice = read(cast.alice)[0]
    assert (notice["granted"], notice["text"]) == (
        True,
        "Your request was granted: Recycle, City “Alice_City”. Answer: gladly",
    )


def test_refusing_leaves_it_as_it_is_and_says_why(cast: Cast, binned: City) -> None:
    request = asked(cast.alice, binned)
    answer = cast.zoe.api("PATCH", request, {"grant": False, "answer": "no"})
    assert (answer.status, answer.body["state"]) == (200, "refused")
    assert state(binned) is State.DELETED
    assert trail(binned)[-2:] == ["REQUEST", "ANSWER"]
    notice = read(cast.alice)[0]
    assert (notice["granted"], notice["text"]) == (
        False,
        "Your request was refused: Recycle, City “Alice_City”. Answer: no",
    )
    assert asked(cast.alice, binned) != request, "one may ask again"


def test_a_closed_city_is_opened_as_what_it_was(cast: Cast) -> None:
    assert cast.alice.user is not None
    do(cast.city, Verb.OFF, actor(cast.alice.user))
    do(cast.city, Verb.DIS, Actor.system(), reason="abuse")
    request = asked(cast.alice, cast.city, "enable")
    assert cast.zoe.api("PATCH", request, {"grant": True}).status == 200
    assert state(cast.city) is State.OFFLINE


@pytest.mark.parametrize(
    ("verbs", "verb", "status"),
    [
        ((), "recycle", 409),
        ((), "enable", 409),
        ((Verb.OFF,), "enable", 409),
        ((Verb.DIS,), "recycle", 409),
        ((Verb.DIS,), "enable", 201),
        ((Verb.DOL,), "recycle", 201),
        ((Verb.DOL,), "enable", 409),
        ((Verb.DIS, Verb.DOL), "recycle", 201),
        ((Verb.DIS, Verb.DOL), "enable", 409),
    ],
)
def test_what_may_be_asked_for_is_what_would_help(cast: Cast, verbs: Any, verb: str, status: int) -> None:
    assert cast.alice.user is not None
    for each in verbs:
        do(cast.city, each, Actor.system() if each is Verb.DIS else actor(cast.alice.user))
    answer = ask(cast.alice, cast.city, verb)
    assert answer.status == status
    assert answer.status == 201 or answer.code == "wrong_state"


def test_what_its_owner_has_closed_may_be_asked_for_too(cast: Cast) -> None:
    """Opening is in no owner's column, whoever has closed it."""
    assert cast.alice.user is not None
    do(cast.city, Verb.DIS, actor(cast.alice.user))
    assert ask(cast.alice, cast.city, "enable").status == 201


@pytest.mark.parametrize(
    ("who", "status"),
    [("nobody", 401), ("charlie", 404), ("vera", 403), ("oscar", 403), ("alice", 201), ("zoe", 403), ("root", 403)],
)
def test_to_ask_is_the_owners_alone(cast: Cast, binned: City, who: str, status: int) -> None:
    assert ask(getattr(cast, who), binned).status == status
    assert Request.objects.count() == (status == 201)


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"verb": "purge"}, "#/verb", "bad_choice"),
        ({"verb": None}, "#/verb", "bad_choice"),
        ({"message": "x" * 501}, "#/message", "too_long"),
        ({"message": 5}, "#/message", "wrong_type"),
        ({"message": "a\nb"}, "#/message", "bad_character"),
        ({"thing": "planet/abcd1234"}, "#/thing", "bad_choice"),
        ({"since": 1}, "#/since", "unknown_field"),
    ],
)
def test_what_is_asked_badly_is_not_asked(cast: Cast, binned: City, given: Any, pointer: str, code: str) -> None:
    sent = {"thing": f"city/{binned.key}", "verb": "recycle"} | given
    answer = cast.alice.api("POST", "requests", sent)
    assert (answer.status, answer.body["errors"][0]["pointer"], answer.code) == (422, pointer, code)
    assert Request.objects.count() == 0


def test_one_is_open_at_a_time(cast: Cast, binned: City) -> None:
    request = asked(cast.alice, binned, message="first")
    again = ask(cast.alice, binned, message="second")
    assert (again.status, again.code) == (409, "limit_reached")
    assert cast.alice.api("GET", request).body["message"] == "first"


def test_so_many_are_open_for_one_person(cast: Cast) -> None:
    user = cast.alice.user
    assert user is not None
    cities = [make_city(user, f"City_{number:02}", State.DELETED) for number in range(21)]
    statuses = [ask(cast.alice, city).status for city in cities]
    assert statuses == [201] * 20 + [409]
    first = Request.objects.earliest("pk").key
    assert cast.alice.api("DELETE", f"requests/{first}").status == 204
    assert ask(cast.alice, cities[20]).status == 201


@pytest.mark.parametrize("how", ["restored", "restored and deleted anew", "purged"])
def test_what_is_over_is_settled_by_itself(cast: Cast, binned: City, how: str) -> None:
    request = asked(cast.alice, binned)
    assert cast.alice.user is not None
    if how == "purged":
        do(binned, Verb.DEL, Actor.system())
    else:
        assert cast.zoe.api("POST", f"cities/{binned.key}/recycle").status == 200
    if how == "restored and deleted anew":
        do(binned, Verb.DOL, actor(cast.alice.user))
        assert ask(cast.alice, binned).status == 201
    assert state_of(cast.alice, request) == "settled"
    assert request.partition("/")[2] not in queue(cast)
    assert request.partition("/")[2] in queue(cast, state="settled")
    for caller, answer in ((cast.zoe, {"grant": True}), (cast.zoe, {"grant": False})):
        late = caller.api("PATCH", request, answer)
        assert (late.status, late.code) == (409, "wrong_state")
    requests.settle_over(Actor.system())
    assert Request.objects.get(key=request.partition("/")[2]).state == "settled"
    assert state_of(cast.alice, request) == "settled"


def test_a_ban_that_ends_settles_what_was_asked(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        do(cast.city, Verb.DIS, Actor.system(), expires_at=timezone.now() + timedelta(hours=1))
        request = asked(cast.alice, cast.city, "enable")
        assert state_of(cast.alice, request) == "open"
        clock.shift(3600)
        assert state_of(cast.alice, request) == "settled"
        assert requests.settle_over(Actor.system()) == 1


def test_it_says_when_it_was_answered(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        do(cast.city, Verb.DIS, Actor.system())
        request = asked(cast.alice, cast.city, "enable")
        clock.shift(90)
        cast.zoe.api("PATCH", request, {"grant": False})
    row = Request.objects.get()
    assert row.answered_at == row.created_at + timedelta(seconds=90)


def test_another_ban_is_not_what_was_asked_about(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        do(cast.city, Verb.DIS, Actor.system())
        request = asked(cast.alice, cast.city, "enable")
        do(cast.city, Verb.ENB, Actor.system())
        clock.shift(60)
        do(cast.city, Verb.DIS, Actor.system())
        assert state_of(cast.alice, request) == "settled"


def test_a_sweep_leaves_what_is_open(cast: Cast, binned: City) -> None:
    request = asked(cast.alice, binned)
    assert requests.settle_over(Actor.system()) == 0
    assert state_of(cast.alice, request) == "open"


def queue(cast: Cast, **query: str) -> list[str]:
    given = "&".join(f"{name}={value}" for name, value in {"scope": "all", "state": "open", **query}.items())
    answer = cast.zoe.api("GET", f"requests?{given}")
    assert answer.status == 200, answer.body
    return [row["id"] for row in answer.body["results"]]


def test_the_queue_is_everybodys_open_ones_the_oldest_first(cast: Cast, binned: City) -> None:
    dora = make_user("dora")
    caller = Caller(make_token(dora), dora)
    first = asked(cast.alice, binned)
    second = asked(caller, make_city(dora, "Doras_City", State.DELETED))
    third = asked(caller, make_city(dora, "Other_City", State.DELETED))
    cast.zoe.api("PATCH", second, {"grant": False})
    ids = [request.partition("/")[2] for request in (first, second, third)]
    assert queue(cast) == [ids[0], ids[2]]
    assert queue(cast, ordering="-created_at") == [ids[2], ids[0]]
    assert queue(cast, state="refused") == [ids[1]]
    assert [row["id"] for row in caller.api("GET", "requests").body["results"]] == [ids[2], ids[1]]
    assert cast.zoe.api("GET", "requests").body["results"] == []
    assert cast.alice.api("GET", "requests?scope=all").status == 403
    page = cast.zoe.api("GET", "requests?scope=all&limit=1")
    assert [row["id"] for row in page.body["results"]] == ids[:1]
    assert [row["id"] for row in cast.zoe.call("GET", page.body["next"]).body["results"]] == ids[1:2]


def test_a_zoon_answers_developers_and_nobody_themselves(cast: Cast) -> None:
    zack = make_user("zack", Role.ZOON)
    request = asked(Caller(make_token(zack), zack), make_city(zack, "Zacks_City", State.DELETED))
    assert cast.zoe.api("PATCH", request, {"grant": True}).status == 403
    assert Caller(make_token(zack), zack).api("PATCH", request, {"grant": True}).status == 403
    assert cast.root.api("PATCH", request, {"grant": True}).status == 200
    root = cast.root.user
    assert root is not None
    own = asked(cast.root, make_city(root, "Roots_City", State.DELETED))
    assert cast.root.api("PATCH", own, {"grant": True}).status == 403


def test_what_cannot_be_done_now_leaves_it_open(cast: Cast, settings: Any) -> None:
    """Recycling a project takes room in its company."""
    made = cast.alice.api("POST", "projects", {"name": "Night Project"}).body["app_id"]
    assert cast.alice.api("DELETE", f"projects/{made}").status == 204
    request = (
        f"requests/{cast.alice.api('POST', 'requests', {'thing': f'project/{made}', 'verb': 'recycle'}).body['id']}"
    )
    user = cast.alice.user
    assert user is not None
    type(user.corp).objects.filter(pk=user.corp_id).update(project_limit=0)
    answer = cast.zoe.api("PATCH", request, {"grant": True})
    assert (answer.status, answer.code) == (409, "limit_reached")
    assert state_of(cast.alice, request) == "open"
    assert AuditEvent.objects.filter(verb="ANSWER").count() == 0
    assert Notice.objects.filter(event="request_answered").count() == 0


def test_a_token_grants_as_far_as_its_scopes_go(cast: Cast, binned: City) -> None:
    zoe = cast.zoe.user
    assert zoe is not None
    request = asked(cast.alice, binned)
    teller = Caller(make_token(zoe, scopes=["read", "answer"]), zoe)
    denied = teller.api("PATCH", request, {"grant": True})
    assert (denied.status, denied.code) == (403, "out_of_scope")
    assert state(binned) is State.DELETED
    reader = Caller(make_token(zoe, scopes=["read", "rcc"]), zoe)
    assert reader.api("PATCH", request, {"grant": False}).code == "out_of_scope"
    bound = Caller(make_token(zoe, cities=[binned.key]), zoe)
    assert bound.api("GET", "requests?scope=all").code == "beyond_cities"
    assert teller.api("PATCH", request, {"grant": False}).status == 200


def test_withdrawing_takes_it_back_for_good(cast: Cast, binned: City) -> None:
    request = asked(cast.alice, binned)
    assert [cast.alice.api("DELETE", request).status for _ in range(2)] == [204, 204]
    assert state_of(cast.alice, request) == "withdrawn"
    assert trail(binned)[-2:] == ["REQUEST", "RETRACT"]
    assert cast.zoe.api("PATCH", request, {"grant": True}).status == 409
    answered = asked(cast.alice, binned)
    cast.zoe.api("PATCH", answered, {"grant": False})
    assert cast.alice.api("DELETE", answered).status == 409


def test_anothers_request_is_as_one_that_is_not_there(cast: Cast, binned: City) -> None:
    request = asked(cast.alice, binned)
    for caller in (cast.charlie, cast.oscar, cast.vera):
        for method, path in (("GET", request), ("DELETE", request), ("PATCH", request)):
            seen = caller.api(method, path, {"grant": True} if method == "PATCH" else None)
            absent = caller.api(method, "requests/zzzzzzzz", {"grant": True} if method == "PATCH" else None)
            assert (seen.status, seen.body["detail"]) == (404, absent.body["detail"])
    assert state_of(cast.alice, request) == "open"


def test_nothing_of_a_message_is_in_the_trail(cast: Cast, binned: City) -> None:
    request = asked(cast.alice, binned, message="My number is 555")
    cast.zoe.api("PATCH", request, {"grant": False, "answer": "Call 556"})
    told = str(list(AuditEvent.objects.values_list("before", "after", "thing_name")))
    assert "number is" not in told
    assert "Call 5" not in told
