"""Projects as resources: whose they are, where they may stand, what closes them, and their secrets."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEvent, User
from config.kernel.roles import Share
from projects.models import Project
from tests.cast import Answer, Caller, Cast
from tests.factories import actor, make_city, make_token, make_user, share

NOON = "2031-03-04T12:00:00+00:00"


def create(caller: Caller, **given: Any) -> Answer:
    return caller.api("POST", "projects", {"name": "项目 一"} | given)


def rotate(caller: Caller, app_id: str, **given: Any) -> Answer:
    return caller.api("POST", f"projects/{app_id}/rotate", given)


def member_of(company_of: User) -> Caller:
    """Somebody of the same company who is no admin of it."""
    user = make_user("mia")
    User.objects.filter(pk=user.pk).update(corp=company_of.corp, is_corp_admin=False)
    user.refresh_from_db()
    return Caller(make_token(user), user)


def test_it_is_answered_whole_and_its_secret_this_once(cast: Cast) -> None:
    assert cast.alice.user is not None
    with time_machine.travel(NOON, tick=False):
        caller = Caller(make_token(cast.alice.user))
        made = create(caller, auth_type="token", city=cast.city.key)
    assert made.status == 201
    secret, app_id = made.body.pop("app_secret"), made.body["app_id"]
    assert (len(secret), len(app_id)) == (32, 10)
    corp = cast.alice.user.corp
    assert made.body == {
        "app_id": app_id,
        "name": "项目 一",
        "organization": {"id": corp.key, "name": "alice", "comp_id": corp.comp_id},
        "city": {"id": cast.city.key, "name": "Alice_City"},
        "auth_type": "token",
        "is_default": False,
        "state": "enabled",
        "effective_state": "enabled",
        "reason": "",
        "expires_at": None,
        "created_at": "2031-03-04T12:00:00Z",
        "updated_at": "2031-03-04T12:00:00Z",
        "version": 1,
        "url": f"/api/v1/projects/{app_id}",
    }
    assert secret not in str(cast.alice.api("GET", f"projects/{app_id}").body)


def test_a_member_of_the_company_looks_and_does_not_touch(cast: Cast) -> None:
    assert cast.alice.user is not None
    app_id, mia = create(cast.alice).body["app_id"], member_of(cast.alice.user)
    assert [each["is_default"] for each in mia.api("GET", "projects").body["results"]] == [False, True]
    assert mia.api("GET", f"projects/{app_id}").status == 200
    for method, step in (("PATCH", ""), ("DELETE", ""), ("POST", "/rotate"), ("POST", "/offline")):
        assert mia.api(method, f"projects/{app_id}{step}", {"name": "x1"} if method == "PATCH" else None).status == 403
    assert create(mia).code == "forbidden"


def test_it_stands_only_in_a_city_of_its_companys_people(cast: Cast) -> None:
    assert cast.charlie.user is not None
    assert cast.alice.user is not None
    theirs = make_city(cast.charlie.user)
    assert create(cast.alice, city=theirs.key).code == "not_found"
    share(theirs, cast.alice.user, Share.OPERATOR, by=actor(cast.charlie.user))
    refused = create(cast.alice, city=theirs.key)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "#/city")
    cast.zoe.api("POST", f"cities/{cast.city.key}/disable", {})
    assert create(cast.alice, city=cast.city.key).code == "wrong_state"
    assert Project.objects.filter(is_default=False).count() == 0


def test_a_closed_city_closes_it_without_a_row_of_its_own_being_written(cast: Cast) -> None:
    app_id = create(cast.alice, city=cast.city.key).body["app_id"]
    before = Project.objects.filter(key=app_id).values().get()
    cast.zoe.api("POST", f"cities/{cast.city.key}/disable", {"reason": "x"})
    closed = cast.alice.api("GET", f"projects/{app_id}")
    assert (closed.body["state"], closed.body["effective_state"], closed.headers["ETag"]) == (
        "enabled", "disabled", '"1.0.1"',
    )  # fmt: skip
    assert cast.alice.api("PATCH", f"projects/{app_id}", {"name": "x1"}).code == "wrong_state"
    assert rotate(cast.alice, app_id).code == "wrong_state"
    cast.zoe.api("POST", f"cities/{cast.city.key}/enable")
    assert cast.alice.api("GET", f"projects/{app_id}").body["effective_state"] == "enabled"
    assert Project.objects.filter(key=app_id).values().get() == before


def test_a_grant_on_the_city_reaches_the_givers_company_alone(cast: Cast) -> None:
    """S9: oscar operates alice's city by her grant; mia's company is another, though its project stood there."""
    app_id = create(cast.alice, city=cast.city.key).body["app_id"]
    assert cast.oscar.api("PATCH", f"projects/{app_id}", {"name": "x1"}).status == 200
    assert rotate(cast.oscar, app_id).code == "forbidden"
    Project.objects.filter(key=app_id).update(company=make_user("mia").corp)
    assert cast.oscar.api("GET", f"projects/{app_id}").status == 404
    assert cast.alice.api("GET", f"projects/{app_id}").status == 200, "the city's owner sees what stands in it"
    assert cast.alice.api("PATCH", f"projects/{app_id}", {"name": "x2"}).code == "forbidden"


def test_two_secrets_are_live_at_most_and_no_end_is_lengthened(cast: Cast) -> None:
    app_id = create(cast.alice).body["app_id"]
    with time_machine.travel(timezone.now(), tick=False):
        soon = timezone.now() + timedelta(minutes=1)
        first = rotate(cast.alice, app_id, grace_seconds=60, expires_at=soon.isoformat())
        assert (first.body["secret"]["n"], first.body["previous"]["n"]) == (2, 1)
        assert rotate(cast.alice, app_id, grace_seconds=60).code == "limit_reached"
        assert cast.alice.api("DELETE", f"projects/{app_id}/secrets/1").status == 204
        second = rotate(cast.alice, app_id, grace_seconds=3600)
        assert second.body["previous"] == {"n": 2, "ends_at": soon.isoformat().replace("+00:00", "Z")}
    live = [
        (each["n"], each["is_live"]) for each in cast.alice.api("GET", f"projects/{app_id}/secrets").body["results"]
    ]
    assert live == [(3, True), (2, True), (1, False)]


def test_a_secret_that_has_ended_is_told_to_who_has_the_etag(cast: Cast) -> None:
    """Its end bumps no version: 304 would tell that it is still good."""
    app_id = create(cast.alice).body["app_id"]
    with time_machine.travel(timezone.now(), tick=False) as clock:
        rotate(cast.alice, app_id, grace_seconds=60)
        path = f"projects/{app_id}/secrets"
        before = cast.alice.api("GET", path)
        clock.shift(timedelta(minutes=1))
        after = cast.alice.api("GET", path, If_None_Match=before.headers["ETag"])
    assert (after.status, after.headers["ETag"]) == (200, before.headers["ETag"])
    assert [each["is_live"] for each in before.body["results"]] == [True, True]
    assert [each["is_live"] for each in after.body["results"]] == [True, False]


def test_a_repeated_rotation_is_one_and_tells_no_secret_again(cast: Cast) -> None:
    app_id = create(cast.alice).body["app_id"]
    path = f"projects/{app_id}/rotate"
    first = cast.alice.api("POST", path, {"grace_seconds": 60}, Idempotency_Key="once")
    again = cast.alice.api("POST", path, {"grace_seconds": 60}, Idempotency_Key="once")
    assert len(first.body["secret"]["value"]) == 32
    assert (again.status, again.body["secret"], "secret_shown_at" in again.body) == (200, None, True)
    assert AuditEvent.objects.filter(verb="ROTATE", thing=app_id).count() == 1


def test_the_default_project_is_not_deleted_and_what_is_comes_back(cast: Cast) -> None:
    default = cast.alice.api("GET", "projects").body["results"][0]["app_id"]
    assert cast.alice.api("DELETE", f"projects/{default}").code == "reserved"
    app_id = create(cast.alice).body["app_id"]
    assert cast.alice.api("DELETE", f"projects/{app_id}").status == 204
    assert [each["id"] for each in cast.alice.api("GET", "bin").body["results"]] == [app_id]
    assert cast.zoe.api("POST", f"projects/{app_id}/recycle").body["state"] == "enabled"


@pytest.mark.parametrize(("name", "code"), [("a", "too_short"), ("a" * 31, "too_long"), (" ab", "bad_character")])
def test_a_bad_name_is_refused(cast: Cast, name: str, code: str) -> None:
    answer = create(cast.alice, name=name)
    assert (answer.status, answer.code) == (422, code)
