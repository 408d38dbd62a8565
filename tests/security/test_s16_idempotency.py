"""S16: a key is its credential's, method's and route's own; a replay is judged again; what is stored is no secret."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
import time_machine
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.lifecycle import ORGANIZATION, USER
from accounts.models import StoredAnswer
from accounts.people import services
from accounts.people.tokens import digest_of
from config.kernel.roles import Share
from config.kernel.states import Verb
from tests.cast import Answer, Caller, Cast
from tests.factories import actor, do, make_city, make_token, share, unshare

KEY = "one and the same"


def post(caller: Caller, path: str, data: Any = None) -> Answer:
    return caller.api("POST", path, data, Idempotency_Key=KEY)


def is_replay(answer: Answer) -> bool:
    return answer.headers.get("Idempotent-Replayed") == "true"


# ── whose a key is ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_is_its_tokens_own(cast: Cast) -> None:
    assert cast.alice.user is not None
    other = Caller(make_token(cast.alice.user), cast.alice.user)
    first = post(cast.alice, f"cities/{cast.city.key}/offline")
    second = post(other, f"cities/{cast.city.key}/offline")
    assert [(each.status, is_replay(each)) for each in (first, second)] == [(200, False), (200, False)]
    assert post(other, "cities", {"name": "New_City"}).status == 201
    taken = post(cast.alice, "cities", {"name": "New_City"})
    assert (taken.status, taken.code) == (409, "name_taken")


def test_somebody_elses_key_gives_nothing_away(cast: Cast) -> None:
    made = post(cast.alice, "cities", {"name": "New_City"})
    other = post(cast.charlie, "cities", {"name": "Other_City"})
    assert (other.status, is_replay(other)) == (201, False)
    assert other.body["id"] != made.body["id"]


def test_a_key_is_its_routes_own(cast: Cast) -> None:
    path = f"cities/{cast.city.key}"
    assert cast.alice.user is not None
    another = make_city(cast.alice.user)
    paths = [f"{path}/offline", f"{path}/publish", f"cities/{another.key}/offline"]
    assert [is_replay(post(cast.alice, each)) for each in [*paths, *paths]] == [False] * 3 + [True] * 3


# ── judged again ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_revoked_token_replays_nothing(cast: Cast) -> None:
    assert cast.alice.user is not None
    caller = Caller(make_token(cast.alice.user), cast.alice.user)
    token = caller.api("GET", "me").body["token"]["id"]
    assert post(caller, "cities", {"name": "New_City"}).status == 201
    assert caller.api("DELETE", f"tokens/{token}").status == 204
    answer = post(caller, "cities", {"name": "New_City"})
    assert (answer.status, answer.code) == (401, "token_unknown")


def test_a_disabled_user_replays_nothing(cast: Cast) -> None:
    assert cast.alice.user is not None
    assert post(cast.alice, "cities", {"name": "New_City"}).status == 201
    services.switch(USER, cast.alice.user, Verb.DIS, by=Actor.system())
    assert post(cast.alice, "cities", {"name": "New_City"}).status == 401


def test_a_closed_chain_replays_nothing(cast: Cast) -> None:
    assert cast.alice.user is not None
    assert post(cast.alice, "cities", {"name": "New_City"}).status == 201
    services.switch(ORGANIZATION, cast.alice.user.corp, Verb.DIS, by=Actor.system())
    answer = post(cast.alice, "cities", {"name": "New_City"})
    assert (answer.status, answer.code) == (403, "chain_closed")


def test_who_no_longer_sees_the_thing_is_told_that_there_is_none(cast: Cast) -> None:
    assert cast.alice.user is not None
    assert cast.oscar.user is not None
    path = f"cities/{cast.city.key}/offline"
    assert post(cast.oscar, path).status == 200
    assert unshare(cast.city, cast.oscar.user, by=actor(cast.alice.user))
    hidden = post(cast.oscar, path)
    assert (hidden.status, hidden.code, is_replay(hidden)) == (404, "not_found", False)
    assert cast.city.key not in hidden.body["detail"]


def test_a_replay_does_not_tell_that_a_hidden_thing_is_gone(cast: Cast) -> None:
    """Hidden is absent (S13): before and after it is purged, the answer is one."""
    assert cast.alice.user is not None
    assert cast.oscar.user is not None
    path = f"cities/{cast.city.key}/offline"
    assert post(cast.oscar, path).status == 200
    assert unshare(cast.city, cast.oscar.user, by=actor(cast.alice.user))
    hidden = post(cast.oscar, path)
    do(cast.city, Verb.DEL, Actor.system())
    gone = post(cast.oscar, path)
    assert (hidden.status, gone.status) == (404, 404)
    assert {**gone.body, "request_id": ""} == {**hidden.body, "request_id": ""}


def test_who_may_no_longer_do_it_is_refused(cast: Cast) -> None:
    assert cast.alice.user is not None
    assert cast.oscar.user is not None
    path = f"cities/{cast.city.key}/offline"
    assert post(cast.oscar, path).status == 200
    share(cast.city, cast.oscar.user, Share.VIEWER, by=actor(cast.alice.user))
    answer = post(cast.oscar, path)
    assert (answer.status, answer.code) == (403, "forbidden")


def test_a_city_is_handed_on_once_and_whose_it_is_no_more_replays_nothing(cast: Cast) -> None:
    assert cast.charlie.user is not None
    assert cast.alice.user is not None
    path = f"cities/{cast.city.key}/transfer"
    assert [is_replay(post(cast.alice, path, {"user": cast.charlie.user.key})) for _ in range(2)] == [False, True]
    accepted = [post(cast.charlie, f"{path}/accept") for _ in range(2)]
    assert [(each.status, is_replay(each)) for each in accepted] == [(200, False), (200, True)]
    assert accepted[0].body == accepted[1].body
    lost = post(cast.alice, path, {"user": cast.charlie.user.key})
    assert (lost.status, lost.code, is_replay(lost)) == (404, "not_found", False)
    assert cast.charlie.api("POST", path, {"user": cast.alice.user.key}).status == 201
    assert cast.alice.api("POST", f"{path}/accept").status == 200
    assert post(cast.charlie, f"{path}/accept").status == 404


def test_by_force_it_is_judged_again_too(cast: Cast) -> None:
    assert cast.charlie.user is not None
    assert cast.alice.user is not None
    services.switch(USER, cast.alice.user, Verb.DIS, by=Actor.system())
    path, body = f"cities/{cast.city.key}/transfer", {"user": cast.charlie.user.key, "force": True}
    assert [is_replay(post(cast.root, path, body)) for _ in range(2)] == [False, True]
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert post(cast.root, path, body).code == "reauthenticate"
    do(cast.city, Verb.DEL, Actor.system())
    assert post(cast.root, path, body).status == 404


def test_who_no_longer_may_share_is_not_told_of_the_grant(cast: Cast) -> None:
    terms = {"thing": f"city/{cast.city.key}", "user": "Somebody", "role": "viewer"}
    assert post(cast.alice, "grants", terms).status == 201
    do(cast.city, Verb.DEL, Actor.system())
    assert post(cast.alice, "grants", terms).status == 404


def test_a_token_is_not_told_of_again_once_the_proof_is_old(cast: Cast) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert cast.alice.user is not None
        caller = Caller(make_token(cast.alice.user), cast.alice.user)
        assert post(caller, "tokens", {"name": "ci"}).status == 201
        assert is_replay(post(caller, "tokens", {"name": "ci"}))
        clock.shift(timedelta(minutes=15, seconds=1))
        answer = post(caller, "tokens", {"name": "ci"})
        assert (answer.status, answer.code) == (403, "reauthenticate")


def test_what_the_call_itself_has_removed_is_no_reason_to_refuse_its_replay(cast: Cast) -> None:
    path = f"cities/{cast.city.key}"
    assert cast.alice.api("DELETE", path).status == 204
    first, repeat = (post(cast.alice, f"{path}/purge", {"confirm": "Alice_City"}) for _ in range(2))
    assert (first.status, repeat.status, is_replay(repeat)) == (200, 200, True)
    assert repeat.body == first.body == {"id": cast.city.key, "dry_run": False, "removed": {"city": 1}}


def test_a_replay_is_not_refused_for_the_version_that_the_call_itself_has_moved_on(cast: Cast) -> None:
    path = f"cities/{cast.city.key}"
    tag = cast.alice.api("GET", path).headers["ETag"]
    for replayed in (False, True):
        answer = cast.alice.api("POST", f"{path}/offline", Idempotency_Key=KEY, If_Match=tag)
        assert (answer.status, is_replay(answer)) == (200, replayed)


# ── no secret ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("path", "secret", "id"), [("tokens", "token", "id"), ("access-keys", "sk", "ak")])
def test_a_replay_shows_no_secret_and_says_when_it_was_shown(cast: Cast, path: str, secret: str, id: str) -> None:
    with time_machine.travel("2026-03-01T08:30:00Z", tick=False) as clock:
        assert cast.alice.user is not None
        caller = Caller(make_token(cast.alice.user), cast.alice.user)
        first = post(caller, path, {"name": "ci"})
        clock.shift(timedelta(minutes=1))
        repeat = post(caller, path, {"name": "ci"})
    assert (first.status, repeat.status, is_replay(repeat)) == (201, 201, True)
    assert len(first.body[secret]) >= 40
    assert "secret_shown_at" not in first.body
    assert repeat.body[secret] is None
    assert repeat.body["secret_shown_at"] == "2026-03-01T08:30:00Z"
    assert repeat.body[id] == first.body[id]


def test_the_store_holds_no_secret_and_no_body_of_a_request(cast: Cast) -> None:
    made = post(cast.alice, "tokens", {"name": "ci"}).body["token"]
    sk = post(cast.alice, "access-keys", {"name": "my laptop"}).body["sk"]
    rows = list(StoredAnswer.objects.values())
    assert len(rows) == 2
    stored = orjson.dumps(rows, option=orjson.OPT_NON_STR_KEYS).decode()
    assert "my laptop" in stored, "this is where an answer is"
    for hidden in (made, sk, digest_of(made), digest_of(sk), cast.alice.token, digest_of(cast.alice.token), KEY):
        assert hidden not in stored


def test_the_fingerprint_of_a_body_cannot_be_guessed_from_the_store(cast: Cast) -> None:
    body = b'{"name":"New_City"}'
    assert cast.alice.api("POST", "cities", body, Idempotency_Key=KEY).status == 201
    row = StoredAnswer.objects.get()
    guesses = [body.decode(), f"\0{body.decode()}", f"{body.decode()}\0"]
    assert row.fingerprint not in [digest_of(guess) for guess in guesses]
