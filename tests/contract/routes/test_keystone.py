"""Each of Keystone's routes is answered as its table says, to everybody; who is refused has changed nothing."""

from typing import Any

import pytest

from tests.contract.routes import keystone
from tests.contract.routes.calls import Call
from tests.contract.routes.test_who_may import things
from tests.contract.routes.who import PEOPLE, Stage, undone


@pytest.mark.parametrize("head", keystone.TABLE)
def test_everybody_is_answered_as_the_table_says(head: str, stage: Stage) -> None:
    assert {who: answer(stage, who, head) for who in PEOPLE} == keystone.TABLE[head]


def answer(stage: Stage, who: str, head: str) -> int:
    """The status for one of the people; all is then as if it had not been."""
    method, path = head.split()
    with undone():
        caller = PEOPLE[who](stage)
        scene = keystone.SCENES[head]
        data = named(scene.data, scene.subject(stage, caller))
        before = things()
        answered = Call(method, path, data).send(caller, X_Auth_Token=caller.token, X_Subject_Token=caller.token)
        if answered.status >= 400 or method == "GET":
            assert things() == before, f"{who} has changed something"
        else:
            assert things() != before, f"for {who} nothing was to be done"
        return answered.status


def named(data: Any, name: str) -> Any:
    """The body, with the name of whoever signs in at its place."""
    if isinstance(data, dict):
        return {each: named(value, name) for each, value in data.items()}
    return name if data == "{id}" else data
