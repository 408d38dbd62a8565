"""Access tokens and access keys in the console: made once, shown once, ended for good; nobody else's."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import AccessKey, AccessToken, AuditEvent
from config.kernel.states import State
from tests.cast import Caller, Cast
from tests.factories import make_city
from tests.site.console import Browser, Page, prove

NEW = "/console/tokens/new"
SENT = {"name": "ci", "scopes": ["read"], "lasts": "30", "once": "a-number"}


@pytest.fixture
def alice(cast: Cast) -> Browser:
    """Who has just proved who she is, and has no token."""
    assert cast.alice.user is not None
    AccessToken.objects.filter(user=cast.alice.user).delete()
    return prove(Browser(cast.alice.user))


def value(page: Page) -> str:
    """The secret that a page shows; "" for none."""
    found = re.search(r'id="secret-value"[^>]*>([^<]+)<', page.source)
    return found.group(1) if found else ""


def mine(cast: Cast) -> AccessToken:
    return AccessToken.objects.get(user=cast.alice.user)


def test_a_token_is_made_shown_once_and_good(cast: Cast, alice: Browser) -> None:
    page = alice.post(NEW, **SENT, addresses="127.0.0.1\n 192.0.2.0/24 \n", cities=[cast.city.key])
    text, token = value(page), mine(cast)
    assert page.status == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["HX-Push-Url"] == f"/console/tokens/{token.key}"
    assert (token.name, token.scopes, token.cities) == ("ci", ["read"], [cast.city.key])
    assert token.addresses == ["127.0.0.1/32", "192.0.2.0/24"]
    assert token.ends_at is not None
    assert abs(token.ends_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    assert Caller(text).api("GET", f"cities/{cast.city.key}", Authorization=f"Bearer {text}").status == 200


def test_its_value_is_nowhere_after(cast: Cast, alice: Browser) -> None:
    text, token = value(alice.post(NEW, **SENT)), mine(cast)
    assert text.startswith("polis_")
    for path in ("/console/tokens", f"/console/tokens/{token.key}", "/console/activity", "/console/", NEW):
        assert text not in alice.get(path).source, path
    assert not [each for each in Session.objects.all() if text in str(each.get_decoded())]


def test_a_form_sent_twice_makes_one(cast: Cast, alice: Browser) -> None:
    assert value(alice.post(NEW, **SENT))
    again = alice.post(NEW, **SENT)
    assert (again.status, value(again)) == (302, "")
    assert again.headers["Location"] == f"/console/tokens/{mine(cast).key}"
    assert value(alice.post(NEW, **{**SENT, "once": "another"}))
    assert AccessToken.objects.filter(user=cast.alice.user).count() == 2


def test_the_form_begins_with_all_but_credentials(alice: Browser) -> None:
    ticked = re.findall(r'name="scopes" value="(\w+)"[^>]* checked', alice.get(NEW).source)
    assert ticked == ["read", "verbs"]


def test_making_one_needs_a_fresh_proof(cast: Cast) -> None:
    assert cast.alice.user is not None
    before = AccessToken.objects.count()
    browser = prove(Browser(cast.alice.user), ago=timedelta(minutes=16))
    for path in (NEW, "/console/access-keys/new"):
        answer = browser.get(path)
        assert (answer.status, answer.headers["Location"]) == (302, f"/account/prove?next={quote(path, safe='')}")
        assert browser.post(path, **SENT).headers["Location"].startswith("/account/prove?")
    assert (AccessToken.objects.count(), AccessKey.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"addresses": "somewhere"}, "addresses"),
        ({"name": "   "}, "name"),
        ({"scopes": []}, "scopes"),
        ({"expires_at": "2020-01-01T00:00"}, "expires_at"),
        ({"cities": ["XXXXXXXX"]}, "cities"),
    ],
)
def test_a_fault_is_said_beside_its_field(cast: Cast, alice: Browser, more: dict[str, object], field: str) -> None:
    page = alice.post(NEW, **{**SENT, **more})
    assert page.status == 422
    assert f'id="id_{field}_error"' in page.source
    assert not AccessToken.objects.filter(user=cast.alice.user).exists()


def test_a_city_that_one_does_not_see_is_no_choice(cast: Cast, alice: Browser) -> None:
    assert cast.charlie.user is not None
    hidden = make_city(cast.charlie.user, "Hidden_City")
    page = alice.post(NEW, **SENT, cities=[hidden.key])
    assert page.status == 422
    assert "Hidden_City" not in page.source


def test_what_ends_soon_and_what_has_ended_stand_out(cast: Cast, alice: Browser) -> None:
    alice.post(NEW, **SENT)
    assert "Ends soon" not in alice.get("/console/tokens").text
    AccessToken.objects.filter(user=cast.alice.user).update(ends_at=timezone.now() + timedelta(days=9))
    assert "Ends soon" in alice.get("/console/tokens").text
    AccessToken.objects.filter(user=cast.alice.user).update(ends_at=timezone.now() - timedelta(days=1))
    assert "Expired" in alice.get("/console/tokens").text


def test_it_is_renamed_disabled_enabled_and_ended(cast: Cast, alice: Browser) -> None:
    text = value(alice.post(NEW, **SENT))
    page = f"/console/tokens/{mine(cast).key}"
    call = lambda: Caller().api("GET", "cities", Authorization=f"Bearer {text}").status  # noqa: E731
    assert alice.post(f"{page}/edit", name="deploy", version=1).status == 302
    assert mine(cast).name == "deploy"
    assert alice.post(f"{page}/dis", reason="lost", version=1).status == 409  # of an older form
    assert alice.post(f"{page}/dis", reason="lost", version=2).status == 302
    assert call() == 401
    assert "lost" in alice.get(page).text
    assert alice.post(f"{page}/enb", version=3).status == 302
    assert call() == 200
    assert alice.post(f"{page}/del", version=4).headers["Location"] == "/console/tokens"
    assert call() == 401
    assert mine(cast).state == State.DELETED
    assert alice.post(f"{page}/enb", version=5).status == 409
    trail = AuditEvent.objects.filter(kind="accesstoken", thing=mine(cast).key, outcome="ok").order_by("id")
    assert list(trail.values_list("verb", "door")) == [
        (verb, "console") for verb in ("ADD", "SET", "DIS", "ENB", "DEL")
    ]


@pytest.mark.parametrize("who", ["oscar", "charlie", "zoe", "root"])
def test_anothers_is_not_there(cast: Cast, alice: Browser, who: str) -> None:
    alice.post(NEW, **SENT)
    token = mine(cast)
    browser = prove(Browser(getattr(cast, who).user))
    page = f"/console/tokens/{token.key}"
    assert token.name not in browser.get("/console/tokens").text
    for path in (page, f"{page}/edit", f"{page}/dis", f"{page}/del"):
        assert browser.get(path).status == 404
    for verb in ("edit", "dis", "enb", "del"):
        assert browser.post(f"{page}/{verb}", name="x", version=1).status == 404
    token.refresh_from_db()
    assert (token.state, token.version) == (State.ENABLED, 1)


def test_an_access_key_shows_its_pair_once(cast: Cast, alice: Browser) -> None:
    page = alice.post("/console/access-keys/new", **SENT)
    sk, row = value(page), AccessKey.objects.get(user=cast.alice.user)
    assert re.fullmatch(r"[A-Za-z0-9]{40}", sk)
    assert row.key in page.text
    for path in ("/console/access-keys", f"/console/access-keys/{row.key}"):
        shown = alice.get(path)
        assert row.key in shown.text
        assert sk not in shown.source
    assert alice.post(f"/console/access-keys/{row.key}/del", version=1).status == 302
    row.refresh_from_db()
    assert (row.state, row.sealed) == (State.DELETED, "")
