"""Asking the administrators, in the console: by the owner alone, about what only an administrator ends."""

import pytest

from accounts.access.actor import Actor
from accounts.models import Request
from accounts.people import requests
from config.kernel.states import State, Verb
from tests.cast import Cast
from tests.factories import actor, do, make_city, make_project
from tests.site.console import Browser


@pytest.fixture
def alice(cast: Cast) -> Browser:
    return Browser(cast.alice.user)


@pytest.fixture
def ask(cast: Cast) -> str:
    """Where alice asks for her city, which lies in her bin."""
    assert cast.alice.user is not None
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    return f"/console/cities/{cast.city.key}/ask"


def asked() -> Request:
    return Request.objects.get()


def test_a_binned_city_is_asked_for(cast: Cast, alice: Browser, ask: str) -> None:
    assert "Ask for it back" in alice.get(ask).text
    answer = alice.post(ask, message="It went\nby a slip.")
    row = asked()
    assert (answer.status, answer.headers["Location"]) == (302, f"/console/requests/{row.key}")
    assert (row.verb, row.message, row.user) == ("RCC", "It went by a slip.", cast.alice.user)
    page = alice.get(f"/console/requests/{row.key}")
    assert "It went by a slip." in page.text
    assert "Open" in page.text
    assert cast.city.name in alice.get("/console/requests").text
    assert alice.get(ask).headers["Location"] == f"/console/requests/{row.key}"  # once is enough
    assert "Your request" in alice.get(f"/console/cities/{cast.city.key}").text


def test_a_closed_one_is_asked_to_be_enabled(cast: Cast, alice: Browser) -> None:
    do(cast.city, Verb.DIS, Actor.system())
    ask = f"/console/cities/{cast.city.key}/ask"
    assert "Ask for it to be enabled" in alice.get(ask).text
    assert alice.post(ask, message="").status == 302
    assert asked().verb == "ENB"


def test_what_is_in_service_is_not_asked_for(cast: Cast, alice: Browser) -> None:
    assert alice.get(f"/console/cities/{cast.city.key}/ask").status == 409
    assert alice.post(f"/console/cities/{cast.city.key}/ask", message="x").status == 409
    assert not Request.objects.exists()


@pytest.mark.parametrize("who", ["oscar", "vera", "charlie", "zoe"])
def test_nobody_but_the_owner_asks(cast: Cast, ask: str, who: str) -> None:
    status = 404 if who == "charlie" else 403
    browser = Browser(getattr(cast, who).user)
    assert browser.get(ask).status == status
    assert browser.post(ask, message="x").status == status
    assert not Request.objects.exists()


def test_too_long_a_message_is_said_beside_it(alice: Browser, ask: str) -> None:
    page = alice.post(ask, message="x" * 501)
    assert page.status == 422
    assert 'id="id_message_error"' in page.source


def test_it_is_taken_back(alice: Browser, ask: str) -> None:
    alice.post(ask, message="")
    row = asked()
    assert alice.post(f"/console/requests/{row.key}/withdraw", version=row.version + 1).status == 409
    assert alice.post(f"/console/requests/{row.key}/withdraw", version=row.version).status == 302
    assert asked().state == Request.State.WITHDRAWN
    assert "Withdrawn" in alice.get(f"/console/requests/{row.key}").text


def test_the_answer_is_read(cast: Cast, alice: Browser, ask: str) -> None:
    alice.post(ask, message="")
    assert cast.zoe.user is not None
    given = {"grant": True, "answer": "With pleasure."}
    requests.answer(asked().key, by=actor(cast.zoe.user), read=lambda: given, judge=lambda row: None)
    page = alice.get(f"/console/requests/{asked().key}")
    assert "Granted" in page.text
    assert "With pleasure." in page.text
    assert "Take it back" not in page.text
    cast.city.refresh_from_db()
    assert cast.city.state == State.ENABLED


def test_anothers_request_is_not_there(cast: Cast, alice: Browser, ask: str) -> None:
    alice.post(ask, message="")
    row = asked()
    for who in (cast.oscar, cast.charlie):
        browser = Browser(who.user)
        assert browser.get(f"/console/requests/{row.key}").status == 404
        assert browser.post(f"/console/requests/{row.key}/withdraw", version=row.version).status == 404
        assert cast.city.name not in browser.get("/console/requests").text
    assert Browser(cast.zoe.user).post(f"/console/requests/{row.key}/withdraw", version=row.version).status == 403
    assert asked().state == Request.State.OPEN


def test_a_project_is_asked_for_too(cast: Cast, alice: Browser) -> None:
    assert cast.alice.user is not None
    project = make_project(cast.alice.user, "Harbour")
    make_city(cast.alice.user)
    assert alice.post(f"/console/projects/{project.key}/dol", name="Harbour", version=project.version).status == 302
    assert alice.post(f"/console/projects/{project.key}/ask", message="").status == 302
    assert (asked().kind, asked().thing) == ("project", project.key)
