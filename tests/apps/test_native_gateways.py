"""Gateways as resources: in whose project they stand, what is their owner's alone, what closes them, their keys."""

from typing import Any

import pytest
import time_machine
from django.test import override_settings

from accounts.models import AuditEvent, StoredAnswer
from apps.models import Gateway, GatewaySecret
from config.kernel.roles import Share
from projects.models import Project
from tests.cast import Answer, Caller, Cast
from tests.factories import actor, make_app, make_city, make_gateway, make_project, make_token, make_user, share

NOON = "2031-03-04T12:00:00+00:00"


@pytest.fixture
def project(cast: Cast) -> Project:
    """Of alice's company, in her city."""
    assert cast.alice.user is not None
    return make_project(cast.alice.user, "Payments", city=cast.city.key)


def create(caller: Caller, project: Project, **given: Any) -> Answer:
    return caller.api("POST", "gateways", {"project": project.key, "name": "网关_1"} | given)


def ids(answer: Answer) -> list[str]:
    return [each["id"] for each in answer.body["results"]]


def test_it_is_answered_whole_and_its_key_this_once(cast: Cast, project: Project) -> None:
    assert cast.alice.user is not None
    with time_machine.travel(NOON, tick=False):
        made = create(Caller(make_token(cast.alice.user)), project, profile="envoy", app_key_secret_switch=True)
    assert made.status == 201
    key, id = made.body.pop("gateway_key"), made.body["id"]
    assert (len(key), len(id)) == (40, 32)
    assert made.headers["Location"] == f"/api/v1/gateways/{id}"
    assert made.body == {
        "id": id,
        "name": "网关_1",
        "project": {"app_id": project.key, "name": "Payments"},
        "city": {"id": cast.city.key, "name": "Alice_City"},
        "app_key_secret_switch": True,
        "app_limit": 50,
        "app_code_limit": 5,
        "profile": "envoy",
        "unsigned_body": False,
        "state": "enabled",
        "effective_state": "enabled",
        "reason": "",
        "expires_at": None,
        "created_at": "2031-03-04T12:00:00Z",
        "updated_at": "2031-03-04T12:00:00Z",
        "version": 1,
        "url": f"/api/v1/gateways/{id}",
    }
    assert key not in str(cast.alice.api("GET", f"gateways/{id}").body)
    assert GatewaySecret.objects.get().reveal() == key


def test_in_no_city_it_has_none(cast: Cast) -> None:
    assert cast.alice.user is not None
    assert create(cast.alice, make_project(cast.alice.user)).body["city"] is None


def test_a_repeated_creation_is_one_and_tells_no_key_again(cast: Cast, project: Project) -> None:
    body = {"project": project.key, "name": "Gate_1"}
    first = cast.alice.api("POST", "gateways", body, Idempotency_Key="once")
    again = cast.alice.api("POST", "gateways", body, Idempotency_Key="once")
    assert (again.status, again.body["id"], again.body["gateway_key"]) == (201, first.body["id"], None)
    assert "secret_shown_at" in again.body
    assert first.body["gateway_key"] not in StoredAnswer.objects.get().body
    assert Gateway.objects.count() == 1


def grant_of(cast: Cast, caller: Caller) -> str:
    assert caller.user is not None
    found = cast.alice.api("GET", f"grants?thing=city/{cast.city.key}").body["results"]
    return next(each["id"] for each in found if each["user"] == caller.user.key)


def test_a_replay_is_judged_again_by_the_project(cast: Cast, project: Project) -> None:
    body = {"project": project.key, "name": "Gate_1"}
    assert cast.oscar.api("POST", "gateways", body, Idempotency_Key="once").status == 201
    grant = grant_of(cast, cast.oscar)
    cast.alice.api("PATCH", f"grants/{grant}", {"role": "viewer"})
    assert cast.oscar.api("POST", "gateways", body, Idempotency_Key="once").code == "forbidden"
    cast.alice.api("DELETE", f"grants/{grant}")
    assert cast.oscar.api("POST", "gateways", body, Idempotency_Key="once").code == "not_found"
    assert Gateway.objects.count() == 1


