"""What runs every minute reads what is due, however much there is that is not: a million cities, very many notices."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import reminders, sweeps
from accounts.models import AuditEvent, Notice, Request, User
from accounts.people import mailing, requests
from cities.models import City, Passage
from tests.native.test_walk_scale import cost

VERY_MANY = 100_000
MOST_BUFFERS = 300
LAST_WEEK = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def crowded(holders: dict[str, User], db: None) -> list[int]:
    """Notices that were read and mailed, requests that were answered, events with a passage each: all long ago.

    The ids of the events.
    """
    many, user = range(VERY_MANY), holders["few"]
    told = {"user": user, "event": "disabled", "kind": "city", "created_at": LAST_WEEK, "read_at": LAST_WEEK}
    asked = {"user": user, "kind": "city", "verb": "RCC", "since": LAST_WEEK, "created_at": LAST_WEEK}
    fill(Notice(thing=f"{n:08}", occasion="DIS", key=f"{n:08}", **told) for n in many)
    fill(Request(thing=f"{n:08}", state="settled", **asked) for n in many)
    events = fill(AuditEvent(at=LAST_WEEK, verb="MOVE", kind="project", outcome="ok") for _ in many)
    fill(Passage(city=f"{n:08}", event=event.pk) for n, event in enumerate(events))
    return [event.pk for event in events]


def fill(rows: Iterable[Any]) -> list[Any]:
    made = list(rows)
    return list(type(made[0])._default_manager.bulk_create(made, batch_size=5_000))


@pytest.mark.scale
def test_no_sweep_reads_what_is_not_due(crowded: list[int]) -> None:
    now = timezone.now()
    reminders.remind(now)  # the first time it begins with all that ever was
    sweep: dict[str, Callable[[], Any]] = {
        "remind": lambda: reminders.remind(now + timedelta(minutes=1)),
        "mail": lambda: mailing.send_waiting(now),
        "settle": lambda: requests.settle_over(Actor.system(now)),
        "expire": lambda: sweeps.expire_states(now),
        "purge": lambda: sweeps.purge_deleted(now),
        "tallies": lambda: sweeps.write_tallies(now),
    }
    for act in sweep.values():
        act()  # what a connection reads once is read
    costs = {name: cost(act) for name, act in sweep.items()}
    print(f"\n  {costs}")
    assert max(costs.values()) <= MOST_BUFFERS


@pytest.mark.scale
def test_the_history_of_a_city_costs_its_own_passages(crowded: list[int]) -> None:
    found: list[int] = []

    def read() -> None:
        found[:] = AuditEvent.objects.filter(City.told_beside("00000007")).values_list("pk", flat=True)

    read()  # what a connection reads once is read
    assert (cost(read) <= MOST_BUFFERS, found) == (True, [crowded[7]])
