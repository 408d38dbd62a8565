"""The triggers that count: things of each kind by state, those that are made, and attempts that are refused.

They are made after a migration where they are missing. What stands is counted then, for nobody has counted it since;
so is what was made and refused of late, where nothing is told of it yet.
"""

from datetime import UTC, timedelta
from typing import Any

from django.apps import apps as django_apps
from django.db import connections, transaction
from django.db.models import Count, Sum
from django.db.models.functions import TruncHour
from django.utils import timezone

from accounts.access.visibility import governed_kinds
from accounts.models import AuditEvent, Figure
from config.kernel import registry

TABLE = Figure._meta.db_table
TRAIL = AuditEvent._meta.db_table
MADE, REFUSED = "made", "refused"
LATELY = timedelta(days=35)
_LOCK = 0x706F6C6973  # of PostgreSQL's advisory locks
_ROW = f"INSERT INTO {TABLE} (kind, name, at, count)"

# Statements that insert or delete many rows leave one row a sum; who changes states changes one at a time.
_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION {TABLE}_add() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {_ROW} SELECT TG_ARGV[0], state::text, NULL, count(*) FROM changed GROUP BY state
    UNION ALL SELECT TG_ARGV[0], '{MADE}', date_trunc('hour', created_at), count(*) FROM changed GROUP BY 3;
    RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION {TABLE}_remove() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {_ROW} SELECT TG_ARGV[0], state::text, NULL, -count(*) FROM changed GROUP BY state;
    RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION {TABLE}_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {_ROW} VALUES (TG_ARGV[0], OLD.state::text, NULL, -1), (TG_ARGV[0], NEW.state::text, NULL, 1);
    RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {_ROW} VALUES ('', '{REFUSED}', date_trunc('hour', NEW.at), NEW.count);
    RETURN NULL; END $$;
"""  # noqa: S608 - names of ours
_ON_TRAIL = f"""
CREATE OR REPLACE TRIGGER {TRAIL}_refused AFTER INSERT ON {TRAIL}
    FOR EACH ROW WHEN (NEW.outcome = 'refused') EXECUTE FUNCTION {TABLE}_refuse();
"""
_POSTGRES = """
CREATE OR REPLACE TRIGGER {table}_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {figures}_add('{kind}');
CREATE OR REPLACE TRIGGER {table}_removed AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {figures}_remove('{kind}');
CREATE OR REPLACE TRIGGER {table}_moved AFTER UPDATE OF state ON {table}
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION {figures}_move('{kind}');
"""
_SQLITE_REFUSED = f"""CREATE TRIGGER IF NOT EXISTS {TRAIL}_refused AFTER INSERT ON {TRAIL} WHEN NEW.outcome = 'refused'
    BEGIN {_ROW} VALUES ('', '{REFUSED}', substr(NEW.at, 1, 13) || ':00:00', NEW.count); END"""  # noqa: S608 - names of ours
_SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS {table}_added AFTER INSERT ON {table} BEGIN
        {row} VALUES ('{kind}', CAST(NEW.state AS text), NULL, 1),
            ('{kind}', '{made}', substr(NEW.created_at, 1, 13) || ':00:00', 1); END""",
    """CREATE TRIGGER IF NOT EXISTS {table}_removed AFTER DELETE ON {table} BEGIN
        {row} VALUES ('{kind}', CAST(OLD.state AS text), NULL, -1); END""",
    """CREATE TRIGGER IF NOT EXISTS {table}_moved AFTER UPDATE OF state ON {table} WHEN OLD.state <> NEW.state BEGIN
        {row} VALUES ('{kind}', CAST(OLD.state AS text), NULL, -1),
            ('{kind}', CAST(NEW.state AS text), NULL, 1); END""",
)


_PRESENT = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}


