"""Apps as resources: what one is, whose they are, a key and a secret of one's own, limits, and their end."""

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, StoredAnswer
from apps.models import App, AppSecret, Gateway
from tests.cast import Answer, Caller, Cast
from tests.factories import make_app, make_gateway, make_project, make_token

NOON = "2031-03-04T12:00:00+00:00"
OWN = "a-secret-of-ones-own"


@pytest.fixture
def gateway(cast: Cast) -> Gateway:
    """In alice's city, with its switch off."""
    assert cast.alice.user is not None
    project = make_project(cast.alice.user, "Payments", city=cast.city.key)
    return make_gateway(cast.alice.user, project, "Gate_1")


@pytest.fixture
def switched(cast: Cast, gateway: Gateway) -> Gateway:
    """The same with its switch on."""
    assert cast.alice.api("PATCH", f"gateways/{gateway.key}", {"app_key_secret_switch": True}).status == 200
    return gateway


def create(caller: Caller, gateway: Gateway, **given: Any) -> Answer:
    return caller.api("POST", "apps", {"gateway": gateway.key, "name": "应用_1"} | given)


def ids(answer: Answer) -> list[str]:
    return [each["id"] for each in answer.body["results"]]


def test_it_is_answered_whole_and_its_secret_this_once(cast: Cast, gateway: Gateway) -> None:
    assert cast.alice.user is not None
    with time_machine.travel(NOON, tick=False):
        made = create(Caller(make_token(cast.alice.user)), gateway, remark="for the band", avatar="band.png")
    assert made.status == 201
    secret, id = made.body.pop("app_secret"), made.body["id"]
    assert (len(secret), len(id), made.headers["Location"]) == (32, 36, f"/api/v1/apps/{id}")
    app = App.objects.get()
    assert made.body == {
        "id": id,
        "devl_id": app.devl_id,
        "name": "应用_1",
        "remark": "for the band",
        "avatar": "band.png",
        "app_key": app.app_key,
        "gateway": {"id": gateway.key, "name": "Gate_1"},
        "project": {"app_id": gateway.project.key},
        "creator": "user",
        "state": "enabled",
        "effective_state": "enabled",
        "reason": "",
        "expires_at": None,
        "created_at": "2031-03-04T12:00:00Z",
        "updated_at": "2031-03-04T12:00:00Z",
        "version": 1,
        "url": f"/api/v1/apps/{id}",
    }
    assert len(app.app_key) == 32
    assert secret not in str(cast.alice.api("GET", f"apps/{id}").body)
    assert AppSecret.objects.get().reveal() == secret


def test_it_is_found_by_each_of_its_ids(cast: Cast, gateway: Gateway) -> None:
    made = create(cast.alice, gateway).body
    for id in (made["id"].replace("-", ""), made["devl_id"]):
        assert cast.alice.api("GET", f"apps/{id}").body == cast.alice.api("GET", f"apps/{made['id']}").body
        assert cast.alice.api("GET", f"apps/{id}/codes").body["results"] == []
        assert cast.alice.api("POST", f"apps/{id}/disable", {"reason": id[:4]}).body["reason"] == id[:4]
        assert cast.root.api("POST", f"apps/{id}/enable").body["state"] == "enabled"
        assert cast.charlie.api("GET", f"apps/{id}").code == "not_found"
    told = cast.charlie.api("GET", "audit").body["results"]
    assert [each["thing"] for each in told] == [f"app/{made['devl_id']}", f"app/{made['id']}"]


def test_a_hidden_devl_id_is_answered_and_costs_as_one_that_is_not(cast: Cast, gateway: Gateway) -> None:
    """S13."""
    hidden = create(cast.alice, gateway).body["devl_id"]
    found = []
    for devl_id in (hidden, "zzzzzzzz", hidden, "zzzzzzzz"):
        with CaptureQueriesContext(connection) as queries:
            answer = cast.charlie.api("PATCH", f"apps/{devl_id}", {"name": 5})
        told = {name: answer.body[name] for name in ("status", "code", "detail")}
        found.append(
            (told, [query["sql"].split(" WHERE ")[0][:60] for query in queries if "SAVEPOINT" not in query["sql"]])
        )
    assert found[2] == found[3], "from the second on: what is tallied is there"
    assert found[2][0]["status"] == 404


