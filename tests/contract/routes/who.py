"""The people of the tables, each made when it is their turn: owners with every kind of token, and each link closed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN, LOGIN, USER
from accounts.models import AccessKey, AccessToken, User
from accounts.people import credentials, services, tokens
from accounts.people.reach import Reach
from apps.models import App, AppCode, Gateway
from apps.services import codes
from cities.models import City
from config.kernel import scopes
from config.kernel.states import Verb
from projects.models import Project
from projects.services import create_project
from tests.accounts.test_policy_door import close, make_shop
from tests.cast import Caller, Cast, make_cast
from tests.factories import actor, do, make_app, make_city, make_gateway, make_token


@dataclass
class Stage:
    """The cast, a second city of alice's, an access key of hers; in her first city a project of her company, in which
    stand a gateway with its switch on, and an app with a code.
    """

    cast: Cast
    other: City
    access_key: AccessKey
    project: Project
    gateway: Gateway
    app: App
    code: AppCode

    @property
    def owner(self) -> User:
        assert self.cast.alice.user is not None
        return self.cast.alice.user


def make_stage() -> Stage:
    cast = make_cast()
    assert cast.alice.user is not None
    by = actor(cast.alice.user)
    by = replace(by, proved_at=by.now)
    key = credentials.make(ACCESS_KEY, by=by, read=lambda: {"name": "another"})[0]
    terms = {"name": "Alice Project", "city": cast.city.key}
    project, _ = create_project(cast.alice.user.corp, by=by, read=lambda: terms)
    gateway = make_gateway(cast.alice.user, project, "Alice_Gateway", key_switch=True)
    app, _ = make_app(gateway, cast.alice.user, "Alice_App")
    code, _ = codes.create_code(app.key, App.objects.with_chain(), by=by, read=dict)
    return Stage(cast, make_city(cast.alice.user, "Other_City"), key, project, gateway, app, code)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done within has never been."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _with(**reach: Any) -> Callable[[Stage], Caller]:
    """alice with another token than hers; of what is given a function is asked of the stage."""

    def make(stage: Stage) -> Caller:
        given = {name: value(stage) if callable(value) else value for name, value in reach.items()}
        return Caller(make_token(stage.owner, **given), stage.owner)

    return make


def _closed_city(stage: Stage) -> Caller:
    assert stage.cast.charlie.user is not None
    audience = make_city(stage.cast.charlie.user, "Other_Console")
    do(audience, Verb.DIS, Actor.system())
    return _with(audience=audience.key)(stage)


def _closed_zone(stage: Stage) -> Caller:
    shop = make_shop()
    assert shop.parent is not None
    assert shop.parent.parent is not None
    close(shop.parent.parent)
    return _with(shop=shop)(stage)


def _closed_corp(stage: Stage) -> Caller:
    close(stage.owner.corp)
    return _with()(stage)


def _closed_shop(stage: Stage) -> Caller:
    shop = make_shop()
    close(shop)
    return _with(shop=shop)(stage)


def _closed_user(stage: Stage) -> Caller:
    caller = _with()(stage)
    services.switch(USER, stage.owner, Verb.DIS, by=Actor.system())
    return caller


def _closed_token(stage: Stage) -> Caller:
    caller = _with()(stage)
    services.switch(ACCESS_TOKEN, AccessToken.objects.latest("pk"), Verb.DIS, by=Actor.system())
    return caller


def _closed_login(stage: Stage) -> Caller:
    by = Actor.system()
    login = tokens.begin_login(stage.owner, by=by, ends_at=timezone.now() + timedelta(hours=1))
    text = tokens.make_token(stage.owner, Reach(scopes=scopes.ALL), by=by, login=login)[1]
    services.switch(LOGIN, login, Verb.DIS, by=by)
    return Caller(text, stage.owner)


# In the order of the tables' columns.
PEOPLE: dict[str, Callable[[Stage], Caller]] = {
    "anonymous": lambda stage: Caller(),
    "stranger": lambda stage: stage.cast.charlie,
    "viewer": lambda stage: stage.cast.vera,
    "operator": lambda stage: stage.cast.oscar,
    "owner": lambda stage: stage.cast.alice,
    "zoon": lambda stage: stage.cast.zoe,
    "god": lambda stage: stage.cast.root,
    # The owner, with a token that reaches less, or elsewhere.
    "narrow": _with(scopes=["read"]),
    "bound": _with(cities=lambda stage: [stage.other.key]),
    "color": _with(shop=lambda stage: make_shop()),
    "audience": _with(audience=lambda stage: stage.other.key),
    # The owner, with a link of the token's chain that an administrator has closed.
    "city": _closed_city,
    "zone": _closed_zone,
    "corp": _closed_corp,
    "shop": _closed_shop,
    "user": _closed_user,
    "token": _closed_token,
    "login": _closed_login,
}
