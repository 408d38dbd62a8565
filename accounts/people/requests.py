"""What an owner asks of the administrators: to restore a thing from the bin, or to open a closed one again.

A request is open as long as the thing is still what it was when it was asked about: whoever has ended that has settled
it, and so has the end of the thing. Who grants one does the verb itself, in the same transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from accounts.access.actor import Actor
from accounts.access.visibility import governed_kinds, held_share
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.machine import executor, notices
from accounts.machine.notices import Happening
from accounts.models import Request, User
from accounts.models.thing import in_states
from accounts.people.sharing import find_for_owner
from config.kernel import ids, registry
from config.kernel.errors import Forbidden, LimitReached, NotVisible, WrongState
from config.kernel.policies import Policy
from config.kernel.registry import Kind
from config.kernel.roles import Role, Share
from config.kernel.states import State, Verb

REQUEST, ANSWER, RETRACT = "REQUEST", "ANSWER", "RETRACT"
KIND = "request"
# What may be asked for, and the state in which it is of use.
VERBS: Mapping[str, Verb] = {"recycle": Verb.RCC, "enable": Verb.ENB}
WORDS: Mapping[str, str] = {verb: word for word, verb in VERBS.items()}
FROM: Mapping[Verb, State] = {Verb.RCC: State.DELETED, Verb.ENB: State.DISABLED}
OPEN_PER_USER = 20
LONGEST = 500


def ask(kind: Kind, key: str, *, by: Actor, read: executor.Reader) -> Request:
    """A new request of the thing's owner. `read` gives `verb` and `message`.

    Raises as `find_for_owner`, STALE, Invalid (from `read`); WrongState for a thing that is neither in the bin nor
    closed, as asked; LimitReached where it is asked already, and with too many open ones.
    """
    with transaction.atomic():
        thing = find_for_owner(kind, key, REQUEST, by=by)
        by.check_new()
        given = read()
        verb: Verb = given["verb"]
        if (state := thing.state_at(by.now)) is not FROM[verb]:
            raise WrongState(verb=verb, state=state.name, kind=kind.name)
        since = thing.deleted_at if verb is Verb.RCC else thing.disabled_at
        asked = Request.objects.filter(kind=kind.name, thing=thing.key, verb=verb, state=Request.State.OPEN)
        # What was asked about an earlier time is over, though no sweep has written that down yet.
        asked.exclude(since=since).update(state=Request.State.SETTLED)
        _settle_former(asked.exclude(user=by.user), thing, by)
        LimitReached.check(asked.count(), 1, kind=KIND)
        mine = Request.objects.filter(user=by.user, state=Request.State.OPEN)
        LimitReached.check(mine[:OPEN_PER_USER].count(), OPEN_PER_USER, kind=KIND)
        row = Request(user=by.user, kind=kind.name, thing=thing.key, thing_name=thing.name, verb=verb, since=since)
        row.message, row.created_at = given.get("message", ""), by.now
        row.save(force_insert=True)
        journal.write(by, REQUEST, executor.about(kind.table, thing), {}, {"request": row.key, "verb": str(verb)})
    return _dressed(row)


def _settle_former(asked: Any, thing: Any, by: Actor) -> None:
    """Who asked and owns it no more asks no more: it must not hold up who does."""
    for row in asked.select_related("user"):
        if not _owns(thing, row.user, by):
            asked.filter(pk=row.pk).update(state=Request.State.SETTLED)


def settle_of(thing: Any) -> None:
    """It is somebody else's now: what its former owner has asked is over."""
    asked = Request.objects.filter(kind=registry.kind_of(thing).name, thing=thing.key, state=Request.State.OPEN)
    asked.update(state=Request.State.SETTLED)


def _owns(thing: Any, user: User, by: Actor) -> bool:
    seen = type(thing)._default_manager.visible_to(Actor(by.now, by.door, user)).filter(pk=thing.pk).first()
    return seen is not None and held_share(seen) is Share.OWNER


