"""What stands in alice's city, some of it closed: what is counted below a thing is counted here by hand.

Payments (enabled)   Main (enabled)    Tram, Ferry (enabled), Bus (in the bin)
                     Spare (disabled)  Taxi (enabled)
Parking (offline)    Barrier (enabled) Ticket (enabled)
Old Works (binned)   Furnace (enabled)
"""

from dataclasses import dataclass

from apps.models import App, Gateway
from config.kernel.states import State
from projects.models import Project
from tests.cast import Cast
from tests.factories import make_app, make_gateway, make_project
from tests.site.pages import Thing, bring


@dataclass
class Held:
    """By name."""

    projects: dict[str, Project]
    gateways: dict[str, Gateway]
    apps: dict[str, App]


def fill(cast: Cast, payments: Project) -> Held:
    alice = cast.alice.user
    assert alice is not None
    projects = {"Payments": payments}
    projects |= {name: make_project(alice, name, city=cast.city.key) for name in ("Parking", "Old Works")}
    stands = {"Main": "Payments", "Spare": "Payments", "Barrier": "Parking", "Furnace": "Old Works"}
    gateways = {name: make_gateway(alice, projects[project], name) for name, project in stands.items()}
    at = {"Tram": "Main", "Ferry": "Main", "Bus": "Main", "Taxi": "Spare", "Ticket": "Barrier"}
    apps = {name: make_app(gateways[gateway], alice, name)[0] for name, gateway in at.items()}
    closed: list[tuple[Thing, State]] = [
        (projects["Parking"], State.OFFLINE),
        (projects["Old Works"], State.DELETED),
        (gateways["Spare"], State.DISABLED),
        (apps["Bus"], State.DELETED),
    ]
    for thing, state in closed:
        bring(thing, state)
        thing.refresh_from_db()
    return Held(projects, gateways, apps)
