"""An operation on many things while it runs: whose turn it is, who stops it, and when its principal may no more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import operations
from accounts.models import AuditEvent, Operation, User
from accounts.people import services, stewardship
from config.kernel import registry
from config.kernel.errors import Code, DomainError, LimitReached, NotVisible
from config.kernel.roles import Role
from config.kernel.states import State, Verb
from tests.accounts.many import make_cities, outcomes, plan, start, states, steward, take_turns
from tests.factories import do, make_user
from tests.policies import CLOSED, override


@pytest.mark.parametrize(
    "loses",
    [
        lambda user: stewardship.set_role(user.key, by=root(), read=lambda: {"role": Role.DEVELOPER}),
        lambda user: services.switch(registry.kind("user").table, user, Verb.DIS, by=Actor.system()),
    ],
    ids=["its role", "its account"],
)
def test_it_loses_its_authority_with_its_principal(owner: User, zoon: Actor, loses: Callable[[User], None]) -> None:
    """S12: in the midst of it, and with one refusal on record, not one for each thing that is left."""
    cities = make_cities(owner, operations.AT_ONCE + 1)
    operation = start(plan(Verb.DIS, cities, zoon), zoon)
    take_turns(operation, 3)
    assert zoon.user is not None
    loses(zoon.user)
    operations.go_on()
    operation.refresh_from_db()
    assert (operation.state, operations.progress(operation).passed) == ("stopped", 3)
    assert operation.code in {"forbidden", "user_disabled"}
    assert states(cities).count(State.DISABLED) == 3
    refused = AuditEvent.objects.filter(batch=operation.key, outcome="refused")
    assert list(refused.values_list("code", flat=True)) == [operation.code]


@pytest.mark.parametrize("policy", ["DisState", "Operate"])
def test_a_policy_that_is_closed_meanwhile_ends_it(owner: User, zoon: Actor, policy: str) -> None:
    cities = make_cities(owner, operations.AT_ONCE + 1)
    operation = start(plan(Verb.DIS, cities, zoon), zoon)
    take_turns(operation, 2)
    override(policy, enable=CLOSED)
    operations.go_on()
    operation.refresh_from_db()
    assert (operation.state, operation.code) == ("stopped", "api_not_supported")
    assert states(cities).count(State.DISABLED) == 2


def test_each_is_judged_by_its_state_when_its_turn_comes(owner: User, zoon: Actor) -> None:
    cities = make_cities(owner, operations.AT_ONCE + 1)
    operation = start(plan(Verb.DIS, cities, zoon), zoon)
    do(cities[0], Verb.DOL, Actor.system())
    do(cities[1], Verb.DEL, Actor.system())
    operations.go_on()
    found = {item.thing: (item.outcome, item.code) for item in operation.items.all()}
    assert found[cities[0].key] == ("skipped", "wrong_state")
    assert found[cities[1].key] == ("skipped", "not_found")
    assert operations.progress(operation).done == operations.AT_ONCE - 1


def test_who_has_lost_its_turn_does_no_more(owner: User, zoon: Actor) -> None:
    operation = start(plan(Verb.DIS, make_cities(owner, operations.AT_ONCE + 1), zoon), zoon)
    Operation.objects.update(lease="another's", leased_until=timezone.now() + timedelta(minutes=1))
    assert operations._next(operation.key, "mine", gives_up=False) is False
    assert operations.progress(operation).passed == 0


_REFUSE = {
    "postgresql": """
        CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
        CREATE TRIGGER refuse_one BEFORE UPDATE ON cities_city FOR EACH ROW WHEN (NEW.key = '{key}')
            EXECUTE FUNCTION refuse_one();""",
    "sqlite": """CREATE TRIGGER refuse_one BEFORE UPDATE ON cities_city WHEN NEW.key = '{key}'
        BEGIN SELECT RAISE(ABORT, 'no'); END""",
}


def test_one_that_the_database_refuses_is_tried_again_and_then_passed_by(owner: User, zoon: Actor) -> None:
    cities = make_cities(owner, 3)
    operation = plan(Verb.DIS, cities, zoon)
    with connection.cursor() as cursor:
        cursor.execute(_REFUSE[connection.vendor].format(key=cities[1].key))
    start(operation, zoon)
    assert outcomes(operation) == [("done", ""), ("skipped", "busy"), ("done", "")]


def test_what_somebody_is_at_nobody_else_takes(owner: User, zoon: Actor) -> None:
    operation = start(plan(Verb.DIS, make_cities(owner, operations.AT_ONCE + 1), zoon), zoon)
    Operation.objects.update(lease="another's", leased_until=timezone.now() + timedelta(minutes=1))
    operations.go_on()
    operations.run(operation.key)
    assert operations.progress(operation).passed == 0
    Operation.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    operations.go_on()
    assert operations.progress(operation).passed == operations.AT_ONCE + 1


def test_it_is_stopped_by_whose_it_is_and_what_is_done_stays(owner: User, zoon: Actor, god: Actor) -> None:
    cities = make_cities(owner, operations.AT_ONCE + 1)
    operation = start(plan(Verb.DIS, cities, zoon), zoon)
    with pytest.raises(NotVisible):
        operations.stop(operation.key, by=steward(make_user("zora", Role.ZOON)))
    take_turns(operation, 1)
    operations.stop(operation.key, by=zoon)
    operations.go_on()
    operation.refresh_from_db()
    assert (operation.state, operations.progress(operation).passed) == ("stopped", 1)
    with pytest.raises(DomainError) as refused:
        operations.stop(operation.key, by=zoon)
    assert refused.value.code is Code.STALE


def test_a_god_stops_anybodys(owner: User, zoon: Actor, god: Actor) -> None:
    operation = start(plan(Verb.DIS, make_cities(owner, operations.AT_ONCE + 1), zoon), zoon)
    assert operations.stop(operation.key, by=god).state == "stopped"
    told = AuditEvent.objects.filter(kind="operation", thing=operation.key).order_by("id")
    assert list(told.values_list("verb", "actor")) == [("OPERATE", zoon.key), ("STOP", god.key)]


def test_one_person_has_one_running(owner: User, zoon: Actor, god: Actor) -> None:
    """S22. Another person's is in nobody's way."""
    many = operations.AT_ONCE + 1
    first, second = (plan(Verb.DIS, make_cities(owner, many), zoon) for _ in range(2))
    start(first, zoon)
    with pytest.raises(LimitReached):
        start(second, zoon)
    assert start(plan(Verb.DIS, make_cities(owner, many), god), god).state == "running"
    operations.go_on()
    assert start(second, zoon).state == "running"


def test_one_that_fails_holds_up_no_others(owner: User, zoon: Actor, god: Actor) -> None:
    failing = start(plan(Verb.DIS, make_cities(owner, operations.AT_ONCE + 1), zoon), zoon)
    sound = start(plan(Verb.DIS, make_cities(owner, operations.AT_ONCE + 1), god), god)
    Operation.objects.filter(pk=failing.pk).update(kind="nothing")
    operations.go_on()
    assert operations.progress(sound).done == operations.AT_ONCE + 1


def root() -> Actor:
    return steward(make_user("rootess", Role.GOD))
