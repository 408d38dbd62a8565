"""One run of the benchmark: databases filled, servers started, everything measured. Django is configured by now."""

import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.bench import console, queries, report, timing
from tests.bench.load import Refused
from tests.bench.measure import Meter, Place, Unsteady
from tests.bench.operations import ON_ROWS, Operation
from tests.bench.plan import VERIFY, Plan
from tests.bench.servers import serving
from tests.bench.timing import Blind
from tests.bench.verification import VERIFICATION
from tests.bench.world import World, make_world

GROUPS: Mapping[str, Sequence[Operation]] = {
    VERIFY: VERIFICATION,
    **{operation.name: (operation,) for operation in ON_ROWS},
}


class Unreportable(Exception):
    """What was measured is worth nothing; it says why."""


def run(plan: Plan, cluster_url: str, keys: Path) -> dict[str, str]:
    """What is to be reported: by its place in the document. Raises Unreportable."""
    operations = [operation for name in plan.groups for operation in GROUPS[name]]
    try:
        worlds = [_fill(cluster_url, rows) for rows in plan.rows]
        counted = queries.count_all(worlds[0], operations)
        timed = timing.measure(worlds[-1], plan.timing) if plan.timing else []
        for each in timed:
            _say(str(each))
        meter = _measure(plan, worlds, keys)
        own = console.measure_own(worlds[-1], plan.console, keys) if plan.console else []
        asked = console.measure_lists(worlds[-1], plan.admin, keys) if plan.admin else []
    except (Refused, Blind, Unsteady) as fault:
        raise Unreportable(str(fault)) from None
    told = {}
    if operations or timed:
        told[report.CALLS] = report.whole(operations, meter.results, counted, timed, meter.aside)
    if own:
        told[report.OWN] = report.own(own, worlds[-1].layout.rows)
    if asked:
        told[report.LISTS] = report.lists(asked, worlds[-1].layout.rows)
    return told


def _fill(cluster_url: str, rows: int) -> World:
    began = time.monotonic()
    world = make_world(cluster_url, rows)
    _say(f"{rows:,} cities and as many apps: filled in {time.monotonic() - began:.0f} s")
    return world


def _measure(plan: Plan, worlds: Sequence[World], keys: Path) -> Meter:
    with ExitStack() as stack:
        places = [Place(world, stack.enter_context(serving(world.url, keys))) for world in worlds if plan.groups]
        meter = Meter(places, plan.connections)
        for name, pace in plan.groups.items():
            meter.measure(GROUPS[name], pace)
        return meter


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
