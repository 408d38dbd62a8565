"""`python -m tests.bench`: measures Polis and references in turns, and tells their ratios."""

import argparse
import signal
import sys
import time
from typing import Any

from tests.bench import cluster
from tests.bench.plan import ADMIN, CONSOLE, FULL, PARTS, QUICK, Plan, chosen

_ABOUT = """
A private PostgreSQL is filled, Polis and three references are served on it, and wrk asks them in turns. The report goes
to stdout, what is being done to stderr. It ends with 1, and reports nothing, where an answer was not 2xx, where a
reference strayed too often to compare anything with, or where the measure of times is blind.
"""
_EXAMPLES = """
examples:
  python -m tests.bench --quick
  python -m tests.bench --only verify --rows 1000000
  python -m tests.bench --only admin --rows 1000000
  python -m tests.bench --only detail list --rows 1000 --connections 1 --rounds 7 --seconds 3
"""


def main() -> int:
    arguments = _parser().parse_args()
    plan = chosen(
        QUICK if arguments.quick else FULL,
        only=arguments.only,
        rows=arguments.rows,
        connections=arguments.connections,
        rounds=arguments.rounds,
        passes=arguments.passes,
        seconds=arguments.seconds,
    )
    if arguments.write and not plan.is_part_of(FULL):
        sys.exit("--write is for the full pace, of all parts or some: another says too little.")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    began = time.monotonic()
    code = _run(plan, writes=arguments.write)
    print(f"It took {time.monotonic() - began:.0f} s.", file=sys.stderr)
    return code


def _run(plan: Plan, *, writes: bool) -> int:
    with cluster.server() as url, cluster.configured(url) as keys:
        from tests.bench import report, session  # Django is configured only now

        try:
            told = session.run(plan, url, keys)
        except session.Unreportable as fault:
            print(f"Nothing is reported. {fault}", file=sys.stderr)
            return 1
    missing = [part for part in FULL.parts if part not in plan.parts and part not in {ADMIN, CONSOLE}]
    if report.CALLS in told and missing:
        told[report.CALLS] += f"\n\nNot measured in this run: {', '.join(missing)}."
    print("\n\n".join(told.values()))
    if writes:
        for place, text in told.items():
            report.write(place, text)
    return 0


def _end(number: int, frame: Any) -> None:
    """Ended from outside, it still takes its servers with it; a second signal does not keep it from that."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m tests.bench", description=_ABOUT, epilog=_EXAMPLES, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a thousand rows, few and short rounds: two minutes")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=(), metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--rows", nargs="+", type=int, default=(), metavar="N", help="cities, and as many apps")
    parser.add_argument("--connections", nargs="+", type=int, default=(), metavar="N", help="of wrk")
    parser.add_argument("--rounds", type=int, metavar="N", help="each has a ratio of its own")
    parser.add_argument("--passes", type=int, metavar="N", help="of a round, in each of which each is asked once")
    parser.add_argument("--seconds", type=float, metavar="N", help="for which each is asked in a pass")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md; for a whole run")
    return parser


if __name__ == "__main__":
    sys.exit(main())
