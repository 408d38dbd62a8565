"""The APIG dialect as its clients call it: by X-Auth-Token, at one gateway of one project."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from django.test import Client

from accounts.models import User
from apps.models import Gateway
from tests.cast import Answer
from tests.factories import make_token


@dataclass
class Apig:
    """Somebody at a gateway."""

    user: User
    project: str
    instance: str
    token: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __post_init__(self) -> None:
        self.token = self.token or make_token(self.user)

    def call(self, method: str, path: str, data: Any = None, *, v: str = "v1", **headers: str) -> Answer:
        """`path` is what stands behind the instance's id; `data` is sent as JSON, bytes as they are."""
        address = f"/{v}/{self.project}/apigw/instances/{self.instance}{path}"
        return self.at(method, address, data, **headers)

    def at(self, method: str, address: str, data: Any = None, **headers: str) -> Answer:
        """Any address."""
        sent = {"X-Auth-Token": self.token} | {name.replace("_", "-"): value for name, value in headers.items()}
        body = data if isinstance(data, bytes) else b"" if data is None else orjson.dumps(data)
        response = self.client.generic(method, address, body, "application/json", headers=sent)
        return Answer(response.status_code, response.json() if response.content else None, response.headers)

    def add(self, name: str = "app_001", **given: Any) -> Any:
        """A new app, as it is answered."""
        made = self.call("POST", "/apps", {"name": name, **given})
        assert made.status == 201, made.body
        return made.body

    def as_user(self, user: User) -> "Apig":
        return Apig(user, self.project, self.instance)


def at_gateway(user: User, gateway: Gateway) -> Apig:
    """A user at a gateway."""
    return Apig(user, gateway.project.key, gateway.key)


def said(answer: Answer) -> tuple[int, str]:
    """Status and error_code."""
    return answer.status, answer.body["error_code"]
