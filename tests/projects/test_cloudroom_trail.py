"""What the trail keeps of a company's calls: one event a change, by `corp:<CompID>`, with its RequestId; no secret."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEvent, AuditPersonal, RefusalTally
from config.kernel.states import Verb
from tests.cast import Company
from tests.projects.reading import add, as_platform, change, default_id, done


def test_each_change_is_one_event(acme: Company) -> None:
    key = acme.call("project/add", ProjectName="Chat Room", RequestId="one").data["AppId"]
    acme.call("project/update", OperateAppId=key, AuthType=1, RequestId="two")
    acme.call("project/update", OperateAppId=key, Status=0, RequestId="three")
    acme.call("project/update", OperateAppId=key, Status=1, RequestId="four")
    acme.call("project/update/secret", OperateAppId=key, RequestId="five")
    acme.call("project/delete", OperateAppId=key, RequestId="six")
    told = [(event.verb, event.request_id) for event in done(acme)]
    assert told == [
        ("ADD", "one"), ("SET", "two"), ("OFF", "three"), ("PUB", "four"), ("ROTATE", "five"), ("DOL", "six"),
    ]  # fmt: skip
    about = {(event.actor_kind, event.door, event.kind, event.thing, event.thing_name) for event in done(acme)}
    assert about == {("corp", "cloudroom", "project", key, "Chat Room")}


def test_closing_and_editing_at_once_are_two_changes(acme: Company) -> None:
    key = add(acme)
    acme.call("project/update", OperateAppId=key, AuthType=1, Status=0)
    events = done(acme)[1:]
    assert sorted(event.verb for event in events) == ["OFF", "SET"]
    (edited,) = (event for event in events if event.verb == "SET")
    assert (edited.before, edited.after) == ({"auth_type": 0}, {"auth_type": 1})


def test_what_changes_nothing_is_no_event(acme: Company) -> None:
    key = add(acme)
    acme.call("project/query/list")
    acme.call("project/update", OperateAppId=key)
    acme.call("project/update", OperateAppId=key, Status=1, AuthType=0)
    assert [event.verb for event in done(acme)] == ["ADD"]


def test_a_rotation_tells_the_numbers_of_the_secrets(acme: Company) -> None:
    key = default_id(acme)
    acme.call("project/update/secret", OperateAppId=key)
    acme.call("project/update/secret", OperateAppId=key)
    events = done(acme)
    assert [event.after["secret"] for event in events] == [2, 3]
    assert [event.after["previous"]["secret"] for event in events] == [1, 2]
    assert [event.before for event in events] == [{}, {}]


def test_no_secret_is_in_any_event_or_beside_it(acme: Company) -> None:
    made = acme.call("project/add", ProjectName="Chat Room").data
    rotated = acme.call("project/update/secret", OperateAppId=made["AppId"]).data
    acme.call("project/update", OperateAppId="0123456789", AppSecret=made["AppSecret"])
    text = str([list(model._default_manager.values()) for model in (AuditEvent, AuditPersonal, RefusalTally)])
    assert made["AppId"] in text, "this is where it would be"
    for secret in (made["AppSecret"], rotated["AppSecret"], acme.secret, acme.secret_key):
        assert secret not in text
        assert secret[:8] not in text


@pytest.mark.parametrize("request_id", ["a b", "x" * 65, "求", "a\nb", "<i>"])
def test_a_request_id_that_cannot_be_written_down_is_replaced(acme: Company, request_id: str) -> None:
    answer = acme.call("project/update/secret", OperateAppId=default_id(acme), RequestId=request_id)
    assert answer.said[0] == "0"
    (event,) = done(acme)
    assert event.request_id == answer.headers["X-Request-Id"] != request_id
    assert len(event.request_id) == 20


def test_the_answer_carries_the_request_id_too(acme: Company) -> None:
    assert acme.call("project/query/list", RequestId="r-7").headers["X-Request-Id"] == "r-7"
    assert acme.call("project/query/list", RequestId="r-8", CompID=99).headers["X-Request-Id"] == "r-8"


def test_a_refusal_is_told_of_the_company_that_was_refused(acme: Company, rival: Company) -> None:
    key = default_id(rival)
    acme.call("project/update/secret", OperateAppId=key, RequestId="over-there")
    change(acme, has_api=False)
    acme.call("project/query/list", RequestId="switched-off")
    events = AuditEvent.objects.filter(actor=f"corp:{acme.comp_id}", outcome="refused").order_by("id")
    told = [(event.verb, event.thing, event.code, event.request_id) for event in events]
    assert told == [("ROTATE", key, "not_found", "over-there"), ("QRI", "", "chain_closed", "switched-off")]


def test_a_wrong_key_is_nobodys_and_only_counted(acme: Company) -> None:
    before = AuditEvent.objects.count()
    with time_machine.travel(timezone.now(), tick=False):  # within one minute
        for _ in range(3):
            acme.call("project/query/list", SecretKey="0" * 32)
    assert AuditEvent.objects.count() == before
    (tally,) = RefusalTally.objects.values("actor_kind", "actor", "door", "code", "count")
    assert tally == {
        "actor_kind": "anonymous", "actor": "", "door": "cloudroom", "code": "signin_failed", "count": 3,
    }  # fmt: skip


@pytest.mark.parametrize("params", [{"AuthType": 1}, {"Status": 0}])
def test_it_is_time_that_ends_a_ban_and_not_the_company(acme: Company, params: dict[str, Any]) -> None:
    key = add(acme)
    ends_at = timezone.now() + timedelta(hours=1)
    as_platform(key, Verb.DIS, expires_at=ends_at)
    with time_machine.travel(ends_at, tick=False):
        assert acme.call("project/update", OperateAppId=key, **params).said[0] == "0"
    (ended,) = AuditEvent.objects.filter(thing=key, verb="ENB")
    assert (ended.actor_kind, ended.actor) == ("system", "")
