"""One's own access tokens through the native API: made, shown once, named, disabled, ended."""

import hashlib
import re
from typing import Any

import pytest
import time_machine

from accounts.access.actor import Actor
from accounts.lifecycle import ACCESS_TOKEN
from accounts.models import AccessToken, AuditEvent
from accounts.people import credentials, services
from config.kernel.states import Verb
from tests.cast import Answer, Caller, Cast
from tests.factories import make_token, make_user

NOON = "2031-03-04T12:00:00+00:00"
STAMP = "2031-03-04T12:00:00Z"
LATER = "2031-03-05T12:00:00Z"


def make(caller: Caller, **given: Any) -> Answer:
    return caller.api("POST", "tokens", {"name": "ci"} | given)


def test_a_token_is_answered_whole_and_its_text_this_once(cast: Cast) -> None:
    given = {"scopes": ["read"], "cities": [cast.city.key], "addresses": ["127.0.0.0/8"], "expires_at": LATER}
    with time_machine.travel(NOON, tick=False):
        token = make_token(cast.alice.user)  # type: ignore[arg-type]
        answer = make(Caller(token), **given)
        made, text = answer.body["id"], answer.body.pop("token")
        assert (answer.status, answer.headers["Location"]) == (201, f"/api/v1/tokens/{made}")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.body == {
            "id": made,
            "name": "ci",
            "state": "enabled",
            "reason": "",
            "scopes": ["read"],
            "cities": [cast.city.key],
            "addresses": ["127.0.0.0/8"],
            "audience": "ConsoleX",
            "shop": "XdUaXduA",
            "secret_hint": text[6:10],
            "expires_at": LATER,
            "last_used_at": None,
            "last_used_ip": None,
            "created_at": STAMP,
            "updated_at": STAMP,
            "version": 1,
            "url": f"/api/v1/tokens/{made}",
        }
        assert re.fullmatch("polis_[A-Za-z0-9]{49}", text)
        assert Caller(token).api("GET", f"tokens/{made}").body == answer.body
        assert Caller(text).api("GET", f"cities/{cast.city.key}").status == 200


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"name": ""}, "#/name", "too_short"),
        ({"name": " \u200b"}, "#/name", "required"),
        ({"name": None}, "#/name", "wrong_type"),
        ({"name": "x" * 65}, "#/name", "too_long"),
        ({"scopes": "read"}, "#/scopes", "wrong_type"),
        ({"scopes": []}, "#/scopes", "required"),
        ({"scopes": [1]}, "#/scopes", "wrong_type"),
        ({"scopes": ["reed"]}, "#/scopes", "bad_choice"),
        ({"scopes": ["READ"]}, "#/scopes", "bad_choice"),
        ({"scopes": ["read"] * 101}, "#/scopes", "too_many_values"),
        ({"cities": ["zzzzzzzz"]}, "#/cities", "bad_choice"),
        ({"cities": ["no id"]}, "#/cities", "bad_choice"),
        ({"cities": None}, "#/cities", "wrong_type"),
        ({"addresses": ["10.0.0.1/8"]}, "#/addresses", "wrong_type"),
        ({"addresses": ["2001:db8::1/32"]}, "#/addresses", "wrong_type"),
        ({"addresses": ["10.0.0.0/33"]}, "#/addresses", "wrong_type"),
        ({"addresses": ["polis.example"]}, "#/addresses", "wrong_type"),
        ({"addresses": [167772160]}, "#/addresses", "wrong_type"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "#/expires_at", "expires_in_past"),
        ({"expires_at": "2031-03-05T12:00:00"}, "#/expires_at", "wrong_type"),
        ({"audience": "nobody"}, "#/audience", "bad_choice"),
        ({"shop": "zzzzzzzz"}, "#/shop", "bad_choice"),
        ({"user": "x"}, "#/user", "unknown_field"),
        ({"proved_at": LATER}, "#/proved_at", "unknown_field"),
    ],
)
def test_what_is_asked_for_badly_is_not_made(cast: Cast, given: Any, pointer: str, code: str) -> None:
    before = AccessToken.objects.count()
    answer = make(cast.alice, **given)
    assert (answer.status, answer.body["errors"][0]["pointer"], answer.code) == (422, pointer, code)
    assert AccessToken.objects.count() == before


