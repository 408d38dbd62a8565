"""`POST /api/v1/verifications`: the five kinds of credential, for gateways and for who has GET on the project (S1)."""

import hashlib
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import usage
from accounts.models import AccessToken, StoredAnswer
from apps.models import App, AppSecret
from config.kernel.roles import Role
from config.kernel.states import Verb
from projects import services as projects
from projects.models import Project, ProjectSecret
from tests.cast import Answer, Caller, Cast
from tests.factories import actor, do, make_project, make_token, make_user
from tests.verification.calling import HOST, Standing, stand
from tests.verification.test_signed import BODY, HASH, sign

FALSE = {"valid": False}


def by_gateway(standing: Standing, data: Any, **headers: str) -> Answer:
    named = {"X_Polis_Gateway": standing.asking.gateway.key, "X_Polis_Gateway_Key": standing.asking.key, **headers}
    return Caller().api("POST", "verifications", data, **named)


def by(caller: Caller, data: Any, **headers: str) -> Answer:
    return caller.api("POST", "verifications", data, **headers)


def secret(standing: Standing, **given: Any) -> dict[str, Any]:
    return {"kind": "app_secret", "app_key": standing.app.app_key, "app_secret": standing.secret, **given}


def chain(standing: Standing, cast: Cast) -> list[dict[str, Any]]:
    gateway = standing.app.gateway
    links = {
        "app": standing.app.key,
        "gateway": gateway.key,
        "project": gateway.project.key,
        "organization": gateway.project.company.key,
        "city": cast.city.key,
    }
    return [{"kind": kind, "id": key, "state": 0} for kind, key in links.items()]


# ── what is answered ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_gateway_asks_about_its_own(cast: Cast, standing: Standing) -> None:
    who = {"kind": "app", "id": standing.app.key, "name": standing.app.name}
    told = {"valid": True, "principal": who, "chain": chain(standing, cast)}
    held = {"n": 1, "expires_at": None}
    assert by_gateway(standing, secret(standing)).body == {**told, "secret": held, "body": "none"}
    code = {"kind": "app_code", "app_code": standing.code}
    assert by_gateway(standing, code).body == {**told, "secret": None, "body": "none"}
    headers = {name.replace("_", "-"): value for name, value in sign(standing, BODY).items()} | {"Host": HOST}
    call = {"kind": "app_signature", "method": "POST", "uri": "/orders?page=1", "headers": headers}
    assert by_gateway(standing, call).body == FALSE, "its body was not seen"
    for seen in ({"body": BODY.decode()}, {"body_sha256": HASH}):
        assert by_gateway(standing, {**call, **seen}).body == {**told, "secret": held, "body": "checked"}
    assert by_gateway(standing, {**call, "uri": "/orders?page=2", "body": BODY.decode()}).body == FALSE


def test_a_closed_chain_is_told_by_its_nearest_link(cast: Cast, standing: Standing) -> None:
    do(cast.city, Verb.DIS, Actor.system())
    assert by_gateway(standing, secret(standing)).body == {"valid": False, "reason": "closed", "closed": "city"}
    assert by_gateway(standing, secret(standing, app_secret="wrong")).body == FALSE


def test_an_apps_list_of_addresses_is_asked(standing: Standing) -> None:
    App.objects.update(acl_type="PERMIT", acl_values=["192.0.2.0/24"])
    assert by_gateway(standing, secret(standing, address="192.0.2.9")).body["valid"] is True
    for given in ({}, {"address": ""}, {"address": "198.51.100.1"}):
        assert by_gateway(standing, secret(standing, **given)).body == {"valid": False, "reason": "not_admitted"}


# ── project accounts ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def account(cast: Cast) -> tuple[Project, str]:
    """In alice's city, and its AppSecret."""
    assert cast.alice.user is not None
    terms = {"name": "Chat Room", "city": cast.city.key}
    return projects.create_project(cast.alice.user.corp, by=actor(cast.alice.user), read=lambda: terms)


