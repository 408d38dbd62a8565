"""How a call may be written: bodies and their types, methods, addresses, and the one envelope round every answer."""

from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from django.test import Client

from accounts.access.actor import Actor
from accounts.models import Organization
from accounts.people import companies
from tests.cast import Company
from tests.projects.reading import add, default_id, listed

FORM = "application/x-www-form-urlencoded"
WRONG = {"RspCode": "4", "RspDesc": "未获取到正确参数"}


def test_the_documented_check_value_is_let_in(db: None) -> None:
    """CompID 1, CompSecret `1`."""
    platform = Organization.objects.get(comp_id=1)
    companies.set_secret(platform, "1", by=Actor.system())
    answer = Company(1, "").call("project/query/list", SecretKey="a7febff6a21c36fb50150f88c95ef641")
    assert answer.said == ("0", "请求成功")
    assert Company(1, "1").secret_key == "a7febff6a21c36fb50150f88c95ef641"


@pytest.mark.parametrize("change", [str.upper, lambda key: f" {key}", lambda key: key[:-1], lambda key: f"{key}0"])
def test_the_key_is_its_32_lower_case_digits_and_nothing_else(acme: Company, change: Any) -> None:
    assert acme.call("project/query/list", SecretKey=change(acme.secret_key)).said[0] == "3"


def test_a_company_without_a_secret_lets_nobody_in(acme: Company) -> None:
    Organization.objects.filter(comp_id=acme.comp_id).update(secret_hash="")
    for key in (acme.secret_key, "-" * 64, "d41d8cd98f00b204e9800998ecf8427e", "x"):
        assert acme.call("project/query/list", SecretKey=key).said[0] == "3"


@pytest.mark.parametrize("params", [{"CompID": str}, {"RequestId": lambda _: 17}])
def test_numbers_may_be_digits_and_the_request_id_a_number(acme: Company, params: dict[str, Any]) -> None:
    given = {name: change(acme.comp_id) for name, change in params.items()}
    assert acme.call("project/query/list", **given).said[0] == "0"


@pytest.mark.parametrize("comp_id", ["1x", "-1", "１２３", "1.0", "0x1", "1e5", -1, [1], {"a": 1}, 10**9, "9" * 5000])
def test_another_comp_id_is_a_wrong_parameter(acme: Company, comp_id: Any) -> None:
    assert acme.call("project/query/list", CompID=comp_id).body == WRONG


@pytest.mark.parametrize("comp_id", [0, "0", 2, 999_999_999])
def test_a_number_of_no_company_is_an_unknown_account(acme: Company, comp_id: Any) -> None:
    assert acme.call("project/query/list", CompID=comp_id).said[0] == "2"


def test_an_app_id_of_digits_may_come_as_a_number(acme: Company) -> None:
    from projects.models import Project

    Project.objects.filter(key=add(acme)).update(key="1234567890")
    assert acme.call("project/update/secret", OperateAppId=1234567890).said[0] == "0"
    assert acme.call("project/update", OperateAppId=1234567890, AuthType="1").said[0] == "0"


@pytest.mark.parametrize("value", ["0123456789", "x", None, 7, [], ""])
def test_the_app_id_of_the_context_changes_nothing(acme: Company, value: Any) -> None:
    key = add(acme)
    before = listed(acme)
    answer = acme.call("project/update/secret", OperateAppId=default_id(acme), AppId=value)
    assert answer.said[0] == "0"
    assert acme.call("project/delete", AppId=key).said[0] == "20"
    assert listed(acme) == before


def test_a_form_is_read_as_json_is(acme: Company) -> None:
    added = acme.post("project/add", form(acme, ProjectName="会议 Room", AuthType=1), FORM)
    assert added.said == ("0", "请求成功")
    row = listed(acme)[added.data["AppId"]]
    assert (row["ProjectName"], row["AuthType"], row["Status"]) == ("会议 Room", 1, 1)
    changed = acme.post("project/update", form(acme, OperateAppId=row["AppId"], Status=0, AuthType=0), FORM)
    assert changed.body == {"RspCode": "0", "RspDesc": "请求成功"}
    assert (listed(acme)[row["AppId"]]["Status"], listed(acme)[row["AppId"]]["AuthType"]) == (0, 0)
    assert acme.post("project/update", form(acme, OperateAppId=" "), FORM).said[0] == "20"


