"""Filters that the lists of several kinds have: when a thing was made, whose ban is on it, what is about to end."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import Choice, LinkFilter
from accounts.models import User
from accounts.pages import show
from config.kernel import ids
from config.kernel.states import Side

# How near an end is "soon".
BAN_ENDS = timedelta(days=3)
SECRET_ENDS = timedelta(days=7)
PURGED = timedelta(days=3)
_DAYS = {"week": timedelta(days=7), "month": timedelta(days=30)}
_DAY = timedelta(days=1)
# Beyond these a moment of one time zone may be none of another.
_YEARS = range(1970, 5000)


class Period(admin.SimpleListFilter):
    """Today, the last days, or what is typed; the list is then in the order of `column`, newest first."""

    column: ClassVar[str]
    input: ClassVar[str] = "date"
    words: ClassVar[tuple[tuple[str, Any], ...]] = (
        ("today", _("Today")),
        ("week", _("The last 7 days")),
        ("month", _("The last 30 days")),
    )
    more_parameters: ClassVar[tuple[str, ...]]
    template = "admin/polis/period.html"

    def __init__(self, request: Any, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        self.typed = {name: params.pop(name)[-1] for name in self.more_parameters if name in params}
        super().__init__(request, params, model, model_admin)
        self.since, self.until = self._bounds(request.now)

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.words)

    @property
    def order(self) -> str:
        """The column by which the list is walked, "" where nothing is asked for."""
        return self.column if self.since is not None or self.until is not None else ""

    def queryset(self, request: Any, queryset: Any) -> Any:
        return self.chosen(queryset) if self.order else queryset

    def chosen(self, queryset: Any) -> Any:
        return queryset.made_between(self.since, self.until)

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The words; and for the form what else is in the address, which it takes along."""
        own = (self.parameter_name, *self.more_parameters)
        self.beside = [(name, value) for name, value in changelist.params.items() if name not in own]
        typed = self.more_parameters
        yield {
            "selected": not self.order,
            "query_string": changelist.get_query_string(remove=list(own)),
            "display": _("All"),
        }
        for value, word in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}, remove=list(typed)),
                "display": word,
            }

    def inputs(self) -> list[tuple[Any, str, str]]:
        """Of the form: a label, a parameter, and what was typed."""
        since, until = self.more_parameters
        return [(_("From"), since, self.typed.get(since, "")), (_("Up to"), until, self.typed.get(until, ""))]

    def _bounds(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """From a moment on, and before another; None: no bound. What cannot be read is none."""
        if self.value() == "today":
            return show.here(now).replace(hour=0, minute=0, second=0, microsecond=0), None
        if (ago := _DAYS.get(self.value() or "")) is not None:
            return now - ago, None
        since, until = self.more_parameters
        return _moment(self.typed.get(since, ""), timedelta()), _moment(self.typed.get(until, ""), _DAY)


class CreatedFilter(Period):
    """When a thing was made."""

    title = _("date of creation")
    parameter_name = "created"
    column = "created_at"
    more_parameters = ("created_from", "created_to")


class CloserFilter(LinkFilter):
    """The one person whose bans are listed."""

    title = _("whose ban")
    parameter_name = "disabled_by"

    def named(self, text: str) -> Any:
        return user_of(text)

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        return queryset.closed_by_hand_of(self.found.key, request.now) if self.found else queryset.none()


class BanFilter(Choice):
    """What is back soon."""

    title = _("end of the ban")
    parameter_name = "expires"
    words = (("soon", _("Within 3 days")),)

    def chosen(self, request: Any, queryset: Any, value: str) -> Any:
        return ban_ends_soon(queryset, request.now)


class SecretFilter(Choice):
    """What stops working soon unless its secret is rotated."""

    title = _("end of the secret")
    parameter_name = "expires"
    words = (("soon", _("Within 7 days")),)

    def chosen(self, request: Any, queryset: Any, value: str) -> Any:
        return secret_ends_soon(queryset, request.now)


class BinFilter(Choice):
    """What the retention is about to remove. What an administrator has closed it passes by (S7)."""

    title = _("recycle bin")
    parameter_name = "bin"
    words = (("soon", _("Purged within 3 days")),)

    def chosen(self, request: Any, queryset: Any, value: str) -> Any:
        return purged_soon(queryset, request.now)


def purged_soon(things: Any, now: datetime) -> Any:
    kept = max(timedelta(), timedelta(days=settings.BIN_DAYS) - PURGED)
    return things.binned_before(now - kept).not_closed_by(Side.ADMIN, now)


def secret_ends_soon(things: Any, now: datetime) -> Any:
    return things.with_secret_ending_by(now + SECRET_ENDS, now)


def ban_ends_soon(things: Any, now: datetime) -> Any:
    return things.back_before(now + BAN_ENDS, now)


def user_of(text: str) -> User | None:
    """The person whose id somebody typed. PostgreSQL takes no NUL."""
    return User.objects.filter(key=text).first() if ids.is_key(text) else None


def _moment(text: str, whole_day: timedelta) -> datetime | None:
    """A moment of the platform's time zone; of a day its beginning, or so much later. None for what is neither."""
    try:
        at = parse_datetime(text) if "T" in text else None
        day = parse_date(text) if at is None else None
    except ValueError:  # the form is right, and there is no such day
        return None
    if day is not None:
        at = datetime(day.year, day.month, day.day) + whole_day if day.year in _YEARS else None  # noqa: DTZ001
    if at is None or at.year not in _YEARS:
        return None
    return timezone.make_aware(at) if timezone.is_naive(at) else at
