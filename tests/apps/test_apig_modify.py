"""004, 修改APP: what can be changed and what not, the answer to the letter, the switch, the masks."""

import re
from typing import Any

import pytest

from accounts.access.actor import Actor
from accounts.machine import executor
from accounts.models import AuditEvent
from apps.lifecycle import APP
from apps.models import App, AppSecret
from config.kernel.states import Verb
from tests.apps.calling import Apig, said
from tests.cast import Cast

SAMPLE = {
    "name": "app_001",
    "remark": "第一个APP",
    "app_key": "app_key_sample",
    "app_secret": "app_secret_sample",
}
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def secrets(app_id: str) -> list[tuple[int, str]]:
    """The live ones."""
    rows = AppSecret.objects.filter(holder__key=app_id, ended_at=None).order_by("number")
    return [(row.number, row.reveal()) for row in rows]


def events(app_id: str) -> list[str]:
    return list(AuditEvent.objects.filter(thing=app_id, outcome="ok").order_by("pk").values_list("verb", flat=True))


def stored(app_id: str) -> Any:
    return App.objects.filter(key=app_id).values().get()


def test_the_documents_sample_is_answered_as_the_document_says(alice: Apig) -> None:
    made = alice.add("old_name")
    answer = alice.call("PUT", f"/apps/{made['id']}", SAMPLE)
    assert answer.status == 200
    times = {name: answer.body.pop(name) for name in ("register_time", "update_time")}
    assert all(re.fullmatch(MOMENT, text) for text in times.values())
    assert answer.body == {
        "id": made["id"],
        "name": "app_001",
        "status": 1,
        "app_key": "app_key_sample",
        "app_secret": "******",
        "creator": "USER",
        "remark": "第一个APP",
    }
    assert answer.headers["X-Request-Id"]
    assert answer.headers["Content-Type"].startswith("application/json")
    assert secrets(made["id"]) == [(2, "app_secret_sample")]
    assert events(made["id"]) == ["ADD", "SET", "ROTATE"]
    assert "app_secret_sample" not in str(AuditEvent.objects.filter(thing=made["id"]).values())


def test_what_is_not_sent_is_kept_and_an_empty_remark_clears(alice: Apig) -> None:
    made = alice.add("keeps_it", remark="as it was")
    path = f"/apps/{made['id']}"
    for body in ({"name": "keeps_it"}, {"name": "keeps_it", "remark": None, "app_key": None, "app_secret": None}):
        answer = alice.call("PUT", path, body)
        assert (answer.status, answer.body["remark"], answer.body["app_key"]) == (200, "as it was", made["app_key"])
    assert alice.call("PUT", path, {"name": "keeps_it", "remark": ""}).body["remark"] == ""
    assert secrets(made["id"]) == [(1, made["app_secret"])]
    assert events(made["id"]) == ["ADD", "SET"]


def test_other_properties_are_ignored(alice: Apig) -> None:
    made = alice.add("as_it_is")
    before = stored(made["id"])
    body = {"name": "as_it_is", "status": 2, "creator": "MARKET", "id": "x", "register_time": "2017-12-28T12:26:54Z"}
    assert alice.call("PUT", f"/apps/{made['id']}", body | {"gateway": "1", "no_such": []}).status == 200
    assert stored(made["id"]) == before


@pytest.mark.parametrize("secret", ["", "******", "the present one", None])
def test_the_mask_and_the_present_values_are_no_change_whether_it_is_on_or_off(
    alice: Apig, shut: Apig, secret: str | None
) -> None:
    for at in (alice, shut):
        made = at.add("unchanged")
        sent = made["app_secret"] if secret == "the present one" else secret
        answer = at.call("PUT", f"/apps/{made['id']}", {**SAMPLE, "app_key": made["app_key"], "app_secret": sent})
        assert (answer.status, answer.body["name"]) == (200, "app_001")
        assert secrets(made["id"]) == [(1, made["app_secret"])]
        assert events(made["id"]) == ["ADD", "SET"]


@pytest.mark.parametrize("given", [{"app_key": "app_key_sample"}, {"app_secret": "app_secret_sample"}])
def test_with_the_switch_off_a_change_of_either_is_refused_and_changes_nothing(
    shut: Apig, given: dict[str, str]
) -> None:
    made = shut.add("unchanged")
    before, held = stored(made["id"]), secrets(made["id"])
    answer = shut.call("PUT", f"/apps/{made['id']}", {"name": "changed", "remark": "too", **given})
    assert said(answer) == (400, "APIG.2000")
    assert "APP_KEY_SECRET_SWITCH" in answer.body["error_msg"]
    assert (stored(made["id"]), secrets(made["id"])) == (before, held)
    assert said(shut.call("POST", "/apps", {"name": "another", **given})) == (400, "APIG.2000")
    if "app_secret" in given:
        assert said(shut.call("PUT", f"/apps/secret/{made['id']}", given)) == (400, "APIG.2000")
    assert events(made["id"]) == ["ADD"]


def test_v2_answers_with_the_type(alice: Apig) -> None:
    made = alice.call("POST", "/apps", {"name": "app_v2"}, v="v2").body
    answer = alice.call("PUT", f"/apps/{made['id']}", {"name": "app_v2b"}, v="v2")
    assert (answer.body["app_type"], answer.body["app_secret"], answer.body["name"]) == ("apig", "******", "app_v2b")


def test_a_taken_name_or_key_is_told_and_ones_own_is_not_taken(alice: Apig, shut: Apig) -> None:
    first, second = alice.add("app_001", app_key="key_number_1"), alice.add("app_002")
    elsewhere = shut.add("app_001")
    assert elsewhere["name"] == "app_001", "another gateway, another name"
    path = f"/apps/{second['id']}"
    assert alice.call("PUT", path, {"name": "APP_001"}).body == {
        "error_code": "APIG.3203", "error_msg": "The app name already exists.",
    }  # fmt: skip
    assert alice.call("PUT", path, {"name": "app_002", "app_key": "key_number_1"}).body == {
        "error_code": "APIG.3310", "error_msg": "The AppKey already exists.",
    }  # fmt: skip
    same = {"name": "app_001", "app_key": "key_number_1"}
    assert alice.call("PUT", f"/apps/{first['id']}", same).status == 200


def test_a_disabled_app_is_not_modified_nor_reset(alice: Apig) -> None:
    made = alice.add("closed_one")
    executor.fire(APP, App.objects.all(), made["id"], Verb.DIS, by=Actor.system())
    assert said(alice.call("PUT", f"/apps/{made['id']}", {"name": "renamed"})) == (403, "APIG.1136")
    assert said(alice.call("PUT", f"/apps/secret/{made['id']}")) == (403, "APIG.1136")
    assert alice.call("GET", f"/apps/{made['id']}").body["status"] == 2
    assert said(alice.call("DELETE", f"/apps/{made['id']}")) == (403, "APIG.1136")


def test_an_operator_cannot_try_guesses_of_the_secret(cast: Cast, alice: Apig) -> None:
    """The present secret is no change to its owner alone: to an operator a right guess is answered as a wrong one."""
    assert cast.oscar.user is not None
    made, oscar = alice.add(app_secret="guessable_1"), alice.as_user(cast.oscar.user)
    answers = [
        oscar.call("PUT", f"/apps/{made['id']}", {"name": "app_001", "app_secret": guess})
        for guess in ("guessable_1", "guessable_2")
    ]
    assert [said(answer) for answer in answers] == [(403, "APIG.1005")] * 2
    assert answers[0].body == answers[1].body
    assert secrets(made["id"]) == [(1, "guessable_1")]
