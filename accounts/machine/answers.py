"""Answers kept for whoever repeats a call: one Idempotency-Key, one effect (S16; IETF draft, ADR 13).

A first call takes the key for itself by a lease, in a transaction of its own; its answer is stored in the transaction
of its effect, so that there is never the one without the other. A lease whose holder has died runs out.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import StoredAnswer
from config.kernel.errors import Code, DomainError, Invalid

KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=60)  # longer than a server lets a call run

Answered = TypeVar("Answered")


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that is ours as long as the lease is."""

    pk: int
    lease: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of an answer: never a secret."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


def claim(subject: str, fingerprint: str, now: datetime) -> Claim | StoredAnswer:
    """The key for ourselves; or the answer that its first call was given.

    Raises IDEMPOTENCY_MISMATCH where that call had another body, IDEMPOTENCY_IN_FLIGHT while it runs.
    """
    ours = StoredAnswer(subject=subject, fingerprint=fingerprint, lease=secrets.token_hex(16), began_at=now)
    while True:
        try:
            with transaction.atomic():
                ours.save(force_insert=True)
                return Claim(ours.pk, ours.lease)
        except IntegrityError:
            ours.pk = None
        with transaction.atomic():
            theirs = StoredAnswer.objects.select_for_update().filter(subject=subject).first()
            if theirs is not None:  # else it was given back in this moment
                return _after(theirs, ours, now)


def _after(theirs: StoredAnswer, ours: StoredAnswer, now: datetime) -> Claim | StoredAnswer:
    if theirs.began_at <= now - (LEASE if theirs.status is None else KEPT):
        ours.pk = theirs.pk
        ours.save(force_update=True)
        return Claim(ours.pk, ours.lease)
    if theirs.fingerprint != ours.fingerprint:
        raise Invalid(Code.IDEMPOTENCY_MISMATCH, field="Idempotency-Key", place="header")
    if theirs.status is None:
        raise DomainError(Code.IDEMPOTENCY_IN_FLIGHT, retry_after=1)
    return theirs


def act(held: Claim, call: Callable[[], Answered], told: Callable[[Answered], Kept]) -> Answered:
    """Do what was claimed; what `told` says of its answer is stored with it. A refusal gives the key back.

    Raises what `call` raises, and IDEMPOTENCY_IN_FLIGHT where the lease ran out: then nothing is done.
    """
    try:
        with transaction.atomic():
            try:
                answer = call()
            except DomainError as error:
                # What the call has changed is undone by its own transaction. What it has counted stays.
                refusal = error
                give_back(held)
            else:  # who is too late with it is undone
                keep(held, told(answer))
                return answer
    except Exception:
        _try_to_give_back(held)
        raise
    raise refusal


def keep(held: Claim, answer: Kept) -> None:
    """Store the answer, in the transaction of what was done. Raises IDEMPOTENCY_IN_FLIGHT where the lease ran out."""
    mine = StoredAnswer.objects.filter(pk=held.pk, lease=held.lease)
    if not mine.update(status=answer.status, body=answer.body, headers=dict(answer.headers)):
        raise DomainError(Code.IDEMPOTENCY_IN_FLIGHT, retry_after=1)


def give_back(held: Claim) -> None:
    """Nothing was done: who repeats the call is judged afresh."""
    StoredAnswer.objects.filter(pk=held.pk, lease=held.lease, status=None).delete()


def _try_to_give_back(held: Claim) -> None:
    try:
        give_back(held)
    except DatabaseError:  # it is away: then the lease runs out
        return


def forget_old(now: datetime) -> int:
    """Drop the answers of more than a day ago; how many there were."""
    return StoredAnswer.objects.filter(began_at__lt=now - KEPT).delete()[0]
