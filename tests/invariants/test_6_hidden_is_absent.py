"""Invariant 6, S13 on every route: what is hidden does not differ from what is not there, nor does what is no id."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Caller
from tests.contract.routes.calls import SCENES, Call, forms_of, prepare
from tests.contract.routes.test_who_may import TABLE
from tests.contract.routes.who import PEOPLE, Stage, undone

# Each differs from call to call, or counts calls.
UNLIKE = {"X-Request-Id", "RateLimit-Remaining", "RateLimit-Reset", "Content-Length"}
# What has the form of an id and is none: by the first part that the head has.
ABSENT = {
    "access-keys": "Z" * 20,
    "/projects/{id}": "z" * 10,
    "/gateways/{id}": "f" * 32,
    "/apps/{id}": "f" * 32,
    "?project=": "z" * 10,
    "?gateway=": "f" * 32,
    "POST /api/v1/gateways": "z" * 10,
    "POST /api/v1/apps": "f" * 32,
}
NO_IDS = ["short", "zzzzzzz-", "%00", "zzzzzzz%00", "zzzzzzzz%0A", "z" * 300, "%E6%B7%B1%E5%9C%B3", "%FF%FE"]
# What no parameter of an address may hold, whatever it is about: refused unread (S22).
NO_PARAMETERS = {"%00": 422, "zzzzzzz%00": 422, "z" * 300: 422, "%FF%FE": 400}
ON_THINGS = [(who, head) for head in TABLE for who in ("stranger", "bound") if TABLE[head][who] == 404]
TO_WHOM = [("charlie", "zzzzzzzz"), ("charlie@example.com", "nobody@example.com")]


@dataclass
class Seen:
    """An answer without what names the thing or the moment, and the shapes of its queries."""

    status: int
    body: Any
    headers: dict[str, str]
    queries: list[str]


def test_every_route_with_an_id_is_asked() -> None:
    # A credential of what is hidden is not valid, as one of nothing: tests/verification.
    elsewhere = {"POST /login", "POST /api/v1/verifications"}
    named = {head for head in TABLE if "{id}" in head or "{id}" in str(SCENES[head].data)} - elsewhere
    asked = {head for _, head in ON_THINGS}
    # These are about something of whoever calls, and hidden from nobody who can call.
    own = {head for head in named if head.endswith((" itself", " to-the-caller", "/accept", "/decline"))}
    assert named - asked == own - asked
    assert {f"POST /api/v1/grants/{{id}}/{step} anothers" for step in ("accept", "decline")} <= asked


@pytest.mark.parametrize(("who", "head"), ON_THINGS)
def test_what_is_hidden_and_what_is_not_there_are_one_answer(who: str, head: str, stage: Stage) -> None:
    nothing = next((key for part, key in ABSENT.items() if part in head), "zzzzzzzz")
    asked(stage, who, head, "")  # what a process asks once in its life
    for form in forms_of(head):
        hidden, absent = asked(stage, who, head, form), asked(stage, who, head, form, nothing)
        assert hidden.status == 404, form
        assert hidden == absent, form


@pytest.mark.parametrize(("who", "head"), [each for each in ON_THINGS if each[0] == "stranger"])
def test_what_is_no_id_is_not_there_either(who: str, head: str, stage: Stage) -> None:
    form = forms_of(head)[-1]
    absent = asked(stage, who, head, form, "zzzzzzzz")
    for key in NO_IDS:
        seen = asked(stage, who, head, form, key)
        if "?" in head and key in NO_PARAMETERS:
            assert seen.status == NO_PARAMETERS[key]
            continue
        assert (seen.status, seen.body, seen.headers) == (absent.status, absent.body, absent.headers), key
        assert len(seen.queries) <= len(absent.queries), key


@pytest.mark.parametrize("pair", TO_WHOM)
def test_whom_one_shares_with_is_told_by_nothing(pair: tuple[str, str], stage: Stage) -> None:
    """ADR 15: not by the answer, nor by what is asked of the database, nor by anything that can be done after it."""
    assert stage.cast.charlie.user is not None
    type(stage.owner)._default_manager.filter(pk=stage.cast.charlie.user.pk).update(email="charlie@example.com")
    known, unknown = (stage.cast.charlie.user.key if name == "charlie" else name for name in pair)
    now = timezone.now().replace(second=1)
    shared(stage, "warm@example.com", now)
    assert shared(stage, known, now) == shared(stage, unknown, now)


def test_nor_is_whom_a_city_is_offered_to(stage: Stage) -> None:
    """S13: nobody looks, so neither the answer nor its queries can tell."""
    assert stage.cast.charlie.user is not None
    now, path = timezone.now().replace(second=1), f"/api/v1/cities/{stage.cast.city.key}/transfer"

    def offered(user: str) -> list[Seen]:
        history = f"/api/v1/audit?thing=city/{stage.cast.city.key}&verb=OFFER"
        terms = {"user": user}
        calls = [Call("POST", path, terms), Call("POST", path, terms), Call("GET", path), Call("GET", history)]
        calls += [Call("DELETE", path), Call("POST", path, terms)]
        with undone(), time_machine.travel(now, tick=False):
            return [sent(stage.cast.alice, call, user) for call in calls]

    offered("warmwarm")
    known, unknown = offered(stage.cast.charlie.user.key), offered("zzzzzzzz")
    assert known == unknown
    assert [seen.status for seen in known] == [201, 201, 200, 200, 204, 201]


def asked(stage: Stage, who: str, head: str, form: str, instead: str = "") -> Seen:
    """The call of a row, or the same of another id in place of its own."""
    # What is tallied is tallied by the minute.
    with undone(), time_machine.travel(timezone.now().replace(second=1), tick=False):
        caller = PEOPLE[who](stage)
        call, key = prepare(head, stage, caller, form)
        if instead:
            call = call.about(key, instead if call.data is None or "{id}" in head else unquote(instead))
        return sent(caller, call, *(unquote(instead), instead) if instead else (key,))


def shared(stage: Stage, user: str, now: datetime) -> list[Seen]:
    """A grant is given, given again, looked at, changed and taken away."""
    owner, thing = stage.cast.alice, f"city/{stage.cast.city.key}"
    terms = {"thing": thing, "user": user, "role": "viewer"}
    with undone(), time_machine.travel(now, tick=False):
        made = owner.api("POST", "grants", terms)
        assert made.status == 201
        one = f"/api/v1/grants/{made.body['id']}"
        calls = [
            Call("POST", "/api/v1/grants", terms),
            Call("POST", "/api/v1/grants", terms | {"role": "operator"}),
            Call("GET", one),
            Call("PATCH", one, {"role": "viewer"}),
            Call("GET", f"/api/v1/grants?thing={thing}"),
            Call("GET", f"/api/v1/audit?thing={thing}&verb=SHARE"),
            Call("POST", f"{one}/accept"),
            Call("DELETE", one),
            Call("POST", "/api/v1/grants", terms),
        ]
        return [sent(owner, call, user, made.body["id"]) for call in calls]


def sent(caller: Caller, call: Call, *names: str) -> Seen:
    with CaptureQueriesContext(connection) as captured:
        answer = call.send(caller)
    shapes = [query["sql"].split(" WHERE ")[0][:80] for query in captured if "SAVEPOINT" not in query["sql"]]
    headers = {name: value for name, value in answer.headers.items() if name not in UNLIKE}
    if answer.status == 201:
        names = (*names, *([answer.body["id"]] if "id" in answer.body else []))
    return Seen(answer.status, _plain(answer.body, names), _plain(headers, names), _plain(shapes, names))


def _plain(value: Any, names: tuple[str, ...]) -> Any:
    """Without what names the thing, whom it is given to, or the call."""
    if isinstance(value, dict):
        return {name: _plain(each, names) for name, each in value.items() if name not in ("request_id", "batch")}
    if isinstance(value, list):
        return [_plain(each, names) for each in value]
    for name in names if isinstance(value, str) else ():
        value = value.replace(name, "<name>")
    return value