def test_every_fault_is_told(cast: Cast) -> None:
    answer = cast.alice.api("POST", "tokens", {"scopes": 1, "cities": 2, "expires_at": 3, "x": 4})
    assert [fault["pointer"] for fault in answer.body["errors"]] == [
        "#/name",
        "#/expires_at",
        "#/scopes",
        "#/cities",
        "#/x",
    ]


def test_its_name_can_be_changed_and_nothing_else(cast: Cast) -> None:
    path = f"tokens/{make(cast.alice).body['id']}"
    renamed = cast.alice.api("PATCH", path, {"name": "deploy"})
    assert (renamed.status, renamed.body["name"], renamed.body["version"]) == (200, "deploy", 2)
    for field in ("scopes", "cities", "addresses", "expires_at", "audience", "shop", "state"):
        answer = cast.alice.api("PATCH", path, {"name": "x", field: []})
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, f"#/{field}")
    assert cast.alice.api("GET", path).body == renamed.body


def test_disabled_it_serves_nothing_until_it_is_enabled(cast: Cast) -> None:
    made = make(cast.alice)
    path, holder = f"tokens/{made.body['id']}", Caller(made.body["token"])
    disabled = cast.alice.api("POST", f"{path}/disable", {"reason": "lost?"})
    assert (disabled.body["state"], disabled.body["reason"]) == ("disabled", "lost?")
    assert (holder.api("GET", "me").status, holder.api("GET", "me").code) == (401, "token_disabled")
    assert holder.verb("QRI").reason == "TokenDisabled"
    assert cast.alice.api("PATCH", path, {"name": "x"}).code == "wrong_state"
    timed = cast.alice.api("POST", f"{path}/disable", {"expires_at": LATER})
    assert timed.body["errors"][0]["pointer"] == "#/expires_at", "a credential's closing does not end by itself (S5)"
    enabled = cast.alice.api("POST", f"{path}/enable")
    assert (enabled.body["state"], enabled.body["reason"], holder.api("GET", "me").status) == ("enabled", "", 200)
    assert "token" not in enabled.body


def test_each_step_is_one_event_without_a_name(cast: Cast) -> None:
    before = AuditEvent.objects.count()
    path = f"tokens/{make(cast.alice).body['id']}"
    for method, step in (
        ("POST", "/disable"),
        ("POST", "/disable"),
        ("POST", "/enable"),
        ("DELETE", ""),
        ("DELETE", ""),
    ):
        cast.alice.api(method, f"{path}{step}")
    events = AuditEvent.objects.order_by("id")[before:]
    assert [(event.verb, event.kind, event.thing_name) for event in events] == [
        ("ADD", "accesstoken", ""),
        ("DIS", "accesstoken", ""),
        ("ENB", "accesstoken", ""),
        ("DEL", "accesstoken", ""),
    ]


def test_others_tokens_are_not_there(cast: Cast) -> None:
    made = make(cast.alice).body["id"]
    for caller in (cast.charlie, cast.zoe, cast.root):
        for method, step in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/disable"), ("POST", "/enable")):
            answer = caller.api(method, f"tokens/{made}{step}", None if method == "GET" else {"name": "x"})
            absent = caller.api(method, f"tokens/zzzzzzzz{step}", None if method == "GET" else {"name": "x"})
            assert (answer.status, answer.code) == (absent.status, absent.code) == (404, "not_found")
        assert made not in [token["id"] for token in caller.api("GET", "tokens").body["results"]]


def test_the_list_is_of_ones_own_that_still_live_newest_first(cast: Cast) -> None:
    first, second, third = (make(cast.alice, name=name).body["id"] for name in ("a", "b", "c"))
    cast.alice.api("DELETE", f"tokens/{second}")
    cast.alice.api("POST", f"tokens/{first}/disable")
    own = AccessToken.objects.exclude(key__in=[first, second, third]).get(user=cast.alice.user).key
    assert [row["id"] for row in cast.alice.api("GET", "tokens").body["results"]] == [third, first, own]
    oldest_first = cast.alice.api("GET", "tokens?ordering=created_at&fields=id").body["results"]
    assert oldest_first == [{"id": own}, {"id": first}, {"id": third}]
    assert [row["id"] for row in cast.alice.api("GET", "tokens?state=deleted").body["results"]] == [second]
    both = cast.alice.api("GET", "tokens?state=disabled,deleted").body["results"]
    assert [row["id"] for row in both] == [second, first]
    assert cast.alice.api("GET", "tokens?state=dead").body["errors"][0]["parameter"] == "state"


