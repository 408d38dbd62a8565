"""Each operation of apig.md's table: its answer, its status, its errors."""

import re
from typing import Any

import pytest

from apps.models import App, AppCode
from tests.apps.calling import Apig, at_gateway, said
from tests.cast import Cast
from tests.factories import make_gateway, make_user

NOBODYS = "14b399ac-967f-4115-bb62-c0346b4537e9"


@pytest.mark.parametrize("v", ["v1", "v2"])
def test_create_shows_the_secret_this_once(alice: Apig, v: str) -> None:
    made = alice.call("POST", "/apps", {"name": "app_001", "remark": "one"}, v=v)
    assert made.status == 201
    body = made.body
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", body["id"])
    assert re.fullmatch("[0-9a-z]{32}", body["app_secret"])
    assert (body["status"], body["creator"], body["app_type"], body["remark"]) == (1, "USER", "apig", "one")
    shown = alice.call("GET", f"/apps/{body['id']}", v=v)
    assert (shown.status, shown.body) == (200, {**body, "app_secret": "******"})
    (row,) = alice.call("GET", "/apps", v=v).body["apps"]
    assert row == {**body, "app_secret": "******", "bind_num": 0}


def test_an_app_is_found_by_its_id_dashed_or_not(alice: Apig) -> None:
    made = alice.add()
    for v in ("v1", "v2"):
        for key in (made["id"], made["id"].replace("-", "")):
            assert alice.call("GET", f"/apps/{key}", v=v).body["id"] == made["id"]


@pytest.mark.parametrize("body", [None, {}, {"app_secret": ""}, {"app_secret": None}, {"app_secret": "******"}])
def test_reset_makes_one_where_none_is_given(shut: Apig, body: Any) -> None:
    made = shut.add()
    for v in ("v1", "v2"):
        answer = shut.call("PUT", f"/apps/secret/{made['id']}", body, v=v)
        assert answer.status == 200
        assert re.fullmatch("[0-9a-z]{32}", answer.body["app_secret"])
        assert answer.body["app_secret"] != made["app_secret"]
    assert shut.call("GET", f"/apps/{made['id']}").body["app_secret"] == "******"


def test_reset_takes_one_of_ones_own(alice: Apig) -> None:
    made = alice.add()
    answer = alice.call("PUT", f"/apps/secret/{made['id']}", {"app_secret": "my_own_secret!"})
    assert (answer.status, answer.body["app_secret"]) == (200, "my_own_secret!")


def test_delete_is_final_and_frees_name_and_key(alice: Apig) -> None:
    made = alice.add(app_key="my_own_key")
    gone = alice.call("DELETE", f"/apps/{made['id']}")
    assert (gone.status, gone.body) == (204, None)
    assert not App.objects.filter(key=made["id"]).exists()
    for method in ("GET", "PUT", "DELETE"):
        body = {"name": "app_001"} if method == "PUT" else None
        assert alice.call(method, f"/apps/{made['id']}", body).body == {
            "error_code": "APIG.3004", "error_msg": f"App {made['id']} does not exist",
        }  # fmt: skip
    assert alice.add(app_key="my_own_key")["name"] == "app_001"


def test_what_the_market_has_made_is_not_deleted(alice: Apig) -> None:
    made = alice.add()
    App.objects.filter(key=made["id"]).update(origin="MARKET")
    assert alice.call("GET", f"/apps/{made['id']}").body["creator"] == "MARKET"
    assert said(alice.call("DELETE", f"/apps/{made['id']}")) == (409, "APIG.3405")
    assert alice.call("PUT", f"/apps/{made['id']}", {"name": "renamed"}).status == 200


def test_verify_and_counts(alice: Apig) -> None:
    made = alice.add(remark="one")
    alice.add("app_002")
    assert alice.call("GET", f"/apps/validation/{made['id']}").body == {
        "id": made["id"], "name": "app_001", "remark": "one",
    }  # fmt: skip
    assert alice.call("GET", "/resources/outline/apps").body == {"authed_nums": 0, "unauthed_nums": 2}


