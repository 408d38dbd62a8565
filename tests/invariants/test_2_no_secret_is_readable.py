"""Invariant 2, S15 on a real server: secrets of all kinds are made at every door, then looked for in all there is."""

import hashlib
import http.client
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.security.test_on_a_real_server import dump_of, written_by
from tests.server import ROOT, Server

PASSWORD, CHANGED, WRONG = "correct horse 9!", "another horse 8!", "a wrong horse 7!"


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


class Visitor:
    """Calls a server and keeps every answer; a secret is taken out of the one answer that made it."""

    def __init__(self, server: Server, suffix: str) -> None:
        self.server, self.suffix = server, suffix
        self.secrets: dict[str, str] = {}
        self.answers = ""

    def know(self, what: str, secret: str) -> str:
        self.secrets |= {what: secret.removeprefix("polis_"), f"the md5 of {what}": md5(secret)}
        return secret

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.server.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        self.answers += done.stderr
        return done.stdout.strip()

    def call(self, method: str, path: str, data: Any = None, *, makes: tuple[str, ...] = (), **headers: str) -> Any:
        """The answer. `makes` leads to the secret in it, which must be there once."""
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=60)
        sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): text for name, text in headers.items()}
        body = data.encode() if isinstance(data, str) else json.dumps(data).encode() if data is not None else b""
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text, told = answer.read().decode(), str(answer.headers)
        finally:
            connection.close()
        parsed = json.loads(text) if answer.headers.get_content_type().endswith("json") and text else None
        if makes:
            value = parsed
            for name in makes:
                assert name in (value or {}), f"{path}: {text}"
                value = value[name]
            self.know(f"{path} {'.'.join(makes)} {len(self.secrets)}", value)
            assert text.count(value) == 1
            text = text.replace(value, "")
        self.answers += told + text
        return parsed


def test_every_secret_is_in_the_one_answer_that_made_it_and_nowhere_else(server: Server) -> None:
    it = Visitor(server, os.urandom(4).hex())
    god, token = through_commands(it)
    through_sign_in(it)
    through_the_native_doors(it, token)
    through_cloudroom(it)
    for path in (
        "me",
        "tokens",
        "access-keys",
        "cities",
        "projects",
        "gateways",
        "apps",
        "organizations",
        "audit?limit=200",
        "audit/export",
        "audit/export?as=jsonl",
    ):
        for each in (token, god):
            it.call("GET", f"/api/v1/{path}", Authorization=f"Bearer {each}")
    it.call("GET", "/city?" + urlencode({"fields": "@all"}), Authorization=token, XduaApiMethod="QRY")
    assert it.answers.count("id,at,actor_kind,actor,") == 1, "the export, which is god's"
    log = (Path(server.environment["POLIS_VAR"]) / "log").read_text()
    assert log.count("POST /CLOUDROOM-API/project/update/secret 200") >= 2, "this is where it is written"
    places = {"the files": written_by(server).decode("latin-1"), "the dump": dump_of(server).decode("latin-1")}
    places |= {"the log": log, "the answers": it.answers}
    assert len(it.secrets) >= 40
    leaked = [
        f"{what} in {place}" for what, secret in it.secrets.items() for place in places if secret in places[place]
    ]
    assert leaked == []


def through_commands(it: Visitor) -> tuple[str, str]:
    """A developer and a god, each with a token; a company with its secret."""
    for name, role in (("dora", "developer"), ("rita", "god")):
        password = it.know(f"{name}'s password", f"{PASSWORD} {name}")
        it.command("createuser", f"{name}_{it.suffix}", "--role", role, "--password", password)
    god, token = (
        it.know(f"{who}'s token", it.command("issue_token", f"{who}_{it.suffix}")) for who in ("rita", "dora")
    )
    comp_id, secret = it.command("createcompany", f"Co {it.suffix}", "--owner", f"dora_{it.suffix}").split()
    it.common = {"RequestId": "r1", "CompID": int(comp_id)}  # type: ignore[attr-defined]
    it.key = it.know("CompSecret", secret) and it.know("SecretKey", md5(f"{comp_id}&{secret}"))  # type: ignore[attr-defined]
    return god, token


def through_sign_in(it: Visitor) -> None:
    """Rightly and wrongly, by the dialect and by the admin."""
    it.know("a wrong password", WRONG)
    name = f"dora_{it.suffix}"
    right = {"by": "name", "ustr": name, "pwd": md5(f"{PASSWORD} dora")}
    it.call("POST", "/login", right, makes=("result", "token"))
    for wrong in ({**right, "pwd": md5(WRONG)}, {**right, "pwd": WRONG}, json.dumps(right)[:-1], {"pwd": md5(WRONG)}):
        it.call("POST", "/login", wrong)
    it.call("POST", "/account/login", urlencode({"login": name, "password": WRONG}))


