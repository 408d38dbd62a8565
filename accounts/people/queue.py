"""How many may be at a password at once: what is tried here must leave a thread for everybody else.

A hash takes long, and whoever waits for one holds a thread of the few that a worker has. So there are fewer places than
threads, and who finds none is told at once that it is busy. One source never has them all, and one place is kept for
those whose device or address is known: a flood of guesses, from wherever it comes, shuts nobody out who has been here
before (S6). What is looked at is where they come from, never whom they claim to be (S13).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

from config.kernel import addresses
from config.kernel.errors import Code, DomainError

_lock = threading.Lock()
_held: list[tuple[str, bool]] = []  # of each place the source, and whether that is a stranger's


@contextmanager
def place(source: str, is_known: Callable[[], bool]) -> Iterator[None]:
    """A place for whoever comes from a device or an address; `is_known` is asked where it matters. Raises BUSY."""
    household = addresses.household(source)
    # Nobody is looked up while there is room: until then all count as strangers.
    is_stranger = not (_is_full(household, is_stranger=True) and is_known())
    with _lock:
        if _is_full(household, is_stranger=is_stranger):
            raise DomainError(Code.BUSY, retry_after=1)
        _held.append((household, is_stranger))
    try:
        yield
    finally:
        with _lock:
            _held.remove((household, is_stranger))


def _is_full(household: str, *, is_stranger: bool) -> bool:
    """Strangers have all places but one, and one source half of these; who is known, all but one."""
    places = max(1, settings.THREADS - 1)  # one thread is left, where there is more than one
    shared = max(1, places - 1)
    mine = sum(each == household for each, _ in _held)
    if len(_held) >= places or mine >= shared:
        return True
    strangers = sum(each for _, each in _held)
    return is_stranger and (strangers >= shared or mine >= max(1, shared // 2))
