"""The super-console's first page: how many of what, what is new, what waits for somebody; each leads to its list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import policies as rows
from accounts.access import policies
from accounts.access.visibility import governed_kinds
from accounts.admin import caller, filters
from accounts.admin.below import list_of
from accounts.machine import figures
from accounts.machine.figures import MADE, REFUSED, STOPPED, VERIFIED, Figures
from accounts.models import Operation, Request
from accounts.pages import show
from accounts.people import requests
from config.kernel import registry
from config.kernel.errors import DomainError
from config.kernel.policies import Policy
from config.kernel.states import State, Verb

DAYS, HOURS, MINUTES = 7, 24, 60
_MOST = 100  # of what waits: counted no further
_TITLES = {
    "city": gettext_lazy("Cities"),
    "project": gettext_lazy("Projects"),
    "gateway": gettext_lazy("Gateways"),
    "app": gettext_lazy("Apps"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One of a chart's: `x` is its place, the rest are heights of `HEIGHT`; `above` stands upon it."""

    x: int
    height: float
    above: float
    told: str

    @property
    def y(self) -> float:
        return Chart.HEIGHT - self.height

    @property
    def y_above(self) -> float:
        return self.y - self.above


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over time, drawn by the template; `total` and `total_above` are their sums."""

    HEIGHT = 48
    bars: list[Bar]
    total: int
    total_above: int
    highest: int

    @property
    def width(self) -> int:
        return 10 * len(self.bars)


@dataclass(frozen=True, slots=True)
class Line:
    """A figure with its word and the list behind it."""

    word: Any
    many: str
    address: str


def context(request: Any) -> dict[str, Any]:
    """All that the page tells, in a handful of queries whatever there is."""
    now: datetime = request.now
    told = figures.read(now, timedelta(days=DAYS), timedelta(minutes=MINUTES))
    trail = reverse("admin:accounts_auditevent_changelist")
    return {
        "kinds": [_kind(kind, told, now) for kind in governed_kinds() if _may_list(kind.policy(Verb.QRI), request)],
        "verified": _by_minute(told, now),
        "refused": _by_hour(told.over_time(REFUSED), now) if _may_list(_row(rows.AUDIT), request) else None,
        "refused_list": f"{trail}?outcome=refused&at=today",
        "waiting": _waiting(request),
    }


def _may_list(row: Policy, request: Any) -> bool:
    """Where a policy closes the list, its figures are closed too."""
    try:
        policies.check(row, caller.actor_of(request), is_secure=request.is_secure())
    except DomainError:
        return False
    return True


def _kind(kind: registry.Kind, told: Figures, now: datetime) -> dict[str, Any]:
    """A kind's card: how many stand, how many in each state, how many are new."""
    listed, standing = list_of(kind.name), told.standing(kind.name)
    return {
        "title": _TITLES[kind.name],
        "list": listed,
        "many": f"{sum(many for state, many in standing.items() if state is not State.DELETED):,}",
        "states": [Line(show.badge(state), f"{standing[state]:,}", f"{listed}?state={int(state)}") for state in State],
        "new": _by_day(told.over_time(MADE, kind.name), now),
        "new_list": f"{listed}?created=week",
    }


def _by_day(hours: Mapping[datetime, int], now: datetime) -> Chart:
    """The last days of the platform's calendar, today the last."""
    today = show.here(now).date()
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    sums = dict.fromkeys(days, 0)
    for at, many in hours.items():
        if (day := show.here(at).date()) in sums:
            sums[day] += many
    return _chart([(day.isoformat(), many, 0) for day, many in sums.items()])


def _by_hour(hours: Mapping[datetime, int], now: datetime) -> Chart:
    this = now.replace(minute=0, second=0, microsecond=0)
    spans = [this - timedelta(hours=ago) for ago in reversed(range(HOURS))]
    return _chart([(show.moment(at), hours.get(at, 0), 0) for at in spans])


def _by_minute(told: Figures, now: datetime) -> Chart:
    """What was let through, and above it what was stopped; the present minute, which is not over, left out."""
    this = now.replace(second=0, microsecond=0)
    spans = [this - timedelta(minutes=ago) for ago in range(MINUTES - 1, 0, -1)]
    good, bad = told.over_time(VERIFIED), told.over_time(STOPPED)
    return _chart([(show.moment(at), good.get(at, 0), bad.get(at, 0)) for at in spans])


def _chart(told: Iterable[tuple[str, int, int]]) -> Chart:
    spans = list(told)
    highest = max((many + above for _, many, above in spans), default=0)
    unit = Chart.HEIGHT / (highest or 1)
    bars = [
        Bar(10 * place, round(many * unit, 2), round(above * unit, 2), f"{when}: {many + above:,}")
        for place, (when, many, above) in enumerate(spans)
    ]
    return Chart(bars, sum(many for _, many, _ in spans), sum(above for _, _, above in spans), highest)


def _waiting(request: Any) -> list[Line]:
    """What somebody should look at."""
    asked = requests.in_state(requests.everybodys(by=caller.actor_of(request)), Request.State.OPEN)
    running = Operation.objects.filter(state=Operation.State.RUNNING)
    every = (
        (rows.REQUESTS, _("Requests of owners"), asked, "admin:accounts_request_changelist"),
        (rows.OPERATIONS, _("Operations that run"), running, "admin:accounts_operation_changelist"),
    )
    lines = [
        Line(word, _many(waiting), reverse(page))
        for policies_of, word, waiting, page in every
        if _may_list(_row(policies_of), request)
    ]
    return [*lines, *_ending(request)]


def _ending(request: Any) -> list[Line]:
    """What time is about to do, of each kind of which there is any."""
    ends = {"city": filters.ban_ends_soon}
    lines = []
    for kind in governed_kinds():
        if not _may_list(kind.policy(Verb.QRI), request):
            continue
        listed, things = list_of(kind.name), kind.model._default_manager.all()
        word = _("bans that end within 3 days") if kind.name in ends else _("secrets that end within 7 days")
        ending = ends.get(kind.name, filters.secret_ends_soon)(things, request.now)
        binned = filters.purged_soon(things, request.now)
        for told, rows_of, query in (
            (word, ending, "expires=soon"),
            (_("purged within 3 days"), binned, "bin=soon"),
        ):
            if (many := _many(rows_of)) != "0":
                lines.append(Line(f"{_TITLES[kind.name]}: {told}", many, f"{listed}?{query}"))
    return lines


def _row(of: Iterable[Policy]) -> Policy:
    """The one that judges the list."""
    return next(row for row in of if row.verb == Verb.QRI)


def _many(rows: Any) -> str:
    """How many, counted no further than it takes to see that there are many."""
    many = rows.order_by()[: _MOST + 1].count()
    return str(many) if many <= _MOST else f"{_MOST}+"
