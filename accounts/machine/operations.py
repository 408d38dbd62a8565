"""One verb on many things of a kind: planned, looked at without doing anything, then done one by one.

Each thing is judged afresh when its turn comes, as if its principal asked at that moment (S12): by the policies' rows,
the role, the state. Its change, its event and its line in the operation are one transaction, so whoever goes on after
a crash finds what is done and does nothing twice. Where the principal may no more, all ends.
"""

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from accounts import policies as rows
from accounts.access import policies
from accounts.access.actor import Actor, Door
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.machine import background, executor, outlooks, purging
from accounts.machine.outlooks import Outlook
from accounts.models import Operation, OperationItem, User
from config.kernel import registry, roles
from config.kernel.errors import Code, DomainError, Forbidden, Invalid, LimitReached, NotVisible
from config.kernel.registry import Kind
from config.kernel.states import Verb

log = logging.getLogger("polis.operations")

KIND, OPERATE, STOP = "operation", "OPERATE", "STOP"
VERBS = (Verb.DIS, Verb.ENB, Verb.RCC, Verb.DEL)
# Of things in one operation. To remove one is to look at all that lies under it.
MOST, MOST_REMOVED = 10_000, 1_000
AT_ONCE = 100  # no more than these are done while whoever asks waits
LEASE = timedelta(seconds=15)
PLAN_KEPT, KEPT = timedelta(days=1), timedelta(days=90)
_PLANS = 5  # of one person, the newest
_AT_A_TIME = 1_000
_TRIES = 3
ROW = next(row for row in rows.OPERATIONS if row.verb == OPERATE)
Outcome = OperationItem.Outcome


def verbs_of(by: Actor) -> list[Verb]:
    """What somebody may do to many: the platform's role alone answers for it."""
    return [verb for verb in VERBS if roles.grants_role(by.role, verb)]


def check_may(kind: Kind, verb: Verb, by: Actor) -> None:
    """Pass, or Forbidden."""
    if verb not in verbs_of(by):
        raise Forbidden(verb=verb, kind=kind.name)


def most(verb: str) -> int:
    """How many things one operation of a verb takes."""
    return MOST_REMOVED if verb == Verb.DEL else MOST


def plan(kind: Kind, verb: Verb, chosen: Any, *, by: Actor) -> Operation:
    """Keep what was chosen, of which nothing is done yet. `chosen` is a queryset of the kind.

    Raises Forbidden; Invalid where nothing is chosen, LimitReached where it is too much for one operation.
    """
    check_may(kind, verb, by)
    things = list(chosen.order_by("-pk").values_list("key", "name")[: most(verb) + 1])
    if not things:
        raise Invalid(Code.REQUIRED, field="thing")
    if len(things) > most(verb):
        raise LimitReached(limit=most(verb), kind=KIND)
    with transaction.atomic():
        plans = Operation.objects.filter(user=by.user, state=Operation.State.PLANNED).order_by("-pk")
        Operation.objects.filter(pk__in=list(plans.values_list("pk", flat=True)[_PLANS - 1 :])).delete()
        operation = Operation.objects.create(
            user=by.user, kind=kind.name, verb=verb, total=len(things), created_at=by.now
        )
        items = (OperationItem(operation=operation, thing=key, name=name) for key, name in things)
        OperationItem.objects.bulk_create(items, batch_size=_AT_A_TIME)
    return operation


