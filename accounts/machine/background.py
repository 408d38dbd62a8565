"""What a server does beside its requests: a thread in each of its processes, woken or every few seconds.

Each job takes its turn by a row of the database, so that several processes are in nobody's way; what one that was
killed has left undone, another finds.
"""

import logging
import threading
from collections.abc import Callable

from django.db import Error, connection

log = logging.getLogger("polis.background")

SECONDS = 5
_jobs: list[Callable[[], None]] = []
_wake = threading.Event()


def register(job: Callable[[], None]) -> None:
    """Something to be looked after; it returns soon where there is nothing to do."""
    _jobs.append(job)


def start() -> None:
    """In a process that serves, once it has forked."""
    threading.Thread(target=_look_after, name="polis-background", daemon=True).start()


def wake() -> None:
    """There is something to do now. Where this process does not serve, another one finds it."""
    _wake.set()


def _look_after() -> None:
    while True:
        for job in _jobs:
            try:
                job()
            except Error as error:
                log.warning("%s waits: %s", job.__module__, type(error.__cause__ or error).__name__)
            except Exception:  # the thread outlives a job's fault, which is told
                log.exception("%s failed", job.__module__)
        connection.close()  # this thread's own: none is kept for one moment in seconds
        _wake.wait(SECONDS)
        _wake.clear()
