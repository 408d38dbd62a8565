"""“Try it”: what the pages show is run as it stands, by a shell and by Python, against a real server."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from accounts.console import spelling
from accounts.console.spelling import Wire
from apps.models import App
from tests.cast import Cast
from tests.factories import make_app, make_gateway
from tests.server import Server
from tests.site.console import Browser
from tests.site.forms import send, value_of

# A thing of each kind; the project that is tried is another, since none goes that holds a gateway with apps.
_MAKE = """
import io, json
from django.core.management import call_command
from django.db import transaction
from django.test import RequestFactory, override_settings
from accounts.access.actor import Actor
from accounts.console import tryit
from accounts.people import companies
from apps.models import App, Gateway
from apps.services import gateways
import config.urls
from projects.models import Project
from tests.factories import actor, make_app, make_city, make_project, make_token, make_user

given = json.loads(%r)
user = make_user("trying_" + given["suffix"])
by = actor(user)
city = make_city(user, "City_" + given["suffix"])
project = make_project(user, "Project", city=city.key)
terms = {"name": "Gateway_1", "profile": given["profile"]}
gateway, gateway_key = gateways.create_gateway(project.key, by=by, read=lambda: terms)
app, secret = make_app(gateway, user, "First_client")
with transaction.atomic():
    comp_secret = companies.new_secret(user.corp, by=Actor.system())
out = io.StringIO()
call_command("createaccesskey", user.name, stdout=out)
ak, sk = out.getvalue().split()
things = {
    "city": city,
    "project": Project.objects.with_chain().get(pk=make_project(user, "Empty", city=city.key).pk),
    "gateway": Gateway.objects.with_chain().get(pk=gateway.pk),
    "app": App.objects.with_chain().get(pk=app.pk),
}
request = RequestFactory().get("/", HTTP_HOST=given["host"])
calls = {
    f"{kind} {group.name}": [[call.curl, call.python] for call in group.calls]
    for kind, thing in things.items() for group in tryit.calls_of(kind, thing, request)
}
environment = {
    "POLIS_TOKEN": make_token(user), "POLIS_COMP_SECRET": comp_secret, "POLIS_GATEWAY_KEY": gateway_key,
    "POLIS_APP_KEY": app.app_key, "POLIS_APP_SECRET": secret, "POLIS_ACCESS_KEY": ak, "POLIS_SECRET_KEY": sk,
}
print(json.dumps({"calls": calls, "environment": environment, "app": app.key}))
"""
# Dialects whose calls follow each other: what ends a thing is the last of each, and what stands above comes later.
_CHAINS = {
    "ours": ("app verify", "gateway verify", "app native", "gateway native", "project native", "city native"),
    "documented": ("app apig", "gateway apig", "project cloudroom", "city xdua"),
}
# What these say of a call that was done: their HTTP status alone does not tell.
_SAID = {"project cloudroom": '"RspCode":"0"', "city xdua": '"error":0'}
_CURL, _PYTHON = 0, 1


@dataclass(frozen=True)
class Ran:
    """How a program ended, and what it said."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Tried:
    """Somebody's things on the real server: the calls about them, and the environment that these need."""

    calls: Mapping[str, list[list[str]]]
    environment: Mapping[str, str]
    app: str
    home: Path

    def run(self, program: str, language: int, **other: str) -> Ran:
        """A program as it is shown. curl ends in error where the server's status is one."""
        command = ["bash", "-eu", "-c", program] if language == _CURL else [sys.executable, "-c", program]
        given = {**self.environment, "PATH": os.environ["PATH"], "CURL_HOME": str(self.home), **other}
        done = subprocess.run(command, env=given, capture_output=True, text=True, check=False, timeout=60)
        return Ran(done.returncode, done.stdout, done.stderr)


def tried(server: Server, home: Path, profile: str = "nginx") -> Tried:
    (home / ".curlrc").write_text("silent\nshow-error\nfail\n")
    given = {"suffix": secrets.token_hex(4), "host": f"{server.host}:{server.port}", "profile": profile}
    return Tried(**server.shell(_MAKE % json.dumps(given)), home=home)


@pytest.mark.parametrize("chain", _CHAINS)
@pytest.mark.parametrize("language", [_CURL, _PYTHON], ids=["curl", "python"])
def test_every_call_that_is_shown_succeeds(server: Server, tmp_path: Path, language: int, chain: str) -> None:
    there = tried(server, tmp_path)
    assert set(there.calls) == {group for groups in _CHAINS.values() for group in groups}
    for group in _CHAINS[chain]:
        for call in there.calls[group]:
            ran = there.run(call[language], language)
            assert ran.status == 0, (group, call[language], ran)
            assert _SAID.get(group, "") in ran.out, (group, call[language], ran)


