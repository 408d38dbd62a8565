"""ETag, If-Match and If-None-Match: what one has read, and whether it still holds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from tests.cast import Answer, Cast
from tests.factories import make_app, make_city, make_gateway

Detail = tuple[str, dict[str, str]]


def a_city(cast: Cast) -> Detail:
    return f"cities/{cast.city.key}", {"brief": "new"}


def a_token(cast: Cast) -> Detail:
    return f"tokens/{cast.alice.api('POST', 'tokens', {'name': 'ci'}).body['id']}", {"name": "new"}


def an_access_key(cast: Cast) -> Detail:
    return f"access-keys/{cast.alice.api('POST', 'access-keys', {'name': 'ci'}).body['ak']}", {"name": "new"}


def a_grant(cast: Cast) -> Detail:
    terms = {"thing": f"city/{cast.city.key}", "user": "Somebody", "role": "viewer"}
    return f"grants/{cast.alice.api('POST', 'grants', terms).body['id']}", {"role": "operator"}


def a_gateway(cast: Cast) -> Detail:
    assert cast.alice.user is not None
    return f"gateways/{make_gateway(cast.alice.user).key}", {"app_limit": 7}


def an_app(cast: Cast) -> Detail:
    assert cast.alice.user is not None
    return f"apps/{make_app(make_gateway(cast.alice.user), cast.alice.user)[0].key}", {"remark": "new"}


def oneself(cast: Cast) -> Detail:
    return "me", {"language": "zh-hans"}


DETAILS = [a_city, a_token, an_access_key, a_grant, a_gateway, an_app, oneself]


def test_what_one_may_and_has_used_is_never_304(cast: Cast) -> None:
    tag = cast.alice.api("GET", "me").headers["ETag"]
    assert cast.alice.api("POST", "cities", {"name": "Second_City"}).status == 201
    again = cast.alice.api("GET", "me", If_None_Match=tag)
    assert (again.status, again.headers["ETag"], again.body["limits"]["city"]["used"]) == (200, tag, 2)
    assert cast.charlie.api("GET", "me", If_None_Match=tag).body["name"] == "charlie"
    assert {"Authorization", "Cookie"} <= {each.strip() for each in again.headers["Vary"].split(",")}


# Of a token, a key and oneself there is more to tell than what has a version.
VERSIONED = [detail for detail in DETAILS if detail not in (a_token, an_access_key, oneself)]


@pytest.mark.parametrize("detail", VERSIONED)
def test_every_detail_has_an_etag_and_is_304_to_who_has_it(cast: Cast, detail: Callable[[Cast], Detail]) -> None:
    path, _ = detail(cast)
    tag = cast.alice.api("GET", path).headers["ETag"]
    assert tag == '"1.0.0"'
    same = cast.alice.api("GET", path, If_None_Match=tag)
    assert (same.status, same.body, same.headers["ETag"]) == (304, None, tag)
    assert same.headers["Cache-Control"] == "private, no-cache"
    assert cast.alice.client.get(f"/api/v1/{path}", headers={"If-None-Match": tag}).status_code == 401


@pytest.mark.parametrize("detail", DETAILS)
def test_a_write_answers_with_the_etag_that_a_read_has_then(cast: Cast, detail: Callable[[Cast], Detail]) -> None:
    path, change = detail(cast)
    tag = cast.alice.api("GET", path).headers["ETag"]
    written = cast.alice.api("PATCH", path, change, If_Match=tag)
    assert (written.status, written.headers["ETag"]) == (200, '"2.0.0"')
    assert cast.alice.api("GET", path).headers["ETag"] == '"2.0.0"'
    assert cast.alice.api("GET", path, If_None_Match=tag).status == 200


@pytest.mark.parametrize("detail", DETAILS)
def test_a_write_to_what_has_changed_since_is_412_and_changes_nothing(
    cast: Cast, detail: Callable[[Cast], Detail]
) -> None:
    path, change = detail(cast)
    stale = cast.alice.api("PATCH", path, change, If_Match='"7.0.0"')
    assert (stale.status, stale.code) == (412, "stale")
    assert cast.alice.api("GET", path).headers["ETag"] == '"1.0.0"'


def test_what_is_made_brings_its_etag_along(cast: Cast) -> None:
    terms = {"thing": f"city/{cast.city.key}", "user": "Somebody", "role": "viewer"}
    for path, data in (
        ("cities", {"name": "New_City"}),
        ("tokens", {"name": "ci"}),
        ("access-keys", {"name": "ci"}),
        ("grants", terms),
    ):
        made = cast.alice.api("POST", path, data)
        assert (made.status, made.headers["ETag"]) == (201, '"1.0.0"')
        assert cast.alice.call("GET", made.headers["Location"]).headers["ETag"] == '"1.0.0"'


def test_every_verb_answers_with_the_new_etag_and_heeds_if_match(cast: Cast) -> None:
    path = f"cities/{cast.city.key}"
    tag = '"1.0.0"'
    for caller, verb, state in (
        (cast.alice, "offline", 3),
        (cast.alice, "publish", 0),
        (cast.alice, "disable", 1),
        (cast.root, "enable", 0),
    ):
        done = caller.api("POST", f"{path}/{verb}", If_Match=tag)
        version = int(tag.strip('"').split(".")[0]) + 1
        assert (done.status, done.headers["ETag"]) == (200, f'"{version}.{state}.{state}"')
        stale = caller.api("POST", f"{path}/{verb}", If_Match=tag)
        assert (stale.status, stale.code) == (412, "stale")
        tag = done.headers["ETag"]
    assert cast.alice.api("DELETE", path, If_Match='"1.0.0"').status == 412
    assert cast.alice.api("DELETE", path, If_Match=tag).status == 204
    assert cast.root.api("POST", f"{path}/recycle", If_Match=tag).status == 412
    assert cast.root.api("POST", f"{path}/recycle", If_Match='"6.5.5"').headers["ETag"] == '"7.0.0"'


def test_a_repeated_verb_moves_no_version_on(cast: Cast) -> None:
    path = f"cities/{cast.city.key}/offline"
    assert [cast.alice.api("POST", path).headers["ETag"] for _ in range(2)] == ['"2.3.3"'] * 2


def test_a_list_and_a_refusal_have_no_etag(cast: Cast) -> None:
    for path in ("cities", "cities/zzzzzzzz"):
        assert "ETag" not in cast.alice.api("GET", path).headers


@pytest.mark.parametrize("tag", ["*", '"7.0.0", "1.0.0"', '"1"', '"1.5.5"', '"1.0.0" , "x"'])
def test_if_match_compares_the_version_alone(cast: Cast, tag: str) -> None:
    assert cast.alice.api("PATCH", f"cities/{cast.city.key}", {"brief": "new"}, If_Match=tag).status == 200


@pytest.mark.parametrize(
    "tag", ['W/"1.0.0"', '"x"', "1.0.0", '""', '"-1"', '"' + "9" * 99 + '"', '"１.0.0"', "nonsense"]
)
def test_what_names_no_version_of_it_matches_nothing(cast: Cast, tag: str) -> None:
    answer = cast.alice.api("PATCH", f"cities/{cast.city.key}", {"brief": "new"}, If_Match=tag)
    assert (answer.status, answer.code) == (412, "stale")


@pytest.mark.parametrize("tag", ["*", '"1.0.0"', 'W/"1.0.0"', '"x", "1.0.0"'])
def test_if_none_match_compares_weakly_and_takes_a_list(cast: Cast, tag: str) -> None:
    assert cast.alice.api("GET", f"cities/{cast.city.key}", If_None_Match=tag).status == 304


@pytest.mark.parametrize("tag", ['"1.0"', '"1.0.5"', '"2.0.0"', "1.0.0", ""])
def test_another_tag_is_no_reason_for_304(cast: Cast, tag: str) -> None:
    assert cast.alice.api("GET", f"cities/{cast.city.key}", If_None_Match=tag).status == 200


def test_what_is_to_be_made_matches_nothing(cast: Cast) -> None:
    terms = {"thing": f"city/{cast.city.key}", "user": "Somebody", "role": "viewer"}
    for path, data in (
        ("cities", {"name": "New_City"}),
        ("tokens", {"name": "ci"}),
        ("access-keys", {"name": "ci"}),
        ("grants", terms),
    ):
        answer = cast.alice.api("POST", path, data, If_Match='"1.0.0"')
        assert (answer.status, answer.code) == (412, "stale")


def test_who_may_not_is_told_so_before_the_version_is_looked_at(cast: Cast) -> None:
    path, stale = f"cities/{cast.city.key}", {"If_Match": '"7.0.0"'}
    assert cast.charlie.api("PATCH", path, {"brief": "new"}, **stale).status == 404
    assert cast.vera.api("PATCH", path, {"brief": "new"}, **stale).status == 403
    assert cast.oscar.api("PATCH", path, {"brief": 5}, **stale).status == 412
    assert cast.oscar.api("PATCH", path, {"brief": 5}).status == 422


def test_a_ban_that_ends_by_time_changes_the_etag_and_not_the_version(cast: Cast) -> None:
    with time_machine.travel("2026-03-01T08:00:00Z", tick=False) as clock:
        assert cast.root.user is not None
        city = make_city(cast.root.user)
        path = f"cities/{city.key}"
        ban = {"reason": "unpaid", "expires_at": "2026-03-01T09:00:00Z"}
        tag = cast.root.api("POST", f"{path}/disable", ban).headers["ETag"]
        assert tag == '"2.1.1"'

        def again() -> Answer:
            return cast.root.api("GET", path, If_None_Match=tag)

        clock.shift(timedelta(minutes=59, seconds=59))
        assert again().status == 304
        clock.shift(timedelta(seconds=1))
        over = again()
        assert (over.status, over.headers["ETag"], over.body["version"]) == (200, '"2.0.0"', 2)
        assert (over.body["state"], over.body["reason"], over.body["expires_at"]) == ("enabled", "", None)
        assert cast.root.api("PATCH", path, {"brief": "new"}, If_Match=tag).status == 200


def test_a_disabled_token_has_another_etag(cast: Cast) -> None:
    path, _ = a_token(cast)
    assert cast.alice.api("POST", f"{path}/disable", {"reason": "lost"}).headers["ETag"] == '"2.1.1"'
    assert cast.alice.api("POST", f"{path}/enable").headers["ETag"] == '"3.0.0"'
