"""The judgment of a policy row: each field closes the call by an error of its own, in one order (domain.md §3)."""

from dataclasses import replace
from typing import Any

import pytest

from config.kernel.errors import Code, DomainError
from config.kernel.policies import ALL_ENABLED, ANY_LOGIN, Call, Color, Link, Policy, judge
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
