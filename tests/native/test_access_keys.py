"""One's own access keys: an AK that is known, an SK that is shown once and lies encrypted beside it."""

import re
from typing import Any

import pytest

from accounts.models import AccessKey, AuditEvent
from config.kernel import vault
from tests.cast import Caller, Cast
from tests.factories import make_token


@pytest.fixture
def made(cast: Cast) -> dict[str, Any]:
    answer = cast.alice.api("POST", "access-keys", {"name": "signer", "scopes": ["read", "set"]})
    assert answer.status == 201
    assert answer.headers["Location"] == f"/api/v1/access-keys/{answer.body['ak']}"
    body: dict[str, Any] = answer.body
    return body


def test_an_access_key_is_answered_whole_and_its_secret_this_once(cast: Cast, made: dict[str, Any]) -> None:
    shown = cast.alice.api("GET", f"access-keys/{made['ak']}").body
    assert re.fullmatch("[A-Z0-9]{20}", made["ak"])
    assert re.fullmatch("[A-Za-z0-9]{40}", made["sk"])
    assert shown == {
        "ak": made["ak"],
        "name": "signer",
        "state": "enabled",
        "reason": "",
        "scopes": ["read", "set"],
        "cities": [],
        "addresses": [],
        "audience": "ConsoleX",
        "shop": "XdUaXduA",
        "secret_hint": made["sk"][:4],
        "expires_at": None,
        "last_used_at": None,
        "last_used_ip": None,
        "created_at": made["created_at"],
        "updated_at": made["created_at"],
        "version": 1,
        "url": f"/api/v1/access-keys/{made['ak']}",
    }
    assert made == shown | {"sk": made["sk"]}
    assert cast.alice.api("GET", "access-keys").body["results"] == [shown]


def test_the_secret_is_encrypted_for_its_own_row(made: dict[str, Any]) -> None:
    row = AccessKey.objects.get(key=made["ak"])
    assert made["sk"] not in row.sealed
    assert vault.reveal(row.sealed, f"accesskey:{row.key}") == made["sk"]
    for other in ("accesskey:AAAAAAAAAAAAAAAAAAAA", f"accesstoken:{row.key}", row.key, ""):
        with pytest.raises(vault.Unreadable):
            vault.reveal(row.sealed, other)


def test_no_other_answer_shows_the_secret(cast: Cast, made: dict[str, Any]) -> None:
    path = f"access-keys/{made['ak']}"
    answers = [
        cast.alice.api("PATCH", path, {"name": "other"}),
        cast.alice.api("POST", f"{path}/disable", {"reason": "lost?"}),
        cast.alice.api("POST", f"{path}/enable"),
        cast.alice.api("GET", "access-keys"),
        cast.alice.api("GET", "audit"),
    ]
    assert [answer.status for answer in answers] == [200] * 5
    assert not [answer for answer in answers if made["sk"] in str(answer.body) or "sk" in answer.body]


def test_ended_its_secret_is_gone_for_good(cast: Cast, made: dict[str, Any]) -> None:
    path = f"access-keys/{made['ak']}"
    assert cast.alice.api("DELETE", path).status == 204
    row = AccessKey.objects.get(key=made["ak"])
    assert row.sealed == ""
    with pytest.raises(vault.Unreadable):
        vault.reveal(row.sealed, f"accesskey:{row.key}")
    for method, step in (("POST", "/enable"), ("POST", "/disable"), ("PATCH", "")):
        answer = cast.alice.api(method, f"{path}{step}", {"name": "x"} if method == "PATCH" else None)
        assert (answer.status, answer.code) == (409, "wrong_state")
    assert cast.alice.api("GET", path).body["state"] == "deleted"
    assert cast.alice.api("GET", "access-keys").body["results"] == []
    assert AuditEvent.objects.filter(kind="accesskey").count() == 2


def test_others_access_keys_are_not_there(cast: Cast, made: dict[str, Any]) -> None:
    for caller in (cast.charlie, cast.root):
        for method, step in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/disable"), ("POST", "/enable")):
            answer = caller.api(method, f"access-keys/{made['ak']}{step}", None if method == "GET" else {"name": "x"})
            assert (answer.status, answer.code) == (404, "not_found")


def test_an_access_key_signs_and_is_no_bearer_of_anything(made: dict[str, Any]) -> None:
    for text in (made["ak"], made["sk"], f"{made['ak']}:{made['sk']}"):
        assert Caller(text).api("GET", "me").code == "token_unknown"


def test_making_one_needs_the_scope_and_is_no_more_than_its_maker(cast: Cast) -> None:
    plain = Caller(make_token(cast.alice.user, scopes=["read", "verbs"]))  # type: ignore[arg-type]
    assert plain.api("POST", "access-keys", {"name": "x"}).code == "out_of_scope"
    maker = Caller(make_token(cast.alice.user, scopes=["get", "credentials"]))  # type: ignore[arg-type]
    assert maker.api("POST", "access-keys", {"name": "x"}).body["scopes"] == ["get"]
    stronger = maker.api("POST", "access-keys", {"name": "x", "scopes": ["read"]})
    assert (stronger.status, stronger.code, stronger.body["errors"][0]["pointer"]) == (403, "exceeds_maker", "#/scopes")