@pytest.mark.parametrize("key", [NOBODYS, NOBODYS.replace("-", ""), "no_uuid", "0", "-", "A" * 64])
def test_an_id_that_is_nobodys(alice: Apig, key: str) -> None:
    for method, path in (
        ("GET", f"/apps/{key}"), ("PUT", f"/apps/{key}"), ("DELETE", f"/apps/{key}"),
        ("PUT", f"/apps/secret/{key}"), ("GET", f"/apps/validation/{key}"), ("GET", f"/apps/{key}/app-codes"),
        ("PUT", f"/apps/{key}/app-codes"),
    ):  # fmt: skip
        answer = alice.call(method, path, {"name": "app_001"} if method == "PUT" else None)
        assert answer.status == 404
        assert answer.body == {"error_code": "APIG.3004", "error_msg": f"App {key} does not exist"}


@pytest.mark.parametrize("key", ["A" * 65, "a.b", "a%20b", "%E6%B1%89", "a~b", "a:b"])
def test_an_id_of_another_form(alice: Apig, key: str) -> None:
    assert said(alice.call("GET", f"/apps/{key}")) == (400, "APIG.2012")


def test_gateway_and_project_must_be_there_and_of_each_other(cast: Cast, alice: Apig) -> None:
    made = alice.add()
    other = at_gateway(alice.user, make_gateway(alice.user))
    wrong = [(other.project, alice.instance), (alice.project, other.instance), ("0000000000", alice.instance)]
    for project, instance in [*wrong, (alice.project, "f" * 32), (alice.project, "none")]:
        astray = Apig(alice.user, project, instance, alice.token)
        expected = {"error_code": "APIG.3030", "error_msg": f"The instance does not exist;id:{instance}"}
        for method, path, body in (
            ("GET", "/apps", None), ("POST", "/apps", {"name": "app_002"}), ("GET", f"/apps/{made['id']}", None),
            ("PUT", f"/apps/{made['id']}", {"name": "app_002"}), ("DELETE", f"/apps/{made['id']}", None),
        ):  # fmt: skip
            answer = astray.call(method, path, body)
            assert (answer.status, answer.body) == (404, expected)
    assert said(other.call("GET", f"/apps/{made['id']}")) == (404, "APIG.3004")


def test_a_stranger_is_told_that_there_is_no_gateway(cast: Cast, alice: Apig) -> None:
    made, stranger = alice.add(), alice.as_user(make_user("stranger"))
    absent = Apig(stranger.user, alice.project, "f" * 32, stranger.token)
    for method, path, body in (
        ("GET", "/apps", None), ("POST", "/apps", {"name": "app_002"}), ("PUT", f"/apps/{made['id']}", {"name": "x_1"}),
        ("GET", f"/apps/{made['id']}", None), ("PUT", f"/apps/secret/{made['id']}", None),
    ):  # fmt: skip
        hidden, gone = stranger.call(method, path, body), absent.call(method, path, body)
        assert (hidden.status, hidden.body["error_code"]) == (404, "APIG.3030")
        assert hidden.body["error_msg"].replace(alice.instance, "") == gone.body["error_msg"].replace("f" * 32, "")


def test_a_list_pages_in_both_ways(alice: Apig) -> None:
    for number in range(5):
        alice.add(f"app_{number}")
    names = lambda answer: [each["name"] for each in answer.body["apps"]]  # noqa: E731
    assert names(alice.call("GET", "/apps")) == ["app_4", "app_3", "app_2", "app_1", "app_0"]
    second = alice.call("GET", "/apps?page_no=2&page_size=2")
    assert (names(second), second.body["total"], second.body["size"]) == (["app_2", "app_1"], 5, 2)
    third = alice.call("GET", "/apps?offset=4&limit=2", v="v2")
    assert (names(third), third.body["total"], third.body["size"]) == (["app_0"], 5, 1)
    for bent in ("offset=-3&limit=0", "limit=-1", "limit=100000"):
        assert len(names(alice.call("GET", f"/apps?{bent}", v="v2"))) == 5
    for wrong in ("page_no=0", "page_size=0", "page_size=501", "page_no=x"):
        assert alice.call("GET", f"/apps?{wrong}").status == 400
    assert alice.call("GET", "/apps?offset=x", v="v2").status == 400
    assert alice.call("GET", "/apps?offset=10001", v="v2").status == 400