def check_may_ask(kind: Kind, key: str, *, by: Actor) -> None:
    """Pass, or raise as `ask` would before it is given anything."""
    with transaction.atomic():
        find_for_owner(kind, key, REQUEST, by=by)


def answer(key: str, *, by: Actor, read: executor.Reader, judge: Callable[[Policy], None]) -> Request:
    """Grant it, which does the verb, or refuse it. `read` gives `grant` (bool) and `answer`; `judge` is the door's
    question whether a row lets this call through: what is granted is judged as its verb, too (S11).

    Raises NotVisible; Forbidden for who is no administrator, for a zoon about another steward's, and for one's own;
    OUT_OF_SCOPE, STALE, Invalid (from `read`); WrongState for what is answered or settled already; and what the verb
    raises, which leaves it open. Of who owns the thing no more it can only be refused.
    """
    seen = find(key, by=by)
    permit_answer(seen, by=by)
    with transaction.atomic():
        # The thing first and then the request, as who asks takes them.
        kind = registry.kind(seen.kind)
        things: Any = kind.model._default_manager
        thing = things.visible_to(by).select_for_update(of=("self",)).filter(key=seen.thing).first()
        row = _locked(key, by)
        by.check_version(row)
        given = read()
        _check_open(row, by)
        if given["grant"]:
            if not _owns(thing, row.user, by):
                raise WrongState(verb=ANSWER, state=Request.State.SETTLED, kind=KIND)
            judge(kind.policy(row.verb))
        about = executor.about(kind.table, thing)
        journal.write(by, ANSWER, about, {}, {"request": row.key, "granted": given["grant"]})
        _close(row, Request.State.GRANTED if given["grant"] else Request.State.REFUSED, given.get("answer", ""), by)
        # Told first: who asked hears of the verb by this, and need not hear of it twice.
        _tell(row, about, by)
        if given["grant"]:
            _grant(kind, thing, Verb(row.verb), by)
    return _dressed(row)


def withdraw(key: str, *, by: Actor) -> None:
    """Take it back. Withdrawn twice changes nothing. Raises NotVisible, Forbidden for others', OUT_OF_SCOPE, STALE,
    WrongState for what is answered or settled.
    """
    with transaction.atomic():
        row = _locked(key, by)
        if row.user_id != _pk(by):
            raise Forbidden(verb=RETRACT, kind=KIND)
        by.check_scope(REQUEST)
        by.check_unbound()
        by.check_version(row)
        if row.state == Request.State.WITHDRAWN:
            return
        _check_open(row, by)
        row.state = Request.State.WITHDRAWN
        _save(row, "state")
        thing: Any = registry.kind(row.kind).model._default_manager.filter(key=row.thing).first()
        is_there = thing is not None  # it may be going at this moment
        about = executor.about(registry.kind(row.kind).table, thing) if is_there else About(row.kind, row.thing)
        journal.write(by, RETRACT, about, {}, {"request": row.key})


def settle_over(by: Actor) -> int:
    """Write down of those that are open what is over by now. How many there were."""
    stale = Request.objects.filter(state=Request.State.OPEN).exclude(standing(by))
    return stale.update(state=Request.State.SETTLED)


def mine(*, by: Actor) -> Any:
    """One's own. Raises OUT_OF_SCOPE, BEYOND_CITIES."""
    by.check_scope(Verb.QRI)
    by.check_unbound()
    return _shown(by).filter(user=by.user)


def everybodys(*, by: Actor) -> Any:
    """All, for who may browse: the caller has seen to that."""
    by.check_scope(Verb.QRI)
    by.check_unbound()
    return _shown(by)


