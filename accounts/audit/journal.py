"""The one place that writes events. A change's event is written in the change's own transaction;
a refusal's after the rollback, in one of its own (S17)."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction

from accounts.access.actor import Actor
from accounts.models import AuditEvent, AuditOrigin, AuditPersonal, RefusalTally
from config.kernel import ids
from config.kernel.errors import Code, DomainError

# Refusals worth a row: what one may not do, or may not see. Bad input and conflicts are nobody's trespass.
REFUSALS = frozenset(
    {
        Code.API_NOT_SUPPORTED,
        Code.API_NOT_IMPLEMENTED,
        Code.HTTPS_REQUIRED,
        Code.CHAIN_CLOSED,
        Code.WRONG_COLOR,
        Code.WRONG_AUDIENCE,
        Code.WRONG_SHOP,
        Code.NOT_FOUND,
        Code.FORBIDDEN,
        Code.OUT_OF_SCOPE,
        Code.BEYOND_CITIES,
        Code.EXCEEDS_MAKER,
        Code.REAUTHENTICATE,
        Code.ADDRESS_NOT_ALLOWED,
        Code.CSRF_FAILED,
        Code.TOKEN_MISSING,
        Code.TOKEN_UNKNOWN,
        Code.TOKEN_EXPIRED,
        Code.TOKEN_DISABLED,
        Code.USER_DISABLED,
        Code.LOGIN_DISABLED,
        Code.SIGNIN_FAILED,
        Code.BAD_SIGNATURE,
        Code.CREDENTIAL_WRONG,
    }
)
MINUTE = timedelta(minutes=1)
GATEWAY = "gateway"  # who has refused its clients' calls
VERIFY = "VERIFY"
_KNOWN_ORIGINS = 4096


@dataclass(frozen=True, slots=True)
class About:
    """What an event is about: kind and public id; name and city where the thing is known."""

    kind: str
    thing: str = ""
    name: str = ""
    city: str = ""


def write(by: Actor, verb: str, about: About, before: Mapping[str, Any], after: Mapping[str, Any]) -> AuditEvent:
    """One event of something that was done. Call it inside the transaction of the change."""
    return AuditEvent.objects.create(
        **_who(by), **_what(verb, about), outcome="ok", before=_plain(before), after=_plain(after)
    )


def write_personal(event: AuditEvent, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Beside an event about a person: the values that must be erasable."""
    AuditPersonal.objects.create(event=event.pk, person=event.thing, before=_plain(before), after=_plain(after))


def refuse(by: Actor, verb: str, about: About, error: DomainError) -> None:
    """Record a refused attempt: the first of a minute as a row at once, the rest in the minute's tally.

    The same for hidden and absent. Anonymous attempts are only counted. Call it after the rollback.
    """
    if error.code not in REFUSALS:
        return
    about = About(about.kind, ids.foreign_id(about.thing))
    minute = by.now.replace(second=0, microsecond=0)
    with transaction.atomic():
        counted = About(about.kind) if by.is_anonymous else about
        is_first = count_refused(
            {"actor_kind": by.kind, "actor": by.key, "door": by.door}, verb, counted, error.code, minute, count=1
        )
        if is_first and not by.is_anonymous:
            AuditEvent.objects.create(**_who(by), **_what(verb, about), outcome="refused", code=error.code)


def count_refused(by: Mapping[str, str], verb: str, about: About, code: Code, minute: datetime, *, count: int) -> bool:
    """So many more refusals of a minute, of who is told by `actor_kind`, `actor` and `door`. True for its first."""
    key = {**by, "verb": verb, "kind": about.kind, "thing": about.thing, "code": code, "minute": minute}
    if RefusalTally.objects.filter(**key).update(count=models.F("count") + count):
        return False
    try:
        with transaction.atomic():
            RefusalTally.objects.create(**key, count=count)
    except IntegrityError:  # another request was the first at the same moment
        RefusalTally.objects.filter(**key).update(count=models.F("count") + count)
        return False
    return True


def write_tallies(now: datetime) -> int:
    """Write down the minutes that are over: one row each for what came after the first. How many were written."""
    written = 0
    over = now.replace(second=0, microsecond=0)
    with transaction.atomic():
        tallies = RefusalTally.objects.select_for_update().filter(minute__lt=over)
        for tally in tallies:
            written += _write_tally(tally)
        RefusalTally.objects.filter(pk__in=[tally.pk for tally in tallies]).delete()
    return written


def _write_tally(tally: RefusalTally) -> int:
    # Of anonymous ones and of verifications the first of a minute is no row at once.
    is_only_counted = tally.actor_kind == "anonymous" or tally.verb == VERIFY
    rest = tally.count if is_only_counted else tally.count - 1
    if rest < 1:
        return 0
    AuditEvent.objects.create(
        at=tally.minute + MINUTE,
        actor_kind=tally.actor_kind,
        actor=tally.actor,
        door=tally.door,
        verb=tally.verb,
        kind=tally.kind,
        thing=tally.thing,
        outcome="refused",
        code=tally.code,
        count=rest,
    )
    return 1


def _who(by: Actor) -> dict[str, Any]:
    return {
        "at": by.now,
        "actor_kind": by.kind,
        "actor": by.key,
        "door": by.door,
        "request_id": by.request_id,
        "batch": by.batch,
        "origin": _origin(by),
    }


def _what(verb: str, about: About) -> dict[str, Any]:
    return {"verb": verb, "kind": about.kind, "thing": about.thing, "thing_name": about.name, "city": about.city}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _moment(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _moment(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


class Origins:
    """The ids of origins already stored, so that a day's further events cost no query; bounded."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str, Any], int] = OrderedDict()

    def remember(self, key: tuple[str, str, Any], origin: int) -> None:
        self._known[key] = origin
        while len(self._known) > _KNOWN_ORIGINS:
            self._known.popitem(last=False)

    def get(self, key: tuple[str, str, Any]) -> int | None:
        return self._known.get(key)

    def clear(self) -> None:
        self._known.clear()


origins = Origins()


def _origin(by: Actor) -> int | None:
    if not by.address or by.is_anonymous:
        return None
    key = (by.key, by.address, by.now.date())
    if (known := origins.get(key)) is not None:
        return known
    # The row is stored once the change is: it costs the transaction nothing, and a rollback leaves none behind.
    origin = AuditOrigin(actor=by.key, address=by.address, day=by.now.date())
    transaction.on_commit(lambda: _store(key, origin), robust=True)
    return origin.pk


def _store(key: tuple[str, str, Any], origin: AuditOrigin) -> None:
    origin.save(force_insert=True)
    origins.remember(key, origin.pk)
