"""S21 at the gateway: what is signed is what is done. Signed by the vendor's own signer."""

import json
from typing import Any

import pytest
from huaweicloudsdkcore.sdk_request import SdkRequest

from accounts.access.actor import Actor
from accounts.people import credentials
from accounts.people.reach import Reach
from apps.models import App, Gateway
from config.kernel import scopes
from tests.accounts.signing import send, sign
from tests.apps.calling import at_gateway
from tests.cast import Answer, Cast
from tests.factories import make_gateway, make_project


@pytest.fixture
def gateway(cast: Cast) -> Gateway:
    assert cast.alice.user is not None
    return make_gateway(cast.alice.user, make_project(cast.alice.user), "open_one", key_switch=True)


@pytest.fixture
def key(cast: Cast) -> tuple[str, str]:
    """Alice's AK and SK."""
    assert cast.alice.user is not None
    row, sk = credentials.make_key(cast.alice.user, Reach(scopes=scopes.ALL), by=Actor.system(), name="")
    return row.key, sk


@pytest.fixture
def app(cast: Cast, gateway: Gateway) -> dict[str, Any]:
    assert cast.alice.user is not None
    made: dict[str, Any] = at_gateway(cast.alice.user, gateway).add("app_000")
    return made


def signed(key: tuple[str, str], gateway: Gateway, app_id: str, body: Any = None, **headers: str) -> SdkRequest:
    """PUT of an app: the call that the document is about."""
    raw = json.dumps(body if body is not None else {"name": "app_001", "remark": "第一个APP"}).encode()
    path = f"/v2/{gateway.project.key}/apigw/instances/{gateway.key}/apps/{app_id}"
    return sign(*key, "PUT", path, body=raw, Content_Type="application/json", **headers)


def changed(app_id: str) -> bool:
    return App.objects.get(key=app_id).version > 1


def refused(answer: Answer, app_id: str, *, status: int = 401) -> None:
    code = {401: "APIG.0301", 400: "APIG.2000"}[status]
    assert (answer.status, answer.body["error_code"]) == (status, code)
    assert not changed(app_id)


def test_what_is_signed_is_done(key: tuple[str, str], gateway: Gateway, app: Any) -> None:
    answer = send(signed(key, gateway, app["id"]))
    assert (answer.status, answer.body["name"], answer.body["remark"]) == (200, "app_001", "第一个APP")


def test_a_header_added_after_signing_does_not_break_it(key: tuple[str, str], gateway: Gateway, app: Any) -> None:
    request = signed(key, gateway, app["id"])
    request.header_params |= {"X-Forwarded-For": "192.0.2.7", "X-Domain-Id": "d", "Accept-Language": "zh-cn"}
    assert send(request).status == 200


def test_a_changed_body_does(key: tuple[str, str], gateway: Gateway, app: Any) -> None:
    request = signed(key, gateway, app["id"])
    request.body = request.body.replace(b"app_001", b"app_002")
    refused(send(request), app["id"])


def test_an_empty_body_in_the_place_of_one_does(key: tuple[str, str], gateway: Gateway, app: Any) -> None:
    request = signed(key, gateway, app["id"])
    request.body = b""
    refused(send(request), app["id"])


def test_another_app_in_the_path_does(cast: Cast, key: tuple[str, str], gateway: Gateway, app: Any) -> None:
    assert cast.alice.user is not None
    other = at_gateway(cast.alice.user, gateway).add("other_one")
    request = signed(key, gateway, other["id"])
    request.uri = request.uri.replace(other["id"], app["id"])
    refused(send(request), app["id"])


def test_a_query_that_was_not_signed_does(key: tuple[str, str], gateway: Gateway, app: Any) -> None:
    request = signed(key, gateway, app["id"])
    request.uri += "?dry_run=1"
    refused(send(request), app["id"])


@pytest.mark.parametrize("header", ["X-Project-Id", "X-Sdk-Date", "Content-Type"])
def test_a_changed_signed_header_does(header: str, key: tuple[str, str], gateway: Gateway, app: Any) -> None:
    request = signed(key, gateway, app["id"], X_Project_Id="p1")
    new = {"X-Project-Id": "p2", "X-Sdk-Date": request.header_params["X-Sdk-Date"][:-2] + "0Z"}
    if header == "X-Sdk-Date" and new[header] == request.header_params[header]:
        new[header] = request.header_params[header][:-2] + "1Z"
    request.header_params[header] = new.get(header, "text/json")
    assert send(request).status in {401, 415}
    assert not changed(app["id"])


@pytest.mark.parametrize("claim", ["UNSIGNED-PAYLOAD", "0" * 64])
def test_a_hash_that_is_not_the_bodys_is_refused(claim: str, key: tuple[str, str], gateway: Gateway, app: Any) -> None:
    refused(send(signed(key, gateway, app["id"], X_Sdk_Content_Sha256=claim)), app["id"])


def test_an_encoded_slash_is_no_slash(key: tuple[str, str], gateway: Gateway, app: Any) -> None:
    """The vendor's signer decodes before it splits: `/apps%2F<id>` would have the signature of `/apps/<id>`."""
    request = signed(key, gateway, app["id"])
    raw = request.uri.replace(f"/{app['id']}", f"%2F{app['id']}")
    refused(send(request, RAW_URI=raw), app["id"], status=400)


@pytest.mark.parametrize("header", ["X-Sdk-Date", "Authorization", "Host"])
def test_a_doubled_header_is_refused(header: str, key: tuple[str, str], gateway: Gateway, app: Any) -> None:
    """As gunicorn tells of two lines of one name: joined by a comma."""
    request = signed(key, gateway, app["id"])
    request.header_params[header] = f"{request.header_params[header]},{request.header_params[header]}"
    answer = send(request)
    assert answer.status == 400
    assert not changed(app["id"])


def test_a_signature_and_a_token_at_once_are_refused(
    cast: Cast, key: tuple[str, str], gateway: Gateway, app: Any
) -> None:
    request = signed(key, gateway, app["id"])
    request.header_params["X-Auth-Token"] = cast.alice.token
    refused(send(request), app["id"], status=400)
