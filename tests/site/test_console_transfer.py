"""Handing a city on, in the console: offered by its owner with a fresh proof, taken over by whom it is offered to."""

from datetime import timedelta

import pytest

from accounts.access.actor import Actor
from accounts.models import AuditEvent
from cities.models import City, CityGrant, Transfer
from config.kernel.states import Verb
from tests.cast import Cast
from tests.factories import do
from tests.site.console import Browser, prove


@pytest.fixture
def alice(cast: Cast) -> Browser:
    return prove(Browser(cast.alice.user))


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/console/cities/{cast.city.key}/transfer"


@pytest.fixture
def taking(cast: Cast) -> str:
    """Where whom it is offered to takes it over."""
    return f"/console/transfers/{cast.city.key}"


def offer(cast: Cast, alice: Browser, page: str) -> None:
    assert cast.charlie.user is not None
    assert alice.post(page, user=cast.charlie.user.key, version=cast.city.version).status == 302


def test_the_owner_is_led_to_it_and_told_what_it_ends(cast: Cast, alice: Browser, page: str) -> None:
    assert f'href="{page}"' in alice.get(f"/console/cities/{cast.city.key}").source
    assert "Every share and every offer on it" in alice.get(page).text


def test_it_is_offered_and_taken_back(cast: Cast, alice: Browser, page: str) -> None:
    offer(cast, alice, page)
    assert cast.charlie.user is not None
    assert Transfer.objects.get().addressee == cast.charlie.user.key
    assert "Take the offer back" in alice.get(page).text
    assert alice.post(f"{page}/withdraw", version=cast.city.version + 1).status == 409
    assert alice.post(f"{page}/withdraw", version=cast.city.version).status == 302
    assert not Transfer.objects.exists()


def test_an_offer_needs_a_fresh_proof_and_its_end_needs_none(cast: Cast, alice: Browser, page: str) -> None:
    prove(alice, ago=timedelta(minutes=16))
    assert cast.charlie.user is not None
    sent = {"user": cast.charlie.user.key, "version": cast.city.version}
    assert alice.get(page).headers["Location"].startswith("/account/prove?next=%2Fconsole%2Fcities%2F")
    assert alice.post(page, **sent).headers["Location"].startswith("/account/prove?")
    assert not Transfer.objects.exists()
    offer(cast, prove(alice), page)
    prove(alice, ago=timedelta(minutes=16))
    assert alice.get(page).status == 200
    assert alice.post(f"{page}/withdraw", version=cast.city.version).status == 302


def test_an_id_that_is_nobodys_is_told_the_same(cast: Cast, alice: Browser, page: str) -> None:
    assert cast.charlie.user is not None
    said = []
    for key in (cast.charlie.user.key, "ZZZZZZZZ"):
        assert alice.post(page, user=key, version=cast.city.version).status == 302
        shown = alice.get(page).text.replace(key, "…")
        said.append(shown.partition("It is offered to")[2].partition("until")[0])
    assert said[0] == said[1] != ""


def test_what_is_no_id_is_said_beside_it(cast: Cast, alice: Browser, page: str) -> None:
    assert cast.alice.user is not None
    for key in ("charlie@polis.example", cast.alice.user.key):
        answer = alice.post(page, user=key, version=cast.city.version)
        assert answer.status == 422
        assert 'id="id_user_error"' in answer.source


def test_whom_it_is_offered_to_takes_it_over_and_every_share_ends(
    cast: Cast, alice: Browser, page: str, taking: str
) -> None:
    offer(cast, alice, page)
    charlie = Browser(cast.charlie.user)
    assert cast.city.name in charlie.get("/console/shares").text
    assert charlie.get(f"/console/cities/{cast.city.key}").status == 404
    assert "Every share and every offer on it" in charlie.get(taking).text
    answer = charlie.post(taking, version=cast.city.version)
    assert (answer.status, answer.headers["Location"]) == (302, f"/console/cities/{cast.city.key}")
    city = City.objects.get(pk=cast.city.pk)
    assert city.creator == cast.charlie.user
    assert [grant.user for grant in CityGrant.objects.filter(content_object=city)] == [cast.charlie.user]
    for who in (cast.alice, cast.oscar, cast.vera):
        assert Browser(who.user).get(f"/console/cities/{city.key}").status == 404
    assert AuditEvent.objects.filter(verb="TRANSFER", door="console", outcome="ok", thing=city.key).count() == 1


def test_it_is_turned_down(cast: Cast, alice: Browser, page: str, taking: str) -> None:
    offer(cast, alice, page)
    assert Browser(cast.charlie.user).post(f"{taking}/decline", version=cast.city.version).status == 302
    assert not Transfer.objects.exists()
    assert City.objects.get(pk=cast.city.pk).creator == cast.alice.user


@pytest.mark.parametrize("who", ["oscar", "vera", "zoe", "root", "charlie"])
def test_nobody_but_the_owner_offers_it(cast: Cast, page: str, who: str) -> None:
    browser = prove(Browser(getattr(cast, who).user))
    status = 404 if who == "charlie" else 403
    assert browser.get(page).status == status
    assert cast.vera.user is not None
    assert browser.post(page, user=cast.vera.user.key, version=cast.city.version).status == status
    assert browser.post(f"{page}/withdraw", version=cast.city.version).status == status
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("who", ["alice", "oscar", "zoe", "root"])
def test_nobody_else_takes_it_over(cast: Cast, alice: Browser, page: str, taking: str, who: str) -> None:
    offer(cast, alice, page)
    browser = prove(Browser(getattr(cast, who).user))
    assert browser.get(taking).status == 404
    assert browser.post(taking, version=cast.city.version).status == 404
    status = 403 if who == "alice" else 404
    assert browser.post(f"{taking}/decline", version=cast.city.version).status == status
    assert Transfer.objects.exists()


def test_a_closed_city_has_no_button_and_is_not_offered(cast: Cast, alice: Browser, page: str) -> None:
    do(cast.city, Verb.DIS, Actor.system())
    cast.city.refresh_from_db()
    assert f'href="{page}"' not in alice.get(f"/console/cities/{cast.city.key}").source
    assert cast.charlie.user is not None
    assert alice.post(page, user=cast.charlie.user.key, version=cast.city.version).status == 409
    assert not Transfer.objects.exists()
