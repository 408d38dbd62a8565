"""The secrets and AppCodes of an app, over the native API: who makes which, what is shown, and their end."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEvent, StoredAnswer
from apps.models import App, AppCode, AppSecret
from tests.cast import Answer, Caller, Cast
from tests.factories import make_app, make_gateway, make_project, make_token

OWN = "a-secret-of-ones-own"
CODE = "Own+" * 16
DAY = 24 * 3600


@pytest.fixture
def app(cast: Cast) -> App:
    """In alice's city, at a gateway whose switch is on."""
    assert cast.alice.user is not None
    project = make_project(cast.alice.user, city=cast.city.key)
    return make_app(make_gateway(cast.alice.user, project, key_switch=True), cast.alice.user)[0]


def rotate(caller: Caller, app: App, **given: Any) -> Answer:
    return caller.api("POST", f"apps/{app.key}/rotate", given)


def code(caller: Caller, app: App, **given: Any) -> Answer:
    return caller.api("POST", f"apps/{app.key}/codes", given)


def live(app: App) -> list[int]:
    rows = AppSecret.objects.filter(holder=app).order_by("number")
    return [row.number for row in rows if row.is_live(timezone.now())]


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_secrets_are_live_at_most_and_no_end_is_lengthened(cast: Cast, app: App) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        soon = timezone.now() + timedelta(minutes=1)
        first = rotate(cast.alice, app, grace_seconds=60, expires_at=soon.isoformat())
        assert (first.body["secret"]["n"], first.body["previous"]["n"]) == (2, 1)
        assert rotate(cast.alice, app).code == "limit_reached"
        assert cast.alice.api("DELETE", f"apps/{app.key}/secrets/1").status == 204
        second = rotate(cast.alice, app, grace_seconds=DAY)
        assert second.body["previous"] == {"n": 2, "ends_at": soon.isoformat().replace("+00:00", "Z")}
        assert live(app) == [2, 3]
        assert AppSecret.objects.get(number=3).reveal() == second.body["secret"]["value"]


def test_an_operator_leaves_the_owners_clients_an_hour_and_has_no_choice_of_its_value(cast: Cast, app: App) -> None:
    """S9."""
    short = rotate(cast.oscar, app, grace_seconds=3599)
    assert (short.status, short.code, short.body["errors"][0]["pointer"]) == (422, "out_of_range", "#/grace_seconds")
    assert rotate(cast.oscar, app, secret=OWN, grace_seconds=3600).code == "forbidden"
    assert live(app) == [1]
    with time_machine.travel(timezone.now(), tick=False):
        done = rotate(cast.oscar, app)
        ends = (timezone.now() + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
        assert done.body["previous"] == {"n": 1, "ends_at": ends}, "the company's own grace is none"
    for number in (1, 2):
        assert cast.oscar.api("DELETE", f"apps/{app.key}/secrets/{number}").code == "forbidden"
    assert cast.vera.api("GET", f"apps/{app.key}/secrets").status == 200
    for caller in (cast.vera, cast.zoe, cast.root):
        assert rotate(caller, app).code == "forbidden"
    assert rotate(cast.charlie, app).code == "not_found"
    assert live(app) == [1, 2]


def test_a_secret_of_ones_own_is_shown_once_and_has_no_hint(cast: Cast, app: App) -> None:
    done = cast.alice.api("POST", f"apps/{app.key}/rotate", {"secret": OWN}, Idempotency_Key="once")
    again = cast.alice.api("POST", f"apps/{app.key}/rotate", {"secret": OWN}, Idempotency_Key="once")
    assert (done.body["secret"]["value"], again.body["secret"]) == (OWN, None)
    assert OWN not in StoredAnswer.objects.get().body
    shown = cast.alice.api("GET", f"apps/{app.key}/secrets").body["results"]
    assert [(each["n"], each["secret_hint"]) for each in shown] == [(2, ""), (1, shown[1]["secret_hint"])]
    assert len(shown[1]["secret_hint"]) == 4


def test_a_rotation_ends_no_secret_of_a_closed_app(cast: Cast, app: App) -> None:
    cast.alice.api("POST", f"apps/{app.key}/disable", {})
    assert rotate(cast.alice, app).code == "wrong_state"
    cast.zoe.api("POST", f"apps/{app.key}/enable")
    cast.alice.api("POST", f"apps/{app.key}/offline")
    assert rotate(cast.alice, app).status == 200


# ── codes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_code_is_shown_when_it_is_made_and_four_characters_of_it_after(cast: Cast, app: App) -> None:
    made = code(cast.oscar, app)
    value = made.body.pop("app_code")
    assert (made.status, len(value)) == (201, 64)
    assert made.headers["Location"] == f"/api/v1/apps/{app.key}/codes/{made.body['id']}"
    assert made.body == {
        "id": AppCode.objects.get().key,
        "hint": value[:4],
        "state": "enabled",
        "created_at": made.body["created_at"],
        "known_to_former": False,
        "last_used_at": None,
        "last_used_ip": None,
    }
    for caller in (cast.alice, cast.vera, cast.zoe, cast.root):
        assert caller.api("GET", f"apps/{app.key}/codes").body["results"] == [made.body]
        assert caller.call("GET", made.headers["Location"]).body == made.body
    assert cast.charlie.api("GET", f"apps/{app.key}/codes").code == "not_found"
    assert cast.charlie.call("GET", made.headers["Location"]).code == "not_found"
    assert AppCode.objects.get().digest != value


def test_one_of_ones_own_is_the_owners_to_choose(cast: Cast, app: App) -> None:
    assert code(cast.oscar, app, app_code=CODE).code == "forbidden"
    made = code(cast.alice, app, app_code=CODE)
    assert (made.status, made.body["app_code"], made.body["hint"]) == (201, CODE, "Own+")


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("a" * 63, "too_short"),
        ("a" * 181, "too_long"),
        ("_" + "a" * 63, "bad_start"),
        ("a" * 63 + "&", "bad_character"),
    ],
)
def test_what_a_code_may_not_be(cast: Cast, app: App, value: str, fault: str) -> None:
    refused = code(cast.alice, app, app_code=value)
    assert (refused.status, refused.code, refused.body["errors"][0]["pointer"]) == (422, fault, "#/app_code")
    assert value not in str(refused.body)


