"""What the endpoints do: secrets shown once, the bin, bans, switches, the limit, and what a stranger can learn."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organization
from config.kernel.states import State, Verb
from projects.models import Project, ProjectSecret
from tests.cast import Company
from tests.projects.reading import add, as_platform, change, default_id, listed, live_values, organization

NO_API = ("1", "用户所属企业没有接口API权限")
OPERATED = ["project/update/secret", "project/update", "project/delete"]
EVERY = ["project/update/secret", "project/add", "project/query/list", "project/update", "project/delete"]


def test_a_project_is_made_with_its_secret_and_listed_without(acme: Company) -> None:
    with time_machine.travel(datetime(2026, 3, 4, 20, 6, 7, tzinfo=UTC), tick=False):
        answer = acme.call("project/add", ProjectName="会议室 1", AuthType=1)
    assert set(answer.data) == {"AppId", "AppSecret"}
    assert re.fullmatch("[0-9a-z]{10}", answer.data["AppId"])
    assert re.fullmatch("[0-9a-z]{32}", answer.data["AppSecret"])
    assert listed(acme)[answer.data["AppId"]] == {
        "ProjectName": "会议室 1", "AppId": answer.data["AppId"], "AppSecret": "******", "Status": 1, "AuthType": 1,
        "CreateTime": "2026-03-05 04:06:07",
    }  # fmt: skip


def test_the_secrets_that_are_shown_are_the_ones_that_verify_and_are_never_shown_again(acme: Company) -> None:
    made = acme.call("project/add", ProjectName="Chat Room").data
    assert live_values(made["AppId"]) == [made["AppSecret"]]
    answer = acme.call("project/update/secret", OperateAppId=made["AppId"])
    assert set(answer.data) == {"AppSecret"}
    new = answer.data["AppSecret"]
    assert re.fullmatch("[0-9a-z]{32}", new)
    assert live_values(made["AppId"]) == [new]
    later = str(listed(acme)) + str(acme.call("project/update", OperateAppId=made["AppId"], AuthType=1).body)
    assert made["AppSecret"] not in later
    assert new not in later


@pytest.mark.parametrize("params", [{}, {"AuthType": None, "Status": None}])
def test_an_update_of_nothing_succeeds_and_changes_nothing(acme: Company, params: dict[str, Any]) -> None:
    key = add(acme)
    before = Project.objects.filter(key=key).values().get()
    assert acme.call("project/update", OperateAppId=key, **params).said[0] == "0"
    assert acme.call("project/update", OperateAppId=key, Status=1, AuthType=0).said[0] == "0"
    assert Project.objects.filter(key=key).values().get() == before


def test_an_update_of_one_leaves_the_other(acme: Company) -> None:
    key = add(acme, AuthType=1)
    acme.call("project/update", OperateAppId=key, Status="0")
    assert (listed(acme)[key]["Status"], listed(acme)[key]["AuthType"]) == (0, 1)
    acme.call("project/update", OperateAppId=key, AuthType="0")
    assert (listed(acme)[key]["Status"], listed(acme)[key]["AuthType"]) == (0, 0)
    assert Project.objects.get(key=key).state == State.OFFLINE


def test_two_projects_may_have_one_name(acme: Company) -> None:
    assert add(acme, "Chat Room") != add(acme, "Chat Room")


def test_a_deleted_project_lies_in_the_bin_and_comes_back_as_it_was(acme: Company) -> None:
    key = add(acme, AuthType=1)
    acme.call("project/update", OperateAppId=key, Status=0)
    before = listed(acme)[key]
    values = live_values(key)
    assert acme.call("project/delete", OperateAppId=key).body == {"RspCode": "0", "RspDesc": "请求成功"}
    assert key not in listed(acme)
    assert Project.objects.get(key=key).state == State.DELETED
    assert acme.call("project/delete", OperateAppId=key).said[0] == "21"
    as_platform(key, Verb.RCC)
    assert listed(acme)[key] == before
    assert live_values(key) == values


@pytest.mark.parametrize("path", OPERATED)
def test_anothers_project_is_as_one_that_is_not_there(acme: Company, rival: Company, path: str) -> None:
    """The same body, and the same work for the database."""
    hidden = default_id(rival)
    acme.call(path, OperateAppId="0123456789")  # what a first call of the day remembers is remembered
    found = []
    for key in ("9876543210", hidden, add(rival)):
        with CaptureQueriesContext(connection) as queries:
            answer = acme.call(path, OperateAppId=key, Status=0)
        headers = {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}
        found.append((answer.status, answer.body, headers, len(queries)))
    assert found[0][:2] == (200, {"RspCode": "21", "RspDesc": "项目账号不存在"})
    assert {count for *_, count in found} == {found[0][3]}
    assert found[0][:3] == found[1][:3] == found[2][:3]
    assert {row["Status"] for row in listed(rival).values()} == {1}


def test_the_limit_counts_neither_the_default_project_nor_the_bin(acme: Company) -> None:
    keys = [add(acme, f"Room {number}") for number in range(10)]
    assert len(listed(acme)) == 11
    assert acme.call("project/add", ProjectName="One more").said[0] == "19"
    acme.call("project/delete", OperateAppId=keys[0])
    add(acme, "In its place")
    assert acme.call("project/add", ProjectName="One more").said[0] == "19"
    change(acme, project_limit=11)
    add(acme, "One more")
    assert acme.call("project/add", ProjectName="And one").said[0] == "19"
    assert len(listed(acme)) == 12


def test_a_companys_projects_count_for_itself_alone(acme: Company, rival: Company) -> None:
    change(acme, project_limit=1)
    change(rival, project_limit=1)
    add(acme)
    add(rival)
    assert len(listed(acme)) == len(listed(rival)) == 2


def test_a_project_that_an_administrator_closed_reads_as_closed_and_is_not_opened(acme: Company) -> None:
    key = add(acme)
    as_platform(key, Verb.DIS)
    assert listed(acme)[key]["Status"] == 0
    assert acme.call("project/update", OperateAppId=key, Status=1).said == NO_API
    for params in ({"Status": 0}, {"AuthType": 1}, {"Status": 1, "AuthType": 1}):
        assert acme.call("project/update", OperateAppId=key, **params).said == NO_API
    assert (listed(acme)[key]["Status"], listed(acme)[key]["AuthType"]) == (0, 0)
    assert Project.objects.get(key=key).state == State.DISABLED


def test_its_secret_can_be_changed_all_the_same(acme: Company) -> None:
    key = add(acme)
    as_platform(key, Verb.DIS)
    secret = acme.call("project/update/secret", OperateAppId=key).data["AppSecret"]
    assert live_values(key) == [secret]
    assert Project.objects.get(key=key).state == State.DISABLED


def test_a_ban_is_not_fled_through_the_bin(acme: Company) -> None:
    key = add(acme)
    as_platform(key, Verb.DIS)
    assert acme.call("project/delete", OperateAppId=key).said[0] == "0"
    as_platform(key, Verb.RCC)
    assert listed(acme)[key]["Status"] == 0
    assert acme.call("project/update", OperateAppId=key, Status=1).said == NO_API


def test_a_ban_that_has_ended_is_over_at_that_moment(acme: Company) -> None:
    key = add(acme)
    ends_at = timezone.now() + timedelta(hours=1)
    as_platform(key, Verb.DIS, expires_at=ends_at)
    assert listed(acme)[key]["Status"] == 0
    with time_machine.travel(ends_at, tick=False):
        assert listed(acme)[key]["Status"] == 1
        assert acme.call("project/update", OperateAppId=key, AuthType=1).said[0] == "0"


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize("why", ["switch", "company", "zone"])
def test_a_company_out_of_service_may_nothing(acme: Company, path: str, why: str) -> None:
    company = organization(acme)
    zone = Organization.objects.get(pk=company.parent_id)
    stopped = {"state": State.DISABLED, "disabled_at": timezone.now(), "disabled_by": "x", "disabled_side": "admin"}
    if why == "switch":
        change(acme, has_api=False)
    else:
        Organization.objects.filter(pk=company.pk if why == "company" else zone.pk).update(**stopped)
    key = default_id(acme)
    before = ProjectSecret.objects.count()
    answer = acme.call(path, OperateAppId=key, ProjectName="Chat Room")
    assert (answer.status, answer.said) == (200, NO_API)
    assert set(answer.body) == {"RspCode", "RspDesc"}
    assert ProjectSecret.objects.count() == before
    wrong = acme.call(path, OperateAppId=key, SecretKey="0" * 32)
    assert wrong.said[0] == "3", "who does not know the secret does not learn it"


def test_another_company_is_not_touched_by_it(acme: Company, rival: Company) -> None:
    change(acme, has_api=False)
    assert acme.call("project/query/list").said == NO_API
    assert rival.call("project/query/list").said[0] == "0"
