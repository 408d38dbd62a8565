"""Invariant 4: what its owner took off line comes on line by no administrator's verb, in whatever order they come.

All that zoon and god can do to a thing of each kind is tried from all that becomes of it, until nothing new does.
"""

from typing import Any

import pytest

from config.kernel.states import State
from tests.cast import Caller
from tests.contract.routes import subjects
from tests.contract.routes.subjects import Subject
from tests.contract.routes.who import Stage, undone

# kind: the last part of its address, and the thing with nothing in it.
KINDS: dict[str, tuple[str, Subject]] = {
    "city": ("cities", subjects.city()),
    "project": ("projects", subjects.project()),
    "gateway": ("gateways", subjects.gateway()),
    "app": ("apps", subjects.app()),
}
# What its owner did before: each of it leaves it taken off line, whatever lies above that.
BY_ITS_OWNER = [["offline"], ["offline", "disable"], ["offline", "DELETE"], ["offline", "disable", "DELETE"]]
BY_ADMINISTRATORS = ["disable", "enable", "publish", "offline", "recycle", "DELETE", "edit"]
Steps = list[tuple[str, str]]


@pytest.mark.parametrize("kind", KINDS)
def test_no_administrators_verb_brings_it_on_line(kind: str, stage: Stage) -> None:
    seen: set[tuple[Any, ...]] = set()
    waiting: list[Steps] = [[("alice", verb) for verb in verbs] for verbs in BY_ITS_OWNER]
    while waiting:
        walked = waiting.pop(0)
        facts = after(stage, kind, walked)
        assert facts[0] != State.ENABLED, walked
        if facts not in seen:
            seen.add(facts)
            waiting += [[*walked, (who, verb)] for who in ("zoe", "root") for verb in BY_ADMINISTRATORS]
    assert {State(facts[0]) for facts in seen} == {State.OFFLINE, State.DISABLED, State.DELETED}
    assert {facts[1] for facts in seen} == {True}


def after(stage: Stage, kind: str, walked: Steps) -> tuple[Any, ...]:
    """State, whether it is off line, whose ban is on it, and whether it lies in the bin."""
    path, subject = KINDS[kind]
    with undone():
        key = subject(stage, stage.cast.alice)
        for who, verb in walked:
            call(getattr(stage.cast, who), f"{path}/{key}", verb)
        thing = {"city": stage.cast.city, "project": stage.project, "gateway": stage.gateway, "app": stage.app}[kind]
        row = type(thing).objects.get(pk=thing.pk)
        return int(row.state), row.offline, row.disabled_side, row.deleted_at is not None


def call(caller: Caller, path: str, verb: str) -> None:
    if verb == "edit":
        caller.api("PATCH", path, {"name": "Another_Name"})
        caller.verb("SET", path.partition("/")[2], {"enabled": 1})
    elif verb == "DELETE":
        caller.api("DELETE", path)
    else:
        caller.api("POST", f"{path}/{verb}", {"reason": "spam"} if verb == "disable" else None)