def test_what_opens_or_closes_it_is_its_owners_alone(cast: Cast, project: Project) -> None:
    id = create(cast.oscar, project).body["id"]
    assert cast.oscar.api("PATCH", f"gateways/{id}", {"name": "Renamed"}).body["name"] == "Renamed"
    for given in (
        {"app_key_secret_switch": True}, {"app_limit": 1}, {"app_code_limit": 1}, {"profile": "envoy"},
        {"unsigned_body": True},
    ):  # fmt: skip
        assert cast.oscar.api("PATCH", f"gateways/{id}", {"name": "Again", **given}).code == "forbidden"
        assert create(cast.oscar, project, **given).code == "forbidden"
    assert cast.alice.api("GET", f"gateways/{id}").body["name"] == "Renamed", "all or nothing"
    changed = cast.alice.api("PATCH", f"gateways/{id}", {"app_key_secret_switch": True, "app_limit": 7})
    assert (changed.body["app_key_secret_switch"], changed.body["app_limit"]) == (True, 7)
    event = AuditEvent.objects.filter(verb="SET", thing=id).latest("pk")
    assert (event.before, event.after) == ({"key_switch": False, "app_limit": 50}, {"key_switch": True, "app_limit": 7})


@pytest.mark.parametrize(
    ("given", "code", "pointer"),
    [
        ({"app_limit": 51}, "out_of_range", "#/app_limit"),
        ({"app_code_limit": 6}, "out_of_range", "#/app_code_limit"),
        ({"app_limit": -1}, "out_of_range", "#/app_limit"),
        ({"profile": "haproxy"}, "bad_choice", "#/profile"),
        ({"unsigned_body": 1}, "wrong_type", "#/unsigned_body"),
        ({"key_switch": True}, "unknown_field", "#/key_switch"),
        ({"name": "ab"}, "too_short", "#/name"),
        ({"name": "a" * 65}, "too_long", "#/name"),
        ({"name": "_abc"}, "bad_start", "#/name"),
    ],
)
def test_what_it_may_not_be(cast: Cast, project: Project, given: dict[str, Any], code: str, pointer: str) -> None:
    id = create(cast.alice, project).body["id"]
    for answer in (create(cast.alice, project, **given), cast.alice.api("PATCH", f"gateways/{id}", given)):
        assert (answer.status, answer.code, answer.body["errors"][0]["pointer"]) == (422, code, pointer)
    assert Gateway.objects.count() == 1


def test_it_never_changes_its_project(cast: Cast, project: Project) -> None:
    """S8."""
    assert cast.alice.user is not None
    id, other = create(cast.alice, project).body["id"], make_project(cast.alice.user)
    assert cast.alice.api("PATCH", f"gateways/{id}", {"project": other.key}).code == "unknown_field"


@pytest.mark.parametrize("given", [{}, {"project": 7}, {"project": None}])
def test_without_a_project_every_fault_is_told(cast: Cast, given: dict[str, Any]) -> None:
    answer = cast.alice.api("POST", "gateways", {"name": 5, **given})
    assert {fault["pointer"] for fault in answer.body["errors"]} == {"#/project", "#/name"}


def test_where_one_may_not_nothing_else_is_looked_at(cast: Cast, project: Project) -> None:
    bad = {"project": project.key, "name": 5}
    assert cast.charlie.api("POST", "gateways", bad).code == "not_found"
    assert cast.vera.api("POST", "gateways", bad).code == "forbidden"
    assert cast.zoe.api("POST", "gateways", bad).code == "forbidden"
    assert cast.alice.api("POST", "gateways", {"project": "no-such-id", "name": 5}).code == "not_found"
    refused = AuditEvent.objects.filter(outcome="refused", kind="project", verb="ADD", thing=project.key)
    assert refused.count() == 3, "each is in the history of the project"


def test_a_project_holds_so_many(cast: Cast, project: Project) -> None:
    with override_settings(GATEWAYS_PER_PROJECT=2):
        first = create(cast.alice, project).body["id"]
        assert create(cast.alice, project, name="网关_1").status == 201, "names need not differ"
        refused = create(cast.alice, project)
        assert (refused.status, refused.code) == (409, "limit_reached")
        cast.alice.api("DELETE", f"gateways/{first}")
        assert create(cast.alice, project).status == 201, "what lies in the bin does not count"
        assert cast.zoe.api("POST", f"gateways/{first}/recycle").code == "limit_reached"


