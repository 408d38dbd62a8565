"""Invariant 1: no state, secret, owner or grant changes without exactly one event, in the change's own transaction.

Every call of every dialect that changes something is made twice: as it is, and with a trail that takes no event.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.machine import sweeps
from accounts.models import AuditEvent, Organization
from config.kernel.states import Verb
from projects.models import Project
from tests.cast import Answer, Company, make_company
from tests.contract.routes import apig
from tests.contract.routes.calls import prepare
from tests.contract.routes.table import writes
from tests.contract.routes.test_who_may import TABLE, things
from tests.contract.routes.who import PEOPLE, Stage, undone
from tests.factories import actor, do

# What one has read is one's own affair: nobody's state, secret, owner or grant.
NO_EVENT = {"PATCH /api/v1/notices/{id}", "POST /api/v1/notices/read"}
# What changes several things, or does what another verb does too, is an event of each.
_COMPANY_GOES = ["DEL project", "DEL organization"]
_GRANTED = ["ANSWER city", "RCC city"]
SEVERAL = {
    "PATCH /api/v1/requests/{id}": _GRANTED,
    "PATCH /api/v1/requests/{id} of-a-zoons": _GRANTED,
    "POST /login": ["ADD login", "ADD accesstoken"],
    "POST /api/v1/users/{id}/role": ["SETROLE user", *_COMPANY_GOES],
    "POST /api/v1/invitations/{id}/accept": ["JOIN user", *_COMPANY_GOES],
    "DELETE /api/v1/organizations/{id}/members/{member}": ["ADD organization", "ADD project", "LEAVE user"],
}
_APIG = apig.TABLE | apig.DEVLTMPL
_ROWS = TABLE | _APIG
_MAY = ("owner", "god", "stranger")
HEADS = [head for head, row in _ROWS.items() if writes(head) and any(row[who] < 400 for who in _MAY)]
# Somebody else's, or the last of something: nobody may.
NOBODYS = {
    "POST /api/v1/cities/{id}/transfer/accept others",
    "POST /api/v1/cities/{id}/transfer/decline others",
    "PATCH /api/v1/grants/{id} the-owners",
    "DELETE /api/v1/grants/{id} the-owners",
    "POST /api/v1/grants/{id}/accept anothers",
    "POST /api/v1/grants/{id}/decline anothers",
    "POST /api/v1/invitations/{id}/accept anothers",
    "POST /api/v1/invitations/{id}/decline anothers",
    "POST /api/v1/users/{id}/disable oneself",
    "PUT /city -",
}
CHANGES = [head for head in HEADS if head not in NO_EVENT]
CLOUDROOM = {
    "add": {"ProjectName": "New"},
    "update": {"AuthType": 1},
    "update/secret": {},
    "delete": {},
}
_REFUSE = {
    "sqlite": """
        CREATE TRIGGER takes_no_event BEFORE INSERT ON accounts_auditevent WHEN NEW.outcome = 'ok'
        BEGIN SELECT RAISE(ABORT, 'the trail takes no event'); END;""",
    "postgresql": """
        CREATE FUNCTION takes_no_event() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN RAISE EXCEPTION 'the trail takes no event'; END$$;
        CREATE TRIGGER takes_no_event BEFORE INSERT ON accounts_auditevent FOR EACH ROW WHEN (NEW.outcome = 'ok')
        EXECUTE FUNCTION takes_no_event();""",
}
_ACCEPT = {
    "sqlite": "DROP TRIGGER takes_no_event",
    "postgresql": "DROP TRIGGER takes_no_event ON accounts_auditevent; DROP FUNCTION takes_no_event",
}


@contextmanager
def no_event_taken() -> Iterator[None]:
    """Within it whatever was done cannot be written down."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSE[connection.vendor])
        yield
        cursor.execute(_ACCEPT[connection.vendor])


@dataclass
class Change:
    """What a call did: its answer, verb and kind of each event, and whether anything is otherwise than before."""

    answer: Answer
    events: list[str]
    is_other: bool


def made(stage: Stage, head: str, *, is_taken: bool = True) -> Change:
    """A good call of a row, by one of those who may; all is then as if it had not been."""
    who = next(who for who in _MAY if _ROWS[head][who] < 400)
    with undone():
        caller = PEOPLE[who](stage)
        call = apig.call_of(head, stage, caller) if head in _APIG else prepare(head, stage, caller)[0]
        return change(lambda: call.send(caller, X_Auth_Token=caller.token), is_taken)


def change(act: Any, is_taken: bool) -> Change:
    before, last = things(), AuditEvent.objects.order_by("pk").last()
    if is_taken:
        answer = act()
    else:
        with no_event_taken():
            answer = act()
    events = AuditEvent.objects.filter(outcome="ok", pk__gt=last.pk if last else 0)
    return Change(answer, [f"{event.verb} {event.kind}" for event in events.order_by("pk")], things() != before)


def test_every_call_that_changes_something_is_made() -> None:
    assert {head for head in _ROWS if writes(head)} == {*HEADS, *NOBODYS}


@pytest.mark.parametrize("head", CHANGES)
def test_every_change_is_one_event(head: str, stage: Stage) -> None:
    done = made(stage, head)
    assert (done.answer.status < 400, done.is_other) == (True, True)
    assert len(done.events) == 1 or done.events == SEVERAL[head]


@pytest.mark.parametrize("head", CHANGES)
def test_what_cannot_be_written_down_is_not_done(head: str, stage: Stage) -> None:
    done = made(stage, head, is_taken=False)
    assert (done.answer.status >= 400, done.events, done.is_other) == (True, [], False)


def called(company: Company, path: str) -> Answer:
    """One of CloudRoom's calls, of a project that is not the default one."""
    named = {"ProjectName": "Old"} if path == "add" else {}
    if path != "add":
        inside = Organization.objects.get(comp_id=company.comp_id)
        named = {"OperateAppId": Project.objects.filter(company=inside).latest("pk").key}
    return company.call(f"project/{path}", **(named | CLOUDROOM[path]))


@pytest.mark.parametrize("path", CLOUDROOM)
def test_so_it_is_with_a_companys_calls(path: str, db: None) -> None:
    company = make_company()
    assert called(company, "add").said[0] == "0"
    with undone():
        done = change(lambda: called(company, path), True)
        assert (done.answer.said[0], len(done.events), done.is_other) == ("0", 1, True)
    with undone():
        refused = change(lambda: called(company, path), False)
        assert (refused.answer.said[0] != "0", refused.events, refused.is_other) == (True, [], False)


def test_so_it_is_with_what_time_does(stage: Stage) -> None:
    city, now = stage.other, timezone.now()
    do(city, Verb.DIS, actor(stage.owner), expires_at=now + timedelta(hours=1))
    later = now + timedelta(hours=2)
    with undone():
        assert change(lambda: sweeps.expire_states(later), True).events == ["ENB city"]
    do(city, Verb.DOL, actor(stage.owner))
    with undone():
        assert change(lambda: sweeps.purge_deleted(now + timedelta(days=31)), True).events == ["DEL city"]
