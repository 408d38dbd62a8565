"""What a run measures, how often and for how long. It is known before there is a database, and so before Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

VERIFY, TIMING, ADMIN, CONSOLE = "verify", "timing", "admin", "console"
# Groups of operations that share their rounds; `session` knows what is in them.
GROUPS = (VERIFY, "detail", "list", "list-by-name", "create", "update", "disable", "rotate")
PARTS = (*GROUPS, TIMING, ADMIN, CONSOLE)
SMALL, LARGE = 1_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Pace:
    """Rounds, the passes of one, and the seconds for which each is asked in a pass."""

    rounds: int
    passes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Groups by name, sizes, connections; `timing`: the seconds that a comparison of times may take, 0 for none;
    `admin`, `console`: how often each page of the super-console is asked for, and of the developers'.
    """

    groups: Mapping[str, Pace]
    rows: Sequence[int]
    connections: Sequence[int]
    timing: float
    admin: int
    console: int

    @property
    def parts(self) -> list[str]:
        """What is measured at all."""
        beside = {TIMING: self.timing, ADMIN: self.admin, CONSOLE: self.console}
        return [*self.groups, *(part for part, pace in beside.items() if pace)]

    def is_part_of(self, whole: "Plan") -> bool:
        """Is whatever it measures measured as the other does?"""
        alike = self.rows == whole.rows and self.connections == whole.connections
        pages = self.admin in (0, whole.admin) and self.console in (0, whole.console)
        return alike and pages and self.timing in (0, whole.timing) and self.groups.items() <= whole.groups.items()


# A machine that others share is slow for some seconds, then fast again. Many short passes let that fall on all alike.
# What is to be flat within a tenth takes more of them: five told 0.84 one time and 0.98 another.
_OFTEN = {name: Pace(9 if name == VERIFY else 5, 6, 0.5) for name in GROUPS}
_ONCE = {name: Pace(2, 1, 0.5) for name in GROUPS}
FULL = Plan(_OFTEN, rows=(SMALL, LARGE), connections=(1, 16), timing=60, admin=40, console=40)
QUICK = Plan(_ONCE, rows=(SMALL,), connections=(16,), timing=8, admin=5, console=5)


def chosen(
    plan: Plan,
    *,
    only: Sequence[str] = (),
    rows: Sequence[int] = (),
    connections: Sequence[int] = (),
    rounds: int | None = None,
    passes: int | None = None,
    seconds: float | None = None,
) -> Plan:
    """A part of a plan, or another pace."""
    wanted = only or PARTS
    return Plan(
        {
            name: Pace(rounds or pace.rounds, passes or pace.passes, seconds or pace.seconds)
            for name, pace in plan.groups.items()
            if name in wanted
        },
        rows=sorted(rows) or plan.rows,
        connections=connections or plan.connections,
        timing=plan.timing if TIMING in wanted else 0,
        admin=plan.admin if ADMIN in wanted else 0,
        console=plan.console if CONSOLE in wanted else 0,
    )