def token(project: Project, key: str, *, algorithm: str = "HS256", **claims: Any) -> dict[str, Any]:
    told = {"appID": project.key, "exp": timezone.now() + timedelta(hours=1), **claims}
    kept = {name: value for name, value in told.items() if value is not None}
    return {"kind": "project_token", "token": jwt.encode(kept, key, algorithm)}


def test_a_project_proves_itself_by_the_md5_of_its_secret(cast: Cast, account: tuple[Project, str]) -> None:
    project, value = account
    digest = hashlib.md5(value.encode()).hexdigest()
    asked = {"kind": "project_secret", "app_id": project.key, "secret_md5": digest}
    told = by(cast.alice, asked).body
    assert (told["valid"], told["principal"]) == (True, {"kind": "project", "id": project.key, "name": "Chat Room"})
    assert [link["kind"] for link in told["chain"]] == ["project", "organization", "city"]
    for wrong in (value, digest.upper(), digest[:-1], ""):
        assert by(cast.alice, {**asked, "secret_md5": wrong}).body["valid"] is False
    assert by(cast.alice, token(project, value)).body == FALSE, "its AuthType is 0"
    usage.flush()
    assert ProjectSecret.objects.get(holder=project).last_used_at is not None


def test_a_project_of_the_other_type_proves_itself_by_a_token(cast: Cast, account: tuple[Project, str]) -> None:
    project, value = account
    Project.objects.filter(pk=project.pk).update(auth_type=1)
    with time_machine.travel(timezone.now(), tick=False):
        now = timezone.now()
        assert by(cast.alice, token(project, value)).body["valid"] is True
        assert by(cast.alice, token(project, value, exp=now + timedelta(hours=24))).body["valid"] is True
        wrong = [
            token(project, value, exp=now + timedelta(hours=24, seconds=1)),
            token(project, value, exp=now - timedelta(seconds=1)),
            token(project, value, exp=None),
            token(project, value, exp=10**20),
            token(project, value, exp=10**17),
            token(project, value, exp=1e18),
            token(project, value, exp=float("inf")),
            token(project, value, appID=None),
            token(project, value, appID=["x"]),
            token(project, value, appID=make_project(cast.alice.user).key),
            token(project, value[::-1]),
            token(project, "", algorithm="none"),
            {"kind": "project_token", "token": "a.b.c"},
            {"kind": "project_token", "token": "x" * 5000},
            {"kind": "project_token", "token": jwt.encode({"appID": project.key}, value).replace("eyJ", "W1tb", 1)},
        ]
        told = by(cast.alice, {"items": wrong}).body["results"]
        assert [answer["valid"] for answer in told] == [False] * len(wrong)
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        longer = token(project, value, algorithm="HS512")
    assert by(cast.alice, longer).body["valid"] is False


def test_a_gateway_asks_about_the_project_that_it_is_of(cast: Cast, standing: Standing) -> None:
    project = standing.app.gateway.project
    other, value = (make_project(cast.alice.user), "")
    for each, is_own in ((project, True), (other, False)):
        value = ProjectSecret.objects.get(holder=each).reveal()
        asked = {"kind": "project_secret", "app_id": each.key, "secret_md5": hashlib.md5(value.encode()).hexdigest()}
        assert by_gateway(standing, asked).body["valid"] is is_own


def test_a_gateway_that_is_closed_asks_about_its_apps_alone(cast: Cast, standing: Standing) -> None:
    """The chain of its project says nothing of it."""
    project = standing.app.gateway.project
    value = ProjectSecret.objects.get(holder=project).reveal()
    asked = {"kind": "project_secret", "app_id": project.key, "secret_md5": hashlib.md5(value.encode()).hexdigest()}
    type(standing.app.gateway).objects.update(offline=True, state=3)
    assert by_gateway(standing, asked).body == FALSE
    assert by_gateway(standing, secret(standing)).body == {"valid": False, "reason": "closed", "closed": "gateway"}
    assert by(cast.alice, asked).body["valid"] is True


