"""What stands below a thing is counted: what serves with it, what lies in the bin, what does not."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import below, executor
from accounts.machine.below import Many
from apps.lifecycle import GATEWAY
from apps.models import App, Gateway
from config.kernel.states import Verb
from tests.accounts.test_policy_door import close
from tests.cast import Cast
from tests.factories import make_project, make_user
from tests.site.held import Held

Numbers = dict[str, tuple[int, int, int]]


def count(kind: str, thing: Any) -> Numbers:
    """Of each kind: what serves with it, what lies in the bin, what does not."""
    found = below.count(kind, thing, timezone.now())
    assert not any(number.is_more for each in found for number in (each.serving, each.binned, each.standing))
    return {each.kind: (each.serving.many, each.binned.many, each.standing.many) for each in found}


def test_below_a_city_only_what_is_open_all_the_way_serves(cast: Cast, held: Held) -> None:
    expected = {"project": (1, 1, 2), "gateway": (1, 0, 4), "app": (2, 1, 4)}
    assert count("city", cast.city) == expected


def test_a_projects_and_a_gateways_count_what_is_theirs_alone(held: Held) -> None:
    assert count("project", held.projects["Payments"]) == {"gateway": (1, 0, 2), "app": (2, 1, 3)}
    assert count("gateway", held.gateways["Main"]) == {"app": (2, 1, 2)}
    assert count("project", held.projects["Old Works"]) == {"gateway": (1, 0, 1), "app": (0, 0, 0)}


def test_what_stands_above_is_not_asked(held: Held) -> None:
    """They serve with it as soon as it does."""
    assert count("gateway", held.gateways["Spare"]) == {"app": (1, 0, 1)}
    assert count("project", held.projects["Parking"]) == {"gateway": (1, 0, 1), "app": (1, 0, 1)}


def test_a_company_counts_what_it_has_in_cities_and_outside(cast: Cast, held: Held) -> None:
    assert cast.alice.user is not None
    make_project(cast.alice.user, "Elsewhere")
    company = cast.alice.user.corp
    assert count("organization", company) == {"project": (2, 1, 3), "gateway": (1, 0, 4), "app": (2, 1, 4)}
    close(company)
    assert count("city", cast.city)["project"] == (0, 1, 2)


def test_nothing_stands_below_an_app_or_a_person(held: Held) -> None:
    assert count("app", held.apps["Tram"]) == {}
    assert below.kinds_below("user") == []


def test_a_ban_that_has_ended_closes_nothing(held: Held) -> None:
    """No sweep has come by yet."""
    ends_at = timezone.now() + timedelta(hours=1)
    gateway = held.gateways["Main"]
    given = {"reason": "", "expires_at": ends_at}
    executor.fire(GATEWAY, Gateway.objects.all(), gateway.key, Verb.DIS, by=Actor.system(), read=lambda: given)
    now = {each.kind: each.serving.many for each in below.count("project", gateway.project, timezone.now())}
    then = {each.kind: each.serving.many for each in below.count("project", gateway.project, ends_at)}
    assert (now, then) == ({"gateway": 0, "app": 0}, {"gateway": 1, "app": 2})


def test_another_citys_are_not_counted(cast: Cast, held: Held) -> None:
    other = make_user("dora")
    make_project(other, "Doras Own")
    assert count("city", cast.city)["project"] == (1, 1, 2)


def make_apps(gateway: Gateway, many: int) -> None:
    now = timezone.now()
    App.objects.bulk_create(
        App(name=f"Row_{n}", name_key=f"row_{n}", gateway=gateway, created_at=now, updated_at=now) for n in range(many)
    )


def test_no_number_above_a_thousand_is_told(gateway: Gateway) -> None:
    make_apps(gateway, 1000)
    assert below.count("gateway", gateway, timezone.now())[0].serving == Many(1000, is_more=False)
    App.objects.filter(name="Row_0").update(name="Row_A", name_key="row_a")
    make_apps(gateway, 1)
    assert below.count("gateway", gateway, timezone.now())[0].serving == Many(1000, is_more=True)


def test_no_more_things_are_read_than_are_looked_at(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has filled a bin keeps nobody from closing what it is in."""
    monkeypatch.setattr(below, "READ", 5)
    make_apps(gateway, 5)
    assert below.count("gateway", gateway, timezone.now())[0].standing == Many(5, is_more=False)
    App.objects.filter(name="Row_0").update(name="Row_A", name_key="row_a")
    make_apps(gateway, 1)
    assert below.count("gateway", gateway, timezone.now())[0].standing == Many(6, is_more=True)


def test_each_kind_costs_one_query(cast: Cast, held: Held) -> None:
    for kind, thing, many in (("city", cast.city, 3), ("project", held.projects["Payments"], 2)):
        with CaptureQueriesContext(connection) as captured:
            below.count(kind, thing, timezone.now())
        assert len(captured) == many
        assert all("LIMIT 10001" in query["sql"] for query in captured.captured_queries)


def test_a_number_is_false_where_there_is_none() -> None:
    assert not Many(0, is_more=False)
    assert Many(0, is_more=True)
    assert Many(1, is_more=False)
