"""How many of what: counted as it happens, and never by counting the rows."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.audit import counting
from accounts.machine import figures
from accounts.machine.figures import MADE, REFUSED, STOPPED, VERIFIED, Figures
from accounts.models import AuditEvent, Figure
from apps.models import App
from cities.models import City
from config.kernel.states import State, Verb
from tests.cast import Cast
from tests.factories import actor, do, make_app, make_city, make_gateway, make_user

NOON = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
WEEK, HOUR = timedelta(days=7), timedelta(hours=1)


def read(now: datetime | None = None) -> Figures:
    return figures.read(now or timezone.now(), WEEK, HOUR)


def standing(kind: str = "city") -> dict[str, int]:
    return {state.name: many for state, many in read().standing(kind).items() if many}


@pytest.fixture
def before(db: None) -> dict[str, int]:
    """What stands before a test begins: the console's own city."""
    return standing()


def test_the_platform_begins_with_its_own_city(before: dict[str, int]) -> None:
    assert before == {"ENABLED": 1}


def test_each_move_of_a_city_is_counted(before: dict[str, int]) -> None:
    owner = make_user("dora")
    city, god = make_city(owner), Actor.system()
    assert standing() == {"ENABLED": 2}
    do(city, Verb.DIS, god, reason="Unpaid")
    assert standing() == {"ENABLED": 1, "DISABLED": 1}
    do(city, Verb.ENB, god)
    do(city, Verb.OFF, actor(owner))
    assert standing() == {"ENABLED": 1, "OFFLINE": 1}
    do(city, Verb.DOL, actor(owner))
    assert standing() == {"ENABLED": 1, "DELETED": 1}
    do(city, Verb.DEL, god)
    assert standing() == {"ENABLED": 1}


def test_a_change_that_is_no_move_counts_nothing(before: dict[str, int]) -> None:
    city = make_city(make_user("dora"))
    rows = Figure.objects.count()
    City.objects.filter(pk=city.pk).update(brief="Another", state=State.ENABLED)
    assert Figure.objects.count() == rows


def test_many_rows_at_once_are_counted_each(before: dict[str, int]) -> None:
    now, owner = timezone.now(), make_user("dora")
    City.objects.bulk_create(
        City(name=f"Row_{n}", name_key=f"row_{n}", creator=owner, created_at=now, updated_at=now) for n in range(40)
    )
    assert standing() == {"ENABLED": 41}
    City.objects.filter(name_key__startswith="row_1").delete()  # row_1, row_10 to row_19
    assert standing() == {"ENABLED": 30}
    assert sum(read().over_time(MADE, "city").values()) == 41


def test_what_is_undone_is_not_counted(before: dict[str, int]) -> None:
    from django.db import transaction

    with transaction.atomic():
        make_city(make_user("dora"))
        transaction.set_rollback(True)
    assert standing() == {"ENABLED": 1}


def test_every_kind_has_figures_of_its_own(db: None) -> None:
    owner = make_user("dora")
    make_app(make_gateway(owner), owner)
    assert standing("app") == {"ENABLED": 1}
    assert standing("gateway") == {"ENABLED": 1}
    App.objects.all().delete()
    assert standing("app") == {}


def test_what_is_new_is_told_by_the_hour_for_a_week(db: None) -> None:
    with time_machine.travel(NOON, tick=False):
        make_city(make_user("dora"))
    with time_machine.travel(NOON + timedelta(minutes=45), tick=False):
        make_city(make_user("emil"))
    told = dict(read(NOON + timedelta(days=6)).over_time(MADE, "city"))
    told.pop(next((at for at in told if at > NOON + timedelta(days=7)), None), None)  # the console's, of today
    assert told == {NOON.replace(minute=0): 1, NOON.replace(hour=13, minute=0): 1}
    later = read(NOON + timedelta(days=8)).over_time(MADE, "city")
    assert not {NOON.replace(minute=0), NOON.replace(hour=13, minute=0)} & later.keys()


def test_refusals_are_counted_with_how_often(cast: Cast) -> None:
    cast.charlie.verb("DIS", cast.city.key)
    assert sum(read().over_time(REFUSED).values()) == 1
    AuditEvent.objects.create(at=timezone.now(), outcome="refused", count=7, kind="city", verb="DIS", door="xdua")
    assert sum(read().over_time(REFUSED).values()) == 8