# ── who may ask ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_has_get_on_the_project_may_ask_and_others_hear_what_they_would_of_nothing(
    cast: Cast, standing: Standing
) -> None:
    asked = secret(standing, gateway=standing.asking.gateway.key)
    for caller in (cast.alice, cast.oscar, cast.vera, cast.zoe, cast.root):
        assert by(caller, asked).body["valid"] is True, caller
    unknown = by(cast.charlie, {**asked, "app_key": "nobody_here"})
    hidden = by(cast.charlie, asked)
    assert (hidden.status, hidden.body) == (unknown.status, unknown.body) == (200, FALSE)
    assert by(cast.alice, secret(standing)).body == FALSE, "of no gateway"
    assert by(cast.alice, secret(standing, gateway="nonsense")).body == FALSE


def test_it_needs_the_scope_of_reading_and_reaches_as_far_as_its_token(cast: Cast, standing: Standing) -> None:
    asked = secret(standing, gateway=standing.asking.gateway.key)
    assert by(Caller(make_token(cast.alice.user, scopes=["verbs"])), asked).code == "out_of_scope"
    assert by(Caller(make_token(cast.alice.user, scopes=["read"])), asked).body["valid"] is True
    assert by(Caller(make_token(cast.alice.user, cities=["zzzzzzzz"])), asked).body == FALSE
    assert by(Caller(), asked).code == "token_missing"


def test_at_another_gateway_it_is_a_key_of_nobodys(cast: Cast, standing: Standing) -> None:
    other = stand(cast)
    for gateway in (other, standing):
        asked = secret(standing, gateway=standing.asking.gateway.key)
        told = by_gateway(gateway, asked).body
        assert told["valid"] is (gateway is standing)
    unknown = {**secret(standing), "app_key": "nobody_here"}
    assert by_gateway(other, secret(standing)).body == by_gateway(other, unknown).body == FALSE


@pytest.mark.parametrize(
    "wrong", [{"X_Polis_Gateway_Key": "wrong"}, {"X_Polis_Gateway": "0" * 32}, {"X_Polis_Gateway": ""}]
)
def test_a_gateway_that_does_not_prove_itself_is_nobody(standing: Standing, wrong: dict[str, str]) -> None:
    answer = by_gateway(standing, secret(standing), **wrong)
    assert (answer.status, answer.code) == (401, "credential_wrong")


# ── many at once, limits, bad input ──────────────────────────────────────────────────────────────────────────────────


def test_a_hundred_in_one_call_are_answered_in_their_order(cast: Cast, standing: Standing) -> None:
    good, bad = secret(standing), secret(standing, app_secret="wrong")
    told = by_gateway(standing, {"items": [good, bad] * 50})
    assert [answer["valid"] for answer in told.body["results"]] == [True, False] * 50
    refused = by_gateway(standing, {"items": [good] * 101})
    assert (refused.status, refused.code) == (422, "too_many_values")


def test_each_item_counts_against_the_callers_limit(cast: Cast, standing: Standing, settings: Any) -> None:
    settings.RATE_LIMIT = 10
    asked = {"items": [secret(standing, gateway=standing.asking.gateway.key)] * 6}
    assert by(cast.alice, asked).headers["RateLimit-Remaining"] == "4"
    assert by(cast.alice, asked).status == 429
    assert [by_gateway(standing, asked).status for _ in range(5)] == [200] * 5, (
        "a good one of a gateway's is never limited"
    )


def test_failures_are_limited_and_a_good_one_is_not(standing: Standing) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        bad = secret(standing, app_secret="wrong")
        told = by_gateway(standing, {"items": [bad] * 7 + [secret(standing)]}).body["results"]
        assert told[:7] == [FALSE] * 5 + [{"valid": False, "retry_after": 1}] * 2
        assert told[7]["valid"] is True


