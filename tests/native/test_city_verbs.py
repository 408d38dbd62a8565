"""The verbs of a city as actions of the native API: what each answers, from where, to whom."""

from typing import Any

import pytest
import time_machine

from accounts.models import AuditEvent
from config.kernel.states import State, Verb
from tests.cast import Answer, Cast
from tests.factories import actor, do, make_city

NOON = "2031-03-04T12:00:00+00:00"
LATER = "2031-03-05T12:00:00Z"


def act(cast: Cast, who: str, verb: str, data: Any = None) -> Answer:
    answer: Answer = getattr(cast, who).api("POST", f"cities/{cast.city.key}/{verb}", data)
    return answer


@pytest.fixture(autouse=True)
def noon() -> Any:
    """A moment that a test can name."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def test_disabling_says_why_and_until_when(cast: Cast) -> None:
    before = cast.alice.api("GET", f"cities/{cast.city.key}").body
    given = {"reason": "repairs", "expires_at": "2031-03-05T20:00:00+08:00"}
    answer = act(cast, "alice", "disable", given)
    assert answer.status == 200
    assert answer.body == before | {
        "state": "disabled",
        "effective_state": "disabled",
        "reason": "repairs",
        "expires_at": LATER,
        "version": 2,
    }
    assert cast.alice.verb("GET", cast.city.key).result["data"]["expire"] == 1930392000 + 86400


@pytest.mark.parametrize("given", [None, {}, {"expires_at": None}, {"reason": ""}])
def test_disabling_without_an_end_is_for_good(cast: Cast, given: Any) -> None:
    answer = act(cast, "alice", "disable", given)
    assert (answer.status, answer.body["reason"], answer.body["expires_at"]) == (200, "", None)


def test_when_it_ends_it_is_over_for_every_reader_at_once(cast: Cast, noon: Any) -> None:
    act(cast, "alice", "disable", {"reason": "repairs", "expires_at": "2031-03-04T12:00:01Z"})
    noon.shift(1)
    shown = cast.alice.api("GET", f"cities/{cast.city.key}").body
    assert [shown[name] for name in ("state", "reason", "expires_at", "version")] == ["enabled", "", None, 2]


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2031-03-04T12:00:00Z", "expires_in_past"),
        ("2031-03-04T19:59:59+08:00", "expires_in_past"),
        ("0001-01-01T00:00:00+08:00", "wrong_type"),
        ("2031-03-05T12:00:00", "wrong_type"),
        ("2031-03-05", "wrong_type"),
        ("2031-03-05 12:00:00Z", "wrong_type"),
        ("2031-02-30T12:00:00Z", "wrong_type"),
        ("2031-03-05T12:00:00+0800", "wrong_type"),
        ("2031-03-05T12:00:00Z\n", "wrong_type"),
        ("1930392000", "wrong_type"),
        (1930392000, "wrong_type"),
        (0, "wrong_type"),
        ("", "wrong_type"),
        (True, "wrong_type"),
    ],
)
def test_an_end_is_a_moment_with_its_zone_and_yet_to_come(cast: Cast, moment: Any, code: str) -> None:
    answer = act(cast, "alice", "disable", {"expires_at": moment})
    assert (answer.status, answer.code) == (422, code)
    assert answer.body["errors"][0]["pointer"] == "#/expires_at"
    assert cast.alice.api("GET", f"cities/{cast.city.key}").body["state"] == "enabled"


def test_every_fault_of_a_closing_is_told(cast: Cast) -> None:
    answer = act(cast, "alice", "disable", {"reason": "x" * 65, "expires_at": 1, "stato": "y"})
    assert [(fault["pointer"], fault["code"]) for fault in answer.body["errors"]] == [
        ("#/reason", "too_long"),
        ("#/expires_at", "wrong_type"),
        ("#/stato", "unknown_field"),
    ]


WALK = [
    # who, verb, state after, version after
    ("alice", "offline", "offline", 2),
    ("alice", "publish", "enabled", 3),
    ("oscar", "offline", "offline", 4),
    ("alice", "disable", "disabled", 5),
    ("zoe", "disable", "disabled", 6),
    ("root", "enable", "offline", 7),
    ("oscar", "publish", "enabled", 8),
]


def test_each_verb_answers_with_the_city_as_it_is_then(cast: Cast) -> None:
    for who, verb, state, version in WALK:
        answer = act(cast, who, verb)
        body = answer.body
        assert (answer.status, body["id"], body["state"], body["version"]) == (200, cast.city.key, state, version), verb
        assert body["effective_state"] == state
        assert answer.headers["ETag"].startswith(f'"{version}.')


def test_recycling_finds_again_what_was_there(cast: Cast) -> None:
    act(cast, "alice", "offline")
    cast.alice.api("DELETE", f"cities/{cast.city.key}")
    answer = act(cast, "zoe", "recycle")
    assert (answer.status, answer.body["state"], answer.body["version"]) == (200, "offline", 4)


@pytest.mark.parametrize(
    ("who", "verb", "state"),
    [
        ("alice", "publish", State.ENABLED),
        ("alice", "offline", State.OFFLINE),
        ("zoe", "enable", State.ENABLED),
        ("zoe", "enable", State.OFFLINE),
        ("zoe", "disable", State.DISABLED),
        ("zoe", "recycle", State.ENABLED),
    ],
)
def test_a_repeat_changes_nothing_and_is_no_event(cast: Cast, who: str, verb: str, state: State) -> None:
    cast.city = make_city(cast.alice.user, "Other_City", state)  # type: ignore[arg-type]
    before = AuditEvent.objects.count()
    answer = act(cast, who, verb)
    word = {State.ENABLED: "enabled", State.OFFLINE: "offline", State.DISABLED: "disabled"}[state]
    assert (answer.status, answer.body["state"], answer.body["version"]) == (200, word, cast.city.version)
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("who", "verb", "state", "detail"),
    [
        ("alice", "offline", State.DISABLED, "DISABLED"),
        ("alice", "publish", State.DISABLED, "DISABLED"),
        ("alice", "offline", State.DELETED, "DELETED"),
        ("alice", "disable", State.DELETED, "DELETED"),
        ("zoe", "enable", State.DELETED, "DELETED"),
    ],
)
def test_what_cannot_be_done_from_there_is_a_conflict(
    cast: Cast, who: str, verb: str, state: State, detail: str
) -> None:
    cast.city = make_city(cast.alice.user, "Other_City", state)  # type: ignore[arg-type]
    answer = act(cast, who, verb)
    assert (answer.status, answer.code) == (409, "wrong_state")
    assert answer.body["detail"] == f"This cannot be done in the present state ({detail})."


OWNERS = {"offline": 200, "publish": 200, "disable": 200, "enable": 403, "recycle": 403}
OPERATORS = {"offline": 200, "publish": 200, "disable": 403, "enable": 403, "recycle": 403}
VIEWERS = {"offline": 403, "publish": 403, "disable": 403, "enable": 403, "recycle": 403}
STEWARDS = {"offline": 403, "publish": 403, "disable": 200, "enable": 200, "recycle": 200}
STRANGERS = dict.fromkeys(OWNERS, 404)
WHO_MAY = {
    "alice": OWNERS,
    "oscar": OPERATORS,
    "vera": VIEWERS,
    "charlie": STRANGERS,
    "zoe": STEWARDS,
    "root": STEWARDS,
}


@pytest.mark.parametrize("who", list(WHO_MAY))
def test_each_verb_is_for_whom_the_table_says(cast: Cast, who: str) -> None:
    found = {}
    for verb in OWNERS:
        cast.city.refresh_from_db()
        do(cast.city, Verb.ENB, actor(cast.root.user))  # type: ignore[arg-type]
        found[verb] = act(cast, who, verb).status
    assert found == WHO_MAY[who]


@pytest.mark.parametrize("verb", ["enable", "publish", "offline", "recycle"])
def test_a_verb_that_takes_nothing_is_given_nothing(cast: Cast, verb: str) -> None:
    who = "alice" if verb in {"publish", "offline"} else "zoe"
    answer = act(cast, who, verb, {"reason": "x"})
    assert (answer.status, answer.code) == (422, "unknown_field")


@pytest.mark.parametrize(("given", "reason"), [(None, "repairs"), ({"reason": "fire"}, "fire")])
def test_what_is_left_out_of_a_second_closing_stays(cast: Cast, given: Any, reason: str) -> None:
    act(cast, "zoe", "disable", {"reason": "repairs", "expires_at": LATER})
    answer = act(cast, "zoe", "disable", given)
    assert (answer.body["reason"], answer.body["expires_at"]) == (reason, LATER)
    assert act(cast, "alice", "disable", {"reason": "mine"}).body["reason"] == reason, "S7"


@pytest.mark.parametrize("verb", ["disable", "offline"])
def test_the_console_city_is_not_closed(cast: Cast, verb: str) -> None:
    cast.city.key = "ConsoleX"
    answer = act(cast, "root", verb)
    assert (answer.status, answer.code) == ((409, "reserved") if verb == "disable" else (403, "forbidden"))
