"""Every RspCode, in the situation it is for, with its RspDesc in full."""

import logging
from typing import Any

import pytest

from accounts.access.actor import Actor
from accounts.machine import executor
from apps.lifecycle import APP, GATEWAY
from apps.models import App, Gateway
from apps.services import apps, gateways
from config.kernel.states import Verb
from tests.cast import Company
from tests.projects.reading import add, as_platform, default_id, listed

OK = ("0", "请求成功")
UNKNOWN = "0123456789"


def test_0_is_a_success(acme: Company) -> None:
    answer = acme.call("project/query/list")
    assert (answer.status, answer.said) == (200, ("0", "请求成功"))
    assert set(answer.body) == {"RspCode", "RspDesc", "Data"}


def test_a_success_without_data_has_no_such_key(acme: Company) -> None:
    answer = acme.call("project/update", OperateAppId=default_id(acme))
    assert answer.body == {"RspCode": "0", "RspDesc": "请求成功"}


def test_2_is_a_comp_id_of_nobody(acme: Company) -> None:
    answer = acme.call("project/query/list", CompID=99)
    assert (answer.status, answer.said) == (200, ("2", "账号不存在"))


def test_3_is_a_wrong_secret_key(acme: Company) -> None:
    answer = acme.call("project/query/list", SecretKey="0" * 32)
    assert (answer.status, answer.said) == (200, ("3", "密码错误"))


@pytest.mark.parametrize("name", ["RequestId", "CompID", "SecretKey"])
@pytest.mark.parametrize("value", [..., None, "", "  ", [], {}, True, 1.5])
def test_4_is_a_common_parameter_that_is_missing_or_of_another_type(acme: Company, name: str, value: Any) -> None:
    answer = acme.call("project/query/list", **{name: value})
    assert (answer.status, answer.said) == (200, ("4", "未获取到正确参数"))
    assert set(answer.body) == {"RspCode", "RspDesc"}


@pytest.mark.parametrize("value", [2, -1, "2", "", " ", "on", True, False, 0.0, [], {}])
@pytest.mark.parametrize(("path", "name"), [("add", "AuthType"), ("update", "AuthType"), ("update", "Status")])
def test_4_is_an_auth_type_or_status_outside_0_and_1(acme: Company, path: str, name: str, value: Any) -> None:
    params: dict[str, Any] = {"OperateAppId": default_id(acme), "ProjectName": "Chat Room", name: value}
    assert acme.call(f"project/{path}", **params).said == ("4", "未获取到正确参数")


@pytest.mark.parametrize("path", ["project/update/secret", "project/update", "project/delete"])
@pytest.mark.parametrize("value", [[], ["0123456789"], {}, True, 1.5])
def test_4_is_an_app_id_of_another_type(acme: Company, path: str, value: Any) -> None:
    assert acme.call(path, OperateAppId=value).said == ("4", "未获取到正确参数")


@pytest.mark.parametrize("value", [7, [], {}, True])
def test_4_is_a_project_name_of_another_type(acme: Company, value: Any) -> None:
    assert acme.call("project/add", ProjectName=value).said == ("4", "未获取到正确参数")


