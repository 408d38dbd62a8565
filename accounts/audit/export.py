"""The trail, written out: for god, streamed, and told in the trail itself (S24).

It is read window by window of ids, from the row that was the last when it began down to the first: a file of any size
costs the memory of a window, and no statement takes long, however few rows are asked for.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.access.actor import Actor
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.models import AuditEvent
from config.kernel.errors import Forbidden

EXPORT = "EXPORT"
KIND = "audit"
_WINDOW = 5_000
COLUMNS = (
    "id", "at", "actor_kind", "actor", "door", "request_id", "verb", "kind", "thing", "thing_name", "city", "outcome",
    "code", "before", "after", "batch", "count",
)  # fmt: skip
# What a spreadsheet takes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def permit(*, by: Actor) -> None:
    """Pass, or Forbidden for anybody but a god, OUT_OF_SCOPE, BEYOND_CITIES, REAUTHENTICATE."""
    if not (by.is_god or by.is_system):
        raise Forbidden(verb=EXPORT, kind=KIND)
    by.check_scope(EXPORT)
    by.check_unbound()
    by.check_fresh()


def export(events: QuerySet[AuditEvent], form: str, *, by: Actor, told: Mapping[str, str]) -> Iterator[str]:
    """The events, newest first, as `csv` or `jsonl`; `told`: what was asked for, for the trail. Raises as `permit`."""
    permit(by=by)
    last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with transaction.atomic():
        journal.write(by, EXPORT, About(KIND), {}, {"form": form, **told})
    return _written(events, last, FORMS[form])


def head_of(form: str, now: datetime) -> dict[str, str]:
    """How a file of this form is sent: what it is, and what it is called; and that nobody keeps it on the way."""
    return {
        "Content-Type": f"{MEDIA_TYPES[form]}; charset=utf-8",
        "Content-Disposition": f'attachment; filename="audit-{now:%Y%m%d-%H%M%S}.{form}"',
        "Cache-Control": "no-store",
    }


def _written(
    events: QuerySet[AuditEvent], last: int, write: Callable[[list[dict[str, Any]] | None], str]
) -> Iterator[str]:
    yield write(None)
    for high in range(last, 0, -_WINDOW):
        window = events.filter(pk__gt=high - _WINDOW, pk__lte=high)
        yield write(list(window.order_by("-pk").values(*COLUMNS)))


def _csv(rows: list[dict[str, Any]] | None) -> str:
    """None: the heads."""
    text = io.StringIO()
    writer = csv.writer(text)
    if rows is None:
        writer.writerow(COLUMNS)
    else:
        writer.writerows([_cell(row[column]) for column in COLUMNS] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    text = _plain(value) if not isinstance(value, dict) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _jsonl(rows: list[dict[str, Any]] | None) -> str:
    lines = (json.dumps(row, ensure_ascii=False, default=_plain) for row in rows or ())
    return "".join(f"{line}\n" for line in lines)


def _plain(value: Any) -> str:
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else str(value)


MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl"}
FORMS: Mapping[str, Callable[[list[dict[str, Any]] | None], str]] = {"csv": _csv, "jsonl": _jsonl}