def through_the_native_doors(it: Visitor, token: str) -> None:
    sent = {"Authorization": f"Bearer {token}"}
    for path, body, makes in (
        ("tokens", {"name": "ci", "scopes": ["read"]}, ("token",)),
        ("access-keys", {"name": "ci", "scopes": ["read"]}, ("sk",)),
        ("projects", {"name": "Native"}, ("app_secret",)),
    ):
        made = it.call("POST", f"/api/v1/{path}", body, makes=makes, **sent, Idempotency_Key=f"key {path}")
        it.call("POST", f"/api/v1/{path}", body, **sent, Idempotency_Key=f"key {path}")
    where, again = f"/api/v1/projects/{made['app_id']}/rotate", {**sent, "Idempotency_Key": "key rotate"}
    it.call("POST", where, {"grace_seconds": 60}, makes=("secret", "value"), **again)
    it.call("POST", where, {"grace_seconds": 60}, **again)
    it.call("GET", f"/api/v1/projects/{made['app_id']}/secrets", **sent)
    through_gateways(it, made["app_id"], sent)
    city = it.call("POST", "/api/v1/cities", {"name": f"City_{it.suffix}"}, **sent)["id"]
    it.call(
        "PUT",
        f"/city/{city}",
        {"secret": "a kid"},
        makes=("result", "secret"),
        Authorization=token,
        XduaApiMethod="SET",
    )
    it.call("GET", f"/api/v1/me?token={token}", **sent)
    it.call("GET", f"/city?Authorization={token}", Authorization=token)
    it.call("POST", "/api/v1/tokens", '{"name": "' + token, **sent)


def through_gateways(it: Visitor, project: str, sent: dict[str, str]) -> None:
    """A gateway with its key, an app with its secret and one of its client's own, AppCodes of either make."""

    def make(path: str, body: dict[str, Any], *makes: str) -> Any:
        again = {**sent, "Idempotency_Key": f"key {path}"}
        made = it.call("POST", f"/api/v1/{path}", body, makes=makes, **again)
        it.call("POST", f"/api/v1/{path}", body, **again)
        return made.get("id", "")

    body = {"project": project, "name": "Gate_1", "app_key_secret_switch": True}
    gateway = make("gateways", body, "gateway_key")
    make(f"gateways/{gateway}/rotate", {}, "secret", "value")
    app = make("apps", {"gateway": gateway, "name": "Band_1"}, "app_secret")
    make(f"apps/{app}/rotate", {"secret": f"Own-{it.suffix}-secret"}, "secret", "value")
    changed = it.know("a secret within a change", f"Own-{it.suffix}-changed")
    it.call("PATCH", f"/api/v1/apps/{app}", {"app_secret": changed}, **sent)
    it.call("PATCH", f"/api/v1/apps/{app}", {"app_secret": changed, "name": 5}, **sent)
    make(f"apps/{app}/codes", {}, "app_code")
    own = it.know("a code of one's own", f"Own+{it.suffix}" * 6)
    assert it.call("POST", f"/api/v1/apps/{app}/codes", {"app_code": f"{own}&"}, **sent)["code"] == "bad_character"
    it.call("POST", f"/api/v1/apps/{app}/codes", {"app_code": own}, makes=("app_code",), **sent)
    for path in (f"gateways/{gateway}", f"gateways/{gateway}/secrets", f"apps/{app}", f"apps/{app}/secrets"):
        it.call("GET", f"/api/v1/{path}", **sent)
    it.call("GET", f"/api/v1/apps/{app}/codes", **sent)


def through_cloudroom(it: Visitor) -> None:
    where, given = "/CLOUDROOM-API/project", {**it.common, "SecretKey": it.key}  # type: ignore[attr-defined]
    made = it.call("POST", f"{where}/add", {**given, "ProjectName": "Cloud"}, makes=("Data", "AppSecret"))
    app = {**given, "OperateAppId": made["Data"]["AppId"]}
    it.call("POST", f"{where}/update/secret", app, makes=("Data", "AppSecret"))
    it.call("POST", f"{where}/update/secret", app, makes=("Data", "AppSecret"))
    it.call("POST", f"{where}/query/list", given)
    it.call("POST", f"{where}/query/list?{urlencode(given)}", given)
    it.call("POST", f"{where}/query/list", {**given, "SecretKey": md5(WRONG)})
    it.call("POST", f"{where}/query/list", json.dumps(given)[:-1])
    it.call("POST", f"{where}/delete", app)
