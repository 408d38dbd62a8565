"""A taken name says that somebody has it: one of the two things that tell of what is hidden, and so limited (S13)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from accounts.access.actor import Actor
from accounts.models import NameProbe
from config.kernel.errors import Code, DomainError, NameTaken

A_MINUTE = 30


@contextmanager
def counted(by: Actor, field: str = "name") -> Iterator[None]:
    """Around a transaction: the database's refusal of a second equal name is NameTaken, and is counted."""
    try:
        yield
    except IntegrityError as error:
        if "name_key" not in str(error):
            raise
        count(by)
        raise NameTaken(field=field) from None


def recent(now: datetime) -> models.Subquery:
    """How many a user, the outer row, has run into in this minute, NULL for none: for a query that is made anyway."""
    mine = NameProbe.objects.filter(user=models.OuterRef("pk"), minute=_minute(now))
    return models.Subquery(mine.values("count")[:1])


def check(by: Actor, known: int | None = None) -> None:
    """Pass, or TOO_MANY_REQUESTS before anything is looked at. `known`: from `recent`, where that was asked."""
    if by.user is None:
        return
    if known is None:
        counts = NameProbe.objects.filter(user=by.user, minute=_minute(by.now))
        known = counts.values_list("count", flat=True).first()
    if (known or 0) >= A_MINUTE:
        raise DomainError(Code.TOO_MANY_REQUESTS, retry_after=60 - by.now.second)


def count(by: Actor) -> None:
    """One more that they have run into."""
    if by.user is None:
        return
    minute = _minute(by.now)
    with transaction.atomic():
        NameProbe.objects.bulk_create([NameProbe(user=by.user, minute=minute)], ignore_conflicts=True)
        row: Any = NameProbe.objects.select_for_update().get(user=by.user)
        row.count = row.count + 1 if row.minute == minute else 1
        row.minute = minute
        row.save()


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)
