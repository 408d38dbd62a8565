"""Tenants in the server's database: a city, a project, a gateway with its key, apps with each kind of credential."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.server import Server

# What an app may be beside a good one: `acl`, `is_disabled`, `is_expired`.
Terms = Mapping[str, Any]
GOOD: Mapping[str, Terms] = {"手环_1": {}}
_MAKE = """
import json
from datetime import timedelta
from django.utils import timezone
from accounts.machine import executor
from apps.lifecycle import APP
from apps.models import App, AppSecret
from apps.services import apps, codes, gateways
from config.kernel.states import Verb
from tests.factories import actor, make_app, make_city, make_project, make_token, make_user

given = json.loads(%r)
user = make_user("owner_" + given["suffix"])
by, rows = actor(user), App.objects.with_chain
city = make_city(user, "City_" + given["suffix"])
project = make_project(user, "Project " + given["suffix"], city=city.key)
terms = {"name": "Gateway_1", **given["gateway"]}
gateway, gateway_key = gateways.create_gateway(project.key, by=by, read=lambda: terms)
made = {}
for name, terms in given["apps"].items():
    app, secret = make_app(gateway, user, name)
    code = codes.create_code(app.key, rows(), by=by, read=dict)[1]
    made[name] = {"id": app.key, "name": name, "key": app.app_key, "secret": secret, "code": code}
    if "acl" in terms:
        kind, values = terms["acl"]
        apps.set_acl(app.key, rows(), by=by, read=lambda: {"acl_type": kind, "acl_values": values})
    if terms.get("is_disabled"):
        executor.fire(APP, rows(), app.key, Verb.DIS, by=by, read=dict)
    if terms.get("is_expired"):  # it was made long ago, and its end was set then
        AppSecret.objects.filter(holder=app).update(expires_at=timezone.now() - timedelta(seconds=1))
print(json.dumps({
    "token": make_token(user), "city": city.key, "project": project.key,
    "gateway": gateway.key, "gateway_key": gateway_key, "apps": made,
}))
"""


@dataclass(frozen=True)
class App:
    """An app, and what it proves itself by."""

    id: str
    name: str
    key: str
    secret: str
    code: str


@dataclass(frozen=True)
class Tenant:
    """Whose the city, the project and the gateway are; `token` is its owner's, of every scope."""

    token: str
    city: str
    project: str
    gateway: str
    gateway_key: str
    apps: Mapping[str, App]

    @property
    def app(self) -> App:
        """The first."""
        return next(iter(self.apps.values()))


def make_tenant(server: Server, apps: Mapping[str, Terms] = GOOD, **gateway: Any) -> Tenant:
    """A new one. `gateway` are terms of the gateway's, such as `profile`."""
    given = {"suffix": secrets.token_hex(4), "apps": apps, "gateway": gateway}
    made = server.shell(_MAKE % json.dumps(given))
    return Tenant(**made | {"apps": {name: App(**app) for name, app in made["apps"].items()}})
