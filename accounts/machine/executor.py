"""The executor: the only writer of states. Dialects, consoles, commands and sweeps all call it.

find the row visible and locked in one statement → permitted? → input → legal from this state at `now`? →
settle an ended ban → set facts, state, version, stamps → write the event; one transaction (domain.md §2).
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from accounts.access.actor import Actor
from accounts.access.visibility import GovernedQuerySet, held_share
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.machine import notices
from accounts.models import AuditEvent, Thing
from config.kernel import registry, roles
from config.kernel.errors import Code, DomainError, Forbidden, NotVisible, WrongState
from config.kernel.roles import Share
from config.kernel.states import (
    FACT_NAMES,
    READS,
    Facts,
    Order,
    Side,
    State,
    Table,
    Verb,
    decide,
    is_banned,
    settled,
)

# Reads what a verb was given, once it is sure that the caller may give it anything.
Reader = Callable[[], Mapping[str, Any]]
# With more children than this nothing is removed in one go.
_BELOW = 10_000
# Columns that follow from others, and tell a reader of the trail nothing.
_DERIVED = frozenset({"name_key"})


@dataclass(frozen=True, slots=True)
class Done:
    """The thing after the verb, and whether the verb changed anything."""

    thing: Any
    changed: bool


def fire(table: Table, queryset: GovernedQuerySet, key: str, verb: Verb, *, by: Actor, read: Reader = dict) -> Done:
    """Do one verb to one thing. `read` gives `reason` and `expires_at` where the verb takes them.

    Raises NotVisible, Forbidden, STALE, Invalid (from `read`), WrongState, or DomainError RESERVED.
    """
    with transaction.atomic():
        thing = find(queryset, key, by=by, kind=table.kind)
        permit(table, thing, verb, by=by)
        return apply(table, thing, verb, by=by, given=read())


def find(queryset: GovernedQuerySet, key: str, *, by: Actor, kind: str) -> Any:
    """The row, visible and locked in one statement. Raises NotVisible. Call it inside a transaction."""
    if not (key := queryset.model.read_id(key)):
        raise NotVisible(kind=kind)
    visible = queryset.visible_to(by)
    try:
        thing = visible.select_for_update(of=("self",)).get(key=key)
        if connection.features.has_select_for_update and thing.held is not None:
            # Whoever waited for the lock saw grants as they were before: look again, now that they stand still.
            thing.held = visible.values_list("held", flat=True).get(pk=thing.pk)
    except queryset.model.DoesNotExist:
        raise NotVisible(kind=kind) from None
    return thing


def permit(table: Table, thing: Any, verb: Verb, *, by: Actor) -> None:
    """Pass, or raise Forbidden, OUT_OF_SCOPE or STALE, for somebody who is known to see the thing.

    `thing` is None for a verb that has none, or none yet: then the role alone answers.
    """
    if by.is_system:
        return
    if not roles.may(by.role, held_share(thing) if thing is not None else None, verb):
        raise Forbidden(verb=verb, kind=table.kind)
    by.check_scope(verb)
    if thing is None and verb is Verb.ADD:
        by.check_unbound()
        by.check_new()
    if thing is not None and verb not in READS:
        by.check_version(thing)


def permit_below(table: Table, parent: Any, *, by: Actor) -> None:
    """Pass, or Forbidden, OUT_OF_SCOPE or STALE: ADD takes the operator's role or more on what a thing is made in."""
    if by.is_system:
        return
    if held_share(parent) not in {Share.OPERATOR, Share.OWNER}:
        raise Forbidden(verb=Verb.ADD, kind=table.kind)
    by.check_scope(Verb.ADD)
    by.check_new()


def check_above(table: Table, thing: Any, *, by: Actor, verb: str = Verb.SET) -> None:
    """Pass, or WrongState: all that stands above is ENABLED or OFFLINE (domain.md §2)."""
    for above in thing.above:
        if (state := above.state_at(by.now)) not in {State.ENABLED, State.OFFLINE}:
            raise WrongState(verb=verb, state=state.name, kind=table.kind)


