"""Failures at signing in, counted per (name, address) or (name, device), shared between processes (S6).

Five are free; then each further one doubles a wait; from the tenth the pair waits five minutes. A pair that
signed in rightly in the last 30 days is not refused for the failures of others: its password is still looked at.
"""

import hashlib
from datetime import datetime, timedelta

from django.db import models, transaction

from accounts.access.actor import Actor
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.lifecycle import LOGIN
from accounts.models import Lockout, SignIn, User
from config.kernel import addresses, names
from config.kernel.errors import Code, DomainError, Forbidden, NotVisible

FREE = 5
SLOWED = 10
BLOCK = timedelta(minutes=5)
MEMORY = timedelta(days=30)
UNLOCK = "UNLOCK"
_LABEL = 16
FORGET = timedelta(hours=1)  # after so long without a failure, counting begins anew


def subject(name: str, source: str) -> str:
    """The pair as it is stored: a hash, since names of nobody come from outside."""
    place = addresses.household(source)
    return hashlib.sha256(f"{names.name_key(name)}\0{place}".encode("utf-8", "surrogatepass")).hexdigest()


def wait_of(pair: str, now: datetime) -> int:
    """Seconds that this pair still has to wait, 0 for none. Read before any hash is computed."""
    until = Lockout.objects.filter(subject=pair).values_list("blocked_until", flat=True).first()
    return max(0, -int((now - until).total_seconds() // 1)) if until is not None else 0


def refusal(seconds: int) -> DomainError:
    return DomainError(Code.TOO_MANY_REQUESTS, retry_after=seconds)


def count_failure(pair: str, now: datetime) -> None:
    """One more failure of the pair."""
    with transaction.atomic():
        row = _locked(pair, now)
        row.failures = row.failures + 1 if now - row.last_at < FORGET else 1
        row.last_at = now
        row.blocked_until = now + wait_after(row.failures)
        row.save()


def _locked(pair: str, now: datetime) -> Lockout:
    """The pair's row, made where it is missing; the sweep may take it away in between, but not for ever."""
    while True:
        Lockout.objects.bulk_create([Lockout(subject=pair, blocked_until=now, last_at=now)], ignore_conflicts=True)
        if (row := Lockout.objects.select_for_update().filter(subject=pair).first()) is not None:
            return row


def clear(pair: str) -> None:
    """The pair has signed in rightly."""
    Lockout.objects.filter(subject=pair).update(failures=0, blocked_until=models.F("last_at"))


def lift(pair: str, *, by: Actor) -> bool:
    """End the wait of a pair, and count its failures from none again; False where there is nothing to lift.

    For stewards. Raises Forbidden, and NotVisible for a pair of which nothing is known. The trail has the beginning
    of the hash: who it is cannot be told from that, but can be proved by whoever knows name and address.
    """
    if not (by.is_system or by.may_browse):
        raise Forbidden(verb=UNLOCK, kind=LOGIN.kind)
    with transaction.atomic():
        row = Lockout.objects.select_for_update().filter(subject=pair).first()
        if row is None:
            raise NotVisible(kind=LOGIN.kind)
        if not row.failures and row.blocked_until <= by.now:
            return False
        before = {"failures": row.failures, "ends_at": row.blocked_until}
        journal.write(by, UNLOCK, About(LOGIN.kind, label(pair)), before, {"failures": 0})
        row.failures, row.blocked_until = 0, by.now
        row.save(update_fields=["failures", "blocked_until"])
        return True


def label(pair: str) -> str:
    """What a person calls a pair: enough of the hash to tell it from every other."""
    return pair[:_LABEL]


def pairs_of(name: str, address: str) -> list[str]:
    """Under which the failures of somebody from an address may be counted: a user, a company, a name of nobody."""
    folded = name.lower()
    is_it = models.Q(name_key=names.name_key(name)) | models.Q(email=folded) | models.Q(tel=folded)
    called = [*User.objects.filter(is_it).values_list("key", flat=True), name]
    if name.isascii() and name.isdecimal():
        called.append(f"corp:{int(name)}")
    return [subject(each, address) for each in called]


def remember(user: User, address: str, now: datetime) -> None:
    """A rightful sign-in from this address."""
    if address:
        SignIn.objects.update_or_create(user=user, address=address, defaults={"last_at": now})


def is_known(user: User, address: str, now: datetime) -> bool:
    """Has the user signed in rightly from this address in the last 30 days?"""
    return SignIn.objects.filter(user=user, address=address or None, last_at__gt=now - MEMORY).exists()


def is_home(address: str, now: datetime) -> bool:
    """Has anybody signed in rightly from this address in the last 30 days?"""
    return SignIn.objects.filter(address=address or None, last_at__gt=now - MEMORY).exists()


def forget_old(now: datetime) -> None:
    """Drop what no longer counts."""
    Lockout.objects.filter(models.Q(last_at__lt=now - FORGET) & models.Q(blocked_until__lt=now)).delete()
    SignIn.objects.filter(last_at__lt=now - MEMORY).delete()


def wait_after(failures: int) -> timedelta:
    """How long after so many failures."""
    if failures < FREE:
        return timedelta(0)
    if failures < SLOWED:
        return timedelta(seconds=2 ** (failures - FREE))
    return BLOCK
