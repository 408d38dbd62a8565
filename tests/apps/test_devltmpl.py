"""003, 修改应用: SET of an app in the XDUA envelope; and the caller's own password with it, all or nothing."""

import hashlib
from typing import Any

import pytest

from accounts.models import AuditEvent, User
from apps.models import App
from config.kernel.roles import Role
from tests.apps.calling import Apig
from tests.cast import Answer, Caller, Cast
from tests.factories import make_token, make_user

PASSWORD, NEW = "correct horse battery", "staple of another kind"


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


@pytest.fixture
def app(alice: Apig) -> App:
    return App.objects.get(key=alice.add("旧的应用名", remark="old")["id"])


def put(caller: Caller, key: str, data: Any = None, **headers: str) -> Answer:
    return caller.call("PUT", f"/devltmpl/{key}", data, **{"XduaApiMethod": "SET"} | headers)


def test_the_documents_sample(cast: Cast, app: App) -> None:
    sent = {"name": "新的应用名", "brief": "新的应用介绍"}
    answer = put(cast.alice, app.devl_id, sent)
    assert answer.status == 200
    assert answer.body == {
        "error": 0, "reason": "Success", "result": {"id": app.devl_id, "ipdates": sent, "updates": sent},
    }  # fmt: skip
    app.refresh_from_db()
    assert (app.name, app.remark, app.avatar) == ("新的应用名", "新的应用介绍", "")


def test_the_uuid_names_it_too_and_what_is_not_sent_is_kept(cast: Cast, app: App) -> None:
    for key in (app.key, app.key.replace("-", ""), app.devl_id):
        assert put(cast.alice, key, {"avatar": f"a{key[:4]}"}).result["id"] == app.devl_id
    assert put(cast.alice, app.devl_id).result == {"id": app.devl_id, "ipdates": {}, "updates": {}}
    app.refresh_from_db()
    assert (app.name, app.remark, app.avatar) == ("旧的应用名", "old", f"a{app.devl_id[:4]}")


@pytest.mark.parametrize("form", ["header", "body", "suffix", "tail", "none"])
def test_the_verb_travels_as_a_citys(cast: Cast, app: App, form: str) -> None:
    body = {"name": "新的应用名"} | ({"action": "update"} if form == "body" else {})
    path = {"suffix": f"/devltmpl.update/{app.devl_id}", "tail": f"/devltmpl/{app.devl_id}/update"}
    headers = {"XduaApiMethod": "SetDevltmpl"} if form == "header" else {}
    answer = cast.alice.call("PUT", path.get(form, f"/devltmpl/{app.devl_id}/"), body, **headers)
    assert answer.result["updates"] == {"name": "新的应用名"}


@pytest.mark.parametrize(("method", "verb"), [("PUT", "DOL"), ("PUT", "DIS"), ("DELETE", "DEL"), ("GET", "GET")])
def test_it_has_no_other_verb(cast: Cast, app: App, method: str, verb: str) -> None:
    answer = cast.alice.call(method, f"/devltmpl/{app.devl_id}", XduaApiMethod=verb)
    assert (answer.status, answer.reason) == (403, "ApiNotSupported")
    assert App.objects.get(pk=app.pk).version == app.version


def test_bad_input_and_a_taken_name(cast: Cast, alice: Apig, app: App) -> None:
    alice.add("taken_name")
    for sent, status, reason in (
        ({"name": "taken_name"}, 409, "DevltmplNameTaken"), ({"name": "abc"}, 400, "ParameterTooShort"),
        ({"name": "a" * 33}, 400, "ParameterTooLong"), ({"name": "1abc"}, 400, "ParameterBadStart"),
        ({"avatar": "a" * 41}, 400, "ParameterTooLong"), ({"brief": "a" * 65}, 400, "ParameterTooLong"),
    ):  # fmt: skip
        answer = put(cast.alice, app.devl_id, sent)
        assert (answer.status, answer.reason, answer.result["id"]) == (status, reason, app.devl_id)
    app.refresh_from_db()
    assert app.name == "旧的应用名"