def test_a_purge_by_another_of_its_ids_is_judged_again_too(cast: Cast, gateway: Gateway) -> None:
    assert cast.alice.user is not None
    made = create(cast.alice, gateway).body
    cast.alice.api("DELETE", f"apps/{made['id']}")
    body, member = {"confirm": "应用_1", "dry_run": True}, Caller(make_token(cast.alice.user))
    for id in (made["id"], made["id"].replace("-", ""), made["devl_id"]):
        path = f"apps/{id}/purge"
        tried = member.api("POST", path, body, Idempotency_Key="once")
        assert tried.body == {"id": made["id"], "dry_run": True, "removed": {"app": 1}}
    type(cast.alice.user)._default_manager.filter(pk=cast.alice.user.pk).update(is_corp_admin=False)
    for id in (made["id"], made["id"].replace("-", ""), made["devl_id"]):
        assert member.api("POST", f"apps/{id}/purge", body, Idempotency_Key="once").code == "forbidden", id


def test_a_key_and_a_secret_of_ones_own_need_the_switch(cast: Cast, gateway: Gateway) -> None:
    id = create(cast.alice, gateway).body["id"]
    for given in ({"app_key": "key-of-ones-own"}, {"app_secret": OWN}):
        refused = create(cast.alice, gateway, name="Another", **given)
        assert (refused.status, refused.code) == (422, "switch_off")
        assert cast.alice.api("PATCH", f"apps/{id}", {"name": "Another", **given}).code == "switch_off"
    assert cast.alice.api("POST", f"apps/{id}/rotate", {"secret": OWN}).code == "switch_off"
    assert cast.alice.api("GET", f"apps/{id}").body["name"] == "应用_1", "all or nothing"
    assert cast.alice.api("PATCH", f"apps/{id}", {"app_key": App.objects.get().app_key}).status == 200, "no change"
    cast.alice.api("PATCH", f"gateways/{gateway.key}", {"app_key_secret_switch": True})
    made = create(cast.alice, gateway, name="Another", app_key="key-of-ones-own", app_secret=OWN)
    assert (made.status, made.body["app_key"], made.body["app_secret"]) == (201, "key-of-ones-own", OWN)
    assert cast.alice.api("GET", f"apps/{made.body['id']}/secrets").body["results"][0]["secret_hint"] == ""


def test_another_secret_in_a_change_is_a_rotation(cast: Cast, switched: Gateway) -> None:
    """S11: what a call does in another verb's clothes is permitted, scoped and audited as that verb, all or nothing."""
    assert cast.alice.user is not None
    id = create(cast.alice, switched).body["id"]
    set_only = Caller(make_token(cast.alice.user, scopes=["read", "set"]))
    refused = set_only.api("PATCH", f"apps/{id}", {"name": "Renamed", "app_secret": OWN})
    assert (refused.status, refused.code) == (403, "out_of_scope")
    assert cast.alice.api("GET", f"apps/{id}").body["version"] == 1
    assert set_only.api("PATCH", f"apps/{id}", {"name": "Renamed"}).status == 200
    assert cast.oscar.api("PATCH", f"apps/{id}", {"app_secret": OWN}).code == "forbidden"
    done = cast.alice.api("PATCH", f"apps/{id}", {"name": "Again", "app_secret": OWN})
    assert done.status == 200
    assert OWN not in str(done.body)
    events = AuditEvent.objects.filter(thing=id, outcome="ok").order_by("pk").values_list("verb", "after")
    assert list(events)[-2:] == [
        ("SET", {"name": "Again"}),
        ("ROTATE", {"secret": 2, "previous": {"secret": 1, "ends_at": events[3][1]["previous"]["ends_at"]}}),
    ]
    assert cast.alice.api("PATCH", f"apps/{id}", {"app_secret": OWN}).body["version"] == done.body["version"]


