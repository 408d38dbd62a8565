"""The trail cannot be changed: not through the ORM, not by SQL, not by another program; and its guards are watched."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.audit import triggers
from accounts.checks import audit_is_append_only
from accounts.models import AuditEvent
from tests.cast import Cast

pytestmark = pytest.mark.django_db
TABLE = triggers.TABLE


def refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def test_an_event_is_neither_changed_nor_deleted(cast: Cast) -> None:
    event = AuditEvent.objects.latest("id")
    assert refused(f"UPDATE {TABLE} SET actor = 'somebody' WHERE id = {event.pk}")
    assert refused(f"DELETE FROM {TABLE}")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.update(actor="somebody")
    with pytest.raises(DatabaseError), transaction.atomic():
        event.delete()
    event.refresh_from_db()
    assert event.actor == cast.alice.user.key  # type: ignore[union-attr]


@pytest.mark.postgres
def test_the_table_is_not_truncated(cast: Cast) -> None:
    assert refused(f"TRUNCATE {TABLE}")


def test_an_event_is_not_replaced(cast: Cast, is_postgres: bool) -> None:
    columns = ", ".join(field.column for field in AuditEvent._meta.concrete_fields)
    how = "INSERT INTO" if is_postgres else "INSERT OR REPLACE INTO"
    others = columns.replace("actor,", "'somebody',", 1)
    tail = " ON CONFLICT (id) DO UPDATE SET actor = 'somebody'" if is_postgres else ""
    assert refused(f"{how} {TABLE} ({columns}) SELECT {others} FROM {TABLE} WHERE true{tail}")


def test_behind_the_gate_it_can_be_changed_and_after_it_no_more(cast: Cast) -> None:
    with triggers.open_gate():
        assert not refused(f"UPDATE {TABLE} SET batch = 'archived'")
    assert refused(f"UPDATE {TABLE} SET batch = 'again'")


def test_a_missing_guard_is_found_and_made_anew(cast: Cast, is_postgres: bool) -> None:
    name = sorted(triggers.NAMES[connection.vendor])[0]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (f" ON {TABLE}" if is_postgres else ""))
    (found,) = audit_is_append_only(databases=["default"])
    assert (found.id, name in found.msg) == ("polis.E001", True)
    call_command("migrate", verbosity=0)
    assert audit_is_append_only(databases=["default"]) == []


def test_it_holds_who_what_and_where_from(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    from accounts.models import AuditOrigin

    with django_capture_on_commit_callbacks(execute=True):
        cast.oscar.verb("SET", cast.city.key, {"brief": "new"}, X_Request_Id="req-1")
    event = AuditEvent.objects.latest("id")
    assert (event.actor_kind, event.actor, event.door, event.request_id) == (
        "user",
        cast.oscar.user.key,  # type: ignore[union-attr]
        "xdua",
        "req-1",
    )
    assert (event.verb, event.kind, event.thing, event.thing_name, event.city, event.outcome) == (
        "SET",
        "city",
        cast.city.key,
        "Alice_City",
        cast.city.key,
        "ok",
    )
    assert (event.before, event.after, event.count) == ({"brief": ""}, {"brief": "new"}, 1)
    assert AuditOrigin.objects.get(pk=event.origin).address == "127.0.0.1"


def test_a_new_name_is_told_and_not_what_is_derived_from_it(cast: Cast) -> None:
    cast.alice.verb("SET", cast.city.key, {"name": "Other_City"})
    event = AuditEvent.objects.latest("id")
    assert (event.before, event.after) == ({"name": "Alice_City"}, {"name": "Other_City"})
