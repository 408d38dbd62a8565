"""Does an answer's time tell what was wrong? Good keys, bad secrets and keys of nobody's, measured in turns.

`door.verify` is called in this process, on PostgreSQL, so that no network covers what there may be to see. The measure
proves that it sees: with an early return planted for keys that there are not it must say "different".
"""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from statistics import median
from typing import Any
from unittest.mock import patch

from django.test import RequestFactory

from apps.verification import door, failures, lookup
from apps.verification.credentials import Unreadable
from tests.bench import databases, rows
from tests.bench.verification import question, signature
from tests.bench.world import World, chance

GOOD, BAD, UNKNOWN = "good", "bad secret", "unknown key"
KINDS = (GOOD, BAD, UNKNOWN)
# Two kinds take the same time where the difference of their medians is surely less than this part of it.
TOLERANCE = 0.03
# A block is short, so that whatever else the machine does falls on all kinds alike. There are as many as it takes to be
# sure, batch by batch; what is planted must be seen in so many seconds.
BLOCK, BATCH, ENOUGH = 10, 100, 60.0
_RESAMPLES, _SURE = 1_000, 0.99

# How a client presents a key and a secret.
Present = Callable[[str, str], Mapping[str, str]]
Block = Mapping[str, float]  # a kind's median in microseconds


class Blind(Exception):
    """The measure did not see what was planted for it to see."""


@dataclass(frozen=True, slots=True)
class Difference:
    """By what part of it the second kind takes longer than the first: surely between `least` and `most`."""

    first: str
    second: str
    middle: float
    least: float
    most: float

    @property
    def verdict(self) -> str:
        if self.least >= -TOLERANCE and self.most <= TOLERANCE:
            return "same"
        if self.least > TOLERANCE or self.most < -TOLERANCE:
            return "different"
        return "unclear"

    def __str__(self) -> str:
        between = f"surely between {self.least:+.1%} and {self.most:+.1%}"
        return f"{self.second} beside {self.first} {self.middle:+.1%}, {between}: {self.verdict}"


@dataclass(frozen=True, slots=True)
class Timed:
    """One way of presenting: each kind's median in microseconds, the differences, and the planted one's."""

    name: str
    micros: Mapping[str, float]
    differences: Sequence[Difference]
    planted: Difference

    def __str__(self) -> str:
        medians = ", ".join(f"{kind} {micros:,.0f} µs" for kind, micros in self.micros.items())
        lines = [f"by {self.name}: {medians}", *map(str, self.differences), f"with an early return: {self.planted}"]
        return "\n  ".join(lines)


def measure(world: World, seconds: float) -> list[Timed]:
    """Both ways in which a secret is proved, each for so long at most. Raises Blind."""
    databases.use(world.database)
    return [_measure(world, name, present, seconds) for name, present in _WAYS.items()]


def compare(blocks: Sequence[Block], first: str, second: str) -> Difference:
    """From the medians of blocks, of which each has been measured within a moment."""
    found = [block[second] / block[first] - 1 for block in blocks]
    random = Random(0)
    middles = sorted(median(random.choices(found, k=len(found))) for _ in range(_RESAMPLES))
    beyond = int(_RESAMPLES * (1 - _SURE) / 2)
    return Difference(first, second, median(found), middles[beyond], middles[-beyond - 1])


def _measure(world: World, name: str, present: Present, seconds: float) -> Timed:
    calls = _calls(world, present)
    pairs = ((GOOD, BAD), (GOOD, UNKNOWN), (BAD, UNKNOWN))
    blocks, differences = _until_clear(calls, pairs, seconds)
    with planted():
        _, (seen, *_) = _until_clear(calls, ((BAD, UNKNOWN),), ENOUGH)
    if seen.verdict != "different":
        raise Blind(f"{name}: an early return was planted for unknown keys, and the verdict is {seen.verdict!r}")
    return Timed(name, {kind: median(block[kind] for block in blocks) for kind in KINDS}, differences, seen)


def _until_clear(
    calls: Iterator[dict[str, Any]], pairs: Sequence[tuple[str, str]], seconds: float
) -> tuple[list[Block], list[Difference]]:
    blocks: list[Block] = []
    until = time.monotonic() + seconds
    while True:
        blocks += [_block(calls) for _ in range(BATCH)]
        differences = [compare(blocks, *pair) for pair in pairs]
        if time.monotonic() > until or all(each.verdict != "unclear" for each in differences):
            return blocks, differences


def _block(calls: Iterator[dict[str, Any]]) -> Block:
    """Each kind in turn, some times over."""
    taken: dict[str, list[int]] = {kind: [] for kind in KINDS}
    gc.collect()
    gc.disable()
    try:
        for _ in range(BLOCK):
            failures.clear()  # who fails too often is told to wait, which is none of this measure's business
            for kind, request in next(calls).items():
                began = time.perf_counter_ns()
                answer = door.verify(request)
                taken[kind].append(time.perf_counter_ns() - began)
                assert answer.status_code == (200 if kind == GOOD else 401), answer.content
    finally:
        gc.enable()
    return {kind: median(each) / 1000 for kind, each in taken.items()}


@contextmanager
def planted() -> Iterator[None]:
    """The mistake that the promise forbids: a key that there is not is answered as soon as that is known."""
    find = lookup.find_by_key

    def find_or_leave(*asked: Any) -> Any:
        found = find(*asked)
        if found.app is None:
            raise Unreadable
        return found

    with patch.object(lookup, "find_by_key", find_or_leave):
        yield


def _calls(world: World, present: Present) -> Iterator[dict[str, Any]]:
    """One request of each kind, in an order by chance; of each app as many as are a block, one after the other.

    Whoever wants to learn something from times asks the same again and again: what is asked for lies at hand by then,
    and is compared with what else does.
    """
    random = chance("timing")
    for app in world.layout.kept_apps(random):
        key, secret, other = rows.app_key(app), rows.app_secret(app), rows.app_secret(random.randrange(2**60))
        given = {GOOD: (key, secret), BAD: (key, other), UNKNOWN: (f"{random.getrandbits(128):032x}", secret)}
        for _ in range(BLOCK):
            yield {kind: _request(app, present(*given[kind])) for kind in random.sample(KINDS, len(KINDS))}


def _request(app: int, credential: Mapping[str, str]) -> Any:
    headers = dict(question("", app, dict(credential)).headers)
    return RequestFactory(headers={"host": "127.0.0.1"}).get(door.PATH, headers=headers)


_WAYS: Mapping[str, Present] = {
    "key and secret": lambda key, secret: {"X-Api-Key": f"{key}.{secret}"},
    "signature": lambda key, secret: signature(key, secret, datetime.now(UTC)),
}