def start(key: str, *, by: Actor, read: Callable[[Outlook], Mapping[str, Any]]) -> Operation:
    """Begin with what was planned. Few are done when this returns, many and removals later.

    `read` gives what the verb takes, to who has shown what would be done: no more than that will be. Raises NotVisible
    for what is nobody's or another's, Forbidden, STALE for what is begun already, REAUTHENTICATE for DEL (S3), as
    `read`, Invalid where nothing would be done, and LimitReached while another of the caller's runs (S22).
    """
    try:
        with transaction.atomic():
            operation = _locked(key, lambda row: is_of(row, by))
            verb = Verb(operation.verb)
            check_may(registry.kind(operation.kind), verb, by)
            if operation.state != Operation.State.PLANNED:
                raise DomainError(Code.STALE)
            purging.check_proved(verb, by)
            outlook = outlooks.look(operation, by=by)
            given = read(outlook)
            if not outlook.done:
                raise Invalid(Code.REQUIRED, field="thing")
            _pass_by(operation, outlook)
            operation.reason, operation.expires_at = given.get("reason", ""), given.get("expires_at")
            operation.state, operation.started_at = Operation.State.RUNNING, by.now
            operation.request_id, operation.address = by.request_id, by.address or None
            operation.save()
            told = {"kind": operation.kind, "verb": operation.verb, "total": operation.total}
            journal.write(by, OPERATE, About(KIND, operation.key), {}, told)
    except IntegrityError:
        raise LimitReached(limit=1, kind=KIND) from None
    if operation.total <= AT_ONCE and verb is not Verb.DEL:
        run(operation.key)
        operation.refresh_from_db()
    else:
        background.wake()
    return operation


def _pass_by(operation: Operation, outlook: Outlook) -> None:
    """What would not be done is not done later either: what was foretold is a bound."""
    for code, items in outlook.skipped.items():
        for at in range(0, len(items), _AT_A_TIME):
            some = [item.pk for item in items[at : at + _AT_A_TIME]]
            operation.items.filter(pk__in=some).update(outcome=Outcome.SKIPPED, code=code)


def stop(key: str, *, by: Actor) -> Operation:
    """Begin with no more of it: what is done stays done. A god stops anybody's.

    Raises NotVisible; STALE for what does not run.
    """
    with transaction.atomic():
        operation = _locked(key, lambda row: may_stop(row, by))
        if operation.state != Operation.State.RUNNING:
            raise DomainError(Code.STALE)
        _end(operation, Operation.State.STOPPED, by.now)
        journal.write(by, STOP, About(KIND, operation.key), {}, {})
    return operation


def may_stop(operation: Operation, by: Actor) -> bool:
    """Is it the caller's to stop, as long as it runs?"""
    return by.is_god or is_of(operation, by)


def is_of(operation: Operation, by: Actor) -> bool:
    return by.user is not None and operation.user_id == by.user.pk


def _locked(key: str, is_theirs: Callable[[Operation], bool]) -> Operation:
    found = Operation.objects.select_for_update().filter(key=key).first()
    if found is None or not is_theirs(found):
        raise NotVisible(kind=KIND)
    return found


def _end(operation: Operation, state: str, now: datetime, code: str = "") -> None:
    """Over: whence it came is not kept longer than it takes."""
    ended = {"state": state, "ended_at": now, "code": code, "address": None}
    Operation.objects.filter(pk=operation.pk, state=Operation.State.RUNNING).update(**ended)
    operation.refresh_from_db()


def go_on() -> None:
    """Go on with whatever runs and nobody is at. One that fails holds up no other."""
    waiting = _waiting(timezone.now()).order_by("started_at").values_list("key", flat=True)
    for key in list(waiting):
        try:
            run(key)
        except Exception:
            log.exception("operation %s", key)


def _waiting(now: datetime) -> Any:
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return Operation.objects.filter(free, state=Operation.State.RUNNING)


def run(key: str) -> None:
    """Do what is left of one, if it is nobody else's turn."""
    now, lease, failures = timezone.now(), secrets.token_hex(16), 0
    if not _waiting(now).filter(key=key).update(lease=lease, leased_until=now + LEASE):
        return
    while True:
        began = time.monotonic()
        try:
            if not _next(key, lease, gives_up=failures >= _TRIES):
                return
            failures = 0
        except Exception:
            failures += 1
            log.exception("operation %s, try %s", key, failures)
            if failures > _TRIES:
                return  # whoever looks next goes on
        if connection.vendor == "sqlite":
            # There one writes at a time, and whoever waits looks again now and then: leave as much as was taken.
            time.sleep(max(0.005, time.monotonic() - began))


