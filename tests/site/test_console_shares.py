"""“Shared with me” in the console: what is shared, and what waits for an answer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Invitation, User
from accounts.people import invitations, sharing
from cities.models import CityGrant
from config.kernel import registry
from config.kernel.roles import Share
from tests.cast import Cast
from tests.factories import actor, make_city, make_project, share
from tests.site.console import Browser
from tests.site.fresh import fresh

MAIL = "charlie@polis.example"


@pytest.fixture
def charlie(cast: Cast) -> Browser:
    """Whose mail is known, and to whom nothing is shared."""
    assert cast.charlie.user is not None
    User.objects.filter(pk=cast.charlie.user.pk).update(email=MAIL)
    cast.charlie.user.refresh_from_db()
    return Browser(cast.charlie.user)


def offer(cast: Cast, mail: str = MAIL) -> CityGrant:
    assert cast.alice.user is not None
    terms = {"user": mail, "role": Share.VIEWER}
    sharing.share(registry.kind("city"), cast.city.key, by=actor(cast.alice.user), read=lambda: terms)
    return CityGrant.objects.get(invited=mail)


def invite(cast: Cast, *, is_admin: bool = False) -> Invitation:
    assert cast.alice.user is not None
    given = {"email": MAIL, "is_admin": is_admin}
    return invitations.invite(cast.alice.user.corp.key, by=fresh(cast.alice.user), read=lambda: given)


def test_what_is_shared_is_listed_and_nothing_else(cast: Cast, charlie: Browser) -> None:
    page = Browser(cast.vera.user).get("/console/shares")
    assert cast.city.name in page.text
    assert "Viewer" in page.text
    empty = charlie.get("/console/shares")
    assert cast.city.name not in empty.text
    assert cast.charlie.user is not None
    assert cast.charlie.user.key in empty.text  # by what others share with them
    assert cast.city.name not in Browser(cast.alice.user).get("/console/shares").text  # it is her own


def test_an_offer_is_taken_up(cast: Cast, charlie: Browser) -> None:
    grant = offer(cast)
    page = charlie.get("/console/shares")
    assert "Waits for your answer" in page.text
    assert charlie.get(f"/console/cities/{cast.city.key}").status == 404
    assert charlie.post(f"/console/shares/{grant.key}/accept", version=grant.version + 1).status == 409
    answer = charlie.post(f"/console/shares/{grant.key}/accept", version=grant.version)
    assert (answer.status, answer.headers["Location"]) == (302, f"/console/cities/{cast.city.key}")
    assert charlie.get(f"/console/cities/{cast.city.key}").status == 200
    assert "Waits for your answer" not in charlie.get("/console/shares").text


def test_an_offer_is_turned_down(cast: Cast, charlie: Browser) -> None:
    grant = offer(cast)
    assert charlie.post(f"/console/shares/{grant.key}/decline", version=grant.version).status == 302
    assert not CityGrant.objects.filter(pk=grant.pk).exists()


def test_an_offer_to_somebody_else_is_not_there(cast: Cast, charlie: Browser) -> None:
    grant = offer(cast, "somebody@polis.example")
    for verb in ("accept", "decline"):
        assert charlie.post(f"/console/shares/{grant.key}/{verb}", version=grant.version).status == 404
    assert "somebody@polis.example" not in charlie.get("/console/shares").text
    assert CityGrant.objects.filter(pk=grant.pk, user=None).exists()


def test_joining_a_company_says_what_it_means_and_moves_them(cast: Cast, charlie: Browser) -> None:
    found = invite(cast)
    assert cast.alice.user is not None
    assert cast.charlie.user is not None
    project = make_project(cast.alice.user, "Harbour")
    assert charlie.get(f"/console/projects/{project.key}").status == 404
    page = charlie.get(f"/console/invitations/{found.key}")
    assert "You leave charlie: everybody is of one company alone." in page.text
    assert "You see all projects, gateways and apps of alice." in page.text
    answer = charlie.post(f"/console/invitations/{found.key}", version=found.version)
    assert (answer.status, answer.headers["Location"]) == (302, "/console/company")
    assert "You are one of the people of alice now." in charlie.get("/console/company").text
    assert charlie.get(f"/console/projects/{project.key}").status == 200
    cast.charlie.user.refresh_from_db()
    assert (cast.charlie.user.corp_id, cast.charlie.user.is_corp_admin) == (cast.alice.user.corp_id, False)


def test_an_admin_is_told_that_they_will_be_one(cast: Cast, charlie: Browser) -> None:
    found = invite(cast, is_admin=True)
    assert "you are an administrator" in charlie.get(f"/console/invitations/{found.key}").text


def test_an_invitation_is_turned_down(cast: Cast, charlie: Browser) -> None:
    found = invite(cast)
    assert charlie.post(f"/console/invitations/{found.key}/decline", version=found.version).status == 302
    assert not Invitation.objects.exists()


def test_anothers_invitation_is_not_there(cast: Cast, charlie: Browser) -> None:
    found = invite(cast)
    for who in (cast.vera, cast.alice, cast.root):
        browser = Browser(who.user)
        assert browser.get(f"/console/invitations/{found.key}").status == 404
        assert browser.post(f"/console/invitations/{found.key}", version=found.version).status == 404
        assert browser.post(f"/console/invitations/{found.key}/decline", version=found.version).status == 404
    assert Invitation.objects.count() == 1


def test_the_lists_cost_the_same_however_much_is_shared(cast: Cast, charlie: Browser) -> None:
    assert cast.alice.user is not None
    assert cast.charlie.user is not None
    costs: list[tuple[int, int]] = []
    for many in (2, 8):
        for _ in range(many):
            by = actor(cast.alice.user)
            share(make_city(cast.alice.user), cast.charlie.user, Share.VIEWER, by=by)
            terms = {"user": MAIL, "role": Share.VIEWER}
            sharing.share(registry.kind("city"), make_city(cast.alice.user).key, by=by, read=lambda terms=terms: terms)
        cost = []
        for path in ("/console/shares", "/console/notices"):
            charlie.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert charlie.get(path).status == 200
            cost.append(len(queries))
        costs.append((cost[0], cost[1]))
    assert costs[0] == costs[1]