@pytest.mark.parametrize(
    ("data", "code", "pointer"),
    [
        ({}, "required", "#/kind"),
        ({"kind": "password"}, "bad_choice", "#/kind"),
        ({"kind": ["app_code"]}, "bad_choice", "#/kind"),
        ({"kind": "app_code"}, "required", "#/app_code"),
        ({"kind": "app_code", "app_code": 5}, "wrong_type", "#/app_code"),
        ({"kind": "app_code", "app_code": "x", "token": "y"}, "unknown_field", "#/token"),
        ({"kind": "app_code", "app_code": "x", "address": "here"}, "wrong_type", "#/address"),
        ({"kind": "app_signature", "method": "GET", "uri": "/", "headers": []}, "wrong_type", "#/headers"),
        (
            {"kind": "app_signature", "method": "GET", "uri": "/", "headers": {"Host": "a", "host": "b"}},
            "bad_choice",
            "#/headers",
        ),
        ({"kind": "app_code", "app_code": "x", "address": "fe80::1%" + "z" * 99}, "wrong_type", "#/address"),
        ({"items": {}}, "wrong_type", "#/items"),
        ({"items": []}, "wrong_type", "#/items"),
        ({"items": ["x"]}, "wrong_type", "#/items"),
        ({"items": [], "kind": "app_code"}, "unknown_field", "#/kind"),
        ({"items": [{"kind": "app_code", "app_code": "x"}, {"kind": "app_code"}]}, "required", "#/items/1/app_code"),
    ],
)
def test_bad_input(standing: Standing, data: Any, code: str, pointer: str) -> None:
    refused = by_gateway(standing, data)
    assert (refused.status, refused.code, refused.body["errors"][0]["pointer"]) == (422, code, pointer)


@pytest.mark.parametrize("text", ["\0", "a\0b", "支付", "x" * 50_000])
def test_whatever_is_presented_is_answered(cast: Cast, standing: Standing, text: str) -> None:
    items = [
        secret(standing, app_key=text),
        secret(standing, app_secret=text),
        secret(standing, gateway=text),
        {"kind": "app_code", "app_code": text},
        {"kind": "project_secret", "app_id": text, "secret_md5": text},
        {"kind": "project_token", "token": text},
        {"kind": "app_signature", "method": text, "uri": f"/{text}", "headers": {"authorization": text}},
    ]
    for item in items:
        assert by_gateway(standing, item).body == FALSE
        assert by(cast.alice, item).body == FALSE


def test_nothing_is_kept_for_an_idempotency_key(cast: Cast, standing: Standing) -> None:
    """What was true is not told again when it is no more."""
    assert by_gateway(standing, secret(standing), Idempotency_Key="one").body["valid"] is True
    do(cast.city, Verb.DIS, Actor.system())
    assert by_gateway(standing, secret(standing), Idempotency_Key="one").body["valid"] is False
    assert not StoredAnswer.objects.exists()


def test_what_it_costs(cast: Cast, standing: Standing) -> None:
    asked = secret(standing, gateway=standing.asking.gateway.key)
    by(cast.alice, asked)
    for data, queries in ((asked, 3), ({"items": [asked] * 10}, 12)):
        with CaptureQueriesContext(connection) as captured:
            by(cast.alice, data)
        assert len(captured) == queries, "the token, what the caller sees, and one for each"
    with CaptureQueriesContext(connection) as captured:
        by_gateway(standing, secret(standing))
    assert len(captured) == 2
    assert AccessToken.objects.exists()
    assert AppSecret.objects.get().last_used_at is None


def test_a_steward_is_a_principal_like_others(standing: Standing) -> None:
    zoon = make_user("zack", Role.ZOON)
    assert by(Caller(make_token(zoon)), secret(standing, gateway=standing.asking.gateway.key)).body["valid"] is True
