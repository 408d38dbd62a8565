"""One's company in the console: its people see its people, its admins manage them; and one's own profile."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from accounts.models import Invitation, User
from accounts.people import companies
from tests.cast import Cast, Company
from tests.site.console import Browser, Page, prove

PAGE = "/console/company"


@pytest.fixture
def alice(cast: Cast) -> Browser:
    """The admin of a company in which oscar is too."""
    assert cast.alice.user is not None
    assert cast.oscar.user is not None
    User.objects.filter(pk=cast.oscar.user.pk).update(corp=cast.alice.user.corp, is_corp_admin=False)
    cast.oscar.user.refresh_from_db()
    return Browser(cast.alice.user)


@pytest.fixture
def oscar(cast: Cast, alice: Browser) -> Browser:
    return Browser(cast.oscar.user)


def version(cast: Cast) -> int:
    assert cast.alice.user is not None
    cast.alice.user.corp.refresh_from_db()
    return cast.alice.user.corp.version


def person(cast: Cast, more: str) -> str:
    assert cast.oscar.user is not None
    return f"{PAGE}/people/{cast.oscar.user.key}/{more}"


def secret(page: Page) -> str:
    found = re.search(r'id="comp_secret-value"[^>]*>([^<]+)<', page.source)
    return found.group(1) if found else ""


def test_its_people_see_its_people_and_no_more(cast: Cast, oscar: Browser) -> None:
    page = oscar.get(PAGE)
    assert cast.alice.user is not None
    assert cast.charlie.user is not None
    assert cast.alice.user.key in page.text
    assert cast.charlie.user.key not in page.text
    for said in ("CompSecret", "Invite somebody", "Remove", "Make administrator"):
        assert said not in page.text
    assert "Leave" in page.text


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/edit", {"name": "Mine", "grace_seconds": "0"}),
        ("/rotate", {}),
        ("/invite", {"email": "x@polis.example"}),
    ],
)
def test_who_is_none_of_its_admins_changes_nothing(cast: Cast, oscar: Browser, path: str, sent: dict[str, str]) -> None:
    before = version(cast)
    assert oscar.get(f"{PAGE}{path}").status == 403
    assert oscar.post(f"{PAGE}{path}", version=before, **sent).status == 403
    assert version(cast) == before
    assert not Invitation.objects.exists()


def test_who_is_none_of_its_admins_makes_none(cast: Cast, oscar: Browser) -> None:
    prove(oscar)
    assert cast.alice.user is not None
    assert oscar.post(person(cast, "admin"), is_admin="1", version=version(cast)).status == 403
    for verb in ("admin", "remove"):
        path = f"{PAGE}/people/{cast.alice.user.key}/{verb}"
        assert oscar.post(path, is_admin="0", version=version(cast)).status == 403
    assert oscar.post(f"{PAGE}/invitations/XXXXXXXX/end", version=1).status == 403
    assert cast.oscar.user is not None
    cast.oscar.user.refresh_from_db()
    assert not cast.oscar.user.is_corp_admin


def test_an_admin_changes_name_and_grace(cast: Cast, alice: Browser) -> None:
    assert cast.alice.user is not None
    assert alice.post(f"{PAGE}/edit", name="Harbour Ltd", grace_seconds="3600", version=version(cast)).status == 302
    company = type(cast.alice.user.corp).objects.get(pk=cast.alice.user.corp_id)
    assert (company.name, company.grace_seconds) == ("Harbour Ltd", 3600)
    page = alice.post(f"{PAGE}/edit", name="", grace_seconds="3600", version=company.version)
    assert (page.status, 'id="id_name_error"' in page.source) == (422, True)


def test_a_comp_secret_is_made_shown_once_and_good(cast: Cast, alice: Browser) -> None:
    assert cast.alice.user is not None
    before = version(cast)
    page = alice.post(f"{PAGE}/rotate", version=before)
    value = secret(page)
    assert "no-store" in page.headers["Cache-Control"]
    company = type(cast.alice.user.corp).objects.get(pk=cast.alice.user.corp_id)
    assert company.comp_id is not None
    assert companies.proves(company, companies.secret_key(company.comp_id, value))
    assert Company(company.comp_id, value).call("project/query/list").data["ProjectCount"] == 1
    again = alice.post(f"{PAGE}/rotate", version=before)  # by a reload
    assert (again.status, secret(again)) == (409, "")
    for path in (PAGE, f"{PAGE}/rotate", "/console/activity"):
        assert value not in alice.get(path).source
    assert not [each for each in Session.objects.all() if value in str(each.get_decoded())]


def test_an_address_is_invited_and_taken_back_and_nobody_learns_whose_it_is(cast: Cast, alice: Browser) -> None:
    assert cast.vera.user is not None
    User.objects.filter(pk=cast.vera.user.pk).update(email="vera@polis.example")
    said = []
    for mail in ("vera@polis.example", "nobody@polis.example"):
        answer = alice.post(f"{PAGE}/invite", email=mail)
        assert (answer.status, answer.headers["Location"]) == (302, PAGE)
        said.append(alice.get(PAGE).text.partition("is invited")[0].replace(mail, "…"))
        found = Invitation.objects.get(invited=mail)
        assert alice.post(f"{PAGE}/invitations/{found.key}/end", version=found.version).status == 302
        alice.get(PAGE)
    assert said[0] == said[1]
    assert not Invitation.objects.exists()


def test_to_invite_an_admin_needs_a_fresh_proof(cast: Cast, alice: Browser) -> None:
    sent = {"email": "boss@polis.example", "is_admin": "on"}
    assert alice.post(f"{PAGE}/invite", **sent).headers["Location"].startswith("/account/prove?")
    assert not Invitation.objects.exists()
    assert prove(alice).post(f"{PAGE}/invite", **sent).headers["Location"] == PAGE
    assert Invitation.objects.get().is_admin


def test_an_admin_is_made_and_unmade(cast: Cast, alice: Browser) -> None:
    assert cast.oscar.user is not None
    prove(alice, ago=timedelta(minutes=16))
    sent = {"is_admin": "1", "version": version(cast)}
    assert alice.get(person(cast, "admin")).headers["Location"].startswith("/account/prove?")
    assert alice.post(person(cast, "admin"), **sent).headers["Location"].startswith("/account/prove?")
    prove(alice)
    assert "Make oscar an administrator" in alice.get(person(cast, "admin")).text
    assert alice.post(person(cast, "admin"), **sent).headers["Location"] == PAGE
    cast.oscar.user.refresh_from_db()
    assert cast.oscar.user.is_corp_admin
    assert alice.post(person(cast, "admin"), is_admin="0", version=version(cast)).status == 302
    cast.oscar.user.refresh_from_db()
    assert not cast.oscar.user.is_corp_admin


@pytest.mark.parametrize("sent", [{}, {"is_admin": ""}, {"is_admin": "true"}])
def test_a_form_that_does_not_say_which_unmakes_no_admin(cast: Cast, alice: Browser, sent: dict[str, str]) -> None:
    assert cast.oscar.user is not None
    User.objects.filter(pk=cast.oscar.user.pk).update(is_corp_admin=True)
    page = alice.post(person(cast, "admin"), version=version(cast), **sent)
    assert (page.status, "is_admin must be one of 0, 1." in page.text) == (422, True)
    cast.oscar.user.refresh_from_db()
    assert cast.oscar.user.is_corp_admin


def test_a_member_is_removed(cast: Cast, alice: Browser, oscar: Browser) -> None:
    assert cast.oscar.user is not None
    assert alice.post(person(cast, "remove"), version=version(cast) + 1).status == 409
    assert alice.post(person(cast, "remove"), version=version(cast)).status == 302
    cast.oscar.user.refresh_from_db()
    assert cast.alice.user is not None
    assert cast.oscar.user.corp_id != cast.alice.user.corp_id
    assert cast.oscar.user.is_corp_admin


def test_a_member_leaves(cast: Cast, oscar: Browser) -> None:
    assert oscar.post(f"{PAGE}/leave", version=version(cast)).status == 302
    assert cast.oscar.user is not None
    assert cast.alice.user is not None
    cast.oscar.user.refresh_from_db()
    assert cast.oscar.user.corp_id != cast.alice.user.corp_id


def test_the_last_admin_stays(cast: Cast, alice: Browser) -> None:
    assert alice.post(f"{PAGE}/leave", version=version(cast)).status == 409
    assert cast.alice.user is not None
    assert alice.post(f"{PAGE}/people/{cast.alice.user.key}/admin", is_admin="0", version=version(cast)).status == 409


def test_who_is_of_another_company_is_not_there(cast: Cast, alice: Browser) -> None:
    assert cast.charlie.user is not None
    for verb in ("admin", "remove"):
        path = f"{PAGE}/people/{cast.charlie.user.key}/{verb}"
        assert alice.get(path).status == 404
        assert alice.post(path, is_admin="1", version=version(cast)).status == 404


def test_a_profile_is_changed_and_the_name_is_the_one_that_one_signs_in_with(cast: Cast) -> None:
    assert cast.charlie.user is not None
    charlie = Browser(cast.charlie.user)
    sent = {"name": "Charles", "avatar": "🙂", "language": "en", "time_zone": "Europe/Paris"}
    sent["version"] = str(cast.charlie.user.version)
    assert charlie.post("/console/profile", **sent).status == 302
    user = User.objects.get(pk=cast.charlie.user.pk)
    assert (user.name, user.avatar, user.language, user.time_zone) == ("Charles", "🙂", "en", "Europe/Paris")
    assert charlie.post("/console/profile", **sent).status == 409  # of an older form
    sent |= {"name": "alice", "version": str(user.version)}
    page = charlie.post("/console/profile", **sent)
    assert (page.status, 'id="id_name_error"' in page.source) == (422, True)