def test_a_taken_key_says_no_more_and_not_often(cast: Cast, switched: Gateway) -> None:
    """S13: keys are one's own across all gateways."""
    assert cast.charlie.user is not None
    create(cast.alice, switched, app_key="key-of-ones-own")
    theirs = make_gateway(cast.charlie.user, key_switch=True)
    taken = create(cast.charlie, theirs, app_key="key-of-ones-own")
    assert (taken.status, taken.code) == (409, "app_key_taken")
    with time_machine.travel(NOON, tick=False):
        caller = Caller(make_token(cast.charlie.user))
        answers = [create(caller, theirs, app_key="key-of-ones-own").code for _ in range(31)]
    assert answers == ["app_key_taken"] * 30 + ["too_many_requests"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "ab"}, "too_short"),
        ({"name": "a" * 65}, "too_long"),
        ({"name": "a b"}, "bad_character"),
        ({"remark": "a" * 256}, "too_long"),
        ({"avatar": "a" * 41}, "too_long"),
        ({"app_key": "a" * 7}, "too_short"),
        ({"app_key": "a" * 201}, "too_long"),
        ({"app_key": "_" * 8}, "bad_start"),
        ({"app_key": ""}, "too_short"),
        ({"app_secret": "******"}, "too_short"),
        ({"app_secret": "a" * 129}, "too_long"),
        ({"app_secret": "abcdefg&"}, "bad_character"),
        ({"creator": "market"}, "unknown_field"),
    ],
)
def test_what_it_may_not_be(cast: Cast, switched: Gateway, given: dict[str, str], code: str) -> None:
    id = create(cast.alice, switched).body["id"]
    for answer in (create(cast.alice, switched, **given), cast.alice.api("PATCH", f"apps/{id}", given)):
        assert (answer.status, answer.code) == (422, code)


def test_a_gateways_names_are_each_once_and_others_do_not_matter(cast: Cast, gateway: Gateway) -> None:
    assert cast.alice.user is not None
    first = create(cast.alice, gateway, name="Band_1").body["id"]
    taken = create(cast.alice, gateway, name="band_1")
    assert (taken.status, taken.code) == (409, "name_taken")
    assert create(cast.alice, make_gateway(cast.alice.user), name="Band_1").status == 201
    cast.alice.api("DELETE", f"apps/{first}")
    assert create(cast.alice, gateway, name="Band_1").code == "name_taken", "what lies in the bin keeps its name"
    cast.alice.api("POST", f"apps/{first}/purge", {"confirm": "Band_1"})
    assert create(cast.alice, gateway, name="Band_1").status == 201


def test_a_gateway_holds_fifty(cast: Cast, gateway: Gateway) -> None:
    assert cast.alice.user is not None
    first = create(cast.alice, gateway).body["id"]
    for number in range(49):
        make_app(gateway, cast.alice.user, f"App_of_many_{number}")
    refused = create(cast.alice, gateway, name="One_more")
    assert (refused.status, refused.code, "50" in refused.body["detail"]) == (409, "limit_reached", True)
    cast.alice.api("DELETE", f"apps/{first}")
    assert create(cast.alice, gateway, name="One_more").status == 201
    assert cast.zoe.api("POST", f"apps/{first}/recycle").code == "limit_reached"
    assert cast.alice.api("GET", f"apps/{first}").body["state"] == "deleted"


def test_lists_hold_ones_own_and_what_is_shared_and_what_stands_below(cast: Cast, gateway: Gateway) -> None:
    assert cast.charlie.user is not None
    first, second = (create(cast.alice, gateway, name=name).body["id"] for name in ("Band_b", "Band_a"))
    theirs = make_app(make_gateway(cast.charlie.user), cast.charlie.user)[0].key
    assert ids(cast.alice.api("GET", "apps")) == [second, first]
    assert ids(cast.alice.api("GET", "apps?ordering=-name")) == [first, second]
    assert ids(cast.vera.api("GET", "apps")) == []
    for above in (f"gateway={gateway.key}", f"project={gateway.project.key}", f"city={cast.city.key}"):
        for caller in (cast.alice, cast.oscar, cast.vera, cast.zoe):
            assert ids(caller.api("GET", f"apps?{above}")) == [second, first], above
        assert cast.charlie.api("GET", f"apps?{above}").code == "not_found"
    assert ids(cast.root.api("GET", "apps?scope=all")) == [theirs, second, first]
    assert cast.alice.api("GET", "apps?scope=all").code == "forbidden"
    cast.alice.api("POST", "grants", {"thing": f"app/{first}", "user": cast.charlie.user.key, "role": "viewer"})
    assert ids(cast.charlie.api("GET", "apps")) == [theirs, first]
    key = App.objects.get(key=second).app_key
    assert ids(cast.alice.api("GET", f"apps?app_key={key}")) == [second]
    assert ids(cast.charlie.api("GET", f"apps?app_key={key}")) == []
    assert ids(cast.alice.api("GET", f"apps?search={first.replace('-', '')}")) == [first]