def apply(
    table: Table, thing: Any, verb: Verb, *, by: Actor, given: Mapping[str, Any], side: Side | None = None
) -> Done:
    """The verb on a row that is found, locked and permitted; `side` where it does not follow from the caller's role.

    Raises WrongState, RESERVED, or LimitReached for RCC; for DEL as `remove`.
    """
    before = thing.facts
    after = judge(table, thing, Order(verb, now=by.now, by=by.key, side=side or by.side_in(verb), **given))
    if table.row(verb).sets == ("gone", True):
        remove(table, thing, by=by)
        notices.of_verb(table.kind, thing, verb, by=by)
        return Done(thing, True)
    present = settled(before, by.now)
    if after == present:
        return Done(thing, False)
    if verb is Verb.RCC:
        thing.check_room()
    if present != before:
        _write(table, thing, present, by=the_clock(by))
    _write(table, thing, after, by=by, verb=verb)
    notices.of_verb(table.kind, thing, verb, by=by)
    return Done(thing, True)


def judge(table: Table, thing: Any, order: Order) -> Facts:
    """The facts that the verb would make of a permitted row's. Raises WrongState, or RESERVED."""
    if thing.refuses(order.verb):
        raise DomainError(Code.RESERVED, verb=order.verb, kind=table.kind)
    if order.verb is Verb.DEL and order.side is Side.OWNER and is_closed_above(thing, order.now):
        # What an administrator has closed above is not fled by deleting it here and making it again elsewhere (S7).
        raise WrongState(verb=order.verb, state=thing.facts.state.name, kind=table.kind, banned=True)
    return decide(table, thing.facts, order)


def is_closed_above(thing: Any, now: datetime) -> bool:
    """Does an administrator's ban hold, or lie remembered, on anything that it stands in?"""
    return any(is_banned(above.facts, now) for above in thing.above)


def settle(table: Table, thing: Any, *, by: Actor) -> bool:
    """Write down a ban that has ended by `now`; True where there was one. For the sweep and for edits."""
    present = settled(thing.facts, by.now)
    if present == thing.facts:
        return False
    _write(table, thing, present, by=the_clock(by))
    return True


def edit(
    table: Table,
    thing: Any,
    changes: Mapping[str, Any],
    *,
    by: Actor,
    shown: Mapping[str, Any] | None = None,
    is_personal: bool = False,
) -> Done:
    """SET: write fields of a row that is found, locked and permitted. Raises WrongState.

    `shown` says what the event tells in place of the values ({"secret": "changed"}); `is_personal`: they are a
    person's own, and lie beside the event (S18). What is not different changes nothing. A database error of
    uniqueness is the caller's to translate.
    """
    decide(table, thing.facts, Order(Verb.SET, now=by.now, by=by.key, side=by.side_in(Verb.SET)))
    news = {name: value for name, value in changes.items() if getattr(thing, name) != value}
    if not news:
        return Done(thing, False)
    settle(table, thing, by=by)
    told = [name for name in news if name not in _DERIVED]
    before, after = {name: getattr(thing, name) for name in told}, {name: news[name] for name in told}
    for name, value in news.items():
        setattr(thing, name, value)
    _save(thing, [*news, *thing.stamp(by.user, by.now)])
    if is_personal:
        shown = dict.fromkeys(told, "changed")
    event = journal.write(by, Verb.SET, about(table, thing), *(({}, shown) if shown is not None else (before, after)))
    if is_personal:
        journal.write_personal(event, before, after)
    return Done(thing, True)


def add(table: Table, thing: Any, *, by: Actor, after: Mapping[str, Any]) -> AuditEvent:
    """ADD: insert a thing that is made and allowed, and its event, which it returns. The parent is locked."""
    thing.created_at = thing.updated_at = by.now
    thing.save(force_insert=True)
    return journal.write(by, Verb.ADD, about(table, thing), {}, after)


def remove(table: Table, thing: Any, *, by: Actor, is_retention: bool = False) -> None:
    """DEL: gone for good, with what lies in the bin under it; each leaves a tombstone (domain.md §2).

    With `is_retention` it is time that removes, and takes what stands below along, but nothing that an administrator
    has closed. Raises DomainError HAS_CHILDREN while something below is not in the bin; WrongState where a ban holds
    something there that the caller cannot lift (S7); RESERVED.
    """
    for doomed, row in contents(table, thing, by=by, is_retention=is_retention):
        told = about(doomed, row)
        journal.write(by, Verb.DEL, told, {"state": int(row.facts.state), "name": told.name}, {})
        row.delete()  # its grants with it