def form(company: Company, **params: Any) -> bytes:
    return urlencode(company.common | params).encode()


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'"text"', "application/json"),
        (b"null", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b'{"CompID": 1, "CompID": 2}', "application/json"),
        (b"[" * 40 + b"]" * 40, "application/json"),
        (b"CompID=1&CompID=2", FORM),
        (b"CompID=%ff", FORM),
        (b"{}", "text/plain"),
        (b"{}", "multipart/form-data; boundary=x"),
        (b"<a/>", "application/xml"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_wrong_parameter(acme: Company, body: bytes, media_type: str) -> None:
    answer = acme.post("project/query/list", body, media_type)
    assert (answer.status, answer.body) == (200, WRONG)


def test_json_in_another_type_is_not_read(acme: Company) -> None:
    assert acme.post("project/query/list", orjson.dumps(acme.common), "text/plain").body == WRONG
    utf8 = acme.post("project/query/list", orjson.dumps(acme.common), "application/json; charset=utf-8")
    assert utf8.said[0] == "0"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["update/secret", "add", "query/list", "update", "delete"])
def test_another_method_is_405_in_the_envelope(acme: Company, method: str, path: str) -> None:
    answer = acme.post(f"project/{path}", orjson.dumps(acme.common), method=method)
    assert (answer.status, answer.body) == (405, WRONG)
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("path", ["", "x", "project", "project/", "project/list", "project/add/x", "Project/Add"])
def test_an_unknown_path_is_404_in_the_envelope(acme: Company, path: str) -> None:
    answer = acme.post(path, orjson.dumps(acme.common))
    assert (answer.status, answer.body) == (404, WRONG)


def test_a_body_over_the_limit_is_413_in_the_envelope(acme: Company) -> None:
    body = orjson.dumps(acme.common | {"AppId": "x" * 262_144})
    answer = acme.post("project/query/list", body)
    assert (answer.status, answer.body) == (413, WRONG)


@pytest.mark.parametrize("name", ["SecretKey", "CompSecret", "AppSecret"])
def test_a_secret_in_the_address_is_refused(acme: Company, name: str) -> None:
    answer = acme.post(f"project/query/list?{name}=x", orjson.dumps(acme.common))
    assert (answer.status, answer.body) == (200, WRONG)
    all_in_it = acme.post(f"project/query/list?{urlencode(acme.common)}", b"{}")
    assert (all_in_it.status, all_in_it.body) == (200, WRONG)


def test_parameters_are_read_from_the_body_alone(acme: Company) -> None:
    key = default_id(acme)
    assert acme.post(f"project/delete?OperateAppId={key}", orjson.dumps(acme.common)).said[0] == "20"


def test_a_trailing_slash_is_accepted_and_keys_are_as_they_are_written(acme: Company) -> None:
    assert acme.call("project/query/list/").said[0] == "0"
    assert acme.call("project/update/secret", operateAppId=default_id(acme)).said[0] == "20"
    assert acme.call("project/query/list", CompID=..., compid=acme.comp_id).said[0] == "4"


def test_every_answer_is_json_that_nobody_keeps(acme: Company) -> None:
    for answer in (acme.call("project/query/list"), acme.call("project/query/list", CompID=99), acme.post("x", b"")):
        assert answer.headers["Content-Type"].lower() == "application/json; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Request-Id"]


def test_a_token_or_a_session_is_no_companys_key(acme: Company) -> None:
    response = Client().post(
        "/CLOUDROOM-API/project/query/list", acme.common | {"SecretKey": ""}, headers={"Authorization": "polis_x"},
        content_type="application/json",
    )  # fmt: skip
    assert response.json() == WRONG


def test_outside_development_plain_http_is_refused(acme: Company, settings: Any) -> None:
    settings.DEVELOPMENT = False
    assert acme.call("project/query/list").said[0] == "1"
