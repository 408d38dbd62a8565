"""The audit trail is append-only: triggers on both databases refuse to change it, unless the gate is open.

They are made after every migration, because SQLite drops a table's triggers when a column is altered.
The gate is a session setting on PostgreSQL and a function of our own connections on SQLite, so that another
program's connection, which has no such function, is refused as well. Only archiving and the tests' flush open it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

TABLE = "accounts_auditevent"
_SETTING = "polis.audit_gate"

_POSTGRES = f"""
CREATE OR REPLACE FUNCTION {TABLE}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('{_SETTING}', true) = 'open' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER {TABLE}_rows BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION {TABLE}_append_only();
CREATE OR REPLACE TRIGGER {TABLE}_table BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_append_only();
"""
_SQLITE = [
    f"""CREATE TRIGGER IF NOT EXISTS {TABLE}_{event.lower()} BEFORE {event} ON {TABLE} WHEN polis_audit_gate() = 0
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"""
    for event in ("UPDATE", "DELETE")
] + [
    # REPLACE deletes without firing the trigger of DELETE.
    f"""CREATE TRIGGER IF NOT EXISTS {TABLE}_insert BEFORE INSERT ON {TABLE}
        WHEN polis_audit_gate() = 0 AND EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"""
]
NAMES = {
    "postgresql": frozenset({f"{TABLE}_rows", f"{TABLE}_table"}),
    "sqlite": frozenset({f"{TABLE}_update", f"{TABLE}_delete", f"{TABLE}_insert"}),
}
_INSTALLED = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled <> 'D'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
}


def register_gate(connection: Any, **_: Any) -> None:
    """On each new SQLite connection: the function that tells whether its gate is open."""
    if connection.vendor == "sqlite":
        connection.polis_gate_open = False
        connection.connection.create_function(
            "polis_audit_gate", 0, lambda: int(getattr(connection, "polis_gate_open", False))
        )


def make_triggers(using: str, **_: Any) -> None:
    """After a migration: make what is missing."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES)
        else:
            for statement in _SQLITE:
                cursor.execute(statement)


def missing_triggers(using: str = "default") -> frozenset[str]:
    """The names of triggers that should stand and do not."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(_INSTALLED[connection.vendor], [TABLE])
        present = {row[0] for row in cursor.fetchall()}
    return NAMES[connection.vendor] - present


@contextmanager
def open_gate(using: str = "default") -> Iterator[None]:
    """Within it this connection, and no other, may change the trail."""
    connection = connections[using]
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        connection.polis_gate_open = True
    else:
        _set(connection, "open")
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            connection.polis_gate_open = False
        else:
            _set(connection, "")


def _set(connection: Any, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [_SETTING, value])
