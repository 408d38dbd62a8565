"""The console's session at the native API: it reaches as far as its user, and is nobody's at the dialects."""

import pytest
from django.test import Client

from accounts.models import AccessToken, AuditEvent, User
from tests.cast import Caller, Cast
from tests.site.console import LOGIN, Browser


def session(user: User | None) -> Caller:
    browser = Browser(user)
    return Caller(user=user, client=browser.client)


@pytest.fixture
def zoe(cast: Cast) -> Caller:
    return session(cast.zoe.user)


def test_it_is_its_user_as_far_as_the_user_may(cast: Cast, zoe: Caller) -> None:
    me = zoe.api("GET", "me").body
    assert (me["name"], me["role"], me["token"]) == ("zoe", "zoon", None)
    assert set(me["may"]["city"]) == {"ADD", "QRI", "GET", "DIS", "ENB", "RCC", "BROWSE"}
    assert zoe.api("POST", f"cities/{cast.city.key}/disable", {"reason": "x"}).body["reason"] == "x"
    assert zoe.api("POST", f"cities/{cast.city.key}/offline").code == "forbidden"
    event = AuditEvent.objects.filter(verb="DIS").latest("id")
    assert (event.actor, event.door, event.outcome) == (cast.zoe.user.key, "native", "ok")  # type: ignore[union-attr]


def test_what_it_makes_has_any_scope_and_all_but_credentials_unasked(cast: Cast) -> None:
    browser = Browser()
    user = User.objects.get(name="root")
    user.set_password("correct horse 9")
    user.save(update_fields=["password"])
    assert browser.sign_in("root", "correct horse 9").status == 302
    root = Caller(client=browser.client)
    plain = root.api("POST", "tokens", {"name": "x"})
    assert (plain.status, plain.body["scopes"], plain.body["audience"]) == (201, ["read", "verbs"], "ConsoleX")
    full = root.api("POST", "tokens", {"name": "x", "scopes": ["read", "verbs", "credentials"]})
    assert Caller(full.body["token"]).api("POST", "tokens", {"name": "y"}).status == 201
    assert AccessToken.objects.filter(user=user, proved_at=None).count() == 0


def test_a_session_that_proved_nothing_makes_nothing(cast: Cast, zoe: Caller) -> None:
    """One that was not begun at the sign-in page knows of no proof."""
    for path in ("tokens", "access-keys"):
        assert zoe.api("POST", path, {"name": "x"}).code == "reauthenticate"
    assert zoe.api("GET", "tokens").status == 200


@pytest.mark.parametrize("cookie", [("csrftoken", "x" * 32), ("django_language", "zh-hans"), ("sessionid", "y" * 32)])
def test_a_cookie_that_is_no_session_is_nobodys(cast: Cast, cookie: tuple[str, str]) -> None:
    client = Client(raise_request_exception=False)
    client.cookies[cookie[0]] = cookie[1]
    answer = Caller(client=client).api("GET", "me")
    assert (answer.status, answer.code) == (401, "token_missing")


def test_a_page_of_the_console_alone_signs_nobody_in(cast: Cast) -> None:
    browser = Browser()
    browser.get(LOGIN)
    assert Caller(client=browser.client).api("GET", "cities").status == 401


def test_two_sessions_of_one_user_count_together(cast: Cast, zoe: Caller) -> None:
    first = int(zoe.api("GET", "me").headers["RateLimit-Remaining"])
    other = session(cast.zoe.user)
    assert int(other.api("GET", "me").headers["RateLimit-Remaining"]) == first - 1
    assert int(cast.zoe.api("GET", "me").headers["RateLimit-Remaining"]) == first - 2