def test_a_list_is_filtered(alice: Apig) -> None:
    first = alice.add("健康手环", app_key="key_number_1")
    alice.add("健康手环_2")
    names = lambda query: [each["name"] for each in alice.call("GET", f"/apps?{query}").body["apps"]]  # noqa: E731
    assert names("name=健康") == ["健康手环_2", "健康手环"]
    assert names("name=健康手环&precise_search=name") == ["健康手环"]
    assert names(f"id={first['id']}") == names("app_key=key_number_1") == ["健康手环"]
    assert names("app_key=KEY_number_1") == names("id=none") == names("status=2") == names("creator=MARKET") == []
    assert len(names("status=1&creator=USER")) == 2
    assert alice.call("GET", "/apps?name=a").status == 400
    assert alice.call("GET", "/apps?status=3").status == 400
    assert alice.call("GET", "/apps?creator=you").status == 400


def test_app_codes(alice: Apig) -> None:
    made = alice.add()
    path, own = f"/apps/{made['id']}/app-codes", "MyOwnCode+" + "x" * 60
    first = alice.call("POST", path, {"app_code": own})
    assert (first.status, first.body["app_code"], first.body["app_id"]) == (201, own, made["id"])
    assert re.fullmatch("[0-9a-f]{32}", first.body["id"])
    second = alice.call("PUT", path)
    assert second.status == 201
    assert re.fullmatch("[A-Za-z0-9]{64}", second.body["app_code"])
    listed = alice.call("GET", path).body
    assert (listed["total"], listed["size"]) == (2, 2)
    assert [each["app_code"] for each in listed["app_codes"]] == [f"{second.body['app_code'][:4]}******", "MyOw******"]
    shown = alice.call("GET", f"{path}/{first.body['id']}")
    assert shown.body == {**first.body, "app_code": "MyOw******"}
    assert own not in str(list(AppCode.objects.values()))
    assert alice.call("DELETE", f"{path}/{first.body['id']}").status == 204
    for method in ("GET", "DELETE"):
        assert said(alice.call(method, f"{path}/{first.body['id']}")) == (404, "APIG.3082")
    assert alice.call("POST", path, {"app_code": own}).status == 201, "a code that has ended is free"
    assert said(alice.call("POST", path, {})) == (400, "APIG.2001")


def test_a_code_that_the_gateway_knows_is_a_bad_code(alice: Apig) -> None:
    """It must not tell whose it is (S13): the answer is the one for any code that is no good."""
    code = "c" * 64
    first, second = alice.add("app_001"), alice.add("app_002")
    assert alice.call("POST", f"/apps/{first['id']}/app-codes", {"app_code": code}).status == 201
    again = alice.call("POST", f"/apps/{second['id']}/app-codes", {"app_code": code})
    bad = alice.call("POST", f"/apps/{second['id']}/app-codes", {"app_code": "-"})
    assert (again.status, again.body) == (bad.status, bad.body)
    assert said(again) == (400, "APIG.2011")


