"""How often a principal may call: counted in a small file of its own, which all processes of this machine share.

It is no table of the database: a count is nothing to wait for, to back up, or to be refused for when it is busy. What
cannot be counted is let through (ADR 14).
"""

import atexit
import logging
import math
import sqlite3
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.kernel.errors import Code, DomainError

log = logging.getLogger("polis.rates")

WINDOW = 60  # seconds, from a principal's first call on
_KNOWN_CREDENTIALS = 10_000
_SWEEP_EVERY = 1_000
_TABLE = "CREATE TABLE IF NOT EXISTS rate (principal TEXT PRIMARY KEY, ends_at REAL, count INTEGER) WITHOUT ROWID"
# A window that ends much further off than a window is long is of a clock that was wrong. (Calls are not counted in the
# order of their moments: one a little further off is of a call that came a little later.)
_COUNT = """
INSERT INTO rate VALUES (:principal, :now + :window, :calls)
ON CONFLICT (principal) DO UPDATE SET
    count = CASE WHEN ends_at > :now AND ends_at <= :now + 2 * :window THEN count + :calls ELSE :calls END,
    ends_at = CASE WHEN ends_at > :now AND ends_at <= :now + 2 * :window THEN ends_at ELSE :now + :window END
RETURNING count, ends_at
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """Where a principal stands: of `limit` calls a minute so many remain, anew in `reset` seconds."""

    limit: int
    remaining: int
    reset: int
    is_over: bool

    def check(self) -> None:
        """Pass, or TOO_MANY_REQUESTS."""
        if self.is_over:
            raise DomainError(Code.TOO_MANY_REQUESTS, retry_after=self.reset)


class Rates:
    """The counts of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._counted = 0
        self._principals: OrderedDict[str, str] = OrderedDict()

    def count(self, principal: str, limit: int, now: datetime, *, calls: int = 1) -> Rate | None:
        """One more call, or one that counts as several; None where there is no limit, or no counting just now."""
        if not limit:
            return None
        moment = now.timestamp()
        try:
            with self._lock:
                values = {"principal": principal, "now": moment, "window": WINDOW, "calls": calls}
                number, ends_at = self._open().execute(_COUNT, values).fetchone()
                self._sweep(moment)
        except sqlite3.Error as error:
            log.warning("calls are not counted: %s", error)
            return None
        return Rate(limit, max(0, limit - number), max(1, math.ceil(ends_at - moment)), number > limit)

    def remember(self, credential: str, principal: str) -> None:
        """Whose a credential is, which never changes: its next call is counted before anything is looked up."""
        self._principals[credential] = principal
        while len(self._principals) > _KNOWN_CREDENTIALS:
            self._principals.popitem(last=False)

    def forget(self, credential: str) -> None:
        """It has been refused: whoever goes on using it must not use up what its user has (S6)."""
        self._principals.pop(credential, None)

    def principal_of(self, credential: str) -> str:
        """Whose it is, "" where that is not known here."""
        return self._principals.get(credential, "")

    def close(self) -> None:
        """Let the file go; the next count opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self._path, timeout=0.2, isolation_level=None, check_same_thread=False)
            # A crash of the machine may lose counts: they are worth nothing then.
            try:
                connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; {_TABLE};")
            except sqlite3.Error:
                connection.close()
                raise
            self._connection = connection
            atexit.register(self.close)
        return self._connection

    def _sweep(self, moment: float) -> None:
        self._counted += 1
        if self._counted % _SWEEP_EVERY == 0:
            self._open().execute("DELETE FROM rate WHERE ends_at < ?", (moment,))
