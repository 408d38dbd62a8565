"""What GET /cities may be narrowed by, what its filters refuse, and when the bin is among them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.cast import Caller, Cast
from tests.factories import make_token, make_user
from tests.native.test_paging import ask, names

NOW = "2026-03-01T08:00:00Z"


@pytest.fixture
def owner(cast: Cast) -> Caller:
    """Somebody with a city in every state, made an hour apart from eight o'clock on; two are called alike."""
    user = make_user("dora")
    caller = Caller(make_token(user), user)
    with time_machine.travel(NOW, tick=False) as clock:
        ids = {}
        for name in ("Open_City", "Off_City", "Shut_City", "Ends_City", "Bin_City", "Ｗide"):
            given = {"name": name if name != "Ｗide" else "Wide_中文", "type": name[:3]}
            ids[name] = caller.api("POST", "cities", given).body["id"]
            clock.shift(timedelta(hours=1))
        assert caller.api("POST", f"cities/{ids['Off_City']}/offline").status == 200
        assert caller.api("POST", f"cities/{ids['Shut_City']}/disable", {"reason": "closed"}).status == 200
        ban = {"reason": "for a day", "expires_at": "2026-03-02T08:00:00Z"}
        assert caller.api("POST", f"cities/{ids['Ends_City']}/disable", ban).status == 200
        assert caller.api("DELETE", f"cities/{ids['Bin_City']}").status == 204
    return caller


def found(caller: Caller, at: str = "2026-03-01T20:00:00Z", **params: str) -> set[str]:
    """The names without their endings."""
    with time_machine.travel(at, tick=False):
        return {name.partition("_")[0] for name in names(ask(caller, **params))}


CASES = [
    ({}, "Open Off Shut Ends Wide"),
    ({"state": "enabled"}, "Open Wide"),
    ({"state": "offline"}, "Off"),
    ({"state": "disabled"}, "Shut Ends"),
    ({"state": "deleted"}, "Bin"),
    ({"state": "deleted,offline"}, "Off Bin"),
    ({"state": "enabled,disabled,offline,deleted"}, "Open Off Shut Ends Bin Wide"),
    ({"name": "open_city"}, "Open"),
    ({"name": "ＯＰＥＮ_City"}, "Open"),
    ({"name": "open"}, ""),
    ({"name": "Bin_City"}, ""),
    ({"name__startswith": "o"}, "Open Off"),
    ({"name__startswith": "ＯＦ"}, "Off"),
    ({"name__startswith": "city"}, ""),
    ({"name__startswith": "%"}, ""),
    ({"name__contains": "F_C"}, "Off"),
    ({"name__contains": "中文"}, "Wide"),
    ({"name__contains": "__"}, ""),
    ({"search": "en"}, "Open Ends"),
    ({"search": "bin"}, ""),
    ({"search": "bin", "state": "deleted"}, "Bin"),
    ({"type": "Ope"}, "Open"),
    ({"type": "ope"}, ""),
    ({"created_at__gte": "2026-03-01T10:00:00Z"}, "Shut Ends Wide"),
    ({"created_at__lt": "2026-03-01T10:00:00Z"}, "Open Off"),
    ({"created_at__gte": "2026-03-01T17:00:00+08:00", "created_at__lt": "2026-03-01T11:00:00Z"}, "Off Shut"),
    ({"updated_at__gte": "2026-03-01T14:00:00Z"}, "Off Shut Ends"),
    ({"updated_at__lt": "2026-03-01T14:00:00Z"}, "Open Wide"),
    ({"state": "disabled", "type": "End", "search": "city"}, "Ends"),
]


@pytest.mark.parametrize(("params", "expected"), CASES)
def test_a_filter_lets_through_what_it_names(owner: Caller, params: dict[str, str], expected: str) -> None:
    assert found(owner, **params) == set(expected.split())


def test_a_state_is_the_one_that_time_has_made(owner: Caller) -> None:
    for second, disabled, enabled in (("07:59:59", {"Shut", "Ends"}, set()), ("08:00:00", {"Shut"}, {"Ends"})):
        at = f"2026-03-02T{second}Z"
        assert found(owner, at, state="disabled") == disabled
        assert found(owner, at, state="enabled") == {"Open", "Wide"} | enabled


def test_an_owner_is_named_by_id_and_finds_the_bin_too(owner: Caller, cast: Cast) -> None:
    assert owner.user is not None
    all_of_it = {"Open", "Off", "Shut", "Ends", "Bin", "Wide"}
    assert found(owner, owner=owner.user.key) == all_of_it
    assert found(cast.root, scope="all", owner=owner.user.key) == all_of_it
    assert found(cast.root, scope="all", search="city") == {"Open", "Off", "Shut", "Ends", "Alice"}
    assert found(cast.zoe, scope="all", state="deleted") == {"Bin"}
    assert found(cast.root, owner=owner.user.key) == set(), "a god's own are not everybody's"
    assert found(cast.oscar, owner=owner.user.key) == set()
    assert found(cast.oscar, owner=cast.alice.user.key) == {"Alice"}  # type: ignore[union-attr]
    assert found(owner, owner="zzzzzzzz") == set()


def test_search_finds_a_whole_id(owner: Caller) -> None:
    id = ask(owner, name="Open_City").body["results"][0]["id"]
    assert found(owner, search=id) == {"Open"}
    assert found(owner, search=id[:-1]) == set()


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"nmae": "x"}, "unknown_field"),
        ({"name__icontains": "xx"}, "unknown_field"),
        ({"creator__key": "xx"}, "unknown_field"),
        ({"state": "open"}, "bad_choice"),
        ({"state": "enabled,"}, "bad_choice"),
        ({"state": ""}, "bad_choice"),
        ({"state": "0"}, "bad_choice"),
        ({"name__contains": "x"}, "too_short"),
        ({"search": "x"}, "too_short"),
        ({"search": ""}, "too_short"),
        ({"search": "x" * 257}, "too_long"),
        ({"name": "a\0b"}, "bad_character"),
        ({"created_at__gte": "yesterday"}, "wrong_type"),
        ({"created_at__lt": "2026-03-01"}, "wrong_type"),
        ({"updated_at__gte": "2026-03-01T08:00:00"}, "wrong_type"),
        ({"updated_at__lt": "2026-02-30T08:00:00Z"}, "wrong_type"),
        ({"ordering": "id"}, "bad_choice"),
        ({"ordering": "--name"}, "bad_choice"),
    ],
)
def test_what_a_filter_does_not_understand_is_refused(owner: Caller, params: dict[str, str], code: str) -> None:
    answer = ask(owner, **params)
    assert (answer.status, answer.code) == (422, code)
    assert [(fault["parameter"], fault["code"]) for fault in answer.body["errors"]] == [(next(iter(params)), code)]


@pytest.mark.parametrize("query", ["state=enabled&state=deleted", "name=%FF", "limit=1&limit=2"])
def test_a_query_that_can_be_read_in_two_ways_is_refused(owner: Caller, query: Any) -> None:
    assert owner.api("GET", f"cities?{query}").status in {400, 422}
