"""The judgment of the lifecycle, pure: facts and an order in, facts out, whatever the history (domain.md §2, S7)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from config.kernel.errors import WrongState
from config.kernel.states import (
    FULL_LIFE,
    Facts,
    Order,
    Side,
    State,
    Table,
    Verb,
    decide,
    is_banned,
    settled,
    state_at,
)

NOON = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)
LATER, EARLIER = NOON + timedelta(hours=1), NOON - timedelta(hours=1)
THING = Table("thing", "things", FULL_LIFE)
PLAIN = Facts()
OFFLINE = Facts(offline=True)
BANNED = Facts(disabled_at=EARLIER, disabled_by="z", disabled_side="admin", reason="spam", expires_at=LATER)
CLOSED = replace(BANNED, disabled_side="owner", disabled_by="a")
# Every combination of the three facts, with a ban of each side.
ALL = [
    replace(ban, offline=offline, deleted_at=deleted, deleted_by="a" if deleted else "")
    for ban, offline, deleted in product((PLAIN, BANNED, CLOSED), (False, True), (None, EARLIER))
]


def do(facts: Facts, verb: Verb, side: Side = Side.OWNER, now: datetime = NOON, **given: Any) -> Facts:
    return decide(THING, facts, Order(verb, now=now, by="me", side=side, **given))


def legal(facts: Facts, verb: Verb, side: Side) -> bool:
    try:
        do(facts, verb, side)
    except WrongState:
        return False
    return True


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (PLAIN, State.ENABLED),
        (OFFLINE, State.OFFLINE),
        (BANNED, State.DISABLED),
        (replace(BANNED, offline=True), State.DISABLED),
        (replace(BANNED, offline=True, deleted_at=NOON), State.DELETED),
        (replace(PLAIN, deleted_at=NOON), State.DELETED),
    ],
)
def test_the_state_is_the_worst_that_has_happened(facts: Facts, state: State) -> None:
    assert facts.state is state


# What each state takes: r repeats, x changes, - refuses; PUB, OFF, DIS, ENB, DOL, RCC, SET in this order.
LEGAL = {State.ENABLED: "rxxrxrr", State.OFFLINE: "xrxrxrr", State.DISABLED: "--rxxr-", State.DELETED: "----rx-"}
ORDER = (Verb.PUB, Verb.OFF, Verb.DIS, Verb.ENB, Verb.DOL, Verb.RCC, Verb.SET)


@pytest.mark.parametrize("facts", ALL)
def test_a_verb_goes_by_the_state_alone(facts: Facts) -> None:
    side = Side(facts.disabled_side or "owner")
    told = ""
    for verb in ORDER:
        told += ("r" if do(facts, verb, side) == facts else "x") if legal(facts, verb, side) else "-"
    assert told == LEGAL[facts.state]


@pytest.mark.parametrize("facts", ALL)
@pytest.mark.parametrize("side", Side)
def test_a_verb_done_twice_is_done_once(facts: Facts, side: Side) -> None:
    for verb in ORDER:
        if legal(facts, verb, side):
            assert do(do(facts, verb, side), verb, side) == do(facts, verb, side)


@pytest.mark.parametrize("facts", [facts for facts in ALL if facts.state is State.DISABLED])
def test_enabling_finds_again_what_was_there(facts: Facts) -> None:
    assert do(facts, Verb.ENB, side=Side.ADMIN) == Facts(offline=facts.offline)


@pytest.mark.parametrize("facts", [facts for facts in ALL if facts.state is State.DISABLED])
def test_an_owner_enables_what_an_owner_disabled_and_nothing_else(facts: Facts) -> None:
    if facts.disabled_side == "owner":
        assert do(facts, Verb.ENB).state is not State.DISABLED
        return
    with pytest.raises(WrongState):
        do(facts, Verb.ENB)


@pytest.mark.parametrize("facts", [facts for facts in ALL if facts.state is not State.DELETED])
def test_recycling_finds_again_what_was_there(facts: Facts) -> None:
    assert do(do(facts, Verb.DOL), Verb.RCC) == facts


@pytest.mark.parametrize("facts", [facts for facts in ALL if facts.disabled_side == "admin"])
def test_no_order_of_an_owner_ends_an_administrators_ban(facts: Facts) -> None:
    for verb in set(Verb) - {Verb.ENB, Verb.ADD}:  # ENB is in no owner's column
        given = {"reason": "mine", "expires_at": NOON + timedelta(seconds=1)} if verb is Verb.DIS else {}
        try:
            after = do(facts, verb, Side.OWNER, **given)
        except WrongState:
            continue
        ban = ("disabled_at", "disabled_by", "disabled_side", "reason", "expires_at")
        assert [getattr(after, name) for name in ban] == [getattr(facts, name) for name in ban]


@pytest.mark.parametrize("facts", ALL)
def test_del_is_refused_to_an_owner_under_a_ban_and_to_nobody_else(facts: Facts) -> None:
    assert legal(facts, Verb.DEL, Side.ADMIN)
    assert legal(facts, Verb.DEL, Side.OWNER) is (facts.disabled_side != "admin")
    after_it_ended = Order(Verb.DEL, now=LATER, by="me", side=Side.OWNER)
    assert decide(THING, facts, after_it_ended) == settled(facts, LATER)


@pytest.mark.parametrize(
    ("ban", "side", "given", "told"),
    [
        (PLAIN, Side.OWNER, {}, ("", None, "owner")),
        (PLAIN, Side.ADMIN, {"reason": "r", "expires_at": LATER}, ("r", LATER, "admin")),
        (BANNED, Side.ADMIN, {}, ("spam", LATER, "admin")),
        (BANNED, Side.ADMIN, {"reason": ""}, ("", LATER, "admin")),
        (BANNED, Side.ADMIN, {"expires_at": None}, ("spam", None, "admin")),
        (BANNED, Side.OWNER, {"reason": "r", "expires_at": None}, ("spam", LATER, "admin")),
        (CLOSED, Side.OWNER, {"reason": "r"}, ("r", LATER, "owner")),
        (CLOSED, Side.ADMIN, {}, ("", None, "admin")),
        (CLOSED, Side.ADMIN, {"reason": "r"}, ("r", None, "admin")),
    ],
)
def test_whose_ban_it_is_and_what_it_says(ban: Facts, side: Side, given: dict[str, Any], told: Any) -> None:
    after = do(ban, Verb.DIS, side, **given)
    assert (after.reason, after.expires_at, after.disabled_side) == told


def test_amending_does_not_change_since_when_and_by_whom() -> None:
    after = do(BANNED, Verb.DIS, Side.ADMIN, reason="new")
    assert (after.disabled_at, after.disabled_by) == (EARLIER, "z")
    taken_over = do(CLOSED, Verb.DIS, Side.ADMIN, reason="new")
    assert (taken_over.disabled_at, taken_over.disabled_by) == (NOON, "me")


@pytest.mark.parametrize(("now", "is_over"), [(LATER - timedelta(microseconds=1), False), (LATER, True)])
@pytest.mark.parametrize("facts", [BANNED, replace(BANNED, offline=True), replace(BANNED, deleted_at=EARLIER)])
def test_a_ban_ends_at_its_moment_whatever_lies_over_it(facts: Facts, now: datetime, is_over: bool) -> None:
    assert is_banned(facts, now) is not is_over
    kept = Facts(offline=facts.offline, deleted_at=facts.deleted_at)
    assert settled(facts, now) == (kept if is_over else facts)
    assert state_at(facts, now) is (kept.state if is_over else facts.state)


def test_a_verb_after_the_end_is_judged_as_if_there_had_been_no_ban() -> None:
    assert do(BANNED, Verb.OFF, now=LATER) == OFFLINE
    assert do(BANNED, Verb.ENB, now=LATER) == PLAIN
    assert do(BANNED, Verb.DIS, now=LATER).disabled_side == "owner"


def test_the_table_names_the_permission_of_each_verb() -> None:
    assert THING.permission(Verb.DIS) == "things.dis_thing"
    assert set(THING.verbs) == set(Verb)
