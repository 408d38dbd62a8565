"""Who plays in the tests, and how each of them calls."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from accounts.models import User
from cities.models import City
from config.kernel.roles import Role, Share
from tests.factories import actor, found_company, make_city, make_token, make_user, share


@dataclass
class Answer:
    """What came back: status, body, headers."""

    status: int
    body: Any
    headers: Any

    @property
    def reason(self) -> str:
        return str(self.body["reason"])

    @property
    def result(self) -> Any:
        return self.body["result"]

    @property
    def code(self) -> str:
        """Of a problem of the native API."""
        return str(self.body["code"])

    @property
    def said(self) -> tuple[str, str]:
        """RspCode and RspDesc of CloudRoom."""
        return self.body["RspCode"], self.body["RspDesc"]

    @property
    def data(self) -> Any:
        return self.body["Data"]


@dataclass
class Caller:
    """Somebody with a token, or without ("")."""

    token: str = ""
    user: User | None = None
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def call(self, method: str, path: str, data: Any = None, **headers: str) -> Answer:
        """Any request: `data` is sent as JSON; of headers `_` is `-`. The token goes along."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", self.token)
        response = self.client.generic(
            method, path, data if isinstance(data, str | bytes) else _json(data), "application/json", headers=sent
        )
        is_json = "json" in response.headers.get("Content-Type", "") and response.content
        return Answer(response.status_code, response.json() if is_json else None, response.headers)

    def api(self, method: str, path: str, data: Any = None, **headers: str) -> Answer:
        """A call of the native API."""
        return self.call(method, f"/api/v1/{path}", data, **headers)

    def verb(self, verb: str, key: str = "", data: Any = None, **headers: str) -> Answer:
        """A documented verb in its header form; for reads `data` is the query string's parameters."""
        method = {"ADD": "POST", "DEL": "DELETE", "GET": "GET", "GIT": "GET", "QRY": "GET", "QRI": "GET"}.get(
            verb, "PUT"
        )
        path = f"/city/{key}" if key else "/city"
        if method == "GET" and data:
            from urllib.parse import urlencode

            path, data = f"{path}?{urlencode(data)}", None
        return self.call(method, path, data, XduaApiMethod=verb, **headers)


@dataclass
class Company:
    """A company, as CloudRoom's callers are one: by its CompID and its SecretKey."""

    comp_id: int
    secret: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    @property
    def secret_key(self) -> str:
        return hashlib.md5(f"{self.comp_id}&{self.secret}".encode()).hexdigest()

    @property
    def common(self) -> dict[str, Any]:
        """000's 公共参数."""
        return {"RequestId": "r-1", "CompID": self.comp_id, "SecretKey": self.secret_key}

    def call(self, path: str, **params: Any) -> Answer:
        """POST `project/…` with the common parameters and these; `...` leaves one out."""
        sent = {name: value for name, value in (self.common | params).items() if value is not ...}
        return self.post(path, _json(sent))

    def post(self, path: str, body: bytes, media_type: str = "application/json", method: str = "POST") -> Answer:
        """Any body, of any type."""
        address = f"/CLOUDROOM-API/{path}"
        response = self.client.generic(method, address, body, media_type, REMOTE_ADDR="192.0.2.1")
        return Answer(response.status_code, response.json() if response.content else None, response.headers)


def _json(data: Any) -> bytes:
    import orjson

    return b"" if data is None else orjson.dumps(data)


def make_company(name: str = "Acme") -> Company:
    """A company of nobody's, with its secret and its default project."""
    organization, secret = found_company(name)
    assert organization.comp_id is not None
    return Company(organization.comp_id, secret)


@dataclass
class Cast:
    """The people and alice's city, `city`."""

    alice: Caller
    oscar: Caller
    vera: Caller
    charlie: Caller
    zoe: Caller
    root: Caller
    nobody: Caller
    city: City


def make_cast() -> Cast:
    """alice owns a city; oscar may operate it, vera view it; charlie is a stranger; zoe a zoon, root a god."""
    developers = [make_user(name) for name in ("alice", "oscar", "vera", "charlie")]
    people = [*developers, make_user("zoe", Role.ZOON), make_user("root", Role.GOD)]
    callers = [Caller(make_token(user), user) for user in people]
    alice, oscar, vera = developers[:3]
    city = make_city(alice, "Alice_City")
    share(city, oscar, Share.OPERATOR, by=actor(alice))
    share(city, vera, Share.VIEWER, by=actor(alice))
    return Cast(*callers, nobody=Caller(), city=city)