def make_triggers(using: str, app_config: Any = None, **_: Any) -> None:
    """After a migration, once all tables are there: make what is missing, and count what it has missed."""
    last = [each for each in django_apps.get_app_configs() if each.models_module][-1]
    if app_config not in (None, last):
        return
    database = connections[using]
    with database.cursor() as cursor:
        tables = set(database.introspection.table_names(cursor))
        if not {TABLE, TRAIL} <= tables:
            return
        if database.vendor == "postgresql":
            cursor.execute(_FUNCTIONS)
        present = _present(cursor, database.vendor)
    if f"{TRAIL}_refused" not in present:
        with transaction.atomic(using):
            _make(using, [_ON_TRAIL if database.vendor == "postgresql" else _SQLITE_REFUSED])
            _count_refused(using)
    for kind in governed_kinds():
        table = kind.model._meta.db_table
        if table in tables and not {f"{table}_{what}" for what in ("added", "removed", "moved")} <= present:
            named = {"table": table, "kind": kind.name, "figures": TABLE, "row": _ROW, "made": MADE}
            statements = (_POSTGRES,) if database.vendor == "postgresql" else _SQLITE
            # One table at a time, so that nobody at work is waited for crosswise. What makes a trigger on PostgreSQL
            # keeps writers out until the end: none is missed, none counted twice.
            with transaction.atomic(using):
                _make(using, [statement.format(**named) for statement in statements])
                count_anew(kind, using)


def drop_triggers(using: str) -> None:
    """Before a migration of an SQLite database, which cannot alter a table that a trigger of another one names.

    And where all this is taken back: what writes into a table that is gone would keep everybody from writing.
    """
    database = connections[using]
    with database.cursor() as cursor:
        present = _present(cursor, database.vendor)
        for table in (TRAIL, *(kind.model._meta.db_table for kind in governed_kinds())):
            for what in ("refused", "added", "removed", "moved"):
                if f"{table}_{what}" in present:
                    on = f" ON {table}" if database.vendor == "postgresql" else ""
                    cursor.execute(f"DROP TRIGGER {table}_{what}{on}")


def before_migrating(using: str, app_config: Any = None, plan: Any = (), **_: Any) -> None:
    """Where there is anything to do, once, and on SQLite alone."""
    first = next(each for each in django_apps.get_app_configs() if each.models_module)
    if plan and app_config is first and connections[using].vendor == "sqlite":
        drop_triggers(using)


def count_anew(kind: registry.Kind, using: str = "default") -> None:
    """What stands of a kind, whatever was told before."""
    with transaction.atomic(using):
        alone(using)
        told, rows = Figure.objects.using(using).filter(kind=kind.name), kind.model._default_manager.using(using)
        told.filter(at=None).delete()
        states = rows.order_by().values_list("state").annotate(many=Count("pk"))
        found = [Figure(kind=kind.name, name=str(int(state)), count=many) for state, many in states]
        if not told.filter(name=MADE).exists():
            lately = rows.filter(created_at__gte=timezone.now() - LATELY).order_by()
            hours = lately.values_list(TruncHour("created_at", tzinfo=UTC)).annotate(many=Count("pk"))
            found += [Figure(kind=kind.name, name=MADE, at=at, count=many) for at, many in hours]
        Figure.objects.using(using).bulk_create(found)


def alone(using: str = "default") -> None:
    """Until the end of the transaction nobody else folds or counts anew. On SQLite nobody else writes anyway."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _count_refused(using: str) -> None:
    if Figure.objects.using(using).filter(name=REFUSED).exists():
        return
    events = AuditEvent.objects.using(using).filter(outcome="refused", at__gte=timezone.now() - LATELY).order_by()
    hours = events.values_list(TruncHour("at", tzinfo=UTC)).annotate(many=Sum("count"))
    Figure.objects.using(using).bulk_create(Figure(name=REFUSED, at=at, count=many) for at, many in hours)


def _make(using: str, statements: list[str]) -> None:
    with connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _present(cursor: Any, vendor: str) -> set[str]:
    cursor.execute(_PRESENT[vendor])
    return {row[0] for row in cursor.fetchall()}
