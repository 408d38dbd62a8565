"""What goes with a city, and what does not: the retention takes all below it, a ban on one thing there holds (S7)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from time_machine import TimeMachineFixture

from accounts.models import AuditEvent
from cities.models import City
from projects.models import Project
from tests.cast import Caller, Cast
from tests.factories import make_token

NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def app_id(cast: Cast, time_machine: TimeMachineFixture) -> str:
    """A project in Alice's city, at noon."""
    time_machine.move_to(NOON, tick=False)
    made = cast.alice.api("POST", "projects", {"name": "项目 一", "city": cast.city.key})
    return str(made.body["app_id"])


def there(cast: Cast, app_id: str) -> tuple[bool, bool]:
    """Is the city still there, and the project?"""
    return City.objects.filter(key=cast.city.key).exists(), Project.objects.filter(key=app_id).exists()


def purge_after(days: int, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON + timedelta(days=days), tick=False)
    call_command("purge_deleted")


def tombstones() -> list[tuple[str, str, dict[str, Any]]]:
    rows = AuditEvent.objects.filter(verb="DEL").order_by("pk")
    return [(row.kind, row.thing, row.before) for row in rows]


def test_the_retention_takes_what_stands_in_a_city_along(
    cast: Cast, app_id: str, time_machine: TimeMachineFixture
) -> None:
    cast.alice.verb("DOL", cast.city.key)
    purge_after(31, time_machine)
    assert there(cast, app_id) == (False, False)
    assert tombstones() == [
        ("project", app_id, {"state": 0, "name": "项目 一"}),
        ("city", cast.city.key, {"state": 5, "name": "Alice_City"}),
    ]


@pytest.mark.parametrize("is_binned", [False, True], ids=["standing", "binned"])
def test_the_retention_leaves_a_city_in_which_something_is_banned(
    cast: Cast, app_id: str, is_binned: bool, time_machine: TimeMachineFixture
) -> None:
    cast.zoe.api("POST", f"projects/{app_id}/disable")
    if is_binned:
        cast.alice.api("DELETE", f"projects/{app_id}")
    cast.alice.verb("DOL", cast.city.key)
    purge_after(31, time_machine)
    assert there(cast, app_id) == (True, True)
    assert tombstones() == []
    cast.zoe.verb("RCC", cast.city.key)
    cast.zoe.api("POST", f"projects/{app_id}/enable")
    assert cast.alice.verb("DOL", cast.city.key).status == 200
    purge_after(90, time_machine)
    assert there(cast, app_id) == (is_binned, is_binned), "in the bin it kept its ban; standing it was lifted"


def test_one_that_stays_holds_up_no_other(cast: Cast, app_id: str, time_machine: TimeMachineFixture) -> None:
    other = cast.alice.verb("ADD", data={"name": "Another_city"}).result["id"]
    cast.zoe.api("POST", f"projects/{app_id}/disable")
    for key in (cast.city.key, other):
        cast.alice.verb("DOL", key)
    purge_after(31, time_machine)
    assert [thing for _, thing, _ in tombstones()] == [other]


def test_a_ban_on_a_project_is_not_fled_by_deleting_its_city(cast: Cast, app_id: str) -> None:
    cast.zoe.api("POST", f"projects/{app_id}/disable")
    cast.alice.api("DELETE", f"projects/{app_id}")
    assert cast.alice.user is not None
    proven = Caller(make_token(cast.alice.user))
    before = AuditEvent.objects.filter(outcome="ok").count()
    refused = cast.alice.verb("DEL", cast.city.key)
    assert (refused.status, refused.reason) == (409, "CityWrongState")
    cast.alice.verb("DOL", cast.city.key)
    purge = proven.api("POST", f"cities/{cast.city.key}/purge", {"confirm": "Alice_City"})
    assert (purge.status, purge.code) == (409, "wrong_state")
    assert there(cast, app_id) == (True, True)
    assert AuditEvent.objects.filter(outcome="ok").count() == before + 1, "the DOL alone"
    assert cast.root.verb("DEL", cast.city.key).status == 200
    assert there(cast, app_id) == (False, False)


def test_a_city_goes_with_what_its_owner_has_binned(cast: Cast, app_id: str) -> None:
    assert cast.alice.verb("DEL", cast.city.key).reason == "CityHasChildren"
    cast.alice.api("POST", f"projects/{app_id}/disable")
    cast.alice.api("DELETE", f"projects/{app_id}")
    assert cast.alice.verb("DEL", cast.city.key).status == 200
    assert there(cast, app_id) == (False, False)


def test_recycling_over_the_limit_is_refused(cast: Cast, app_id: str) -> None:
    project = Project.objects.get(key=app_id)
    type(project.company).objects.filter(pk=project.company_id).update(project_limit=1)
    assert cast.alice.api("POST", "projects", {"name": "项目 二"}).code == "limit_reached"
    cast.alice.api("DELETE", f"projects/{app_id}")
    second = cast.alice.api("POST", "projects", {"name": "项目 二"})
    assert second.status == 201, "what lies in the bin does not count"
    refused = cast.zoe.api("POST", f"projects/{app_id}/recycle")
    assert (refused.status, refused.code) == (409, "limit_reached")
    assert cast.alice.api("GET", f"projects/{app_id}").body["state"] == "deleted"
    cast.alice.api("DELETE", f"projects/{second.body['app_id']}")
    assert cast.zoe.api("POST", f"projects/{app_id}/recycle").body["state"] == "enabled"