def test_an_ended_code_is_gone_for_good(cast: Cast, app: App) -> None:
    id = code(cast.alice, app, app_code=CODE).body["id"]
    assert cast.oscar.api("DELETE", f"apps/{app.key}/codes/{id}").code == "forbidden"
    assert cast.alice.api("DELETE", f"apps/{app.key}/codes/{id}", If_Match='"7.0.0"').code == "stale"
    assert cast.alice.api("DELETE", f"apps/{app.key}/codes/{id}", If_Match='"1.0.0"').status == 204
    for method in ("GET", "DELETE"):
        assert cast.alice.api(method, f"apps/{app.key}/codes/{id}").code == "not_found"
    assert cast.alice.api("GET", f"apps/{app.key}/codes").body["results"] == []
    row = AppCode.objects.get()
    assert (row.state, row.digest) == (5, f"ended:{row.pk}")
    assert code(cast.alice, app, app_code=CODE).status == 201, "its text may be a new one's"


def test_one_is_no_other_apps(cast: Cast, app: App) -> None:
    assert cast.alice.user is not None
    other, _ = make_app(app.gateway, cast.alice.user)
    id = code(cast.alice, app, app_code=CODE).body["id"]
    for method in ("GET", "DELETE"):
        assert cast.alice.api(method, f"apps/{other.key}/codes/{id}").code == "not_found"
    refused = code(cast.alice, other, app_code=CODE)
    assert (refused.status, refused.code) == (422, "bad_choice"), "a gateway knows a code once"


def test_an_app_has_five(cast: Cast, app: App) -> None:
    made = [code(cast.alice, app).body["id"] for _ in range(5)]
    refused = code(cast.alice, app)
    assert (refused.status, refused.code) == (409, "limit_reached")
    page = cast.alice.api("GET", f"apps/{app.key}/codes?limit=3&fields=id")
    assert [each["id"] for each in page.body["results"]] == [made[4], made[3], made[2]]
    rest = cast.alice.call("GET", page.body["next"]).body
    assert (rest["results"], rest["next"]) == ([{"id": made[1]}, {"id": made[0]}], None)
    cast.alice.api("DELETE", f"apps/{app.key}/codes/{made[0]}")
    assert code(cast.alice, app).status == 201


def test_a_repeated_making_is_one_and_judged_again(cast: Cast, app: App) -> None:
    path = f"apps/{app.key}/codes"
    first = cast.oscar.api("POST", path, {}, Idempotency_Key="once")
    again = cast.oscar.api("POST", path, {}, Idempotency_Key="once")
    assert (again.body["id"], again.body["app_code"]) == (first.body["id"], None)
    assert AppCode.objects.count() == 1
    grants = cast.alice.api("GET", f"grants?thing=city/{cast.city.key}").body["results"]
    grant = next(each["id"] for each in grants if each["role"] == "operator")
    cast.alice.api("PATCH", f"grants/{grant}", {"role": "viewer"})
    assert cast.oscar.api("POST", path, {}, Idempotency_Key="once").code == "forbidden"


def test_who_reads_alone_makes_and_ends_none(cast: Cast, app: App) -> None:
    assert cast.alice.user is not None
    reader = Caller(make_token(cast.alice.user, scopes=["read"]))
    id = code(cast.alice, app).body["id"]
    assert reader.api("GET", f"apps/{app.key}/codes").status == 200
    assert code(reader, app).code == "out_of_scope"
    assert reader.api("DELETE", f"apps/{app.key}/codes/{id}").code == "out_of_scope"


def test_what_is_refused_is_in_the_history_of_its_app(cast: Cast, app: App) -> None:
    code(cast.vera, app)
    told = cast.alice.api("GET", f"audit?thing=app/{app.key}&verb=ADD").body["results"]
    assert cast.vera.user is not None
    assert [(each["actor"], each["outcome"], each["code"]) for each in told[:1]] == [
        (cast.vera.user.key, "refused", "forbidden")
    ]
    assert AuditEvent.objects.filter(kind="appcode").count() == 0
