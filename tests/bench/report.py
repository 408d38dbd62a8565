"""What the measurements say: ratios round by round, whether they may be believed, and tables."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.utils import timezone

from tests.bench.console import Asked
from tests.bench.load import Measured
from tests.bench.measure import Lane
from tests.bench.operations import Operation
from tests.bench.own import CITIES
from tests.bench.plan import LARGE, SMALL, VERIFY
from tests.bench.servers import POLIS, REFERENCES
from tests.bench.timing import TOLERANCE, Difference, Timed
from tests.contract import docs

# What is promised: so many times what a single statement of SQL answers, with a million apps; and, in the same round,
# as much of it with a million as with a thousand, but for a tenth.
TARGETS = {VERIFY: 0.9, "verify-signature": 0.7}
FLAT = 0.9
_FLOOR = "raw-sql"
# Of the super-console's lists: the milliseconds of 95 answers of a hundred, and of any query.
P95_MS, QUERY_MS = 300, 100
# Of the developers': as much of its pages, and the kilobytes of any.
OWN_P95_MS, PAGE_KB = 100, 150
PAGE = docs.ROOT / "docs" / "performance.md"
# Places in it: of the calls beside their references, of the lists, of the developers' pages.
CALLS, LISTS, OWN = "bench", "lists", "own"

Results = Mapping[Lane, Sequence[Measured]]
Queries = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Ratio:
    """The median over the rounds, the least and the most."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f}–{self.most:.2f})"


def variation(rounds: Sequence[Measured]) -> float:
    """How far the farthest round was from the median, in parts of it."""
    middle = median(each.rate for each in rounds)
    return max(abs(each.rate - middle) for each in rounds) / middle


def ratio(results: Results, lane: Lane, reference: Lane) -> Ratio:
    """So many times as many calls as the reference's, in the same round."""
    return _spread(_ratios(results, lane, reference))


def _ratios(results: Results, lane: Lane, reference: Lane) -> list[float]:
    return [ours.rate / theirs.rate for ours, theirs in zip(results[lane], results[reference], strict=True)]


def _spread(ratios: Sequence[float]) -> Ratio:
    return Ratio(median(ratios), min(ratios), max(ratios))


def whole(
    operations: Sequence[Operation], results: Results, queries: Queries, timed: Sequence[Timed], aside: int
) -> str:
    """The report; `aside`: the rounds that were put aside."""
    beside = {operation.name: operation.beside or operation.name for operation in operations}
    parts = [f"{_machine()} Rounds put aside, since a reference strayed: {aside}."]
    if results:
        parts += [_legend(operations), _table(results, queries, beside), *_lists("Targets", targets(results))]
        parts += ["The references themselves:", _references(results, queries)]
    if timed:
        parts.append(f"Time, by `door.verify` alone; what differs by less than {TOLERANCE:.0%} is the same:")
        parts += [_timing(each) for each in timed]
    return "\n\n".join(parts)


def lists(asked: Sequence[Asked], cities: int) -> str:
    """The report of the super-console's lists."""
    slow = max(asked, key=lambda each: each.slowest)
    query = f"no query above {slow.slowest:.1f} ms ({slow.page.list}, {slow.page.name})"
    judged = [_of_all(asked, P95_MS), f"{query}, {_below(slow.slowest, QUERY_MS)}"]
    lines = [(each.page.list, each.page.name, *_times(each), f"{each.slowest:.1f}") for each in asked]
    heads = ("list", "page", "p50 ms", "p95 ms", "p99 ms", "queries", "slowest query, ms")
    told = f"{_machine()} {cities:,} cities, as many apps and events; each page {len(asked[0].answers)} times."
    return "\n\n".join([told, _markdown(heads, lines), *_lists("Targets", judged)])


def own(asked: Sequence[Asked], cities: int) -> str:
    """The report of the developers' console."""
    large = max(asked, key=lambda each: each.size)
    size = f"no page above {large.size / 1024:.0f} KB ({large.page.name})"
    judged = [_of_all(asked, OWN_P95_MS), f"{size}, {_below(large.size / 1024, PAGE_KB)}"]
    lines = [(each.page.name, *_times(each), f"{each.size / 1024:.0f}") for each in asked]
    heads = ("page", "p50 ms", "p95 ms", "p99 ms", "queries", "KB")
    told = f"{_machine()} {CITIES:,} cities of one's own among {cities:,}; each page {len(asked[0].answers)} times."
    return "\n\n".join([told, _markdown(heads, lines), *_lists("Targets", judged)])


def _of_all(asked: Sequence[Asked], target: float) -> str:
    late = max(asked, key=lambda each: each.within(95))
    p95 = late.within(95)
    return f"p95 {p95:.0f} ms at most ({late.page.list}, {late.page.name}), {_below(p95, target)}"


