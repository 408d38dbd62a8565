"""/livez: the process answers. /readyz: it can do its work."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from accounts.audit import triggers


def livez(request: HttpRequest) -> JsonResponse:
    """Asks nothing of anybody."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """The database is there, its migrations are done, the audit trail is append-only. 503 otherwise."""
    try:
        runner = MigrationExecutor(connection)
        pending = bool(runner.migration_plan(runner.loader.graph.leaf_nodes()))
        failed = [name for name, bad in (("migrations", pending), ("audit", bool(triggers.missing_triggers()))) if bad]
    except DatabaseError:
        failed = ["database"]
    return JsonResponse({"status": "failed" if failed else "ok", "failed": failed}, status=503 if failed else 200)