def contents(table: Table, thing: Any, *, by: Actor, is_retention: bool = False) -> list[tuple[Table, Any]]:
    """What `remove` takes away, locked, from below upwards. Raises as it does."""
    doomed = []
    is_owners = is_retention or by.side_in(Verb.DEL) is Side.OWNER
    for child in registry.children(table.kind):
        for row in _below(child, thing, table.kind, is_retention=is_retention):
            if is_owners and is_banned(row.facts, by.now):
                raise WrongState(verb=Verb.DEL, state=row.facts.state.name, kind=child.name, banned=True)
            if is_owners and not row.goes_with(thing):
                raise DomainError(Code.HAS_CHILDREN, children=f"{child.name}: {row.key}")
            doomed += contents(child.table, row, by=by, is_retention=is_retention)
    if len(doomed) >= _BELOW:
        raise DomainError(Code.HAS_CHILDREN, children=f"more than {_BELOW}")
    return [*doomed, (table, thing)]


def _below(child: registry.Kind, thing: Any, link: str, *, is_retention: bool) -> list[Any]:
    """The children of a kind, locked, that go along."""
    below = child.model._default_manager.filter(**{link: thing}).select_for_update()
    rows = list(below[:_BELOW])
    if len(rows) == _BELOW or (not is_retention and any(row.state != State.DELETED for row in rows)):
        raise DomainError(Code.HAS_CHILDREN, children=f"{child.name}: {below.exclude(state=State.DELETED).count()}")
    if is_retention and any(row.refuses(Verb.DEL) for row in rows):
        raise DomainError(Code.RESERVED, verb=Verb.DEL, kind=child.name)
    for row in rows:
        setattr(row, link, thing)  # what is told of each needs what stands above it: it is here already
    return rows


def constraint_of(error: IntegrityError) -> str:
    """Which constraint was violated: its name, of SQLite its columns. Never the values, which are anybody's text."""
    told = getattr(error.__cause__, "diag", None)
    return str(told.constraint_name) if told is not None else str(error)


def touch(thing: Any, *fields: str, by: Actor) -> None:
    """Write fields that were set, version and stamps of a locked and permitted row; the event is the caller's."""
    _save(thing, [*fields, *thing.stamp(by.user, by.now)])


def about(table: Table, thing: Any) -> About:
    """What the trail says a thing is. People are named by id alone (S18)."""
    is_person = table.app == "accounts"
    return About(table.kind, thing.key, "" if is_person else thing.name, thing.city_key)


def the_clock(by: Actor) -> Actor:
    """The system at the same moment of the same request: it is time that ends a ban, not who came by."""
    return replace(by, user=None, company=None, token=None, address="", is_anonymous=False)


def _write(table: Table, thing: Thing, facts: Facts, *, by: Actor, verb: Verb = Verb.ENB) -> None:
    before, moved_bin = thing.facts, (thing.deleted_at is None) != (facts.deleted_at is None)
    for name in FACT_NAMES:
        setattr(thing, name, getattr(facts, name))
    thing.state = facts.state
    _save(thing, [*FACT_NAMES, "state", *thing.follow(before, facts), *thing.stamp(by.user, by.now)])
    if moved_bin and hasattr(thing, "grants"):
        thing.grants.update(live=facts.deleted_at is None)
    journal.write(by, verb, about(table, thing), *_difference(before, facts))


def _save(thing: Thing, names: list[str]) -> None:
    thing.version += 1
    thing.save(update_fields=["version", *names])


def _difference(before: Facts, after: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the event tells: the state, and each fact that changed."""
    old, new = asdict(before), asdict(after)
    changed = [name for name in FACT_NAMES if old[name] != new[name]]
    return (
        {"state": int(before.state), **{name: old[name] for name in changed}},
        {"state": int(after.state), **{name: new[name] for name in changed}},
    )