@pytest.mark.parametrize("profile", ["nginx", "traefik", "apisix", "envoy"])
def test_a_first_call_is_accepted_whatever_the_gateway_is(server: Server, tmp_path: Path, profile: str) -> None:
    """By key and secret, and signed; with a wrong secret each of them is refused."""
    there = tried(server, tmp_path, profile)
    for call in there.calls["app verify"]:
        for language in (_CURL, _PYTHON):
            ran = there.run(call[language], language)
            assert ran.status == 0, ran
            assert "200" in ran.out
            wrong = there.run(call[language], language, POLIS_APP_SECRET="a" * 32)
            assert wrong.status != 0
            assert "401" in wrong.out + wrong.err
    signed = there.run(there.calls["app verify"][1][_PYTHON], _PYTHON)
    assert signed.out == f"200 {there.app}\n"


def test_a_city_shows_its_calls_with_its_own_id_and_no_secret(cast: Cast) -> None:
    page = Browser(cast.alice.user).get(f"/console/cities/{cast.city.key}/try")
    assert page.status == 200
    assert f"curl 'http://testserver/api/v1/cities/{cast.city.key}'" in page.text
    assert 'Authorization: Bearer $POLIS_TOKEN"' in page.text
    assert "XduaApiMethod: DIS" in page.text
    assert cast.alice.token not in page.source


def test_a_city_that_one_does_not_see_cannot_be_tried(cast: Cast) -> None:
    assert Browser(cast.charlie.user).get(f"/console/cities/{cast.city.key}/try").status == 404


def test_where_programs_call_is_what_the_platform_says(cast: Cast, settings: Any) -> None:
    settings.BASE_URL = "https://polis.example.com"
    page = Browser(cast.alice.user).get(f"/console/cities/{cast.city.key}/try")
    assert f"https://polis.example.com/city/{cast.city.key}" in page.text


def test_a_new_secret_is_shown_with_a_first_call_that_does_not_hold_it(cast: Cast) -> None:
    assert cast.alice.user is not None
    gateway = make_gateway(cast.alice.user)
    browser = Browser(cast.alice.user)
    page = send(browser, "/console/apps/new", gateway=gateway.key, name="First_client")
    app = App.objects.get(name="First_client")
    assert f'"X-Api-Key: {app.app_key}.$POLIS_APP_SECRET"' in page.text
    assert page.source.count(value_of(page)) == 1
    assert "POLIS_GATEWAY_KEY" in page.text
    assert f"X-Polis-Gateway: {gateway.key}" in browser.get(f"/console/apps/{app.key}/try").text


def test_an_app_that_does_not_admit_the_address_of_the_example_says_so(cast: Cast) -> None:
    assert cast.alice.user is not None
    app = make_app(make_gateway(cast.alice.user), cast.alice.user)[0]
    way, said = f"/console/apps/{app.key}/try", "in the place of 192.0.2.7"
    assert said not in Browser(cast.alice.user).get(way).text
    App.objects.filter(pk=app.pk).update(acl_type="PERMIT", acl_values=["198.51.100.1"])
    assert said in Browser(cast.alice.user).get(way).text


def test_what_is_sent_is_spelled_so_that_nothing_in_it_is_read_but_our_variables() -> None:
    """Quotes, braces and a dollar that is none of ours, in a body and in a header."""
    body = {"name": 'it\'s {a} "b" `id` $(id)', "key": "$SECRET_KEY", "is_on": True, "none": None}
    wire = Wire("POST", "http://x/", {"A": "$POLIS_TOKEN"}, body)
    shown = spelling.curl(wire).replace("curl -X POST", "printf '%s\n'")
    ran = subprocess.run(
        ["bash", "-c", shown], env={"POLIS_TOKEN": "t0k", "SECRET_KEY": "k"}, capture_output=True, text=True, check=True
    )
    words = ran.stdout.splitlines()
    assert "A: t0k" in words
    assert json.loads(words[-1]) == {**body, "key": "k"}
    program = spelling.python(wire)
    given: dict[str, Any] = {"secret_key": "k"}
    line = next(line for line in program.splitlines() if "json.dumps" in line)
    assert (
        eval(line.strip().removeprefix("data=").removesuffix(","), {"json": json}, given)
        == json.dumps({**body, "key": "k"}).encode()
    )