def test_5_is_a_fault_of_ours_logged_with_the_request_id(
    acme: Company, settings: Any, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A platform whose keys are gone can encrypt no secret."""
    key = default_id(acme)
    settings.KEYS = tmp_path
    with caplog.at_level(logging.ERROR):
        answer = acme.call("project/update/secret", OperateAppId=key, RequestId="req-of-acme")
    assert (answer.status, answer.body) == (200, {"RspCode": "5", "RspDesc": "未知错误"})
    assert answer.headers["X-Request-Id"] == "req-of-acme"
    assert [record.getMessage() for record in caplog.records] == ["internal error req-of-acme"]


@pytest.mark.parametrize("name", [..., None, "", "  "])
def test_15_is_a_project_name_that_is_empty(acme: Company, name: Any) -> None:
    answer = acme.call("project/add", ProjectName=name)
    assert (answer.status, answer.said) == (200, ("15", "项目名称不能为空"))


@pytest.mark.parametrize("name", ["a!", "<b>", "a\tb", " ab", "ab ", "a\0b", "emoji 😀", "a" * 40 + "!", "é1"])
def test_16_is_a_project_name_with_special_characters(acme: Company, name: str) -> None:
    assert acme.call("project/add", ProjectName=name).said == ("16", "项目名称不能包含特殊字符")


@pytest.mark.parametrize("name", ["a", "会", "a" * 31, "会" * 31])
def test_17_is_a_project_name_too_short_or_too_long(acme: Company, name: str) -> None:
    assert acme.call("project/add", ProjectName=name).said == ("17", "项目名称长度为2-30个字符")


@pytest.mark.parametrize("name", ["ab", "会议", "a" * 30, "会" * 30, "a b-c_9", "会议 Room"])
def test_a_good_project_name_is_kept_as_it_is(acme: Company, name: str) -> None:
    key = add(acme, name)
    rows = acme.call("project/query/list").data["ProjectList"]
    assert {row["AppId"]: row["ProjectName"] for row in rows}[key] == name


def test_18_is_a_platform_that_makes_no_projects(acme: Company, settings: Any) -> None:
    settings.PROJECT_CREATION = False
    assert acme.call("project/add", ProjectName="Chat Room").said == ("18", "非集群不能新建项目")
    assert acme.call("project/add").said == ("18", "非集群不能新建项目")


def test_19_is_the_eleventh_project(acme: Company) -> None:
    for number in range(10):
        add(acme, f"Room {number}")
    answer = acme.call("project/add", ProjectName="Room 10")
    assert (answer.status, answer.said) == (200, ("19", "项目账号最多添加10个"))


OPERATED = ["project/update/secret", "project/update", "project/delete"]


@pytest.mark.parametrize("path", OPERATED)
@pytest.mark.parametrize("value", [..., None, "", "  "])
def test_20_is_an_app_id_that_is_empty(acme: Company, path: str, value: Any) -> None:
    answer = acme.call(path, OperateAppId=value)
    assert (answer.status, answer.said) == (200, ("20", "项目账号id不能为空"))


@pytest.mark.parametrize("path", OPERATED)
@pytest.mark.parametrize("value", [UNKNOWN, 1234567890, 7, "x", "a\0b", "ABCDEFGHIJ", "x" * 5000, "'--"])
def test_21_is_an_app_id_of_nothing(acme: Company, path: str, value: Any) -> None:
    answer = acme.call(path, OperateAppId=value)
    assert (answer.status, answer.said) == (200, ("21", "项目账号不存在"))


@pytest.mark.parametrize("path", OPERATED)
def test_21_is_a_project_in_the_bin(acme: Company, path: str) -> None:
    key = add(acme)
    assert acme.call("project/delete", OperateAppId=key).said == OK
    assert acme.call(path, OperateAppId=key).said == ("21", "项目账号不存在")


@pytest.mark.parametrize("path", OPERATED)
def test_21_is_another_companys_project(acme: Company, rival: Company, path: str) -> None:
    assert acme.call(path, OperateAppId=add(rival)).said == ("21", "项目账号不存在")
    assert acme.call(path, OperateAppId=default_id(rival)).said == ("21", "项目账号不存在")


def test_24_is_the_deletion_of_the_default_project(acme: Company) -> None:
    key = default_id(acme)
    assert acme.call("project/delete", OperateAppId=key).said == ("24", "不能删除默认项目账号")
    as_platform(key, Verb.DIS)
    assert acme.call("project/delete", OperateAppId=key).said == ("24", "不能删除默认项目账号")


def test_23_is_a_project_in_which_gateways_with_apps_stand(acme: Company) -> None:
    key, system = add(acme), Actor.system()
    gateway, _ = gateways.create_gateway(key, by=system, read=lambda: {"name": "gateway_1"})
    app, _ = apps.create_app(gateway.key, Gateway.objects.with_chain(), by=system, read=lambda: {"name": "app_001"})
    for _ in range(2):
        assert acme.call("project/delete", OperateAppId=key).said == ("23", "删除账号包含队列数据")
    assert key in listed(acme)
    executor.fire(APP, App.objects.all(), app.key, Verb.DOL, by=system)
    assert acme.call("project/delete", OperateAppId=key).said == OK
    assert key not in listed(acme)


def test_a_gateway_without_apps_or_in_the_bin_is_no_hindrance(acme: Company) -> None:
    system = Actor.system()
    for is_binned in (False, True):
        key = add(acme, "Chat Room 2")
        gateway, _ = gateways.create_gateway(key, by=system, read=lambda: {"name": "gateway_1"})
        if is_binned:
            apps.create_app(gateway.key, Gateway.objects.with_chain(), by=system, read=lambda: {"name": "app_001"})
            executor.fire(GATEWAY, Gateway.objects.all(), gateway.key, Verb.DOL, by=system)
        assert acme.call("project/delete", OperateAppId=key).said == OK


def test_24_comes_before_23(acme: Company) -> None:
    key, system = default_id(acme), Actor.system()
    gateway, _ = gateways.create_gateway(key, by=system, read=lambda: {"name": "gateway_1"})
    apps.create_app(gateway.key, Gateway.objects.with_chain(), by=system, read=lambda: {"name": "app_001"})
    assert acme.call("project/delete", OperateAppId=key).said == ("24", "不能删除默认项目账号")
