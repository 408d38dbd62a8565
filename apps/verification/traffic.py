"""How many calls were let through and how many were stopped in each minute: gathered in memory, written behind."""

import os
import threading
from collections import Counter
from datetime import datetime

from accounts.machine import figures, usage


class Traffic:
    """What one process has answered."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Empty, with a lock that nobody holds: what a fork's child finds is its parent's."""
        self._lock = threading.Lock()
        self._counted: Counter[tuple[str, datetime]] = Counter()

    def count(self, is_good: bool, now: datetime) -> None:
        """One more."""
        line = (figures.VERIFIED if is_good else figures.STOPPED, now.replace(second=0, microsecond=0))
        with self._lock:
            self._counted[line] += 1
        usage.expect_more()

    def flush(self) -> int:
        """Write what is counted; how many rows. What the database refuses is counted the next time."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
        try:
            return figures.add((name, minute, many) for (name, minute), many in counted.items())
        except BaseException:
            with self._lock:
                self._counted.update(counted)
            raise

    def clear(self) -> None:
        """As if there had been none."""
        with self._lock:
            self._counted.clear()


_traffic = Traffic()
os.register_at_fork(after_in_child=_traffic.begin_anew)
count, flush, clear = _traffic.count, _traffic.flush, _traffic.clear
usage.also(flush)
