"""No route costs more than is written down, whatever its caller has: ten cities or a thousand (queries.json)."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from accounts.lifecycle import ACCESS_KEY
from accounts.models import User
from accounts.models.grant import permission_of
from accounts.people import credentials
from cities.models import City, CityGrant
from config.kernel.roles import Share
from config.kernel.states import State
from tests.contract.routes.apps import EVERY as TABLE
from tests.contract.routes.budgets import COLUMNS, FILE, measured, recorded
from tests.contract.routes.table import route_of
from tests.contract.routes.who import Stage
from tests.factories import actor, make_token, make_user, share

ROUTES = {route_of(head) for head in TABLE if " /api/v1/" in head}
LISTS = ("cities", "grants", "tokens", "access-keys", "audit", "bin", "grants?thing=city/{id}", "audit?thing=city/{id}")
PAGE = 50
BELOW_CITIES = 3  # projects, gateways, apps
OF_ALL_KINDS = ("GET /api/v1/grants", "GET /api/v1/bin", "GET /api/v1/bin ?scope=all")


@pytest.mark.parametrize("number", [10, 1_000])
def test_a_call_costs_what_is_written_down(number: int, stage: Stage, settings: Any, is_postgres: bool) -> None:
    settings.CITIES_PER_USER = 10_000
    fill(stage, number)
    written = recorded(COLUMNS[is_postgres])
    if number > PAGE:  # a page that is full of cities does not ask for what comes after them
        written |= {head: written[head] - BELOW_CITIES for head in OF_ALL_KINDS}
    assert measured(stage) == written


def test_every_route_has_its_numbers() -> None:
    assert {route_of(head) for head in json.loads(FILE.read_text())} == ROUTES


@pytest.mark.parametrize("path", LISTS)
def test_a_list_holds_many_things_when_it_is_counted(path: str, stage: Stage) -> None:
    """Else a query for each of them would not be seen."""
    fill(stage, 10)
    answer = stage.cast.alice.api("GET", path.replace("{id}", stage.cast.city.key))
    assert len(answer.body["results"]) >= 10


def fill(stage: Stage, number: int) -> None:
    """Give alice so many cities, in the bin as many, and as many shared with her; tokens, keys and friends."""
    assert stage.cast.charlie.user is not None
    crowd("Own", stage.owner, stage.owner, "own", number)
    crowd("Binned", stage.owner, stage.owner, "own", number, deleted_at=timezone.now(), state=State.DELETED)
    crowd("Shared", stage.cast.charlie.user, stage.owner, "view", number)
    by = replace(actor(stage.owner), proved_at=timezone.now())
    for index in range(10):
        make_token(stage.owner, f"token {index}")
        credentials.make(ACCESS_KEY, by=by, read=lambda: {"name": "key"})
        share(stage.cast.city, make_user(f"friend{index}"), Share.VIEWER, by=by)


def crowd(name: str, owner: User, holder: User, role: str, number: int, **facts: Any) -> None:
    """Cities of an owner, with a grant of somebody's on each."""
    now = timezone.now()
    stamps = {"creator": owner, "created_at": now, "updated_at": now, **facts}
    names = [f"{name}_{index}" for index in range(number)]
    made = City.objects.bulk_create([City(name=each, name_key=each.lower(), **stamps) for each in names])
    permission, is_live = permission_of("cities", f"{role}_city"), "deleted_at" not in facts
    CityGrant.objects.bulk_create(
        CityGrant(user=holder, content_object=city, permission=permission, live=is_live) for city in made
    )