def _times(each: Asked) -> tuple[str, ...]:
    return (*(f"{each.within(percent):.0f}" for percent in (50, 95, 99)), str(each.queries))


def write(place: str, text: str) -> None:
    """Into the document, in the place of the report before."""
    docs.rewrite(PAGE, place, text)


def targets(results: Results) -> list[str]:
    """Each that can be told from what was measured."""
    told = []
    for connections in sorted({lane.connections for lane in results}):
        for name, target in TARGETS.items():
            found = {rows: _beside_floor(results, rows, connections, name) for rows in (SMALL, LARGE)}
            where = f"{name}, {connections} connections"
            if large := found[LARGE]:
                times = _spread(large)
                told.append(f"{where}: {times} × {_FLOOR} with {LARGE:,} apps, {_met(times.median, target)}")
            if large and (small := found[SMALL]):
                flat = _spread([one / other for one, other in zip(large, small, strict=True)])
                told.append(f"{where}: {flat} of that ratio with {SMALL:,}, {_met(flat.median, FLAT)}")
    return told


def _machine() -> str:
    """Numbers alone say little: what they were measured on."""
    cpu = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "")
    return (
        f"{timezone.localdate()}: {os.cpu_count()} cores ({cpu.partition(': ')[2] or platform.machine()}) for servers, "
        f"database and wrk together; Python {platform.python_version()}."
    )


def _beside_floor(results: Results, rows: int, connections: int, name: str) -> list[float]:
    """Round by round; none where it was not measured."""
    ours, floor = Lane(rows, connections, name, POLIS), Lane(rows, connections, VERIFY, _FLOOR)
    return _ratios(results, ours, floor) if ours in results and floor in results else []


def _met(value: float, target: float) -> str:
    return f"target ≥ {target}: {'met' if value >= target else 'missed'}"


def _below(value: float, target: float) -> str:
    return f"target < {target}: {'met' if value < target else 'missed'}"


def _legend(operations: Sequence[Operation]) -> str:
    return "\n".join(f"- `{operation.name}`: {operation.about}" for operation in operations)


def _lists(title: str, lines: Sequence[str]) -> list[str]:
    return ["\n".join([f"{title}:", "", *(f"- {line}" for line in lines)])] if lines else []


def _table(results: Results, queries: Queries, beside: Mapping[str, str]) -> str:
    """Polis, and its ratio to each reference."""
    heads = ("operation", "rows", "connections", "req/s", "p50 ms", "p99 ms", "queries", *REFERENCES)
    lines = []
    for lane in results:
        if lane.entrant == POLIS:
            others = [Lane(lane.rows, lane.connections, beside[lane.operation], name) for name in REFERENCES]
            ratios = [str(ratio(results, lane, other)) for other in others]
            lines.append((*_where(lane), *_speeds(results[lane]), str(queries[lane.operation, POLIS]), *ratios))
    return _markdown(heads, lines)


def _references(results: Results, queries: Queries) -> str:
    heads = ("operation", "rows", "connections", "reference", "req/s", "p50 ms", "p99 ms", "queries", "varied by")
    lines = []
    for lane, rounds in results.items():
        if lane.entrant != POLIS:
            count = str(queries[lane.operation, lane.entrant])
            lines.append((*_where(lane), lane.entrant, *_speeds(rounds), count, f"{variation(rounds):.0%}"))
    return _markdown(heads, lines)


def _timing(timed: Timed) -> str:
    """A row for each comparison, the last with the early return that is planted to be seen."""
    heads = (f"by {timed.name}", "beside", "differs by", "surely between", "verdict")
    times = {kind: f" ({micros:,.0f} µs)" for kind, micros in timed.micros.items()}
    lines = [_compared(each, times) for each in timed.differences]
    lines.append(_compared(timed.planted, {timed.planted.second: ", early return planted"}))
    return _markdown(heads, lines)


def _compared(each: Difference, notes: Mapping[str, str]) -> tuple[str, ...]:
    first, second = (kind + notes.get(kind, "") for kind in (each.first, each.second))
    return second, first, f"{each.middle:+.1%}", f"{each.least:+.1%} and {each.most:+.1%}", each.verdict


def _where(lane: Lane) -> tuple[str, str, str]:
    return lane.operation, f"{lane.rows:,}", str(lane.connections)


def _speeds(rounds: Sequence[Measured]) -> tuple[str, str, str]:
    rate, p50, p99 = (median(getattr(each, name) for each in rounds) for name in ("rate", "p50", "p99"))
    return f"{rate:,.0f}", f"{p50:.2f}", f"{p99:.2f}"


def _markdown(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [heads, ["---"] * len(heads), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