@pytest.mark.parametrize("above", ["cities", "projects", "gateways"])
def test_what_stands_above_closes_it_without_a_row_of_its_own_being_written(
    cast: Cast, gateway: Gateway, above: str
) -> None:
    id = create(cast.alice, gateway).body["id"]
    before = App.objects.values().get()
    key = {"cities": cast.city.key, "projects": gateway.project.key, "gateways": gateway.key}[above]
    cast.zoe.api("POST", f"{above}/{key}/disable", {})
    closed = cast.alice.api("GET", f"apps/{id}")
    assert (closed.body["state"], closed.body["effective_state"]) == ("enabled", "disabled")
    assert closed.headers["ETag"] == '"1.0.1"'
    for answer in (
        cast.alice.api("PATCH", f"apps/{id}", {"name": "Renamed"}),
        cast.alice.api("POST", f"apps/{id}/rotate", {}),
        cast.alice.api("POST", f"apps/{id}/codes", {}),
        create(cast.alice, gateway, name="Another"),
    ):
        assert (answer.status, answer.code) == (409, "wrong_state")
    cast.zoe.api("POST", f"{above}/{key}/enable")
    assert cast.alice.api("GET", f"apps/{id}").body["effective_state"] == "enabled"
    assert App.objects.values().get() == before


def test_its_market_takes_away_what_it_has_assigned(cast: Cast, gateway: Gateway) -> None:
    id = create(cast.alice, gateway).body["id"]
    App.objects.update(origin="MARKET")
    assert cast.alice.api("GET", f"apps/{id}").body["creator"] == "market"
    assert cast.alice.api("DELETE", f"apps/{id}").code == "reserved"


def test_a_repeated_creation_is_one_and_tells_no_secret_again(cast: Cast, switched: Gateway) -> None:
    body = {"gateway": switched.key, "name": "Band_1", "app_secret": OWN}
    first = cast.alice.api("POST", "apps", body, Idempotency_Key="once")
    again = cast.alice.api("POST", "apps", body, Idempotency_Key="once")
    assert (again.status, again.body["id"], again.body["app_secret"]) == (201, first.body["id"], None)
    assert "secret_shown_at" in again.body
    assert OWN not in StoredAnswer.objects.get().body
    assert App.objects.count() == 1


def test_the_bin_and_the_way_back(cast: Cast, gateway: Gateway) -> None:
    id = create(cast.alice, gateway).body["id"]
    cast.alice.api("POST", f"apps/{id}/offline")
    assert cast.alice.api("DELETE", f"apps/{id}").status == 204
    assert cast.alice.api("PATCH", f"apps/{id}", {"name": "Renamed"}).code == "not_found"
    binned = cast.alice.api("GET", "bin").body["results"]
    assert [(each["kind"], each["id"], each["name"]) for each in binned] == [("app", id, "应用_1")]
    assert cast.alice.api("POST", f"apps/{id}/recycle").code == "forbidden"
    assert cast.zoe.api("POST", f"apps/{id}/recycle").body["state"] == "offline"
    assert cast.alice.api("GET", f"apps/{id}/secrets").body["results"][0]["is_live"] is True


def test_a_city_takes_project_gateway_and_app_along_each_with_its_tombstone(cast: Cast, gateway: Gateway) -> None:
    app_id, project = create(cast.alice, gateway).body["id"], gateway.project.key
    for path in (f"apps/{app_id}", f"gateways/{gateway.key}", f"projects/{project}", f"cities/{cast.city.key}"):
        assert cast.alice.api("DELETE", path).status == 204
    gone = cast.alice.api("POST", f"cities/{cast.city.key}/purge", {"confirm": "Alice_City"})
    assert gone.body["removed"] == {"app": 1, "gateway": 1, "project": 1, "city": 1}
    graves = AuditEvent.objects.filter(verb="DEL").order_by("pk")
    assert [(row.kind, row.thing, row.thing_name, row.city, row.before) for row in graves] == [
        ("app", app_id, "应用_1", cast.city.key, {"state": 5, "name": "应用_1"}),
        ("gateway", gateway.key, "Gate_1", cast.city.key, {"state": 5, "name": "Gate_1"}),
        ("project", project, "Payments", cast.city.key, {"state": 5, "name": "Payments"}),
        ("city", cast.city.key, "Alice_City", cast.city.key, {"state": 5, "name": "Alice_City"}),
    ]
    assert not AppSecret.objects.exists()
