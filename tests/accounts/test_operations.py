"""One verb on many things: judged one by one, when its turn comes, and never twice."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import operations, outlooks
from accounts.models import AuditEvent, Operation, User
from cities.models import City
from config.kernel.errors import Code, DomainError, Forbidden, LimitReached, NotVisible
from config.kernel.states import State, Verb
from tests.accounts.many import make_cities, outcomes, plan, start, states, steward
from tests.factories import actor, do, make_city, make_gateway, make_project


def test_a_plan_does_nothing(owner: User, zoon: Actor) -> None:
    cities, before = make_cities(owner, 3), AuditEvent.objects.count()
    operation = plan(Verb.DIS, cities, zoon)
    outlooks.look(operation, by=zoon)
    assert states(cities) == [State.ENABLED] * 3
    assert (operation.state, operation.total, AuditEvent.objects.count()) == ("planned", 3, before)


def test_it_tells_beforehand_what_would_become_of_each(owner: User, zoon: Actor) -> None:
    fine, banned, binned = make_cities(owner, 1)[0], make_city(owner), make_cities(owner, 1, State.DELETED)[0]
    do(banned, Verb.DIS, actor(zoon.user), reason="Unpaid")
    reserved = City.objects.get(key="ConsoleX")
    outlook = outlooks.look(plan(Verb.ENB, [fine, banned, binned, reserved], zoon), by=zoon)
    assert [item.thing for item in outlook.done] == [banned.key]
    assert {item.thing for item in outlook.same} == {fine.key, reserved.key}
    assert {code: [item.thing for item in items] for code, items in outlook.skipped.items()} == {
        "wrong_state": [binned.key]
    }


def test_what_it_foretells_is_what_it_does(owner: User, zoon: Actor) -> None:
    cities = [*make_cities(owner, 2), *make_cities(owner, 2, State.DELETED), City.objects.get(key="ConsoleX")]
    operation = plan(Verb.DIS, cities, zoon)
    outlook = outlooks.look(operation, by=zoon)
    foretold = (len(outlook.done), len(outlook.same), {code: len(items) for code, items in outlook.skipped.items()})
    done = operations.progress(start(operation, zoon, reason="Unpaid"))
    assert foretold == (done.done, done.same, done.skipped) == (2, 0, {"wrong_state": 2, "reserved": 1})


def test_few_are_done_at_once_with_their_reason_and_end(owner: User, zoon: Actor) -> None:
    cities, ends_at = make_cities(owner, 3), timezone.now() + timedelta(days=1)
    operation = start(plan(Verb.DIS, cities, zoon), zoon, reason="Unpaid", expires_at=ends_at)
    assert (operation.state, outcomes(operation)) == ("done", [("done", "")] * 3)
    assert states(cities) == [State.DISABLED] * 3
    rows = City.objects.filter(pk__in=[city.pk for city in cities])
    assert set(rows.values_list("reason", "expires_at", "disabled_side", "disabled_by")) == {
        ("Unpaid", ends_at, "admin", zoon.key)
    }


def test_a_ban_that_stands_keeps_its_reason_and_an_owners_becomes_the_platforms(owner: User, zoon: Actor) -> None:
    banned, closed = make_city(owner), make_city(owner)
    do(banned, Verb.DIS, Actor.system(), reason="Spam")
    do(closed, Verb.DIS, actor(owner), reason="Mine")
    operation = plan(Verb.DIS, [banned, closed], zoon)
    assert [item.thing for item in outlooks.look(operation, by=zoon).same] == [banned.key]
    start(operation, zoon, reason="Unpaid")
    told = City.objects.filter(creator=owner).order_by("pk").values_list("reason", "disabled_side")
    assert list(told) == [("Spam", "admin"), ("Unpaid", "admin")]
    assert outcomes(operation) == [("same", ""), ("done", "")]


def test_each_change_is_one_event_of_one_batch(owner: User, zoon: Actor) -> None:
    cities = make_cities(owner, 3)
    operation = start(plan(Verb.DIS, cities, zoon), zoon)
    told = AuditEvent.objects.filter(batch=operation.key).values_list("thing", "verb", "actor", "door", "request_id")
    assert sorted(told) == sorted((city.key, "DIS", zoon.key, "admin", "req-1") for city in cities)


def test_many_wait_for_the_background(owner: User, zoon: Actor) -> None:
    cities = make_cities(owner, operations.AT_ONCE + 1)
    operation = start(plan(Verb.DIS, cities, zoon), zoon)
    assert (operation.state, operations.progress(operation).passed) == ("running", 0)
    operations.go_on()
    operation.refresh_from_db()
    assert (operation.state, operations.progress(operation).done) == ("done", operations.AT_ONCE + 1)
    assert set(states(cities)) == {State.DISABLED}


def test_it_begins_once(owner: User, zoon: Actor) -> None:
    operation = start(plan(Verb.DIS, make_cities(owner, 1), zoon), zoon)
    with pytest.raises(DomainError) as refused:
        start(operation, zoon)
    assert refused.value.code is Code.STALE


def test_nobody_begins_anothers(owner: User, zoon: Actor, god: Actor) -> None:
    operation = plan(Verb.DIS, make_cities(owner, 1), zoon)
    with pytest.raises(NotVisible):
        start(operation, god)


@pytest.mark.parametrize("verb", operations.VERBS)
def test_a_developer_plans_nothing_even_with_what_is_their_own(owner: User, verb: Verb) -> None:
    cities = [make_city(owner)]
    with pytest.raises(Forbidden):
        plan(verb, cities, steward(owner))
    assert not Operation.objects.exists()


def test_a_zoon_removes_nothing(owner: User, zoon: Actor) -> None:
    with pytest.raises(Forbidden):
        plan(Verb.DEL, make_cities(owner, 1, State.DELETED), zoon)


def test_to_remove_takes_a_fresh_proof_and_only_out_of_the_bin(owner: User, god: Actor) -> None:
    binned, standing = make_cities(owner, 2, State.DELETED), make_cities(owner, 1)
    operation = plan(Verb.DEL, [*binned, *standing], god)
    with pytest.raises(DomainError) as refused:
        start(operation, replace(god, proved_at=None))
    assert refused.value.code is Code.REAUTHENTICATE
    assert start(operation, god).state == "running", "however few, nobody waits for a removal"
    operations.go_on()
    assert not City.objects.filter(pk__in=[city.pk for city in binned]).exists()
    assert states(standing) == [State.ENABLED]
    assert operations.progress(operation).skipped == {"wrong_state": 1}


def test_no_more_goes_than_was_foretold(owner: User, god: Actor) -> None:
    """What came into the bin after somebody had typed how many go stays there."""
    binned, standing = make_cities(owner, 1, State.DELETED), make_cities(owner, 3)
    operation = start(plan(Verb.DEL, [*binned, *standing], god), god)
    for city in standing:
        do(city, Verb.DOL, Actor.system())
    operations.go_on()
    assert City.objects.filter(creator=owner).count() == 3
    assert operations.progress(operation).skipped == {"wrong_state": 3}


def test_what_holds_something_that_stands_is_not_removed(owner: User, god: Actor) -> None:
    city = make_city(owner)
    make_gateway(owner, make_project(owner, city=city.key))
    City.objects.filter(pk=city.pk).update(state=State.DELETED, deleted_at=timezone.now())
    plain = make_cities(owner, 1, State.DELETED)
    operation = plan(Verb.DEL, [city, *plain], god)
    outlook = outlooks.look(operation, by=god)
    assert [item.thing for item in outlook.done] == [plain[0].key]
    assert {code: len(items) for code, items in outlook.skipped.items()} == {"has_children": 1}


def test_to_look_costs_the_same_whatever_lies_below(owner: User, god: Actor) -> None:
    few = plan(Verb.DEL, make_cities(owner, 2, State.DELETED), god)
    many = plan(Verb.DEL, make_cities(owner, 60, State.DELETED), god)
    with CaptureQueriesContext(connection) as first:
        outlooks.look(few, by=god)
    with CaptureQueriesContext(connection) as second:
        outlooks.look(many, by=god)
    assert len(first) == len(second) <= 5
    assert not any("FOR UPDATE" in query["sql"] for query in second.captured_queries)


def test_nothing_is_begun_where_nothing_would_be_done(owner: User, god: Actor) -> None:
    operation = plan(Verb.DEL, make_cities(owner, 2), god)
    with pytest.raises(DomainError) as refused:
        start(operation, god)
    assert refused.value.code is Code.REQUIRED
    operation.refresh_from_db()
    assert operation.state == "planned"


def test_its_events_tell_where_it_came_from_and_the_operation_forgets_it(owner: User, zoon: Actor) -> None:
    by = replace(zoon, address="192.0.2.7")
    operation = start(plan(Verb.DIS, make_cities(owner, 2), by), by)
    origins = AuditEvent.objects.filter(batch=operation.key).values_list("origin", flat=True)
    assert None not in set(origins)
    assert operation.address is None


def test_one_keeps_five_plans(owner: User, zoon: Actor, god: Actor) -> None:
    cities = make_cities(owner, 1)
    other = plan(Verb.DIS, cities, god)
    plans = [plan(Verb.DIS, cities, zoon).key for _ in range(7)]
    assert set(Operation.objects.values_list("key", flat=True)) == {other.key, *plans[2:]}


def test_nothing_and_too_much_are_refused(owner: User, zoon: Actor, monkeypatch: Any) -> None:
    monkeypatch.setattr(operations, "MOST", 2)
    with pytest.raises(DomainError) as refused:
        plan(Verb.DIS, [], zoon)
    assert refused.value.code is Code.REQUIRED
    cities = make_cities(owner, 3)
    with pytest.raises(LimitReached):
        plan(Verb.DIS, cities, zoon)
    assert plan(Verb.DIS, cities[:2], zoon).total == 2


def test_plans_are_forgotten_after_a_day_and_what_is_over_after_ninety(owner: User, zoon: Actor) -> None:
    planned = plan(Verb.DIS, make_cities(owner, 1), zoon)
    done = start(plan(Verb.DIS, make_cities(owner, 1), zoon), zoon)
    now = timezone.now()
    operations.forget_old(now + timedelta(hours=23))
    assert Operation.objects.count() == 2
    operations.forget_old(now + timedelta(hours=25))
    assert [row.key for row in Operation.objects.all()] == [done.key]
    operations.forget_old(now + timedelta(days=91))
    assert not Operation.objects.exists()
    assert not Operation.objects.filter(key=planned.key).exists()
    assert AuditEvent.objects.filter(batch=done.key).count() == 1
