"""S25: a browser's session serves under /api/v1 alone, and writes only with its CSRF token."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.lifecycle import USER
from accounts.models import AuditEvent
from accounts.people import services
from config.kernel.roles import Role
from config.kernel.states import State, Verb
from tests.cast import Caller, Cast
from tests.factories import make_city, make_user

PASSWORD = "correct horse 9"
TOKENS = {"name": "from the console", "scopes": ["read", "credentials"]}


def signed_in(name: str) -> Caller:
    """As in a browser: the form with its token, the password, and the session's cookie from then on."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/account/login")
    form = {"login": name, "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    answer = client.post("/account/login", form)
    assert answer.status_code == 302
    return Caller(client=client)


def csrf(caller: Caller) -> dict[str, str]:
    return {"X_CSRFToken": caller.client.cookies["csrftoken"].value}


@pytest.fixture
def rita(cast: Cast) -> Caller:
    """A god at the console."""
    user = make_user("rita", Role.GOD, password=PASSWORD)
    caller = signed_in("rita")
    caller.user = user
    return caller


def test_a_session_reads(cast: Cast, rita: Caller) -> None:
    me = rita.api("GET", "me")
    assert (me.status, me.body["name"], me.body["token"]) == (200, "rita", None)
    assert rita.api("GET", f"cities/{cast.city.key}").status == 200
    assert rita.api("GET", "cities?scope=all").body["results"][0]["id"] == cast.city.key
    assert rita.api("HEAD", "me").status == 200


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("POST", "cities", {"name": "Ritas_City"}),
        ("PATCH", "me", {"avatar": "x"}),
        ("POST", "cities/{city}/disable", None),
        ("POST", "tokens", TOKENS),
        ("DELETE", "cities/{own}", None),
    ],
)
def test_it_writes_with_its_csrf_token_alone(cast: Cast, rita: Caller, method: str, path: str, data: Any) -> None:
    own = make_city(rita.user, "Own_City").key  # type: ignore[arg-type]
    where, before = path.format(city=cast.city.key, own=own), AuditEvent.objects.count()
    for headers in (
        {},
        {"X_CSRFToken": ""},
        {"X_CSRFToken": "x" * 64},
        {"Origin": "https://evil.example"} | csrf(rita),
    ):
        answer = rita.api(method, where, data, **headers)
        assert (answer.status, answer.code) == (403, "csrf_failed")
    inside = rita.api(method, where, (data or {}) | {"csrfmiddlewaretoken": csrf(rita)["X_CSRFToken"]})
    assert inside.code == "csrf_failed", "in a header, not in the body"
    assert AuditEvent.objects.count() == before
    assert rita.api(method, where, data, **csrf(rita)).status < 300
    assert AuditEvent.objects.latest("id").actor == rita.user.key  # type: ignore[union-attr]


def test_no_dialect_knows_a_session(cast: Cast, rita: Caller) -> None:
    for verb in ("GET", "QRY", "DIS"):
        answer = rita.verb(verb, "" if verb == "QRY" else cast.city.key, **csrf(rita))
        assert (answer.status, answer.reason) == (401, "TokenMissing")
    assert rita.call("GET", "/devltmpl/zzzzzzzz").status in {401, 404}


def test_a_token_wins_over_a_session(cast: Cast, rita: Caller) -> None:
    assert rita.api("GET", "me", Authorization=f"Bearer {cast.alice.token}").body["name"] == "alice"
    made = rita.api("POST", "cities", {"name": "Alices_Own"}, Authorization=cast.alice.token)
    assert (made.status, made.body["owner"]["name"]) == (201, "alice"), "a token needs no CSRF token"
    for text in ("polis_wrong", "Bearer ", ""):
        answer = rita.api("GET", "me", Authorization=text)
        assert (answer.status, answer.code[:6]) == (401, "token_"), "a bad one is not made good by a session"


def test_signed_out_it_is_nobodys(rita: Caller) -> None:
    cookie = rita.client.cookies["sessionid"].value
    rita.client.post("/admin/logout/", {"csrfmiddlewaretoken": csrf(rita)["X_CSRFToken"]})
    rita.client.cookies["sessionid"] = cookie
    answer = rita.api("GET", "me")
    assert (answer.status, answer.code, answer.headers["WWW-Authenticate"]) == (
        401,
        "token_missing",
        'Bearer realm="polis"',
    )


@pytest.mark.parametrize("how", ["password", "ban"])
def test_it_ends_with_the_password_and_with_a_ban(cast: Cast, rita: Caller, how: str) -> None:
    assert rita.user is not None
    if how == "password":
        services.change_password(rita.user, "another horse 10", by=Actor.system())
    else:
        services.switch(USER, rita.user, Verb.DIS, by=Actor.system())
        services.switch(USER, rita.user, Verb.ENB, by=Actor.system())
    assert rita.api("GET", "me").status == 401
    assert rita.api("POST", "cities", {"name": "Ritas_City"}, **csrf(rita)).status == 401


def test_its_proof_is_of_the_last_quarter_of_an_hour(cast: Cast) -> None:
    make_user("rita", Role.GOD, password=PASSWORD)
    city = make_city(cast.alice.user, "Gone_City", State.DELETED)  # type: ignore[arg-type]
    purge = (f"cities/{city.key}/purge", {"confirm": "Gone_City", "dry_run": True})
    with time_machine.travel(timezone.now(), tick=False) as clock:
        rita = signed_in("rita")
        clock.shift(timedelta(minutes=15))
        made = rita.api("POST", "tokens", TOKENS, **csrf(rita))
        assert (made.status, rita.api("POST", *purge, **csrf(rita)).status) == (201, 200)
        clock.shift(1)
        for path, data in (("tokens", TOKENS), ("access-keys", {"name": "x"}), purge):
            answer = rita.api("POST", path, data, **csrf(rita))
            assert (answer.status, answer.code) == (403, "reauthenticate")
        child = Caller(made.body["token"]).api("POST", "tokens", {"name": "x"})
        assert child.code == "reauthenticate", "a token of a session carries the session's proof"
        assert rita.api("GET", "me").status == 200
        again = signed_in("rita")
        assert again.api("POST", "tokens", TOKENS, **csrf(again)).status == 201


def test_nobody_without_a_cookie_is_asked_for_a_csrf_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    assert Caller(client=client).api("POST", "cities", {"name": "No_City"}).code == "token_missing"
    assert Caller(cast.alice.token, client=client).api("POST", "cities", {"name": "My_City"}).status == 201
