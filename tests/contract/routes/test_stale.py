"""If-Match on every write of the native API: who means another version has changed nothing (native.md, RFC 9110)."""

from typing import Any

import pytest

from tests.cast import Answer, Caller
from tests.contract.routes.apps import EVERY as TABLE
from tests.contract.routes.calls import Call, prepare
from tests.contract.routes.routes import heads
from tests.contract.routes.table import route_of, writes
from tests.contract.routes.test_who_may import things
from tests.contract.routes.who import Stage, undone

WRITES = [head for head in TABLE if head == route_of(head) and writes(head)]
# What is made has no version yet; all else is of one, read where its ETag is.
MADE = [
    head
    for head in WRITES
    if head.startswith("POST") and ("{id}" not in head or head.endswith(("/codes", "/invitations")))
]
CHANGED = [head for head in WRITES if head not in MADE]
WRONG = {
    "another version": '"{other}.0.0"',
    "an older one": '"0.0.0"',
    "the right one, but weak": 'W/"{right}"',
    "several, none of them right": '"{other}.0.0", "0.0.0", W/"{right}"',
    "no quotes": "{right}",
    "a sign before it": '"+{right}"',
    "other digits": '"١.0.0"',
    "a number that is none": '"99999999999999999999.0.0"',
    "rubbish": "rubbish",
    "an empty tag": '""',
    "a star in quotes": '"*"',
}
# What is made is about something, which must be seen before anything else is told.
ABOUT = {
    "POST /api/v1/grants": "thing",
    "POST /api/v1/requests": "thing",
    "POST /api/v1/notices/read": "until",
    "POST /api/v1/gateways": "project",
    "POST /api/v1/apps": "gateway",
}
BAD = {"nothing": "known", "reason": 1, "role": "king", "confirm": "no"}


def test_every_write_of_the_native_api_is_tried() -> None:
    found = {head for head in heads() if " /api/v1/" in head and writes(head)}
    assert found == set(WRITES)
    assert {head.removeprefix("POST /api/v1/") for head in MADE} == {
        "cities", "projects", "gateways", "apps", "apps/{id}/codes", "grants", "tokens", "access-keys",
        "requests", "notices/read",
        "organizations/{id}/invitations",
    }  # fmt: skip


@pytest.mark.parametrize("head", CHANGED)
def test_another_version_is_stale(head: str, stage: Stage) -> None:
    call, caller = good(head, stage)
    right = tag_of(call, caller).strip('"')
    for wrong, text in WRONG.items():
        refused(call, caller, text.format(right=right, other=int(right.partition(".")[0]) + 1), wrong)


@pytest.mark.parametrize("head", MADE)
def test_what_is_yet_to_be_made_has_no_version(head: str, stage: Stage) -> None:
    call, caller = good(head, stage)
    for wrong in ("a version", *WRONG):
        refused(call, caller, WRONG.get(wrong, '"{right}"').format(right="1.0.0", other=2), wrong)


@pytest.mark.parametrize("head", CHANGED)
def test_the_version_of_a_look_at_it_passes_until_it_is_another(head: str, stage: Stage) -> None:
    call, caller = good(head, stage)
    tag = tag_of(call, caller)
    for several in (tag, f'"0.0.0", {tag}', f'{tag.partition(".")[0]}.5.5"'):  # the version alone is compared
        with undone():
            assert done(call.send(caller, If_Match=several))
    with undone():
        first = call.send(caller, If_Match=tag)
        assert done(first)
        if first.status == 200 and "version" in first.body and not head.endswith("/accept"):  # answered once
            assert int(first.headers["ETag"].strip('"').partition(".")[0]) == first.body["version"]
            assert call.send(caller, If_Match=tag).status == 412, "it has moved on"


@pytest.mark.parametrize("head", WRITES)
def test_a_star_passes(head: str, stage: Stage) -> None:
    call, caller = good(head, stage)
    assert done(call.send(caller, If_Match="*"))


@pytest.mark.parametrize("head", WRITES)
def test_it_is_told_before_what_else_is_wrong(head: str, stage: Stage) -> None:
    call, caller = good(head, stage)
    data = BAD | {name: call.data[name] for name in [ABOUT.get(head)] if name}
    bad = Call(call.method, call.path, data)
    refused(bad, caller, '"0.0.0"')


def good(head: str, stage: Stage) -> tuple[Call, Caller]:
    """A call that would succeed, and who may make it."""
    caller = stage.cast.alice if TABLE[head]["owner"] < 400 else stage.cast.root
    return prepare(head, stage, caller)[0], caller


def tag_of(call: Call, caller: Caller) -> str:
    """The ETag of what a call would change: the address without its verb; of what has a detail below it, the whole."""
    parts = call.path.split("/")
    is_below = bool({"codes", "invitations"} & set(parts[5:]))
    longest = 7 if is_below else 6 if call.path.endswith(("/transfer/accept", "/transfer/decline")) else 5
    looked = Call("GET", "/".join(parts[:longest])).send(caller)
    assert looked.status == 200
    return str(looked.headers["ETag"])


def refused(call: Call, caller: Caller, text: str, why: str = "") -> None:
    before: Any = things()
    answer = call.send(caller, If_Match=text)
    assert answer.status == 412, why
    assert answer.code == "stale", why
    assert things() == before, why


def done(answer: Answer) -> bool:
    return answer.status in (200, 201, 204)