def test_a_stranger_and_a_viewer(cast: Cast, app: App) -> None:
    for key in (app.devl_id, "rYub4wrT", "short", app.key):
        caller = cast.charlie if key != "rYub4wrT" else cast.alice
        answer = put(caller, key, {"name": "新的应用名"})
        assert (answer.status, answer.reason) == (404, "DevltmplNotFound")
    refused = put(cast.vera, app.devl_id, {"name": "新的应用名"})
    assert (refused.status, refused.reason) == (403, "Forbidden")
    assert put(cast.oscar, app.devl_id, {"name": "新的应用名"}).status == 200


@pytest.fixture
def me(cast: Cast, app: App) -> Caller:
    """An admin of the app's company, with a password."""
    user = make_user("adam", password=PASSWORD)
    User.objects.filter(pk=user.pk).update(corp=app.gateway.project.company, is_corp_admin=True)
    user.refresh_from_db()
    return Caller(make_token(user), user)


def with_password(me: Caller, **given: Any) -> dict[str, Any]:
    assert me.user is not None
    return {"name": "新的应用名", "user_id": me.user.key, "oldpwd": md5(PASSWORD), "pwd": md5(NEW)} | given


def may_sign_in(me: Caller, password: str) -> bool:
    assert me.user is not None
    data = {"by": "name", "ustr": me.user.name, "pwd": md5(password)}
    return Caller().call("POST", "/login", data).status == 200


def test_the_password_is_changed_with_it_and_its_logins_end(me: Caller, app: App) -> None:
    assert me.user is not None
    data = {"by": "name", "ustr": me.user.name, "pwd": md5(PASSWORD)}
    login = Caller(Caller().call("POST", "/login", data).result["token"])
    answer = put(me, app.devl_id, with_password(me))
    assert (answer.status, answer.result["updates"]) == (200, {"name": "新的应用名"})
    assert (may_sign_in(me, NEW), may_sign_in(me, PASSWORD)) == (True, False)
    assert login.verb("QRI").status == 401
    told = AuditEvent.objects.filter(kind="user", thing=me.user.key, verb="SET").values_list("after", flat=True)
    assert list(told) == [{"password": "changed"}]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"oldpwd": md5("wrong one")}, (401, "WrongUserOrPassword")),
        ({"user_id": "rYub4wrT"}, (400, "ParameterBadChoice")),
        ({"pwd": "no md5"}, (400, "ParameterWrongType")),
        ({"pwd": md5("password")}, (400, "ParameterBadChoice")),
        ({"pwd": md5("adam")}, (400, "ParameterBadChoice")),
        ({"name": "1abc"}, (400, "ParameterBadStart")),
        ({"name": "taken_name"}, (409, "DevltmplNameTaken")),
    ],
)
def test_all_or_nothing(alice: Apig, me: Caller, app: App, given: dict[str, str], said: tuple[int, str]) -> None:
    alice.add("taken_name")
    answer = put(me, app.devl_id, with_password(me, **given))
    assert (answer.status, answer.reason) == said
    app.refresh_from_db()
    assert app.name == "旧的应用名"
    assert (may_sign_in(me, PASSWORD), may_sign_in(me, NEW)) == (True, False)


@pytest.mark.parametrize("left_out", ["user_id", "oldpwd", "pwd"])
def test_all_three_or_none(me: Caller, app: App, left_out: str) -> None:
    sent = with_password(me)
    del sent[left_out]
    answer = put(me, app.devl_id, sent)
    assert (answer.status, answer.result["field"]) == (400, left_out)
    assert may_sign_in(me, PASSWORD)


def test_guesses_are_limited_with_those_of_every_door(me: Caller, app: App) -> None:
    for _ in range(10):
        last = put(me, app.devl_id, with_password(me, oldpwd=md5("wrong one")))
    assert (last.status, last.reason) == (429, "TooManyRequests")
    assert not may_sign_in(me, PASSWORD)


def test_a_secret_in_the_address_is_refused_unread(me: Caller, app: App) -> None:
    answer = me.call("PUT", f"/devltmpl/{app.devl_id}?pwd={md5(NEW)}&oldpwd={md5(PASSWORD)}", {})
    assert (answer.status, answer.reason) == (400, "SecretInQuery")


def test_stewards_change_no_password_by_md5(cast: Cast, alice: Apig, app: App) -> None:
    zoon = make_user("zach", Role.ZOON, password=PASSWORD)
    caller = Caller(make_token(zoon), zoon)
    assert put(caller, app.devl_id, with_password(caller)).reason == "Forbidden"