def _next(key: str, lease: str, *, gives_up: bool) -> bool:
    """One thing more; False where none is left, or it is another's turn."""
    now = timezone.now()
    mine = Operation.objects.filter(key=key, lease=lease, state=Operation.State.RUNNING)
    if not mine.update(leased_until=now + LEASE):
        return False
    operation = mine.first()
    if operation is None:
        return False
    with transaction.atomic():
        # The thing's own line is locked, and not the operation: it can be stopped while something takes its time.
        skips = connection.features.has_select_for_update_skip_locked
        waiting = operation.items.filter(outcome="").order_by("pk")
        item = waiting.select_for_update(skip_locked=skips).first()
        if item is None:
            if not waiting.exists():
                _end(operation, Operation.State.DONE, now)
            return False
        by = _principal(operation, now)
        error = _authority(operation, by)
        if error is None:
            error = DomainError(Code.BUSY, retry_after=1) if gives_up else _do(operation, item, by)
            if error is not None:
                item.outcome, item.code = Outcome.SKIPPED, error.code
            item.save(update_fields=["outcome", "code"])
        else:
            _end(operation, Operation.State.STOPPED, now, error.code)
    if error is not None:
        journal.refuse(by, operation.verb, About(operation.kind, item.thing), error)
    return operation.state == Operation.State.RUNNING


def _principal(operation: Operation, now: datetime) -> Actor:
    """Who has started it, as they are at this moment."""
    user = User.objects.select_related("corp").get(pk=operation.user_id)
    told: dict[str, Any] = {"request_id": operation.request_id, "batch": operation.key}
    return Actor(now, Door.ADMIN, user, address=operation.address or "", **told)


def _authority(operation: Operation, by: Actor) -> DomainError | None:
    """May its principal go on with it at all? Why not."""
    kind, verb = registry.kind(operation.kind), Verb(operation.verb)
    try:
        for row in (ROW, kind.policy(verb)):
            policies.check(row, by, is_secure=True)
        check_may(kind, verb, by)
    except DomainError as error:
        return error
    return None


def _do(operation: Operation, item: OperationItem, by: Actor) -> DomainError | None:
    """The verb on one thing, judged as at any door; why not, where it is passed by."""
    kind, verb = registry.kind(operation.kind), Verb(operation.verb)
    try:
        with transaction.atomic():
            thing = executor.find(kind.model._default_manager.all(), item.thing, by=by, kind=kind.name)  # type: ignore[arg-type]
            executor.permit(kind.table, thing, verb, by=by)
            if verb is Verb.DEL:
                purging.check_binned(kind.table, thing, by=by)
            if outlooks.stands(thing, verb, by.now):
                item.outcome = Outcome.SAME
                return None
            done = executor.apply(kind.table, thing, verb, by=by, given=operation.given())
    except DomainError as error:
        return error
    item.outcome = Outcome.DONE if done.changed else Outcome.SAME
    return None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of an operation's things came to what; `skipped` by the reason."""

    done: int
    same: int
    skipped: dict[str, int]

    @property
    def passed(self) -> int:
        """Those that are over with."""
        return self.done + self.same + sum(self.skipped.values())


def progress(operation: Operation) -> Progress:
    """How far it is: one query."""
    counts = operation.items.exclude(outcome="").order_by().values_list("outcome", "code").annotate(many=Count("pk"))
    many = {(outcome, code): count for outcome, code, count in counts}
    skipped = {code: count for (outcome, code), count in many.items() if outcome == Outcome.SKIPPED}
    return Progress(many.get((Outcome.DONE, ""), 0), many.get((Outcome.SAME, ""), 0), skipped)


def forget_old(now: datetime) -> None:
    """What was planned and never begun, and what is long over: the trail keeps what was done."""
    planned = Q(state=Operation.State.PLANNED, created_at__lt=now - PLAN_KEPT)
    Operation.objects.filter(planned | Q(ended_at__lt=now - KEPT)).delete()


background.register(go_on)