def test_folding_keeps_every_sum_and_leaves_one_row_of_each(before: dict[str, int]) -> None:
    owner = make_user("dora")
    for _ in range(3):
        do(make_city(owner), Verb.DIS, Actor.system(), reason="Unpaid")
    told = standing()
    now = timezone.now()
    assert figures.fold(now) > 0
    assert standing() == told == {"ENABLED": 1, "DISABLED": 3}
    rows = list(Figure.objects.filter(kind="city", at=None).values_list("name", "count").order_by("name"))
    assert rows == [("0", 1), ("1", 3)]
    assert figures.fold(now) == 0


def test_what_is_too_old_to_be_told_is_forgotten(db: None) -> None:
    figures.add([(VERIFIED, NOON, 5), (STOPPED, NOON, 2), (REFUSED, NOON, 3)])
    figures.fold(NOON + timedelta(days=1))
    assert dict(read(NOON + HOUR).over_time(VERIFIED)) == {NOON: 5}
    figures.fold(NOON + timedelta(days=1, seconds=1))
    assert not Figure.objects.filter(name__in=[VERIFIED, STOPPED]).exists()
    assert Figure.objects.filter(name=REFUSED, at=NOON).exists()
    figures.fold(NOON + timedelta(days=35, seconds=1))
    assert not Figure.objects.filter(name=REFUSED, at=NOON).exists()


def test_the_command_folds(before: dict[str, int]) -> None:
    make_city(make_user("dora"))
    call_command("expire_states")
    assert Figure.objects.filter(kind="city", at=None).count() == 1


def test_a_migration_makes_missing_triggers_anew_and_counts_what_they_missed(before: dict[str, int]) -> None:
    dropped = "DROP TRIGGER cities_city_added" + (" ON cities_city" if connection.vendor == "postgresql" else "")
    with connection.cursor() as cursor:
        cursor.execute(dropped)
    make_city(make_user("dora"))
    assert standing() == {"ENABLED": 1}
    counting.make_triggers("default")
    assert standing() == {"ENABLED": 2}
    make_city(make_user("emil"))
    assert standing() == {"ENABLED": 3}


def test_what_was_made_and_refused_before_there_were_triggers_is_told(cast: Cast) -> None:
    """As after an upgrade."""
    cast.charlie.verb("DIS", cast.city.key)
    made = sum(read().over_time(MADE, "city").values())
    counting.drop_triggers("default")
    Figure.objects.all().delete()
    counting.make_triggers("default")
    told = read()
    assert sum(told.over_time(REFUSED).values()) == 1
    assert sum(told.over_time(MADE, "city").values()) == made == 2  # alice's and the console's own
    assert standing() == {"ENABLED": 2}


def test_where_all_stands_a_migration_counts_nothing_anew(before: dict[str, int]) -> None:
    make_city(make_user("dora"))
    rows = set(Figure.objects.values_list("pk", flat=True))
    counting.make_triggers("default")
    assert set(Figure.objects.values_list("pk", flat=True)) == rows


def test_without_its_triggers_a_database_can_still_be_written(before: dict[str, int]) -> None:
    counting.drop_triggers("default")
    make_city(make_user("dora"))
    assert standing() == {"ENABLED": 1}


def test_much_is_folded_by_the_server_itself(before: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    figures.fold(timezone.now())  # what a migration or another test left may lie far below in the numbers
    figures.add([(REFUSED, NOON, 1)] * 30)
    figures.fold_many()
    assert Figure.objects.filter(name=REFUSED, at=NOON).count() == 30
    monkeypatch.setattr(figures, "_MANY", 20)
    figures.fold_many()
    assert Figure.objects.filter(name=REFUSED).count() <= 1


def test_verifications_are_counted_by_the_minute(db: None) -> None:
    from apps.verification import traffic

    minute = NOON.replace(second=0)
    for is_good in (True, True, False):
        traffic.count(is_good, NOON + timedelta(seconds=20))
    traffic.count(True, NOON + timedelta(minutes=1))
    assert traffic.flush() == 3
    assert traffic.flush() == 0
    told = read(NOON + timedelta(minutes=2))
    assert dict(told.over_time(VERIFIED)) == {minute: 2, minute + timedelta(minutes=1): 1}
    assert dict(told.over_time(STOPPED)) == {minute: 1}
