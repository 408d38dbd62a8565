"""Rounds of short passes: all are asked in each, one after the other, so that what slows the machine slows them alike.

A round in which a reference strayed is put aside and measured again: Polis has no say in which one that is.
"""

import http.client
import itertools
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median

from tests.bench.load import Call, Measured, Refused, press, together
from tests.bench.operations import Operation
from tests.bench.plan import Pace
from tests.bench.servers import POLIS, WRITTEN_BEHIND, Pair
from tests.bench.world import World, chance

# More than a server answers: each run has calls of its own for all of its time.
CALLS_A_SECOND = 6_000
_WARMING_CONNECTIONS, _WARMING_CALLS = 16, 96
# A reference that is farther from its own median says that the machine was busy with something else. So many times as
# many rounds as are wanted are measured before it is given up.
STEADY = 0.25
_PATIENCE = 3


@dataclass(frozen=True, slots=True)
class Lane:
    """What is measured round by round."""

    rows: int
    connections: int
    operation: str
    entrant: str


@dataclass(frozen=True, slots=True)
class Place:
    """A filled database, and the servers on it."""

    world: World
    pair: Pair


Round = Mapping[Lane, Measured]


class Unsteady(Exception):
    """There were too few rounds in which the references stayed what they were."""


@dataclass
class Meter:
    """`results` has each lane's measurements, in the order of the rounds; `aside` counts the rounds put aside."""

    places: Sequence[Place]
    connections: Sequence[int]
    results: dict[Lane, list[Measured]] = field(default_factory=dict)
    aside: int = 0
    runs: int = 0
    is_behind: bool = False

    def measure(self, group: Sequence[Operation], pace: Pace) -> None:
        """Some operations, in the same rounds. Raises Refused, and Unsteady."""
        for place in self.places:
            for operation, entrant in _lanes(group, 0):
                self._warm(place, operation, entrant)
        rounds: list[Round] = []
        while len(kept := steady(rounds)) < pace.rounds:
            if len(rounds) == pace.rounds * _PATIENCE:
                raise Unsteady("\n".join(strays(rounds)))
            rounds.append(self._round(group, pace, len(rounds)))
        self.aside += len(rounds) - len(kept)
        for each in kept:
            for lane, measured in each.items():
                self.results.setdefault(lane, []).append(measured)

    def _round(self, group: Sequence[Operation], pace: Pace, number: int) -> Round:
        found: dict[Lane, list[Measured]] = defaultdict(list)
        for turn in range(number * pace.passes, (number + 1) * pace.passes):
            for place, connections in itertools.product(self.places, self.connections):
                for operation, entrant in _lanes(group, turn):
                    lane = Lane(place.world.layout.rows, connections, operation.name, entrant)
                    # The same chance for each of a group: they are asked about the same rows.
                    random = chance(operation.beside or operation.name, turn)
                    calls = operation.calls(place.world, entrant, random, self._new_run())
                    self._settle(operation, entrant)
                    found[lane].append(_press(place, operation, lane, calls, pace.seconds))
        measured = {lane: together(passes) for lane, passes in found.items()}
        for lane, each in measured.items():
            _say(number, lane, each)
        return measured

    def _settle(self, operation: Operation, entrant: str) -> None:
        """A reference is not asked before Polis has written what it put off. No event tells of that."""
        if entrant != POLIS and self.is_behind:
            time.sleep(WRITTEN_BEHIND * 1.2)
        self.is_behind = entrant == POLIS and (self.is_behind or operation.writes_behind)

    def _warm(self, place: Place, operation: Operation, entrant: str) -> None:
        """What each worker does once only is done before anything is measured."""
        calls = operation.calls(place.world, entrant, chance("warm"), self._new_run())
        few = list(itertools.islice(calls, _WARMING_CALLS))
        port, each = place.pair.port_of(entrant), len(few) // _WARMING_CONNECTIONS
        shares = [few[at : at + each] for at in range(0, len(few), each)]
        with ThreadPoolExecutor(_WARMING_CONNECTIONS) as pool:
            list(pool.map(lambda share: _send(port, share), shares))
        operation.undo(place.world)

    def _new_run(self) -> str:
        self.runs += 1
        return f"r{self.runs}"


def steady(rounds: Sequence[Round]) -> list[Round]:
    """Those in which each reference was near its median over all of them."""
    middles = _middles(rounds)
    return [each for each in rounds if all(_off(each[lane], middles[lane]) <= STEADY for lane in middles)]


def strays(rounds: Sequence[Round]) -> list[str]:
    """Which references were not, each with its rates."""
    return [
        f"{lane.entrant} strayed from its median by more than {STEADY:.0%} at {lane.operation}, {lane.rows:,} rows, "
        f"{lane.connections} connections: {', '.join(f'{each[lane].rate:,.0f}/s' for each in rounds)}"
        for lane, middle in _middles(rounds).items()
        if any(_off(each[lane], middle) > STEADY for each in rounds)
    ]


def _middles(rounds: Sequence[Round]) -> dict[Lane, float]:
    lanes = [lane for lane in rounds[0] if lane.entrant != POLIS] if rounds else []
    return {lane: median(each[lane].rate for each in rounds) for lane in lanes}


def _off(measured: Measured, middle: float) -> float:
    return abs(measured.rate - middle) / middle


def _lanes(group: Sequence[Operation], turn: int) -> list[tuple[Operation, str]]:
    """Each pass begins with another one."""
    lanes = [(operation, entrant) for operation in group for entrant in operation.entrants]
    first = turn % len(lanes)
    return lanes[first:] + lanes[:first]


def _press(place: Place, operation: Operation, lane: Lane, calls: Iterator[Call], seconds: float) -> Measured:
    few = itertools.islice(calls, int(seconds * CALLS_A_SECOND))
    try:
        return press(place.pair.port_of(lane.entrant), few, connections=lane.connections, seconds=seconds)
    except Refused as refused:
        raise Refused(f"{lane.operation}, {lane.entrant}: {refused}") from None
    finally:
        operation.undo(place.world)


def _send(port: int, calls: Sequence[Call]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        for call in calls:
            headers = {"Content-Type": "application/json", **call.headers}
            connection.request(call.method, call.path, call.body or None, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            if not 200 <= answer.status < 300:
                raise Refused(f"{call.method} {call.path}: {answer.status} {text}")
    finally:
        connection.close()


def _say(turn: int, lane: Lane, measured: Measured) -> None:
    where = f"{lane.operation}, {lane.rows:,} rows, {lane.connections} connections"
    told = f"{measured.rate:,.0f}/s, p50 {measured.p50:.2f} ms, p99 {measured.p99:.2f} ms"
    print(f"round {turn + 1}  {where}  {lane.entrant}: {told}", file=sys.stderr, flush=True)