def test_lists_hold_ones_own_and_what_is_shared_and_what_stands_below(cast: Cast, project: Project) -> None:
    assert cast.charlie.user is not None
    first, second = (create(cast.alice, project, name=name).body["id"] for name in ("Gate_b", "Gate_a"))
    theirs = make_gateway(cast.charlie.user, name="Gate_c").key
    assert ids(cast.alice.api("GET", "gateways")) == [second, first]
    assert ids(cast.alice.api("GET", "gateways?ordering=name")) == [second, first]
    assert ids(cast.alice.api("GET", "gateways?ordering=created_at")) == [first, second]
    assert ids(cast.vera.api("GET", "gateways")) == [], "what a grant above covers is listed under it"
    for caller in (cast.alice, cast.vera, cast.zoe):
        assert ids(caller.api("GET", f"gateways?project={project.key}")) == [second, first]
        assert ids(caller.api("GET", f"gateways?city={cast.city.key}")) == [second, first]
    assert ids(cast.root.api("GET", "gateways?scope=all")) == [theirs, second, first]
    assert cast.charlie.api("GET", f"gateways?project={project.key}").code == "not_found"
    assert cast.charlie.api("GET", f"gateways?city={cast.city.key}").code == "not_found"
    assert cast.charlie.api("GET", "gateways?scope=all").code == "forbidden"
    cast.alice.api("POST", "grants", {"thing": f"gateway/{first}", "user": cast.charlie.user.key, "role": "viewer"})
    assert ids(cast.charlie.api("GET", "gateways")) == [theirs, first]
    assert ids(cast.charlie.api("GET", f"gateways?search={first}")) == [first]


def test_a_grant_on_the_city_reaches_the_givers_company_alone(cast: Cast, project: Project) -> None:
    """S9: what another company has placed in alice's city is not hers to share."""
    own = create(cast.alice, project).body["id"]
    other = make_user("mia")
    foreign = make_project(other)
    Project.objects.filter(pk=foreign.pk).update(city=cast.city)
    theirs = make_gateway(other, foreign).key
    assert ids(cast.vera.api("GET", f"gateways?city={cast.city.key}")) == [own]
    assert ids(cast.alice.api("GET", f"gateways?city={cast.city.key}")) == [theirs, own]
    assert cast.vera.api("GET", f"gateways/{theirs}").code == "not_found"
    assert cast.alice.api("PATCH", f"gateways/{theirs}", {"name": "Renamed"}).code == "forbidden"


def test_pages_follow_each_other_and_filters_narrow_them(cast: Cast, project: Project) -> None:
    made = [create(cast.alice, project, name=f"Gate_{name}").body["id"] for name in "abc"]
    cast.alice.api("POST", f"gateways/{made[0]}/offline")
    first = cast.alice.api("GET", f"gateways?limit=2&project={project.key}")
    assert ids(first) == [made[2], made[1]]
    assert ids(cast.alice.call("GET", first.body["next"])) == [made[0]]
    for query, found in (
        ("state=offline", [made[0]]), ("name=GATE_B", [made[1]]), ("name__contains=e_c", [made[2]]),
        ("state=deleted", []), ("created_at__lt=2020-01-01T00:00:00Z", []),
    ):  # fmt: skip
        assert ids(cast.alice.api("GET", f"gateways?{query}")) == found, query
    cast.alice.api("DELETE", f"gateways/{made[1]}")
    assert ids(cast.alice.api("GET", "gateways")) == [made[2], made[0]]
    assert ids(cast.alice.api("GET", "gateways?state=deleted")) == [made[1]]


@pytest.mark.parametrize("above", ["city", "project"])
def test_what_stands_above_closes_it_without_a_row_of_its_own_being_written(
    cast: Cast, project: Project, above: str
) -> None:
    id = create(cast.alice, project).body["id"]
    before = Gateway.objects.values().get()
    path = {"city": f"cities/{cast.city.key}", "project": f"projects/{project.key}"}[above]
    cast.zoe.api("POST", f"{path}/disable", {})
    closed = cast.alice.api("GET", f"gateways/{id}")
    assert (closed.body["state"], closed.body["effective_state"]) == ("enabled", "disabled")
    assert closed.headers["ETag"] == '"1.0.1"'
    assert cast.alice.api("PATCH", f"gateways/{id}", {"name": "Renamed"}).code == "wrong_state"
    assert cast.alice.api("POST", f"gateways/{id}/rotate", {}).code == "wrong_state"
    assert create(cast.alice, project).code == "wrong_state"
    cast.zoe.api("POST", f"{path}/enable")
    assert cast.alice.api("GET", f"gateways/{id}").body["effective_state"] == "enabled"
    assert Gateway.objects.values().get() == before


