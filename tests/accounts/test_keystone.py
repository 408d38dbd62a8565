"""Signing in by Keystone v3: whom it lets in, what its token says, and that all refusals are one."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AccessToken, AuditEvent, Login, User
from accounts.people import services
from config.kernel.roles import Role
from projects.models import Project
from tests.accounts.keystone import DOMAIN, PASSWORD, UNAUTHORIZED, ask, asking, call, text_of
from tests.accounts.signing import moment
from tests.cast import Caller
from tests.factories import actor, make_project, make_user

pytestmark = pytest.mark.django_db


def test_a_password_is_good_for_a_token_of_a_day(dora: User) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        answer = ask()
    told = answer.body["token"]
    row = AccessToken.objects.get()
    assert text_of(answer).startswith("polis_")
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(told) == {"methods", "user", "audit_ids", "issued_at", "expires_at"}
    assert told["methods"] == ["password"]
    assert told["user"] == {"id": dora.key, "name": "dora", "domain": DOMAIN, "password_expires_at": None}
    assert moment(told["expires_at"]) - moment(told["issued_at"]) == timedelta(hours=24)
    assert abs(moment(told["issued_at"]) - now) < timedelta(milliseconds=1)
    assert told["audit_ids"] == [row.key]
    assert (row.name, row.scopes, row.project, row.user) == ("keystone", ["read", "verbs"], "", dora)
    assert row.login is not None
    assert row.login.ends_at == row.ends_at == row.created_at + timedelta(hours=24)


def test_the_token_is_one_like_any_other(dora: User, project: Project) -> None:
    text = text_of(ask())
    assert Caller(text).api("GET", f"projects/{project.key}").status == 200
    assert {event.door for event in AuditEvent.objects.filter(kind__in=["login", "accesstoken"])} == {"apig"}
    # It comes from a login: a changed password ends it.
    services.change_password(dora, "another long evening", by=actor(dora))
    assert call("GET", "/v3/projects", text).status == 401


@pytest.mark.parametrize("domain", [{"name": "Default"}, {"name": "default"}, {"id": "default"}, {"id": "Default"}])
def test_there_is_one_domain(domain: dict[str, str], dora: User) -> None:
    assert ask(asking({"name": "DORA", "domain": domain})).status == 201


def test_a_user_may_be_called_by_their_id(dora: User) -> None:
    assert ask(asking({"id": dora.key})).body["token"]["user"]["name"] == "dora"
    assert ask(asking({"id": dora.key.swapcase()})).status == 401
    assert ask(asking({"id": "dora"})).status == 401


def test_who_signs_in_by_the_md5_elsewhere_does_not_here(dora: User) -> None:
    assert ask(asking(password=hashlib.md5(PASSWORD.encode()).hexdigest())).status == 401


REFUSED: dict[str, Any] = {
    "wrong password": asking(password="wrong"),
    "no password": asking(password=""),
    "unknown name": asking({"name": "nobody", "domain": DOMAIN}),
    "no name": asking({"name": "", "domain": DOMAIN}),
    "NUL in the name": asking({"name": "do\0ra", "domain": DOMAIN}),
    "unknown id": asking({"id": "zzzzzzzz"}),
    "another domain": asking({"name": "dora", "domain": {"name": "Other"}}),
    "totp": asking(methods=["totp"]),
    "twice": asking(methods=["password", "password"]),
    "token": asking(methods=["token"]),
    "no method": asking(methods=[]),
    "a project that there is not": asking(scope={"project": {"id": "zzzzzzzzzz"}}),
    "a project of another's": asking(scope={"project": {"name": "Charlies Project", "domain": DOMAIN}}),
    "a project of another domain": asking(scope={"project": {"name": "Doras Project", "domain": {"id": "x"}}}),
    "no project": asking(scope={"project": {"name": "", "domain": DOMAIN}}),
    "a domain": asking(scope={"domain": DOMAIN}),
    "the system": asking(scope={"system": {"all": True}}),
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_whatever_is_wrong_is_one_answer(body: Any, dora: User, project: Project) -> None:
    make_project(make_user("charlie"), "Charlies Project")
    answer = ask(body)
    assert (answer.status, answer.body) == (401, UNAUTHORIZED)
    assert not AccessToken.objects.exists()
    assert not Login.objects.exists()
    assert "X-Subject-Token" not in answer.headers


def test_another_users_project_is_refused_by_its_id_too(dora: User) -> None:
    other = make_project(make_user("charlie"), "Charlies Project")
    assert ask(asking(scope={"project": {"id": other.key}})).body == UNAUTHORIZED


def test_a_disabled_user_and_one_who_needs_a_second_factor_are_refused_alike(dora: User, settings: Any) -> None:
    make_user("rita", Role.GOD, password=PASSWORD)
    settings.DEVELOPMENT = False
    god = asking({"name": "rita", "domain": DOMAIN})
    client = Caller()
    answer = client.client.post("/v3/auth/tokens", god, "application/json", secure=True)
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    settings.DEVELOPMENT = True
    assert ask(god).status == 201


MALFORMED: dict[str, Any] = {
    "nothing": {},
    "no identity": {"auth": {}},
    "no object": {"auth": []},
    "methods of another type": asking() | {"auth": {"identity": {"methods": "password"}}},
    "no user": {"auth": {"identity": {"methods": ["password"], "password": {}}}},
    "a name without a domain": asking({"name": "dora"}),
    "a name that is a number": asking({"name": 7, "domain": DOMAIN}),
    "a long password": asking(password="x" * 257),
    "a scope that is a text": asking(scope="project"),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_not_well_formed_is_no_attempt(body: Any, dora: User) -> None:
    answer = ask(body)
    assert (answer.status, answer.body["error"]["code"], answer.body["error"]["title"]) == (400, 400, "Bad Request")


@pytest.mark.usefixtures("standing_clock")
def test_failures_at_this_door_and_at_the_others_are_one_count(dora: User) -> None:
    wrong = {"by": "name", "ustr": "dora", "pwd": "0" * 32}
    for _ in range(3):
        assert Caller().call("POST", "/login", wrong).status == 401
    assert [ask(asking(password="wrong")).status for _ in range(2)] == [401, 401]
    refused = ask(asking(password="wrong"))
    assert (refused.status, refused.body["error"]["title"]) == (429, "Too Many Requests")
    assert int(refused.headers["Retry-After"]) >= 1
    assert ask(asking({"id": dora.key}, password="wrong")).status == 429, "by whatever they are called"


def test_plain_http_is_refused(dora: User, settings: Any) -> None:
    settings.DEVELOPMENT = False
    assert ask().status == 403


def test_a_password_in_the_address_is_refused_unread(dora: User) -> None:
    assert ask(path="/v3/auth/tokens?password=x").status == 400
