"""What is measured: operations on cities and apps, each as an endless row of calls that differ."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from apps.models import AppSecret
from cities.models import City, CityGrant
from config.kernel.states import State
from tests.bench import databases, rows
from tests.bench.load import Call
from tests.bench.servers import ENTRANTS, POLIS
from tests.bench.world import World, ask


@dataclass(frozen=True, slots=True)
class Operation:
    """`calls` is given the world, who is asked, chance, and a text that no other run has.

    `restore` undoes what a run has done, after it, so that the next one finds the same. `beside` is the operation whose
    references it is compared with, "": it has its own. `writes_behind`: Polis goes on with it after its answers.
    """

    name: str
    about: str
    calls: Callable[[World, str, Random, str], Iterator[Call]]
    restore: Callable[[World], None] | None = None
    entrants: tuple[str, ...] = ENTRANTS
    beside: str = ""
    writes_behind: bool = False

    def undo(self, world: World) -> None:
        if self.restore is not None:
            databases.use(world.database)
            self.restore(world)


def detail(world: World, entrant: str, random: Random, run: str) -> Iterator[Call]:
    for city in world.layout.callers_cities(random):
        yield ask(entrant, "GET", f"/cities/{rows.short_key(city)}", world.owner_of(city))


def list_newest(world: World, entrant: str, random: Random, run: str) -> Iterator[Call]:
    for city in world.layout.callers_cities(random):
        owner = world.owner_of(city)
        query = "limit=20" if entrant == POLIS else f"creator={owner.pk}"
        yield ask(entrant, "GET", f"/cities?{query}", owner)


def list_by_name(world: World, entrant: str, random: Random, run: str) -> Iterator[Call]:
    for city in world.layout.callers_cities(random):
        owner, part = world.owner_of(city), random.randrange(10, 100)
        query = f"limit=20&name__contains={part}" if entrant == POLIS else f"creator={owner.pk}&name={part}"
        yield ask(entrant, "GET", f"/cities?{query}", owner)


def create(world: World, entrant: str, random: Random, run: str) -> Iterator[Call]:
    for number, maker in enumerate(world.makers()):
        yield ask(entrant, "POST", "/cities", maker, {"name": f"New_{run}_{number}"})


def remove_created(world: World) -> None:
    CityGrant.objects.filter(content_object__gt=rows.pk(world.layout.rows))._raw_delete("default")
    City.objects.filter(pk__gt=rows.pk(world.layout.rows))._raw_delete("default")


def update(world: World, entrant: str, random: Random, run: str) -> Iterator[Call]:
    for number, city in enumerate(world.layout.callers_cities(random)):
        body = {"brief": f"{run} {number}"}
        yield ask(entrant, "PATCH", f"/cities/{rows.short_key(city)}", world.owner_of(city), body)


def disable(world: World, entrant: str, random: Random, run: str) -> Iterator[Call]:
    """Where all are disabled before the time is over, the next reason amends the one that is there."""
    for number, city in enumerate(world.layout.callers_cities(random)):
        body = {"reason": f"{run} {number}"}
        yield ask(entrant, "POST", f"/cities/{rows.short_key(city)}/disable", world.owner_of(city), body)


def enable_all(world: World) -> None:
    facts = {"disabled_at": None, "disabled_by": "", "disabled_side": "", "reason": ""}
    City.objects.filter(state=State.DISABLED).update(state=State.ENABLED, **facts)


def rotate(world: World, entrant: str, random: Random, run: str) -> Iterator[Call]:
    for app in world.layout.rotated_apps(random):
        body = {"grace_seconds": 0}
        yield ask(entrant, "POST", f"/apps/{rows.app_id(app)}/rotate", world.admin_of(app), body)


def forget_ended(world: World) -> None:
    AppSecret.objects.filter(ended_at__isnull=False)._raw_delete("default")


ON_ROWS = (
    Operation("detail", "one city by its id", detail),
    Operation("list", "the 20 newest cities of an owner of 100", list_newest),
    Operation("list-by-name", "of an owner's 100 cities those whose name holds a part, 20 at most", list_by_name),
    Operation("create", "a new city", create, remove_created),
    Operation("update", "another brief for a city", update),
    Operation("disable", "a city is disabled, with a reason", disable, enable_all),
    Operation("rotate", "a new secret for an app, the old one ends at once", rotate, forget_ended),
)