def test_tokens_of_signing_in_are_not_among_them(cast: Cast) -> None:
    user = make_user("dora", password="correct horse 9")
    pwd = hashlib.md5(b"correct horse 9").hexdigest()
    signed = Caller().call("POST", "/login", {"by": "name", "ustr": "dora", "pwd": pwd}).result["token"]
    key = AccessToken.objects.get(user=user).key
    caller = Caller(signed)
    assert caller.api("GET", "tokens").body["results"] == []
    assert caller.api("GET", f"tokens/{key}").status == 404
    assert make(caller).code == "out_of_scope"


def test_one_has_so_many_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert credentials.PER_USER == 200
    monkeypatch.setattr(credentials, "PER_USER", 3)
    first = make(cast.alice).body["id"]
    assert make(cast.alice).status == 201
    full = make(cast.alice)
    assert (full.status, full.code, full.body["detail"]) == (409, "limit_reached", "The limit of 3 is reached.")
    assert cast.alice.api("POST", "access-keys", {"name": "ak"}).status == 201, "counted apart"
    assert make(cast.charlie).status == 201
    cast.alice.api("DELETE", f"tokens/{first}")
    assert make(cast.alice).status == 201, "an ended one is none"


def test_a_token_ends_itself_without_the_scope_for_it(cast: Cast) -> None:
    made = make(cast.alice, scopes=["get"], cities=[cast.city.key])
    other = make(cast.alice).body["id"]
    holder, path = Caller(made.body["token"]), f"tokens/{made.body['id']}"
    assert holder.api("DELETE", f"tokens/{other}").code == "out_of_scope"
    for method, step in (("POST", "/disable"), ("POST", "/enable"), ("PATCH", "")):
        assert holder.api(method, f"{path}{step}", {"name": "x"}).code == "out_of_scope"
    assert holder.api("DELETE", path).status == 204
    assert holder.api("GET", "me").code == "token_unknown"


@pytest.mark.parametrize("who", ["alice", "zoe", "root"])
def test_what_the_platform_disabled_its_owner_does_not_enable(cast: Cast, who: str) -> None:
    owner = getattr(cast, who)
    made = make(owner)
    path, token = f"tokens/{made.body['id']}", AccessToken.objects.get(key=made.body["id"])
    services.switch(ACCESS_TOKEN, token, Verb.DIS, by=Actor.system(), reason="leaked")
    answer = owner.api("POST", f"{path}/enable")
    assert (answer.status, answer.code) == (409, "wrong_state")
    assert owner.api("GET", path).body["reason"] == "leaked"
    assert owner.api("POST", f"{path}/disable", {"reason": "mine"}).body["reason"] == "leaked"
    assert owner.api("POST", f"{path}/enable").code == "wrong_state"
    assert Caller(made.body["token"]).api("GET", "me").code == "token_disabled"
    assert owner.api("DELETE", path).status == 204, "ended it may be"


@pytest.mark.parametrize("who", ["zoe", "root"])
def test_a_steward_too_enables_what_they_have_disabled_themselves(cast: Cast, who: str) -> None:
    owner = getattr(cast, who)
    made = make(owner)
    for step, status in (("disable", 401), ("enable", 200)):
        assert owner.api("POST", f"tokens/{made.body['id']}/{step}").status == 200
        assert Caller(made.body["token"]).api("GET", "me").status == status


def test_an_audience_is_a_city_that_one_sees(cast: Cast) -> None:
    hidden = make(cast.charlie, audience=cast.city.key)
    absent = make(cast.charlie, audience="zzzzzzzz")
    assert (hidden.status, hidden.code) == (absent.status, absent.code) == (422, "bad_choice")
    assert make(cast.vera, audience=cast.city.key).status == 201
