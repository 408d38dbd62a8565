"""The trail through the native API: of a thing for whoever sees it, of oneself, of all for stewards."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.audit import export, journal, triggers
from accounts.audit.journal import About
from accounts.models import AuditEvent
from config.kernel.states import State, Verb
from tests.cast import Caller, Cast
from tests.factories import actor, do, make_city
from tests.policies import CLOSED, override

NOON = "2031-03-04T12:00:00+00:00"


def trail(caller: Caller, query: str = "") -> list[tuple[str, str, str]]:
    """(verb, outcome, code) of each event, newest first."""
    answer = caller.api("GET", f"audit{query}")
    assert answer.status == 200, answer.body
    return [(event["verb"], event["outcome"], event["code"]) for event in answer.body["results"]]


def of(cast: Cast) -> str:
    return f"?thing=city/{cast.city.key}"


def key(caller: Caller) -> str:
    assert caller.user is not None
    return caller.user.key


def test_an_event_is_told_whole(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False):
        cast.alice.api("PATCH", f"cities/{cast.city.key}", {"brief": "news"}, X_Request_Id="req-1")
    events = cast.alice.api("GET", f"audit{of(cast)}").body["results"]
    assert events[0] == {
        "at": "2031-03-04T12:00:00Z",
        "actor": key(cast.alice),
        "actor_kind": "user",
        "door": "native",
        "request_id": "req-1",
        "verb": "SET",
        "thing": f"city/{cast.city.key}",
        "thing_name": "Alice_City",
        "city": cast.city.key,
        "outcome": "ok",
        "code": "",
        "before": {"brief": ""},
        "after": {"brief": "news"},
        "batch": "",
        "count": 1,
    }
    assert [event["verb"] for event in events] == ["SET", "SHARE", "SHARE", "ADD"]


REFUSED = [("DIS", "refused", "forbidden"), ("OFF", "refused", "not_found")]
DONE = [("SHARE", "ok", ""), ("SHARE", "ok", ""), ("ADD", "ok", "")]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("alice", REFUSED + DONE),
        ("oscar", DONE),
        ("vera", DONE),
        ("zoe", REFUSED + DONE),
        ("root", REFUSED + DONE),
    ],
)
def test_refused_attempts_are_for_the_owner_and_for_stewards(cast: Cast, who: str, expected: Any) -> None:
    cast.charlie.api("POST", f"cities/{cast.city.key}/offline")
    cast.vera.api("POST", f"cities/{cast.city.key}/disable")
    assert trail(getattr(cast, who), of(cast)) == expected


def test_without_a_thing_it_is_what_one_did_oneself(cast: Cast) -> None:
    cast.vera.api("POST", f"cities/{cast.city.key}/offline")
    assert trail(cast.vera) == [("OFF", "refused", "forbidden")]
    assert trail(cast.charlie) == []
    alices = cast.alice.api("GET", "audit").body["results"]
    assert {event["actor"] for event in alices} == {key(cast.alice)}


def test_stewards_see_everything(cast: Cast) -> None:
    for caller in (cast.zoe, cast.root):
        actors = {event["actor"] for event in caller.api("GET", "audit?limit=200").body["results"]}
        assert {"", key(cast.alice)} <= actors
        assert trail(caller, f"?actor={key(cast.alice)}") == DONE


def test_a_hidden_thing_and_none_are_one_answer(cast: Cast) -> None:
    answers = [cast.charlie.api("GET", f"audit?thing=city/{thing}") for thing in (cast.city.key, "zzzzzzzz", "x")]
    for answer in answers:
        assert answer.body.pop("request_id")
        assert (answer.status, answer.code) == (404, "not_found")
    assert answers[0].body == answers[1].body == answers[2].body


@pytest.mark.parametrize("thing", ["city", "city/", "planet/zzzzzzzz", "user/zzzzzzzz", "/zzzzzzzz", ""])
def test_a_thing_is_named_by_kind_and_id(cast: Cast, thing: str) -> None:
    answer = cast.alice.api("GET", f"audit?thing={thing}")
    if thing == "city/":
        assert answer.code == "not_found"
    else:
        assert (answer.status, answer.body["errors"][0]["parameter"]) == (422, "thing")


def test_what_is_gone_for_good_a_god_still_reads(cast: Cast) -> None:
    cast.city = make_city(cast.alice.user, "Gone_City", State.DELETED)  # type: ignore[arg-type]
    do(cast.city, Verb.DEL, actor(cast.alice.user))  # type: ignore[arg-type]
    expected = [("DEL", "ok", ""), ("DOL", "ok", ""), ("ADD", "ok", "")]
    assert trail(cast.root, of(cast)) == trail(cast.zoe, of(cast)) == expected
    assert cast.alice.api("GET", f"audit{of(cast)}").status == 404
    assert ("DEL", "ok", "") in trail(cast.alice), "among what she did herself"


def test_it_is_narrowed_by_who_what_and_when(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        cast.oscar.api("POST", f"cities/{cast.city.key}/offline")
        clock.shift(60)
        cast.alice.api("POST", f"cities/{cast.city.key}/publish")
    where = of(cast)
    assert trail(cast.alice, f"{where}&actor={key(cast.oscar)}") == [("OFF", "ok", "")]
    assert trail(cast.alice, f"{where}&verb=PUB") == trail(cast.alice, f"{where}&verb=pub") == [("PUB", "ok", "")]
    assert trail(cast.alice, f"{where}&verb=XXX") == []
    assert trail(cast.alice, f"{where}&since=2031-03-04T12:00:00Z") == [("PUB", "ok", ""), ("OFF", "ok", "")]
    assert trail(cast.alice, f"{where}&since=2031-03-04T12:00:01Z") == [("PUB", "ok", "")]
    within = f"{where}&since=2031-03-04T20:00:00%2B08:00&until=2031-03-04T12:01:00Z"
    assert trail(cast.alice, within) == [("OFF", "ok", "")]
    assert trail(cast.alice, f"{where}&until=2031-03-04T12:01:00Z&actor={key(cast.alice)}") == DONE
    assert trail(cast.alice, f"{where}&ordering=at")[0] == ("ADD", "ok", "")
    for query, name in (("since=yesterday", "since"), ("until=2031-03-04", "until"), ("kind=city", "kind")):
        assert cast.alice.api("GET", f"audit?{query}").body["errors"][0]["parameter"] == name


def test_a_page_goes_on_where_the_one_before_it_ended(cast: Cast) -> None:
    first = cast.alice.api("GET", f"audit{of(cast)}&limit=2&fields=verb").body
    assert first["results"] == [{"verb": "SHARE"}, {"verb": "SHARE"}]
    second = cast.alice.call("GET", first["next"]).body
    assert second["results"] == [{"verb": "ADD"}]
    assert cast.alice.call("GET", second["previous"]).body["results"] == first["results"]


def test_the_trail_is_read_and_nothing_else(cast: Cast) -> None:
    for method in ("POST", "PATCH", "DELETE", "PUT"):
        answer = cast.root.api(method, "audit")
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert cast.root.api("GET", "audit/1").code == "no_such_route"


# ── searching, and the file ──────────────────────────────────────────────────────────────────────────────────────


def test_stewards_search_by_door_outcome_code_request_and_batch(cast: Cast) -> None:
    cast.alice.api("POST", "cities", {"name": "Found_City"}, X_Request_Id="req-7")
    cast.charlie.api("POST", f"cities/{cast.city.key}/offline")
    do(cast.city, Verb.OFF, actor(cast.alice.user))
    assert trail(cast.zoe, "?request_id=req-7") == [("ADD", "ok", "")]
    assert trail(cast.zoe, "?door=native&outcome=refused") == [("OFF", "refused", "not_found")]
    assert trail(cast.zoe, "?code=not_found") == [("OFF", "refused", "not_found")]
    assert trail(cast.zoe, "?batch=none-such") == []
    assert trail(cast.zoe, f"?actor={key(cast.charlie)}&verb=off") == [("OFF", "refused", "not_found")]


@pytest.mark.parametrize(("query", "parameter"), [("?door=front", "door"), ("?outcome=maybe", "outcome")])
def test_what_there_is_not_is_not_searched_for(cast: Cast, query: str, parameter: str) -> None:
    answer = cast.zoe.api("GET", f"audit{query}")
    assert (answer.status, answer.body["errors"][0]["parameter"]) == (422, parameter)


def test_of_people_and_policies_stewards_read_too(cast: Cast) -> None:
    override("DisState", enable=CLOSED)
    assert trail(cast.zoe, "?thing=policy/DisState") == [("SET", "ok", "")]
    assert [verb for verb, *_ in trail(cast.zoe, f"?thing=user/{key(cast.alice)}")] == ["ADD"]
    for thing in ("policy/DisState", f"user/{key(cast.alice)}"):
        answer = cast.alice.api("GET", f"audit?thing={thing}")
        assert (answer.status, answer.body["errors"][0]["parameter"]) == (422, "thing")


def exported(caller: Caller, query: str = "") -> str:
    answer: Any = caller.client.get(f"/api/v1/audit/export{query}", headers={"Authorization": f"Bearer {caller.token}"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return b"".join(answer).decode()


def table(caller: Caller, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(caller, query), newline="")))


def test_a_god_has_it_as_a_file_of_either_form(cast: Cast) -> None:
    do(cast.city, Verb.OFF, actor(cast.alice.user))
    rows = table(cast.root)
    assert [row["verb"] for row in rows][:2] == ["OFF", "SHARE"]
    assert rows[0]["thing_name"] == "Alice_City"
    assert json.loads(rows[0]["after"]) == {"offline": True, "state": 3}
    told = [
        json.loads(line) for line in exported(cast.root, f"?as=jsonl&thing=city/{cast.city.key}&verb=OFF").splitlines()
    ]
    assert [(each["verb"], each["thing"], each["after"]) for each in told] == [
        ("OFF", cast.city.key, {"offline": True, "state": 3})
    ]


def test_every_export_is_an_event_and_not_in_its_own_file(cast: Cast) -> None:
    assert "EXPORT" not in exported(cast.root, "?verb=ADD")
    event = AuditEvent.objects.get(verb="EXPORT")
    assert (event.actor, event.kind, event.after) == (key(cast.root), "audit", {"form": "csv", "verb": "ADD"})


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_is_no_formula(cast: Cast, text: str) -> None:
    journal.write(actor(cast.root.user), "SET", About("city", cast.city.key, text), {}, {})
    (row,) = table(cast.root, "?verb=SET")
    assert row["thing_name"] == f"'{text}"


def test_it_is_read_batch_by_batch_and_each_row_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_WINDOW", 2)
    count = AuditEvent.objects.count()
    ids = [row["id"] for row in table(cast.root)]
    assert len(ids) == len(set(ids)) == count


def test_what_the_trail_keeps_of_the_question_is_ids(cast: Cast) -> None:
    exported(cast.root, f"?thing=city/{cast.city.key}&actor=alice@example.com&since=2026-01-01T00:00:00Z")
    event = AuditEvent.objects.get(verb="EXPORT")
    asked = {"thing": f"city/{cast.city.key}", "actor": "", "since": "2026-01-01T00:00:00Z", "form": "csv"}
    assert event.after == asked


def test_who_asks_for_the_headers_takes_nothing(cast: Cast) -> None:
    headers = {"Authorization": f"Bearer {cast.root.token}"}
    answer: Any = cast.root.client.head("/api/v1/audit/export?as=jsonl", headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/jsonl; charset=utf-8")
    assert b"".join(answer) == b""
    assert not AuditEvent.objects.filter(verb="EXPORT").exists()


def test_what_was_done_in_one_go_is_found_by_its_batch(cast: Cast) -> None:
    events = [journal.write(actor(cast.root.user), "SET", About("city", "c1"), {}, {}) for _ in range(2)]
    with triggers.open_gate():
        AuditEvent.objects.filter(pk__in=[event.pk for event in events]).update(batch="b7")
    assert trail(cast.zoe, "?batch=b7") == [("SET", "ok", "")] * 2


def test_it_is_a_gods_with_a_fresh_proof(cast: Cast) -> None:
    for caller in (cast.alice, cast.zoe):
        assert caller.api("GET", "audit/export").code == "forbidden"
    assert Caller().api("GET", "audit/export").status == 401
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert cast.root.api("GET", "audit/export").code == "reauthenticate"
    assert cast.root.api("GET", "audit/export?as=xlsx").body["errors"][0]["parameter"] == "as"
    assert not AuditEvent.objects.filter(verb="EXPORT", outcome="ok").exists()
