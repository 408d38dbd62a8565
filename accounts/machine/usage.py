"""When a secret was last used, and from where: gathered in memory and written behind, at most a minute late.

No request waits for it: a use is noted without a look at the database. It is no change of the thing: it bumps no
version and leaves no event. What a crash takes away is what was not written yet, and nothing else.
"""

import atexit
import ipaddress
import logging
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps as django_apps
from django.conf import settings
from django.db import Error, connection, transaction

log = logging.getLogger("polis.usage")

MOST = 100_000
_BATCH = 200
# PostgreSQL looks for a deadlock after a second. Before that it is the writing that gives way, and never a request.
_GIVE_WAY = "SET LOCAL lock_timeout = '500ms'"


@dataclass(frozen=True, slots=True)
class Use:
    """When, and from where; "" where that is not known."""

    at: datetime
    address: str


# Which row: of what table (a model's label, such as "apps.AppSecret"), and its inner id.
Row = tuple[str, int]


class Usage:
    """What one process has gathered, and the thread that writes it."""

    def __init__(self) -> None:
        self._is_serving = False
        self._others: list[Callable[[], int]] = []
        self.begin_anew()

    def begin_anew(self) -> None:
        """Empty, with locks that nobody holds: what a fork's child finds is its parent's, which writes it."""
        self._lock = threading.Lock()  # held for a moment, in the midst of a request
        self._writing = threading.RLock()  # held for as long as the database takes, and its connection is open
        self._wake = threading.Event()
        self._uses: dict[Row, Use] = {}
        self._writer: threading.Thread | None = None

    def note(self, table: str, pk: int, now: datetime, address: str) -> None:
        """It was used just now. The latest of its uses is kept."""
        row = (table, pk)
        with self._lock:
            known = self._uses.get(row)
            if known is None or known.at < now:
                self._uses[row] = Use(now, address)
            if known is None and len(self._uses) == MOST:
                self._wake.set()
            self._start()

    def also(self, write: Callable[[], int]) -> None:
        """Something else that is written behind, by the same thread: whoever gathers it says `expect_more`."""
        self._others.append(write)

    def expect_more(self) -> None:
        """Something else has been gathered."""
        with self._lock:
            self._start()

    def _start(self) -> None:
        """Where this process serves: the writer, where there is none yet. Call it with the lock."""
        if self._is_serving and (self._writer is None or not self._writer.is_alive()):
            self._writer = threading.Thread(target=self._write_behind, name="polis-usage", daemon=True)
            self._writer.start()

    def flush(self) -> int:
        """Write what is gathered; how many rows are others now. What the database refuses is kept for the next time."""
        with self._writing:
            with self._lock:
                uses, self._uses = self._uses, {}
            # One order for all processes: none holds what another waits for.
            rows, done, written = sorted(uses), 0, 0
            try:
                while done < len(rows):
                    batch = _next_batch(rows, done)
                    written += _write(batch[0][0], [(pk, uses[table, pk]) for table, pk in batch])
                    done += len(batch)
            except Error as error:
                log.warning("%s uses not written yet: %s", len(rows) - done, type(error.__cause__ or error).__name__)
                self._put_back({row: uses[row] for row in rows[done:]})
            return written

    def serve(self) -> None:
        """From now on this process, and each that it forks, writes behind by itself, and what is left at its end."""
        if not self._is_serving:
            self._is_serving = True
            atexit.register(self._flush_and_close)

    def forget(self) -> None:
        """All that is gathered and not written."""
        with self._lock:
            self._uses = {}

    def before_fork(self) -> None:
        """Not in the midst of a write: SQLite fails in a child that finds its parent's connection open."""
        self._writing.acquire()

    def after_fork(self) -> None:
        """In the parent: go on."""
        self._writing.release()

    def _put_back(self, uses: dict[Row, Use]) -> None:
        with self._lock:
            for row, use in uses.items():
                newer = self._uses.get(row)
                if newer is None or newer.at < use.at:
                    self._uses[row] = use

    def _write_behind(self) -> None:
        while True:
            self._wake.wait(settings.USAGE_SECONDS)
            self._wake.clear()
            self._flush_and_close()

    def _flush_and_close(self) -> None:
        with self._writing:
            try:
                self.flush()
                for write in self._others:
                    write()
            except Error as error:
                log.warning("not written: %s", type(error.__cause__ or error).__name__)
            finally:
                connection.close()  # this thread's own: none is kept for one moment in thirty seconds


def _next_batch(rows: Sequence[Row], start: int) -> Sequence[Row]:
    """The next rows, as many as a small transaction holds; of one table."""
    rows = rows[start : start + _BATCH]
    return [row for row in rows if row[0] == rows[0][0]]


def _write(table: str, uses: list[tuple[int, Use]]) -> int:
    """In one transaction, and no later use that another process has written is lost."""
    model = django_apps.get_model(table)
    at, address = model._meta.get_field("last_used_at"), model._meta.get_field("last_used_ip")
    quote = connection.ops.quote_name
    sql = (
        f"UPDATE {quote(model._meta.db_table)} SET last_used_at = %s, last_used_ip = %s"  # noqa: S608 - names of ours
        " WHERE id = %s AND (last_used_at IS NULL OR last_used_at < %s)"
    )
    values = []
    for pk, use in uses:
        moment = at.get_db_prep_save(use.at, connection)
        values.append((moment, address.get_db_prep_save(_read_address(use.address), connection), pk, moment))
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_GIVE_WAY)
        # Not a queryset's update for each: that costs the process ten times as much.
        cursor.executemany(sql, values)
        return max(0, cursor.rowcount)


def _read_address(text: str) -> str | None:
    """None for what is no address: one such text would hold up all the others."""
    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return None


_usage = Usage()
os.register_at_fork(before=_usage.before_fork, after_in_parent=_usage.after_fork, after_in_child=_usage.begin_anew)
note, flush, serve, forget = _usage.note, _usage.flush, _usage.serve, _usage.forget
also, expect_more = _usage.also, _usage.expect_more
