"""The judgment of a policy row: each field closes the call by an error of its own, in one order (domain.md §3)."""

import re
from dataclasses import replace
from typing import Any

import pytest

from config.kernel.errors import Code, DomainError, Invalid
from config.kernel.policies import (
    ACITYS,
    ALL_ENABLED,
    ANY_LOGIN,
    Call,
    Color,
    Link,
    Policy,
    checks,
    judge,
    read_acitys,
    write_acitys,
)
from config.kernel.states import State, Verb

ROW = Policy("SetState", Verb.SET, "i", frozenset(), "city", "id", "UpdateState")
CALL = Call(True, Color.X, "ConsoleX", "XdUaXduA", dict.fromkeys(Link, State.ENABLED))
# In the order in which they are judged: what is wrong with the row or the call, and the answer.
FAULTS: list[tuple[dict[str, Any], dict[str, Any], Code]] = [
    ({"enable": "Api Not Supported"}, {}, Code.API_NOT_SUPPORTED),
    ({}, {"secure": False}, Code.HTTPS_REQUIRED),
    ({}, {"chain": CALL.chain | {Link.ZONE: State.DISABLED}}, Code.CHAIN_CLOSED),
    ({}, {"color": Color.R}, Code.WRONG_COLOR),
    ({}, {"audience": "AnyCity1"}, Code.WRONG_AUDIENCE),
    ({}, {"shop": "AnyShop1"}, Code.WRONG_SHOP),
]


def code_of(row: Policy, call: Call) -> Code:
    with pytest.raises(DomainError) as caught:
        judge(row, call)
    return caught.value.code


def test_a_call_that_is_right_passes() -> None:
    judge(ROW, CALL)


@pytest.mark.parametrize(("of_row", "of_call", "code"), FAULTS)
def test_each_fault_has_its_own_answer(of_row: Any, of_call: Any, code: Code) -> None:
    assert code_of(replace(ROW, **of_row), replace(CALL, **of_call)) is code


@pytest.mark.parametrize("first", range(len(FAULTS)))
def test_of_many_faults_the_first_is_told(first: int) -> None:
    row, call = ROW, CALL
    for of_row, of_call, _ in FAULTS[first:]:
        row, call = replace(row, **of_row), replace(call, **of_call)
    assert code_of(row, call) is FAULTS[first][2]


def test_what_is_not_implemented_says_so() -> None:
    assert code_of(replace(ROW, enable="Api Not Implemented"), CALL) is Code.API_NOT_IMPLEMENTED


@pytest.mark.parametrize("state", [State.DISABLED, State.OFFLINE, State.DELETED])
@pytest.mark.parametrize("link", Link)
def test_every_link_of_the_chain_must_be_in_service(link: Link, state: State) -> None:
    who = {Link.USER: Code.USER_DISABLED, Link.TOKEN: Code.TOKEN_DISABLED, Link.LOGIN: Code.LOGIN_DISABLED}
    call = replace(CALL, chain=CALL.chain | {link: state})
    assert code_of(ROW, call) is who.get(link, Code.CHAIN_CLOSED)


def test_a_row_may_allow_either_of_two_states_in_a_link() -> None:
    row = replace(ROW, acitys=(frozenset({State.ENABLED, State.OFFLINE}), *ALL_ENABLED[1:]))
    judge(row, replace(CALL, chain=CALL.chain | {Link.CITY: State.OFFLINE}))
    assert code_of(row, replace(CALL, chain=CALL.chain | {Link.CITY: State.DISABLED})) is Code.CHAIN_CLOSED


def test_get_and_git_ask_nothing_of_the_login() -> None:
    judge(replace(ROW, acitys=ANY_LOGIN), replace(CALL, chain=CALL.chain | {Link.LOGIN: State.DISABLED}))


def test_a_star_is_any_audience_and_any_shop() -> None:
    judge(replace(ROW, audience="*", shop="*"), replace(CALL, audience="AnyCity1", shop="AnyShop1"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0", ["0"] * 7),
        ("03", ["03", *["0"] * 6]),
        ("0,0,0,0,0,0,0135", [*["0"] * 6, "0135"]),
        ("5,15,013", ["5", "15", "013", "0", "0", "0", "0"]),
        ("0,0 或者0", ["0"] * 7),
        ("State,Corp,Shop,User,State,Token: 0", [*["0"] * 6, "0135"]),
    ],
)
def test_acitys_is_read_as_the_document_writes_it(text: str, meant: list[str]) -> None:
    assert read_acitys(text) == tuple(frozenset(State(int(digit)) for digit in item) for item in meant)
    assert re.fullmatch(ACITYS, text)


@pytest.mark.parametrize(
    "text", ["", ",", "0,", "2", "00", "30", " 0", "0 ", "0，0", "٠", "true", ",".join("0" * 8), "0\n"]
)
def test_what_is_no_acitys_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_acitys(text)
    assert not re.search(ACITYS.replace("$", r"\Z"), text)


@pytest.mark.parametrize(("text", "short"), [("0,0,0", "0"), ("03,0", "03"), ("0,3,0,0", "0,3"), ("0,0 或者0", "0")])
def test_acitys_is_written_in_the_shortest_words(text: str, short: str) -> None:
    assert write_acitys(read_acitys(text)) == short
    assert read_acitys(short) == read_acitys(text)


def test_every_question_is_asked_in_its_order_and_the_first_that_refuses_is_told() -> None:
    row = replace(ROW, audience="AnyCity1", enable="Api Not Supported")
    asked = list(checks(row, CALL))
    links = [f"chain: {link}" for link in ("city", "zone", "corp", "shop", "user", "token", "login")]
    assert [check.name for check in asked] == ["enable", "https", *links, "color", "audience", "shop"]
    assert {check.name for check in asked if check.error is not None} == {"enable", "audience"}
    assert code_of(row, CALL) is Code.API_NOT_SUPPORTED
