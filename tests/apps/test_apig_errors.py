"""Each row of docs/apig.md's table of errors, over HTTP, in the situation it is for."""

from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from apps.models import App
from tests.apps.calling import Apig, said
from tests.cast import Cast
from tests.factories import make_token

NOBODYS = "14b399ac-967f-4115-bb62-c0346b4537e9"


def at(alice: Apig, token: str) -> Apig:
    return Apig(alice.user, alice.project, alice.instance, token)


def test_who_is_nobody(alice: Apig) -> None:
    ended = make_token(alice.user, ends_at=timezone.now() + timedelta(minutes=1))
    assert said(at(alice, " ").call("GET", "/apps")) == (401, "APIG.1000")
    for text in ("polis_no_such_token", "x", alice.token[:-1] + ("A" if alice.token[-1] != "A" else "B")):
        assert said(at(alice, text).call("GET", "/apps")) == (401, "APIG.1002")
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert said(at(alice, ended).call("GET", "/apps")) == (401, "APIG.1001")
    signature = "SDK-HMAC-SHA256 Access=AAAAAAAAAAAAAAAAAAAA, SignedHeaders=host;x-sdk-date, Signature=" + "0" * 64
    date = timezone.now().strftime("%Y%m%dT%H%M%SZ")
    answer = alice.client.get("/v1/x/apigw/instances/y/apps", headers={"Authorization": signature, "X-Sdk-Date": date})
    assert (answer.status_code, answer.json()["error_code"]) == (401, "APIG.0301")
    assert answer.json()["error_msg"].startswith("Incorrect IAM authentication information: ")


def test_what_is_sent(alice: Apig) -> None:
    alice.add("app_001", app_key="taken_key_1")
    rows: list[tuple[str, str, Any, str]] = [
        ("POST", "/apps", b"{", "APIG.2000"),
        ("POST", "/apps", {}, "APIG.2001"),
        ("GET", "/apps?page_size=501", None, "APIG.2004"),
        ("POST", "/apps", {"name": "app_002", "remark": "x" * 256}, "APIG.2006"),
        ("POST", "/apps", {"name": "1app"}, "APIG.2011"),
        ("POST", "/apps", {"name": "app_002", "app_key": "short"}, "APIG.2011"),
        ("GET", "/apps/a.b", None, "APIG.2012"),
        ("POST", "/apps", {"name": "app_001"}, "APIG.3203"),
        ("POST", "/apps", {"name": "app_002", "app_key": "taken_key_1"}, "APIG.3310"),
        ("GET", "/apps?app_secret=x", None, "APIG.2000"),
    ]
    for method, path, body, code in rows:
        assert said(alice.call(method, path, body)) == (400, code), path
    long = {"name": "app_basic", "enable": True, "config": "x" * 1025}
    assert said(alice.call("POST", "/features", long, v="v2")) == (400, "APIG.2003")
    assert App.objects.filter(gateway__key=alice.instance).count() == 1


def test_what_one_may_not(cast: Cast, alice: Apig) -> None:
    assert cast.vera.user is not None
    made = alice.add()
    vera = alice.as_user(cast.vera.user)
    for method, path, body in (
        ("POST", "/apps", {"name": "app_002"}), ("PUT", f"/apps/{made['id']}", {"name": "app_002"}),
        ("DELETE", f"/apps/{made['id']}", None), ("PUT", f"/apps/secret/{made['id']}", None),
    ):  # fmt: skip
        assert vera.call(method, path, body).body == {
            "error_code": "APIG.1005", "error_msg": "No permissions to request this method",
        }  # fmt: skip
    assert vera.call("GET", f"/apps/{made['id']}").status == 200


def test_what_is_not_there(alice: Apig) -> None:
    made = alice.add()
    assert said(alice.call("GET", f"/apps/{NOBODYS}")) == (404, "APIG.3004")
    assert said(alice.call("GET", f"/apps/{made['id']}/app-codes/{'0' * 32}")) == (404, "APIG.3082")
    assert said(alice.at("GET", f"/v1/{alice.project}/apigw/instances/{'0' * 32}/apps")) == (404, "APIG.3030")
    assert said(alice.call("GET", "/nothing")) == (404, "APIG.0101")
    assert said(alice.call("PATCH", "/apps")) == (405, "APIG.0101")


def test_a_call_too_many(alice: Apig, settings: Any) -> None:
    settings.RATE_LIMIT = 2
    with time_machine.travel(timezone.now(), tick=False):
        assert [alice.call("GET", "/apps").status for _ in range(2)] == [200, 200]
        over = alice.call("GET", "/apps")
    assert said(over) == (429, "APIG.9008")
    assert over.headers["Retry-After"] == "60"


def test_a_body_too_large(alice: Apig) -> None:
    assert alice.call("POST", "/apps", b'{"name": "' + b"x" * 300_000 + b'"}').status == 413
