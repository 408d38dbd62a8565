"""Who and what is there to be looked at: people who sign in by a password, and a row for every list.

`tell` runs where the server's commands do, beside it.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from config.kernel.roles import Role
from config.kernel.states import State, Verb
from tests.server import Person, Server

PASSWORD = "correct horse 9"
# olga's are the things that are only looked at; dora has room for some more, and mona gets many at once.
_DEVELOPERS = dict.fromkeys(("dora", "mona", "olga"), Role.DEVELOPER)
_ROLES = {**_DEVELOPERS, "zoe": Role.ZOON, "root": Role.GOD}


@dataclass(frozen=True)
class Town:
    """Made once for a server, beside what else is on it."""

    people: dict[str, Person]
    names: dict[str, str]  # in this database, where others may have theirs
    pages: dict[str, list[str]]  # kind → the pages of things of it, in the super-console

    @property
    def dora(self) -> Person:
        return self.people["dora"]


def make_many(server: Server, owner: Person, prefix: str, many: int) -> list[str]:
    return list(server.shell(f"from tests.browser import town; town.tell_many({owner.id!r}, {prefix!r}, {many})"))


def build(server: Server) -> Town:
    told = server.shell("from tests.browser import town; town.tell()")
    people = {name: Person(**each) for name, each in told["people"].items()}
    return Town(people, told["names"], told["pages"])


def tell_many(owner: str, prefix: str, many: int) -> None:
    """So many cities of somebody's, as rows alone; their ids, printed as JSON. Past what one may make."""
    from django.utils import timezone

    from accounts.models import User
    from cities.models import City

    user, now = User.objects.get(key=owner), timezone.now()
    names = [f"{prefix}_{number:04}" for number in range(many)]
    made = City.objects.bulk_create(
        City(name=name, name_key=name.lower(), creator=user, created_at=now, updated_at=now) for name in names
    )
    print(json.dumps([city.key for city in made]))


def tell() -> None:
    """Make them, and print them as JSON."""
    from tests.factories import make_token, make_user

    suffix = secrets.token_hex(3)
    users = {name: make_user(f"{name}_{suffix}", role, password=PASSWORD) for name, role in _ROLES.items()}
    people = {name: {"id": user.key, "token": make_token(user)} for name, user in users.items()}
    names = {name: user.name for name, user in users.items()}
    print(json.dumps({"people": people, "names": names, "pages": _make_things(users["olga"], users["root"])}))


def _make_things(olga: Any, root: Any) -> dict[str, list[str]]:
    """A city in every state, and one of each other kind; the verbs that one offers differ by its state."""
    from django.db import transaction
    from django.utils import timezone

    from accounts.access.actor import Actor
    from accounts.models import Lockout
    from accounts.people import credentials, requests
    from accounts.people.reach import Reach
    from apps.models import App
    from apps.services import codes
    from config.kernel import registry, scopes
    from tests.factories import actor, do, make_app, make_city, make_gateway, make_project

    now = timezone.now()
    cities = [make_city(olga, f"City_{secrets.token_hex(3)}", state) for state in State]
    closed = cities[list(State).index(State.DISABLED)]
    do(closed, Verb.DIS, actor(root), reason="Unpaid", expires_at=now + timedelta(days=2))
    wish = {"verb": Verb.ENB, "message": "It is paid now"}
    asked = requests.ask(registry.kind("city"), closed.key, by=actor(olga), read=lambda: wish)
    project = make_project(olga, "Payments")
    gateway = make_gateway(olga, project, "Tram_Signals")
    app, _ = make_app(gateway, olga, "Night_Market")
    codes.create_code(app.key, App.objects.with_chain(), by=actor(olga), read=dict)
    with transaction.atomic():
        key, _ = credentials.make_key(olga, Reach(scopes=scopes.ALL), by=Actor.system(), name="tram")
    lock = Lockout.objects.create(
        subject=secrets.token_hex(32), failures=5, blocked_until=now + timedelta(hours=1), last_at=now
    )
    found = {
        "cities/city": [city.key for city in cities],
        "projects/project": [project.key],
        "apps/gateway": [gateway.key],
        "apps/app": [app.key],
        "accounts/organization": [olga.corp.key],
        "accounts/user": [olga.key, root.key],
        "accounts/accesskey": [key.key],
        "accounts/request": [asked.key],
        "accounts/operation": _make_operations(cities[0], root),
        "accounts/lockout": [lock.subject],
        "accounts/policybook": ["DisState", "SetPolicy"],
    }
    return {kind: [f"/admin/{kind}/{key}/change/" for key in keys] for kind, keys in found.items()}


def _make_operations(city: Any, root: Any) -> list[str]:
    """One that root may begin, and one that is done."""
    from django.utils import timezone

    from accounts.access.actor import Actor, Door
    from accounts.machine import operations
    from cities.models import City
    from config.kernel import registry

    now = timezone.now()
    by = Actor(now, Door.ADMIN, root, request_id="town", proved_at=now)
    planned, done = (
        operations.plan(registry.kind("city"), Verb.DIS, City.objects.visible_to(by).filter(pk=city.pk), by=by)
        for _ in range(2)
    )
    operations.start(done.key, by=by, read=lambda _: {"reason": "Spam"})
    operations.run(done.key)
    return [planned.key, done.key]
