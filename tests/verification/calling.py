"""`/verify` asked as a gateway asks it, through Django's test client."""

import base64
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client

from apps.models import App, Gateway
from apps.services import codes, gateways
from tests.cast import Cast
from tests.factories import actor, make_app, make_project

HOST = "api.example.com"


@dataclass
class Asking:
    """A gateway that knows its key."""

    gateway: Gateway
    key: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def ask(
        self,
        path: str = "/verify",
        *,
        method: str = "GET",
        body: bytes = b"",
        secure: bool = False,
        **headers: str | None,
    ) -> Any:
        """Of `headers` `_` is `-`, and None takes one away that is sent else."""
        told = {
            "X-Polis-Gateway": self.gateway.key,
            "X-Polis-Gateway-Key": self.key,
            "X-Original-Method": "GET",
            "X-Original-URI": "/orders?page=1",
            "X-Original-Host": HOST,
            "X-Original-Length": "0",
            "X-Real-IP": "192.0.2.7",
        }
        told |= {name.replace("_", "-"): value for name, value in headers.items()}  # type: ignore[misc]
        kept = {name: value for name, value in told.items() if value is not None}
        return self.client.generic(method, path, body, "application/octet-stream", secure, headers=kept)


@dataclass
class Standing:
    """Alice's gateway with an app: its key, secret and code."""

    asking: Asking
    app: App
    secret: str
    code: str

    @property
    def pair(self) -> str:
        return f"{self.app.app_key}.{self.secret}"

    @property
    def basic(self) -> str:
        return basic(self.app.app_key, self.secret)

    def ask(self, **given: Any) -> HttpResponse:
        """By key and secret, where nothing else is given."""
        if not {"X_Api_Key", "X_Apig_AppCode", "Authorization"} & given.keys():
            given["X_Api_Key"] = self.pair
        answer: HttpResponse = self.asking.ask(**given)
        return answer


def basic(app_key: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{app_key}:{secret}".encode()).decode()


def stand(cast: Cast, **terms: Any) -> Standing:
    """One more of each, in alice's city; `terms` are the gateway's."""
    alice = cast.alice.user
    assert alice is not None
    project = make_project(alice, city=cast.city.key)
    given = {"name": "gateway_one", "key_switch": True, **terms}
    gateway, key = gateways.create_gateway(project.key, by=actor(alice), read=lambda: given)
    app, secret = make_app(gateway, alice)
    _, code = codes.create_code(app.key, App.objects.with_chain(), by=actor(alice), read=dict)
    return Standing(Asking(gateway, key), app, secret, code)
