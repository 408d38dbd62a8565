"""Each of APIG's routes, and devltmpl's, is answered as its table says; who is refused has changed nothing."""

import pytest

from tests.contract.routes import apig
from tests.contract.routes.test_who_may import things
from tests.contract.routes.who import PEOPLE, Stage, undone

TABLE = apig.TABLE | apig.DEVLTMPL


@pytest.mark.parametrize("head", TABLE)
def test_everybody_is_answered_as_the_table_says(head: str, stage: Stage) -> None:
    assert {who: answer(stage, who, head) for who in PEOPLE} == TABLE[head]


def answer(stage: Stage, who: str, head: str) -> int:
    """The status for one of the people; all is then as if it had not been."""
    with undone():
        caller = PEOPLE[who](stage)
        call = apig.call_of(head, stage, caller)
        before = things()
        answered = call.send(caller, X_Auth_Token=caller.token)
        if answered.status >= 400 or call.method == "GET":
            assert things() == before, f"{who} has changed something"
        else:
            assert things() != before, f"for {who} nothing was to be done"
        return answered.status
