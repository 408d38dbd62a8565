"""S5 at the native API's door: what has been ended is dead at every door, and nobody revives it, in no way."""

from typing import Any

import pytest

from accounts.access.actor import Actor
from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN
from accounts.models import AccessKey, AccessToken
from accounts.people import services
from config.kernel.errors import WrongState
from config.kernel.states import State, Verb
from tests.cast import Caller, Cast

REVIVALS = [("POST", "/enable", None), ("POST", "/disable", None), ("PATCH", "", {"name": "alive"})]


@pytest.fixture
def dead(cast: Cast) -> tuple[str, str]:
    """The id and the text of a token that its owner has ended."""
    made = cast.alice.api("POST", "tokens", {"name": "x", "scopes": ["read", "verbs", "credentials"]}).body
    assert Caller(made["token"]).api("GET", "me").status == 200
    assert cast.alice.api("DELETE", f"tokens/{made['id']}").status == 204
    return made["id"], made["token"]


def test_it_serves_at_no_door(cast: Cast, dead: tuple[str, str]) -> None:
    holder = Caller(dead[1])
    for method, path in (("GET", "me"), ("GET", "cities"), ("POST", "tokens"), ("DELETE", f"tokens/{dead[0]}")):
        answer = holder.api(method, path, {"name": "x"} if method == "POST" else None)
        assert (answer.status, answer.code) == (401, "token_unknown")
    for verb in ("QRI", "GET", "OFF"):
        assert holder.verb(verb, "" if verb == "QRI" else cast.city.key).reason == "TokenUnknown"


@pytest.mark.parametrize(("method", "step", "data"), REVIVALS)
def test_nobody_revives_it(cast: Cast, dead: tuple[str, str], method: str, step: str, data: Any) -> None:
    path = f"tokens/{dead[0]}{step}"
    answer = cast.alice.api(method, path, data)
    assert (answer.status, answer.code) == (409, "wrong_state")
    for caller, status in ((cast.charlie, 404), (cast.zoe, 404), (cast.root, 404), (Caller(dead[1]), 401)):
        assert caller.api(method, path, data).status == status
    assert Caller(dead[1]).api("GET", "me").status == 401


def test_ending_it_again_is_a_repeat(cast: Cast, dead: tuple[str, str]) -> None:
    assert cast.alice.api("DELETE", f"tokens/{dead[0]}").status == 204
    shown = cast.alice.api("GET", f"tokens/{dead[0]}").body
    assert (shown["state"], shown["version"], shown["secret_hint"]) == ("deleted", 2, dead[1][6:10])


def test_not_even_the_platform_revives_it(dead: tuple[str, str]) -> None:
    token = AccessToken.objects.get(key=dead[0])
    for verb in (Verb.ENB, Verb.DIS):
        with pytest.raises(WrongState):
            services.switch(ACCESS_TOKEN, token, verb, by=Actor.system())
    with pytest.raises(KeyError):
        services.switch(ACCESS_TOKEN, token, Verb.RCC, by=Actor.system())
    assert Caller(dead[1]).api("GET", "me").status == 401


def test_a_row_that_lies_about_its_state_revives_no_text(dead: tuple[str, str]) -> None:
    AccessToken.objects.filter(key=dead[0]).update(state=State.ENABLED, deleted_at=None, deleted_by="")
    assert Caller(dead[1]).api("GET", "me").status == 401, "its hash is gone"


def test_making_it_again_with_the_same_key_brings_no_text_back(cast: Cast) -> None:
    sent = {"name": "x"}
    made = cast.alice.api("POST", "tokens", sent, Idempotency_Key="once").body
    cast.alice.api("DELETE", f"tokens/{made['id']}")
    replay = cast.alice.api("POST", "tokens", sent, Idempotency_Key="once")
    assert (replay.status, replay.body["id"], replay.body["token"]) == (201, made["id"], None)
    assert Caller(made["token"]).api("GET", "me").status == 401
    assert cast.alice.api("GET", f"tokens/{made['id']}").body["state"] == "deleted"


def test_what_a_dead_token_has_made_lives_on_until_it_is_ended_itself(cast: Cast) -> None:
    parent = cast.alice.api("POST", "tokens", {"name": "x", "scopes": ["read", "credentials"]}).body
    child = Caller(Caller(parent["token"]).api("POST", "tokens", {"name": "y"}).body["token"])
    cast.alice.api("DELETE", f"tokens/{parent['id']}")
    assert child.api("GET", "me").status == 200


@pytest.mark.parametrize(("method", "step", "data"), REVIVALS)
def test_an_access_key_stays_dead_too(cast: Cast, method: str, step: str, data: Any) -> None:
    ak = cast.alice.api("POST", "access-keys", {"name": "x"}).body["ak"]
    cast.alice.api("DELETE", f"access-keys/{ak}")
    assert cast.alice.api(method, f"access-keys/{ak}{step}", data).code == "wrong_state"
    assert cast.root.api(method, f"access-keys/{ak}{step}", data).status == 404
    row = AccessKey.objects.get(key=ak)
    with pytest.raises(WrongState):
        services.switch(ACCESS_KEY, row, Verb.ENB, by=Actor.system())
    assert row.sealed == ""
