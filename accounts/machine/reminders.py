"""What time is about to do, told beforehand: the bin is emptied, a secret ends. And that a share has ended, afterwards.

Each sweep goes on from where the one before it came to, by an index and in small transactions; what two of them tell
at once is told once.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.access import walks
from accounts.access.actor import Actor
from accounts.access.visibility import governed_kinds
from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN
from accounts.machine import executor, knowing
from accounts.machine.notices import Happening, tell, tell_owners
from accounts.models import AccessKey, AccessToken, HeldSecret, Sweep, User
from accounts.models.grant import Grant
from config.kernel import registry
from config.kernel.roles import Share
from config.kernel.states import State, is_banned

# Days before the end, the nearest first.
BIN_STAGES = (1, 7)
SECRET_STAGES = (2, 10, 30)
_BATCH = 200
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def remind(now: datetime | None = None) -> int:
    """Tell of all that has come due since the last time. How many notices there are new."""
    by = Actor.system(now)
    # The setting moves what is due: with another one it begins anew, and tells nobody twice.
    told = _since(f"bin {settings.BIN_DAYS}", by.now, lambda since: _of_the_bin(since, by))
    told += _since("secrets", by.now, lambda since: _of_secrets(since, by.now) + _of_credentials(since, by.now))
    return told + _since("grants", by.now, lambda since: _of_grants(since, by.now))


def _since(name: str, now: datetime, tell_of: Callable[[datetime], int]) -> int:
    """Do a sweep from where it came to; written down when it is through, so that what was cut off is done again."""
    since = Sweep.objects.filter(name=name).values_list("until", flat=True).first()
    told = tell_of(since or _EVER)
    Sweep.objects.update_or_create(name=name, defaults={"until": now})
    return told


def _of_the_bin(since: datetime, by: Actor) -> int:
    told = 0
    kept = timedelta(days=settings.BIN_DAYS)
    for kind in governed_kinds():
        binned = kind.model._default_manager.filter(state=State.DELETED)
        for stage, window in _windows(BIN_STAGES, since - kept, by.now - kept, "deleted_at"):
            if stage < settings.BIN_DAYS:
                tell_of = partial(_going, kind, stage=stage, by=by)
                told += _each(binned.filter(**window), "deleted_at", tell_of)
    return told


def _going(kind: registry.Kind, thing: Any, *, stage: int, by: Actor) -> int:
    # What an administrator has closed is not purged by itself (S7).
    if is_banned(thing.facts, by.now) or executor.is_closed_above(thing, by.now):
        return 0
    facts = {"days": stage, "ends_at": thing.deleted_at + timedelta(days=settings.BIN_DAYS)}
    occasion = f"PURGE {stage} {thing.deleted_at.isoformat()}"
    return tell_owners(thing, Happening("purge_coming", kind.name, thing.key, thing.name, occasion, facts), by.now)


def _of_secrets(since: datetime, now: datetime) -> int:
    told = 0
    for model in knowing.secret_tables():
        if not issubclass(model, HeldSecret):
            continue
        # One that a rotation has left a grace has its successor.
        live = model._default_manager.filter(ended_at__isnull=True, ends_at__isnull=True, expires_at__isnull=False)
        for stage, window in _windows(SECRET_STAGES, since, now, "expires_at"):
            told += _each(live.filter(**window), "expires_at", partial(_ending, stage=stage, now=now))
    return told


def _ending(row: Any, *, stage: int, now: datetime) -> int:
    holders = row._meta.get_field("holder").related_model.objects
    holder = holders.with_chain().exclude(state=State.DELETED).filter(pk=row.holder_id).first()
    if holder is None:
        return 0
    facts = {"days": stage, "ends_at": row.expires_at, "secret": row.number}
    kind, occasion = registry.kind_of(holder).name, f"EXPIRES {row.number} {stage}"
    return tell_owners(holder, Happening("secret_expiring", kind, holder.key, holder.name, occasion, facts), now)


def _of_credentials(since: datetime, now: datetime) -> int:
    told = 0
    own = ((ACCESS_TOKEN, AccessToken.objects.filter(login=None)), (ACCESS_KEY, AccessKey.objects.all()))
    for table, live in own:
        for stage, window in _windows(SECRET_STAGES, since, now, "ends_at"):
            tell_of = partial(_credential, table.kind, stage=stage, now=now)
            told += _each(live.exclude(state=State.DELETED).filter(**window), "ends_at", tell_of)
    return told


def _credential(kind: str, row: Any, *, stage: int, now: datetime) -> int:
    facts = {"days": stage, "ends_at": row.ends_at}
    happening = Happening("secret_expiring", kind, row.key, row.name, f"EXPIRES {stage}", facts)
    return tell(User.objects.filter(pk=row.user_id), happening, now)


def _of_grants(since: datetime, now: datetime) -> int:
    """Shares that time has ended, of whoever might operate by them."""
    told = 0
    for kind in governed_kinds():
        ended: Any = grants_of(kind).filter(ends_at__gt=since, ends_at__lte=now, user__isnull=False)
        rows = ended.select_related("permission", "content_object", "user")
        told += _each(rows, "ends_at", partial(_ended, kind, now=now))
    return told


def _ended(kind: registry.Kind, grant: Grant, *, now: datetime) -> int:
    if grant.share is not Share.OPERATOR:
        return 0
    occasion = f"KNOWN {grant.key} {grant.ends_at.isoformat()}"
    thing: Any = grant.content_object
    return knowing.tell_known(kind, thing, grant.user.key, occasion, now=now)


def grants_of(kind: registry.Kind) -> Any:
    """The grants on things of a kind."""
    model: Any = kind.model
    return model.grants.rel.related_model._default_manager


def _windows(
    stages: tuple[int, ...], since: datetime, now: datetime, column: str
) -> Iterator[tuple[int, dict[str, datetime]]]:
    """For each stage, which moments of a column came so near since then; a nearer stage's are its own."""
    nearer = timedelta()
    for stage in stages:
        days = timedelta(days=stage)
        yield stage, {f"{column}__gt": max(since + days, now + nearer), f"{column}__lte": now + days}
        nearer = days


def _each(rows: Any, column: str, tell_of: Callable[[Any], int]) -> int:
    """Tell of each row, in the order of an index, so many in a transaction. How many notices there are new."""
    place, told = None, 0
    while True:
        beyond = rows if place is None else rows.filter(walks.beyond(column, place, "gt"))
        with transaction.atomic():
            batch = list(beyond.order_by(column, "pk")[:_BATCH])
            told += sum(tell_of(row) for row in batch)
        if len(batch) < _BATCH:
            return told
        place = getattr(batch[-1], column), batch[-1].pk