def test_two_keys_are_live_at_most(cast: Cast, project: Project) -> None:
    path = f"gateways/{create(cast.alice, project).body['id']}"
    first = cast.alice.api("POST", f"{path}/rotate", {"grace_seconds": 60})
    assert (first.body["secret"]["n"], len(first.body["secret"]["value"]), first.body["previous"]["n"]) == (2, 40, 1)
    assert cast.alice.api("POST", f"{path}/rotate", {"grace_seconds": 60}).code == "limit_reached"
    shown = cast.vera.api("GET", f"{path}/secrets").body["results"]
    assert [(each["n"], each["is_live"]) for each in shown] == [(2, True), (1, True)]
    assert shown[0]["secret_hint"] == first.body["secret"]["value"][:4]
    assert cast.alice.api("DELETE", f"{path}/secrets/1").status == 204
    assert cast.alice.api("DELETE", f"{path}/secrets/7").code == "not_found"
    assert cast.alice.api("POST", f"{path}/rotate", {"grace_seconds": 0}).body["previous"]["n"] == 2
    assert cast.alice.api("POST", f"{path}/rotate", {"secret": "a-key-of-ones-own"}).code == "unknown_field"


def test_a_purged_one_goes_with_what_is_binned_below(cast: Cast, project: Project) -> None:
    assert cast.alice.user is not None
    id = create(cast.alice, project).body["id"]
    app, _ = make_app(Gateway.objects.get(), cast.alice.user)
    cast.alice.api("DELETE", f"gateways/{id}")
    confirm = {"confirm": "网关_1"}
    assert cast.alice.api("POST", f"gateways/{id}/purge", confirm).code == "has_children"
    cast.alice.api("DELETE", f"apps/{app.key}")
    tried = cast.alice.api("POST", f"gateways/{id}/purge", {**confirm, "dry_run": True})
    assert tried.body == {"id": id, "dry_run": True, "removed": {"app": 1, "gateway": 1}}
    assert cast.alice.api("POST", f"gateways/{id}/purge", {"confirm": "another"}).code == "not_confirmed"
    assert cast.alice.api("POST", f"gateways/{id}/purge", confirm).body["dry_run"] is False
    graves = AuditEvent.objects.filter(verb="DEL").order_by("pk").values_list("kind", "thing")
    assert list(graves) == [("app", app.key), ("gateway", id)]


def test_a_token_that_is_bound_to_another_city_is_blind_to_it(cast: Cast, project: Project) -> None:
    assert cast.alice.user is not None
    id = create(cast.alice, project).body["id"]
    other = make_city(cast.alice.user)
    bound = Caller(make_token(cast.alice.user, cities=[other.key]))
    assert bound.api("GET", f"gateways/{id}").code == "not_found"
    assert ids(bound.api("GET", "gateways")) == []
    assert create(bound, project).code == "not_found"
    here = Caller(make_token(cast.alice.user, cities=[cast.city.key]))
    assert ids(here.api("GET", "gateways")) == [id]
    assert create(here, project).status == 201, "what stands in its city may be made in"


def test_who_operates_the_city_after_all_is_told_by_its_own_grant(cast: Cast, project: Project) -> None:
    """A share on the city reaches the gateway at once, and ends with it."""
    assert cast.charlie.user is not None
    assert cast.alice.user is not None
    id = create(cast.alice, project).body["id"]
    share(cast.city, cast.charlie.user, Share.OPERATOR, by=actor(cast.alice.user))
    assert cast.charlie.api("PATCH", f"gateways/{id}", {"name": "Renamed"}).status == 200
    cast.alice.api("DELETE", f"grants/{grant_of(cast, cast.charlie)}")
    assert cast.charlie.api("GET", f"gateways/{id}").status == 404
