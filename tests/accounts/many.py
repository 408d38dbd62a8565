"""Who does many things at once in the tests, and to what."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.access.actor import Actor, Door
from accounts.machine import operations
from accounts.models import Operation, User
from cities.models import City
from config.kernel import registry
from config.kernel.states import State, Verb


def steward(user: User) -> Actor:
    now = timezone.now()
    return Actor(now, Door.ADMIN, user, request_id="req-1", proved_at=now)


def make_cities(owner: User, many: int, state: State = State.ENABLED) -> list[City]:
    """Rows alone where they are many: what an operation does with them is what is tested."""
    now = timezone.now()
    gone = {"deleted_at": now, "state": State.DELETED} if state is State.DELETED else {}
    start = City.objects.count()
    return City.objects.bulk_create(
        City(name=f"Row_{n}", name_key=f"row_{n}", creator=owner, created_at=now, updated_at=now, **gone)
        for n in range(start, start + many)
    )


def plan(verb: Verb, cities: list[City], by: Actor) -> Operation:
    chosen = City.objects.visible_to(by).filter(pk__in=[city.pk for city in cities])
    return operations.plan(registry.kind("city"), verb, chosen, by=by)


def start(operation: Operation, by: Actor, **given: Any) -> Operation:
    return operations.start(operation.key, by=by, read=lambda outlook: given)


def states(cities: list[City]) -> list[State]:
    now = timezone.now()
    return [city.state_at(now) for city in City.objects.filter(pk__in=[city.pk for city in cities]).order_by("pk")]


def outcomes(operation: Operation) -> list[tuple[str, str]]:
    """Of its things, in the order in which they were made."""
    items = {item.thing: (item.outcome, item.code) for item in operation.items.all()}
    return [items[city.key] for city in City.objects.filter(key__in=items).order_by("pk")]


def take_turns(operation: Operation, many: int) -> None:
    """Some of it is done, by one who then leaves off; its lease is over."""
    Operation.objects.filter(pk=operation.pk).update(lease="one's", leased_until=timezone.now() + timedelta(minutes=1))
    for _ in range(many):
        assert operations._next(operation.key, "one's", gives_up=False)
    Operation.objects.filter(pk=operation.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
