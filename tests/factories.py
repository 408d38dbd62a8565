"""Things for tests, made through the same services as everything else."""

import itertools
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.access.actor import Actor, Door
from accounts.machine import executor
from accounts.models import FOREVER, Grant, Organization, User
from accounts.people import companies, services, sharing, tokens
from accounts.people.reach import Reach
from apps.models import App, Gateway
from apps.services import apps, gateways
from cities.lifecycle import CITY
from cities.models import City, CityGrant
from cities.services import create_city
from config.kernel import registry, scopes
from config.kernel.roles import Role, Share
from config.kernel.states import State, Verb
from projects import services as projects
from projects.models import Project

_numbers = itertools.count(1)


def make_user(name: str = "", role: Role = Role.DEVELOPER, **given: Any) -> User:
    """A user; without `password` they cannot sign in by one, and cost no hash."""
    return services.register(name or f"user{next(_numbers)}", role, by=Actor.system(), **given)


def make_token(user: User, name: str = "", **given: Any) -> str:
    """The text of a token with every scope."""
    options: dict[str, Any] = {"scopes": scopes.ALL} | given
    tuples = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
    return tokens.make_token(user, Reach(**tuples), by=Actor.system(), name=name)[1]


def actor(user: User, now: datetime | None = None) -> Actor:
    """Somebody signed in, at a moment."""
    return Actor(now or timezone.now(), Door.XDUA, user)


def make_city(owner: User, name: str = "", state: State = State.ENABLED, **given: Any) -> City:
    """A city of this owner, brought into a state by verbs; DISABLED is by an administrator."""
    by = actor(owner)
    city = create_city(by=by, read=lambda: {"name": name or f"City_{next(_numbers)}", **given})
    system = Actor.system()
    if state is State.DISABLED:
        do(city, Verb.DIS, system)
    if state is State.OFFLINE:
        do(city, Verb.OFF, by)
    if state is State.DELETED:
        do(city, Verb.DOL, by)
    city.refresh_from_db()
    return city


def found_company(name: str) -> tuple[Organization, str]:
    """A company and its CompSecret."""
    system = Actor.system()
    with transaction.atomic():
        company = companies.found(name, by=system)
        return company, companies.new_secret(company, by=system)


def make_project(owner: User, name: str = "", **given: Any) -> Project:
    """A project of this admin's company."""
    terms = {"name": name or f"Project {next(_numbers)}", **given}
    return projects.create_project(owner.corp, by=actor(owner), read=lambda: terms)[0]


def make_gateway(owner: User, project: Project | None = None, name: str = "", **given: Any) -> Gateway:
    """A gateway in this project, or in a new one of the owner's company."""
    inside = project or make_project(owner)
    terms = {"name": name or f"Gateway_{next(_numbers)}", **given}
    return gateways.create_gateway(inside.key, by=actor(owner), read=lambda: terms)[0]


def make_app(gateway: Gateway, by: User, name: str = "", **given: Any) -> tuple[App, str]:
    """An app, and its secret."""
    terms = {"name": name or f"App_{next(_numbers)}", **given}
    return apps.create_app(gateway.key, Gateway.objects.with_chain(), by=actor(by), read=lambda: terms)


def share(city: City, user: User, role: Share, *, by: Actor, ends_at: datetime = FOREVER) -> Grant:
    """Give somebody a role on a city."""
    terms = {"user": user.key, "role": role, "ends_at": ends_at}
    return sharing.share(registry.kind("city"), city.key, by=by, read=lambda: terms)


def unshare(city: City, user: User, *, by: Actor) -> bool:
    """Take it away; False where there was none to take away."""
    grant = CityGrant.objects.filter(content_object__key=city.key, user=user).first()
    with transaction.atomic():
        sharing.find_for_owner(registry.kind("city"), city.key, sharing.UNSHARE, by=by)
    if grant is None or grant.share is Share.OWNER:
        return False
    sharing.unshare(grant.key, by=by)
    return True


def do(city: City, verb: Verb, by: Actor, **given: Any) -> executor.Done:
    """Fire one verb."""
    return executor.fire(CITY, City.objects.all(), city.key, verb, by=by, read=lambda: given)
