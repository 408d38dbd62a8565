"""Each of APIG's routes, and devltmpl's, is answered as its table says; who is refused has changed nothing."""

import pytest

from apps.models import App
from tests.contract.routes import apig
from tests.contract.routes.calls import Call
from tests.contract.routes.test_who_may import things
from tests.contract.routes.who import PEOPLE, Stage, undone

TABLE = apig.TABLE | apig.DEVLTMPL


@pytest.mark.parametrize("head", TABLE)
def test_everybody_is_answered_as_the_table_says(head: str, stage: Stage) -> None:
    assert {who: answer(stage, who, head) for who in PEOPLE} == TABLE[head]


def answer(stage: Stage, who: str, head: str) -> int:
    """The status for one of the people; all is then as if it had not been."""
    method, address = head.split()
    with undone():
        caller = PEOPLE[who](stage)
        scene = apig.scene_of(head)
        names = {"{id}": scene.subject(stage, caller), "{project_id}": stage.project.key}
        names |= {"{instance_id}": stage.gateway.key, "{app_code_id}": stage.code.key}
        names |= {"{suffix}": "update", "{tail}": "SET"}
        App.objects.filter(key=stage.app.key).update(acl_type="DENY", acl_values=["10.0.0.9"])
        for name, value in names.items():
            address = address.replace(name, value)
        before = things()
        verb = "SET" if address.startswith("/devltmpl/") and "/SET" not in address else ""
        answered = Call(method, address, scene.data, verb).send(caller, X_Auth_Token=caller.token)
        if answered.status >= 400 or method == "GET":
            assert things() == before, f"{who} has changed something"
        else:
            assert things() != before, f"for {who} nothing was to be done"
        return answered.status
