"""`/api/v1/policies`: who reads the rows, who overrides them, what that is answered and what the trail tells of it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEvent, PolicyBook
from config.kernel import registry
from config.kernel.roles import Role
from tests.cast import Caller, Cast
from tests.factories import make_city, make_token, make_user
from tests.policies import CLOSED, override, patch

pytestmark = pytest.mark.django_db


def trail(name: str) -> list[tuple[str, str, str, Any, Any]]:
    rows = AuditEvent.objects.filter(kind="policy", thing=name).order_by("id")
    return list(rows.values_list("verb", "outcome", "actor", "before", "after"))


def test_a_row_is_shown_as_documented_as_overridden_and_as_in_force(cast: Cast) -> None:
    answer = cast.root.api("GET", "policies/DisState")
    assert answer.status == 200
    assert answer.headers["ETag"] == '"1.0.0"'
    body = answer.body
    assert (body["name"], body["overridden"], body["overridable"], body["version"]) == ("DisState", {}, True, 1)
    documented = body["documented"]
    assert (documented["XduaApiSubject"], documented["XduaApiRoles"]) == ("i", "Admin")
    assert (documented["XduaApiAcitys"], documented["XduaApiEnable"]) == ("0,0 或者0", "true")
    assert body["effective"] == {
        "http_schema": "HTTPS",
        "method": "DIS",
        "color": "X",
        "audience": "ConsoleX",
        "shop": "XdUaXduA",
        "subject": "i",
        "roles": ["Admin"],
        "resource": "city",
        "kparam": "id",
        "action": "DisableState",
        "acitys": "0",
        "enable": "true",
    }
    assert cast.root.api("GET", "policies/GetState").body["effective"]["acitys"] == "0,0,0,0,0,0,0135"
    assert cast.root.api("GET", "policies/AddProject").body["documented"] == {}


def test_the_list_holds_every_row_once(cast: Cast) -> None:
    answer = cast.zoe.api("GET", "policies")
    assert answer.status == 200
    assert (answer.body["next"], answer.body["previous"]) == (None, None)
    names = [row["name"] for row in answer.body["results"]]
    assert sorted(names) == sorted(row.name for row in registry.policies())
    assert len(set(names)) == len(names)
    assert cast.zoe.api("GET", "policies?fields=name,version").body["results"][0].keys() == {"name", "version"}


@pytest.mark.parametrize("who", ["alice", "oscar", "vera", "charlie"])
def test_a_developer_sees_none_of_it(cast: Cast, who: str) -> None:
    caller = getattr(cast, who)
    assert (caller.api("GET", "policies").status, caller.api("GET", "policies/SetState").status) == (403, 404)
    assert caller.api("GET", "policies/NoState").code == "not_found"
    assert patch(caller, "SetState", {"enable": CLOSED}).status == 404
    assert not PolicyBook.objects.exists()


def test_a_zoon_reads_and_does_not_write(cast: Cast) -> None:
    assert cast.zoe.api("GET", "policies/SetState").status == 200
    assert (patch(cast.zoe, "SetState", {"enable": CLOSED}).code, trail("SetState")[0][1:3]) == (
        "forbidden",
        ("refused", cast.zoe.user.key),  # type: ignore[union-attr]
    )
    assert cast.root.api("GET", "policies/SetState").body["overridden"] == {}


def test_an_override_is_answered_and_told_in_the_trail(cast: Cast) -> None:
    answer = patch(cast.root, "DisState", {"enable": "Api Not Implemented", "acitys": "03,0"}, '"1"')
    assert answer.status == 200
    assert answer.body["overridden"] == {"enable": "Api Not Implemented", "acitys": "03"}
    assert (answer.body["effective"]["enable"], answer.body["effective"]["acitys"]) == ("Api Not Implemented", "03")
    assert (answer.body["version"], answer.headers["ETag"]) == (2, '"2.0.0"')
    assert answer.body["documented"]["XduaApiEnable"] == "true"
    assert cast.root.api("GET", "policies/DisState").body == answer.body
    root = cast.root.user.key  # type: ignore[union-attr]
    before, after = {"enable": "true", "acitys": "0"}, {"enable": "Api Not Implemented", "acitys": "03"}
    assert trail("DisState") == [("SET", "ok", root, before, after)]


def test_null_is_the_default_again_and_the_version_goes_on(cast: Cast) -> None:
    patch(cast.root, "DisState", {"enable": CLOSED, "acitys": "03"})
    answer = patch(cast.root, "DisState", {"enable": None}, '"2"')
    assert (answer.body["overridden"], answer.body["version"]) == ({"acitys": "03"}, 3)
    answer = patch(cast.root, "DisState", {"acitys": None}, '"3"')
    assert (answer.body["overridden"], answer.body["effective"]["acitys"], answer.body["version"]) == ({}, "0", 4)
    assert patch(cast.root, "DisState", {"enable": CLOSED}, '"1"').status == 412, "a version is never used again"
    assert [event[3:] for event in trail("DisState")][1:] == [
        ({"enable": CLOSED}, {"enable": "true"}),
        ({"acitys": "03"}, {"acitys": "0"}),
    ]


@pytest.mark.parametrize(
    "data", [{}, {"enable": None}, {"enable": "true"}, {"acitys": "0,0 或者0"}, {"acitys": "0,0,0"}]
)
def test_what_is_so_already_changes_nothing(cast: Cast, data: Any) -> None:
    for _ in range(2):
        answer = patch(cast.root, "DisState", data)
        assert (answer.status, answer.body["overridden"], answer.body["version"]) == (200, {}, 1)
    assert trail("DisState") == []


def test_a_repeat_of_an_override_changes_nothing(cast: Cast) -> None:
    first = patch(cast.root, "GetState", {"acitys": "0"})
    assert first.body["overridden"] == {"acitys": "0"}, "the row itself says any login"
    assert patch(cast.root, "GetState", {"acitys": "0,0"}).body == first.body
    same = "State,Corp,Shop,User,State,Token: 0"
    assert patch(cast.root, "GetState", {"acitys": same}).body["overridden"] == {}
    assert len(trail("GetState")) == 2


@pytest.mark.parametrize(
    ("data", "pointer", "code"),
    [
        ({"enable": "false"}, "#/enable", "bad_choice"),
        ({"enable": "True"}, "#/enable", "bad_choice"),
        ({"enable": True}, "#/enable", "wrong_type"),
        ({"enable": ""}, "#/enable", "bad_choice"),
        ({"acitys": 0}, "#/acitys", "wrong_type"),
        ({"acitys": ["0"]}, "#/acitys", "wrong_type"),
        ({"acitys": ""}, "#/acitys", "bad_choice"),
        ({"acitys": "0,"}, "#/acitys", "bad_choice"),
        ({"acitys": "2"}, "#/acitys", "bad_choice"),
        ({"acitys": "00"}, "#/acitys", "bad_choice"),
        ({"acitys": "30"}, "#/acitys", "bad_choice"),
        ({"acitys": "0 ,0"}, "#/acitys", "bad_choice"),
        ({"acitys": "٠"}, "#/acitys", "bad_choice"),
        ({"acitys": "0，0"}, "#/acitys", "bad_choice"),
        ({"acitys": "0\n"}, "#/acitys", "bad_choice"),
        ({"acitys": "0,0,0,0,0,0,0,0"}, "#/acitys", "too_many_values"),
        ({"roles": "God"}, "#/roles", "unknown_field"),
        ({"color": "R"}, "#/color", "unknown_field"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, data: Any, pointer: str, code: str) -> None:
    answer = patch(cast.root, "SetState", data)
    assert (answer.status, [(fault["pointer"], fault["code"]) for fault in answer.body["errors"]]) == (
        422,
        [(pointer, code)],
    )
    assert cast.root.api("GET", "policies/SetState").body["version"] == 1


def test_a_write_says_which_version_it_means(cast: Cast) -> None:
    answer = cast.root.api("PATCH", "policies/SetState", {"enable": CLOSED})
    assert (answer.status, answer.code) == (428, "precondition_required")
    assert cast.root.api("PATCH", "policies/SetState", {"enable": 1}).status == 428
    assert cast.zoe.api("PATCH", "policies/SetState", {"enable": CLOSED}).status == 403
    assert patch(cast.root, "SetState", {"enable": 1}, '"7"').status == 412
    assert cast.root.api("GET", "policies/SetState").body["version"] == 1


def test_it_needs_a_fresh_proof(cast: Cast) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert patch(cast.root, "SetState", {"enable": CLOSED}).code == "reauthenticate"
        assert cast.root.api("GET", "policies/SetState").status == 200


def test_it_needs_the_scope_and_a_credential_that_reaches_all(cast: Cast) -> None:
    god = make_user("second", Role.GOD)
    city = make_city(god, "Gods_City")
    reader, bound = Caller(make_token(god, scopes=["read"])), Caller(make_token(god, cities=[city.key]))
    assert (reader.api("GET", "policies").status, patch(reader, "SetState", {"acitys": "03"}).code) == (
        200,
        "out_of_scope",
    )
    writer = Caller(make_token(god, scopes=["set"]))
    assert (writer.api("GET", "policies").code, patch(writer, "SetState", {"acitys": "03"}).status) == (
        "out_of_scope",
        200,
    )
    assert {bound.api("GET", "policies").code, patch(bound, "SetState", {"acitys": "03"}).code} == {"beyond_cities"}


@pytest.mark.parametrize("name", ["setstate", "SetState%00", "x" * 300, "SetState.", "深圳"])
def test_there_is_no_row_of_another_name(cast: Cast, name: str) -> None:
    assert cast.root.api("GET", f"policies/{name}").status == 404
    assert patch(cast.root, name, {"enable": CLOSED}).status == 404


def test_a_row_that_follows_another_tells_so_and_has_another_version(cast: Cast) -> None:
    before = cast.root.api("GET", "policies/SetApp").body
    assert (before["follows"], before["overridden"], before["version"]) == ("SetDevltmpl", {}, 1)
    override("SetDevltmpl", enable=CLOSED)
    after = cast.root.api("GET", "policies/SetApp").body
    assert (after["overridden"], after["effective"]["enable"], after["version"]) == ({}, CLOSED, 2)
    assert cast.root.api("GET", "policies/SetApp", If_None_Match='"1.0.0"').status == 200
    assert patch(cast.root, "SetApp", {"acitys": "03"}, '"2"').body["version"] == 3
