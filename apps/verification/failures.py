"""Failures at verification: counted per (gateway, key, address), answered 429 past their limit, told in the trail (S6).

They are counted in each process by itself, and nothing here is ever asked about a good credential: that always passes.
A key that there is not is counted like one that there is. The trail hears of them behind the answers, as counts.
"""

import os
import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from accounts.audit import journal
from accounts.audit.journal import About
from accounts.machine import usage
from accounts.people import lockouts
from apps.lifecycle import APP, GATEWAY
from apps.verification.lookup import Found
from config.kernel.errors import Code

_MOST = 10_000  # pairs, and lines for the trail
# Where it was tried (a gateway or a project), the name that was tried, and from which address.
Pair = tuple[str, str, str]


class Asker(NamedTuple):
    """Who asks, as the trail tells it."""

    actor_kind: str
    actor: str
    door: str


@dataclass(slots=True)
class _Failed:
    count: int
    last_at: datetime
    until: datetime


def about(found: Found, gateway: str) -> About:
    """What a failure at the gateway of this id is told of: the app where the key or code is one of its own."""
    return About(APP.kind, found.app.key) if found.app is not None else About(GATEWAY.kind, gateway)


class Failures:
    """What one process has seen."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Empty, with a lock that nobody holds: what a fork's child finds is its parent's."""
        self._lock = threading.Lock()
        self._pairs: OrderedDict[Pair, _Failed] = OrderedDict()
        self._told: Counter[tuple[Asker, About, datetime]] = Counter()

    def count(self, asker: Asker, about: About, pair: Pair, now: datetime) -> int:
        """One more of a pair's. Seconds that it has to wait, 0: it may try on."""
        self.tell(asker, about, now)
        with self._lock:
            return self._wait(pair, now)

    def tell(self, asker: Asker, about: About, now: datetime) -> None:
        """One more for the trail alone."""
        minute = now.replace(second=0, microsecond=0)
        with self._lock:
            # With too many lines the rest is told of whoever asks alone, one line a minute.
            line = about if len(self._told) < _MOST else About(about.kind)
            self._told[asker, line, minute] += 1
        usage.expect_more()

    def forgive(self, pair: Pair) -> None:
        """The pair has presented a good one: its failures are counted from none again."""
        if self._pairs:
            with self._lock:
                self._pairs.pop(pair, None)

    def flush(self) -> int:
        """Tell the trail; how many lines."""
        with self._lock:
            told, self._told = self._told, Counter()
        written = len(told)
        try:
            while told:
                asker, about, minute = line = next(iter(told))
                code = Code.CREDENTIAL_WRONG
                journal.count_refused(asker._asdict(), journal.VERIFY, about, code, minute, count=told[line])
                del told[line]
        finally:  # what the database refuses is told the next time
            with self._lock:
                self._told.update(told)
        return written

    def clear(self) -> None:
        """As if there had been none."""
        with self._lock:
            self._pairs.clear()
            self._told.clear()

    def _wait(self, pair: Pair, now: datetime) -> int:
        failed = self._pairs.pop(pair, None)
        if failed is None or now - failed.last_at >= lockouts.FORGET:
            failed = _Failed(0, now, now)
        elif now < failed.until:
            self._pairs[pair] = failed
            return -int((now - failed.until).total_seconds() // 1)
        failed.count, failed.last_at = failed.count + 1, now
        failed.until = now + lockouts.wait_after(failed.count)
        self._pairs[pair] = failed
        while len(self._pairs) > _MOST:
            self._pairs.popitem(last=False)
        return 0


_failures = Failures()
os.register_at_fork(after_in_child=_failures.begin_anew)
count, tell, forgive = _failures.count, _failures.tell, _failures.forgive
flush, clear = _failures.flush, _failures.clear
usage.also(flush)
