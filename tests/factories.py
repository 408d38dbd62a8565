"""Things for tests, made through the same services as everything else."""

import itertools
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.access.actor import Actor, Door
from accounts.machine import executor
from accounts.models import User
from accounts.people import services, tokens
from cities.lifecycle import CITY
from cities.models import City
from cities.services import create_city
from config.kernel.roles import Role
from config.kernel.states import State, Verb

_numbers = itertools.count(1)


def make_user(name: str = "", role: Role = Role.DEVELOPER, **given: Any) -> User:
    """A user; without `password` they cannot sign in by one, and cost no hash."""
    return services.register(name or f"user{next(_numbers)}", role, by=Actor.system(), **given)


def make_token(user: User, **given: Any) -> str:
    """The text of a token with every scope."""
    options = {"scopes": tokens.ALL_SCOPES, "shop": services.super_shop(), "by": Actor.system()} | given
    return tokens.make_token(user, **options)[1]


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


def do(city: City, verb: Verb, by: Actor, **given: Any) -> executor.Done:
    """Fire one verb."""
    return executor.fire(CITY, City.objects.all(), city.key, verb, by=by, read=lambda: given)
