"""Who plays in the tests, and how each of them calls."""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from accounts.models import User
from cities.models import City
from config.kernel.roles import Role, Share
from tests.factories import actor, make_city, make_token, make_user, share


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


def _json(data: Any) -> bytes:
    import orjson

    return b"" if data is None else orjson.dumps(data)


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
