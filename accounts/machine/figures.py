"""How many things of a kind are in which state, were made in which hour, were refused: counted as it happens.

Triggers count (accounts.audit.counting), so that no door, command or sweep can forget to. A ban that has ended counts
as one until it is written down (`expire_states`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, Min, Q, Sum
from django.utils import timezone

from accounts.audit import counting
from accounts.audit.counting import MADE, REFUSED, TABLE
from accounts.machine import background
from accounts.models import Figure
from config.kernel.states import State

VERIFIED, STOPPED = "verified", "stopped"
# How long an hour's figure is kept, and a minute's.
HOURS, MINUTES = timedelta(days=35), timedelta(days=1)
_MANY = 20_000  # rows since the last time that make it worth while

_SUMS = "SELECT kind, name, at, sum(count) FROM {} GROUP BY kind, name, at HAVING sum(count) <> 0"
_FOLD = f"""
WITH gone AS (DELETE FROM {TABLE} RETURNING kind, name, at, count)
INSERT INTO {TABLE} (kind, name, at, count) {_SUMS.format("gone")}
"""  # noqa: S608 - names of ours
_FOLD_ON_SQLITE = (
    "DROP TABLE IF EXISTS temp.polis_sums",
    f"CREATE TEMP TABLE polis_sums AS {_SUMS.format(TABLE)}",
    f"DELETE FROM {TABLE}",  # noqa: S608 - names of ours
    f"INSERT INTO {TABLE} (kind, name, at, count) SELECT * FROM temp.polis_sums",  # noqa: S608 - names of ours
    "DROP TABLE temp.polis_sums",
)


def read(now: datetime, week: timedelta, hour: timedelta) -> "Figures":
    """What stands, what was made and refused within `week`, and what was verified within `hour`: one query."""
    lately = Q(at__gte=now - week, name__in=[MADE, REFUSED]) | Q(at__gte=now - hour, name__in=[VERIFIED, STOPPED])
    found = Figure.objects.filter(Q(at=None) | lately).values_list("kind", "name", "at").annotate(many=Sum("count"))
    return Figures(found)


class Figures:
    """Sums, by kind, name and moment."""

    def __init__(self, rows: Iterable[tuple[str, str, datetime | None, int]]) -> None:
        self._standing: dict[tuple[str, str], int] = {}
        self._moments: dict[tuple[str, str], dict[datetime, int]] = defaultdict(dict)
        for kind, name, at, many in rows:
            if at is None:
                self._standing[kind, name] = many
            else:
                self._moments[kind, name][at] = many

    def standing(self, kind: str) -> Mapping[State, int]:
        """How many things of a kind are in each state."""
        return {state: self._standing.get((kind, str(int(state))), 0) for state in State}

    def over_time(self, name: str, kind: str = "") -> Mapping[datetime, int]:
        """What happened in each hour or minute in which any did."""
        return self._moments[kind, name]


def add(rows: Iterable[tuple[str, datetime, int]]) -> int:
    """So many more of a name at a moment, of what no trigger sees; how many rows."""
    return len(Figure.objects.bulk_create(Figure(name=name, at=at, count=many) for name, at, many in rows))


def fold(now: datetime) -> int:
    """Make the rows of one sum one, and forget what is too old to be told; how many rows are gone."""
    old = Q(at__lt=now - HOURS) | Q(at__lt=now - MINUTES, name__in=[VERIFIED, STOPPED])
    gone = Figure.objects.filter(old).delete()[0]
    with transaction.atomic(), connection.cursor() as cursor:
        counting.alone()
        before = Figure.objects.count()
        if connection.vendor == "postgresql":
            cursor.execute(_FOLD)  # in one statement: a row that comes meanwhile is neither summed nor taken away
        else:
            for statement in _FOLD_ON_SQLITE:
                cursor.execute(statement)
        return gone + before - Figure.objects.count()


def fold_many() -> None:
    """Fold where many rows have come since the last time: those that are left then are the newest."""
    ids = Figure.objects.aggregate(least=Min("pk"), most=Max("pk"))
    if (ids["most"] or 0) - (ids["least"] or 0) > _MANY:
        fold(timezone.now())


background.register(fold_many)