def test_an_acl(alice: Apig) -> None:
    made = alice.add()
    path = f"/apps/{made['id']}/app-acl"
    assert alice.call("GET", path, v="v2").body == {"app_id": made["id"], "app_acl_type": "", "app_acl_values": []}
    values = ["192.168.0.1", "192.168.0.5-192.168.0.10", "192.168.0.100/28", "2001:db8::1", "192.168.0.1"]
    refused = alice.call("PUT", path, {"app_acl_type": "PERMIT", "app_acl_values": values}, v="v2")
    assert said(refused) == (400, "APIG.2000"), "a network whose address has bits beyond its mask"
    values[2] = "192.168.0.96/28"
    done = alice.call("PUT", path, {"app_acl_type": "PERMIT", "app_acl_values": values}, v="v2")
    kept = {"app_id": made["id"], "app_acl_type": "PERMIT", "app_acl_values": values[:4]}
    assert (done.status, done.body) == (201, kept)
    assert alice.call("GET", path, v="v2").body == kept
    for wrong in (
        {"app_acl_type": "ALLOW", "app_acl_values": []}, {"app_acl_type": "DENY", "app_acl_values": ["10.0.0.300"]},
        {"app_acl_type": "DENY", "app_acl_values": ["10.0.0.9-10.0.0.1"]}, {"app_acl_type": "DENY"},
        {"app_acl_type": "DENY", "app_acl_values": "10.0.0.1"},
    ):  # fmt: skip
        assert alice.call("PUT", path, wrong, v="v2").status == 400
    assert alice.call("DELETE", path, v="v2").status == 204
    assert alice.call("GET", path, v="v2").body["app_acl_values"] == []
    assert said(alice.call("GET", path)) == (404, "APIG.0101"), "v2 alone has it"


def test_gateways_and_what_they_may_hold(alice: Apig, shut: Apig) -> None:
    listed = alice.at("GET", f"/v2/{alice.project}/apigw/instances").body
    assert (listed["total"], listed["size"]) == (2, 2)
    assert [each["instance_name"] for each in listed["instances"]] == ["shut_one", "open_one"]
    one = alice.call("GET", "", v="v2").body
    assert (one["id"], one["project_id"], one["status"], one["instance_status"]) == (
        alice.instance, alice.project, "Running", 6,
    )  # fmt: skip
    for at, switch in ((alice, "1"), (shut, "2")):
        configs = {row["config_name"]: row for row in at.call("GET", "/project/configs", v="v2").body["configs"]}
        assert {name: row["config_value"] for name, row in configs.items()} == {
            "APP_NUM_LIMIT": "50", "APP_CODE_NUM_LIMIT": "5", "APP_KEY_SECRET_SWITCH": switch,
        }  # fmt: skip
    assert configs["APP_NUM_LIMIT"]["used"] == 0
    assert said(alice.at("GET", "/v2/0000000000/apigw/instances")) == (404, "APIG.3030")


def test_features(alice: Apig) -> None:
    assert alice.call("GET", "/features", v="v2").body == {"total": 0, "size": 0, "features": []}
    sent = {"name": "app_basic", "enable": True, "config": "on"}
    made = alice.call("POST", "/features", sent, v="v2")
    assert made.status == 201
    assert {name: made.body[name] for name in sent} == sent
    again = alice.call("POST", "/features", sent, v="v2")
    assert again.body == made.body
    off = alice.call("POST", "/features", {**sent, "enable": False}, v="v2")
    assert (off.body["id"], off.body["enable"]) == (made.body["id"], False)
    assert alice.call("GET", "/features", v="v2").body["features"] == [off.body]
    assert said(alice.call("POST", "/features", {"name": "app_basic"}, v="v2")) == (400, "APIG.2001")


def test_every_answer_has_a_request_id(alice: Apig) -> None:
    answers = [alice.call("GET", "/apps"), alice.call("GET", "/apps/none"), alice.call("PATCH", "/apps"),
               alice.call("GET", "/nothing"), alice.at("GET", "/v1/x/apigw/y"),
               Apig(alice.user, alice.project, alice.instance, "polis_wrong").call("GET", "/apps")]  # fmt: skip
    assert [answer.status for answer in answers] == [200, 404, 405, 404, 404, 401]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,64}", answer.headers["X-Request-Id"]) for answer in answers)
    assert [answer.body["error_code"] for answer in answers[1:]] == [
        "APIG.3004", "APIG.0101", "APIG.0101", "APIG.0101", "APIG.1002",
    ]  # fmt: skip
