"""A request is its thing's owner's: who has lost the thing asks no more, and holds up nobody who owns it now."""

import pytest

from accounts.access.actor import Actor
from accounts.lifecycle import USER
from accounts.models import User
from accounts.people import services
from config.kernel.states import State, Verb
from tests.cast import Answer, Caller, Cast
from tests.factories import do, make_token, make_user
from tests.notices.test_requests import asked, state, state_of


def test_who_has_lost_the_thing_holds_nobody_up(cast: Cast) -> None:
    assert cast.alice.user is not None
    assert cast.charlie.user is not None
    do(cast.city, Verb.DIS, Actor.system(), reason="abuse")
    request = asked(cast.alice, cast.city, "enable")
    services.switch(USER, cast.alice.user, Verb.DIS, by=Actor.system())
    forced = {"user": cast.charlie.user.key, "force": True}
    assert cast.root.api("POST", f"cities/{cast.city.key}/transfer", forced).status == 200
    answer = cast.zoe.api("PATCH", request, {"grant": True})
    assert (answer.status, answer.code, state(cast.city)) == (409, "wrong_state", State.DISABLED)
    mine = asked(cast.charlie, cast.city, "enable")
    assert state_of(cast.zoe, request) == "settled"
    assert cast.zoe.api("PATCH", mine, {"grant": True}).status == 200
    assert state(cast.city) is State.ENABLED


@pytest.fixture
def mia(cast: Cast) -> Caller:
    """Another admin of alice's company."""
    assert cast.alice.user is not None
    user = make_user("mia")
    User.objects.filter(pk=user.pk).update(corp=cast.alice.user.corp)
    user.refresh_from_db()
    return Caller(make_token(user), user)


@pytest.fixture
def project(cast: Cast) -> str:
    """Of the company, in the bin."""
    made = cast.alice.api("POST", "projects", {"name": "Night Project"}).body["app_id"]
    assert cast.alice.api("DELETE", f"projects/{made}").status == 204
    return str(made)


def ask(caller: Caller, project: str) -> Answer:
    return caller.api("POST", "requests", {"thing": f"project/{project}", "verb": "recycle"})


def leave(cast: Cast) -> None:
    assert cast.alice.user is not None
    user = cast.alice.user
    assert cast.alice.api("DELETE", f"organizations/{user.corp.key}/members/{user.key}").status == 204


def test_of_two_who_own_it_one_asks(cast: Cast, mia: Caller, project: str) -> None:
    assert ask(cast.alice, project).status == 201
    again = ask(mia, project)
    assert (again.status, again.code) == (409, "limit_reached")


def test_who_has_left_the_company_holds_nobody_up(cast: Cast, mia: Caller, project: str) -> None:
    request = f"requests/{ask(cast.alice, project).body['id']}"
    leave(cast)
    assert ask(mia, project).status == 201
    assert state_of(cast.zoe, request) == "settled"


def test_what_they_have_asked_can_be_refused_and_no_more(cast: Cast, mia: Caller, project: str) -> None:
    request = f"requests/{ask(cast.alice, project).body['id']}"
    leave(cast)
    answer = cast.zoe.api("PATCH", request, {"grant": True})
    assert (answer.status, answer.code) == (409, "wrong_state")
    assert mia.api("GET", f"projects/{project}").body["state"] == "deleted"
    assert cast.zoe.api("PATCH", request, {"grant": False}).status == 200
