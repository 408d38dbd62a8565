"""People who come to the developers' console: with nothing, or with a city, a project, a gateway and an app."""

import json
import secrets
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.browser.hands import MOUSE, Hand
from tests.server import Server

_MAKE = """
import json
from tests.browser.town import PASSWORD
from apps.services.gateways import create_gateway
from tests.factories import actor, make_app, make_city, make_project, make_user

user = make_user(%r, email=%r, password=PASSWORD)
made = {"user": user.key}
if %r:
    city = make_city(user, "City_" + user.key)
    project = make_project(user, "Payments", city=city.key)
    gateway, gateway_key = create_gateway(project.key, by=actor(user), read=lambda: {"name": "Tram_Signals"})
    app, secret = make_app(gateway, user, "Night_Market")
    made |= {"city": city.key, "project": project.key, "gateway": gateway.key, "app": app.key, "secret": secret}
    made |= {"gateway_key": gateway_key, "app_key": app.app_key}
print(json.dumps(made))
"""


@dataclass(frozen=True)
class Developer:
    """What they are called, and the ids of what is theirs, by kind."""

    name: str
    email: str
    ids: dict[str, str] = field(default_factory=dict)

    def at(self, kind: str, page: str = "") -> str:
        """The address of a page of a thing of theirs."""
        path = {"city": "cities", "project": "projects", "gateway": "gateways", "app": "apps"}[kind]
        return f"/console/{path}/{self.ids[kind]}" + (f"/{page}" if page else "")

    @property
    def city(self) -> str:
        """The name of their city."""
        return f"City_{self.ids['user']}"


def make(server: Server, name: str, *, has_things: bool = True) -> Developer:
    """Somebody new to the database, whose name begins so."""
    name = f"{name}_{secrets.token_hex(4)}"
    email = f"{name}@polis.example"
    return Developer(name, email, server.shell(_MAKE % (name, email, has_things)))


def go(page: Page, *words: str, by: Hand = MOUSE) -> None:
    """By links of the page, one after the other."""
    for word in words:
        by.press(page.get_by_role("main").get_by_role("link", name=word, exact=True).first)


def send(page: Page, word: str, by: Hand = MOUSE, **typed: str) -> None:
    """Fill the form's fields, by their ids, and press its button."""
    for name, text in typed.items():
        by.fill(page.locator(f"#id_{name}"), text)
    by.press(page.get_by_role("main").get_by_role("button", name=word, exact=True))


def shown_once(page: Page) -> str:
    """The secret that the page shows."""
    value = page.locator("#secret-value").inner_text()
    assert len(json.dumps(value)) > 20, value
    return value