def find(key: str, *, by: Actor) -> Request:
    """One of one's own, and any for who may browse. Raises NotVisible, OUT_OF_SCOPE, BEYOND_CITIES."""
    row: Request | None = _visible(_shown(by), by).filter(key=ids.foreign_id(key)).first()
    if row is None:
        raise NotVisible(kind=KIND)
    by.check_scope(Verb.GET)
    by.check_unbound()
    return row


def in_state(rows: Any, state: str) -> Any:
    """Those of `everybodys` or `mine` that are in a state by now."""
    if state == Request.State.OPEN:
        return rows.filter(state=state, stands=True)
    if state == Request.State.SETTLED:
        return rows.filter(Q(state=state) | Q(state=Request.State.OPEN, stands=False))
    return rows.filter(state=state)


def state_of(row: Any) -> str:
    """The state by now of one that was read here."""
    return str(Request.State.SETTLED if row.state == Request.State.OPEN and not row.stands else row.state)


def standing(by: Actor) -> Q:
    """The condition that the thing still is as its owner wants it not to be."""
    found = Q(pk__in=())
    for kind in governed_kinds():
        things = kind.model._default_manager.filter(key=OuterRef("thing"))
        binned = Exists(things.filter(state=State.DELETED, deleted_at=OuterRef("since")))
        closed = Exists(things.filter(in_states([State.DISABLED], by.now), disabled_at=OuterRef("since")))
        found |= Q(binned, kind=kind.name, verb=Verb.RCC) | Q(closed, kind=kind.name, verb=Verb.ENB)
    return found


def permit_answer(row: Request, *, by: Actor) -> None:
    """Pass, or Forbidden, OUT_OF_SCOPE or STALE, for somebody who is known to see it."""
    is_theirs = by.is_god or (by.may_browse and row.user.platform_role is Role.DEVELOPER)
    if not is_theirs or row.user_id == _pk(by):
        raise Forbidden(verb=ANSWER, kind=KIND)
    by.check_scope(ANSWER)
    by.check_version(row)


def _grant(kind: Kind, thing: Any, verb: Verb, by: Actor) -> None:
    executor.permit(kind.table, thing, verb, by=replace(by, if_match=None))
    executor.apply(kind.table, thing, verb, by=by, given={})


def _tell(row: Request, about: About, by: Actor) -> None:
    granted = row.state == Request.State.GRANTED
    facts = {"request": row.key, "verb": row.verb, "granted": granted, "answer": row.answer}
    occasion = notices.occasion(row.verb if granted else f"{ANSWER} {row.key}", by)
    happening = Happening("request_answered", about.kind, about.thing, about.name, occasion, facts)
    notices.tell(User.objects.filter(pk=row.user_id), happening, by.now)


def _close(row: Request, state: Request.State, text: str, by: Actor) -> None:
    row.state, row.answer, row.answered_by, row.answered_at = state, text, by.user, by.now
    _save(row, "state", "answer", "answered_by", "answered_at")


def _save(row: Request, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=["version", *fields])


def _check_open(row: Any, by: Actor) -> None:
    if (state := state_of(row)) != Request.State.OPEN:
        raise WrongState(verb=ANSWER, state=state, kind=KIND)


def _locked(key: str, by: Actor) -> Request:
    rows = _visible(_shown(by), by).select_for_update(of=("self",))
    row: Request | None = rows.filter(key=ids.foreign_id(key)).first()
    if row is None:
        raise NotVisible(kind=KIND)
    return row


def _shown(by: Actor) -> Any:
    """All, with who asked and who answered, and whether the thing still stands as it did."""
    stands = Case(When(standing(by), then=Value(True)), default=Value(False))
    return Request.objects.select_related("user", "answered_by").annotate(stands=stands)


def _visible(rows: Any, by: Actor) -> Any:
    return rows if by.may_browse else rows.filter(user=by.user)


def _dressed(row: Any) -> Any:
    """A row that was open a moment ago, as it is shown."""
    row.stands = True
    return row


def _pk(by: Actor) -> int | None:
    return by.user.pk if by.user is not None else None
