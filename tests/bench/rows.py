"""What each row is, told by its number alone: nothing need be kept to ask for it later."""

import hashlib
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

APPS_PER_GATEWAY = 50
GATEWAYS_PER_PROJECT = 20
PROJECTS_PER_COMPANY = 10
CITIES_PER_OWNER = 100
# So many of the owners have a token; as many people have one who own nothing yet, to make cities.
CALLERS = 200
# Every so many-th app is there to have its secret rotated; the others keep the one they have.
ROTATED = 10
CITY_EVERY = timedelta(seconds=31)
# Every so many-th city has a Chinese name, and a few a word that is rare.
CHINESE, RARE = 20, 50_000
_PRIME = 48271  # it has no factor in common with a power of ten: no two numbers share a key


@dataclass(frozen=True, slots=True)
class Layout:
    """So many cities and as many apps, and what they stand in.

    Cities, apps, gateways and projects are numbered from 1, owners and companies from 0.
    """

    rows: int

    @property
    def owners(self) -> int:
        return max(1, self.rows // CITIES_PER_OWNER)

    @property
    def callers(self) -> int:
        return min(CALLERS, self.owners)

    @property
    def gateways(self) -> int:
        return -(-self.rows // APPS_PER_GATEWAY)

    @property
    def projects(self) -> int:
        return -(-self.gateways // GATEWAYS_PER_PROJECT)

    @property
    def companies(self) -> int:
        return -(-self.projects // PROJECTS_PER_COMPANY)

    def owner_of(self, city: int) -> int:
        return city % self.owners

    def age_of(self, city: int) -> timedelta:
        """A million are made in a year; the last one now."""
        return (self.rows - city) * CITY_EVERY

    def company_of_owner(self, owner: int) -> int:
        return owner % self.companies

    def company_of_project(self, project: int) -> int:
        return (project - 1) // PROJECTS_PER_COMPANY

    def city_of_project(self, project: int) -> int:
        """One whose owner is of the project's company (S8), another for each."""
        place = (project - 1) % PROJECTS_PER_COMPANY
        return self.company_of_project(project) + self.owners * (place + 1)

    def company_of_app(self, app: int) -> int:
        return self.company_of_project(project_of_gateway(gateway_of_app(app)))

    def callers_cities(self, random: Random) -> Iterator[int]:
        """Those of the callers, each once and again in the same order, so that no two calls at a time meet in one."""
        places = range(self.callers * (self.rows // self.owners))
        for place in itertools.cycle(random.sample(places, len(places))):
            yield place % self.callers + self.owners * (place // self.callers) or self.rows

    def kept_apps(self, random: Random) -> Iterator[int]:
        """Those that keep their secrets, by chance."""
        while True:
            app = random.randrange(1, self.rows + 1)
            if app % ROTATED:
                yield app

    def rotated_apps(self, random: Random) -> Iterator[int]:
        """Those that do not, in the same way as cities."""
        numbers = range(ROTATED, self.rows + 1, ROTATED)
        return itertools.cycle(random.sample(numbers, len(numbers)))


def pk(number: int) -> int:
    """The inner id of a city, an app, a gateway: above those of the rows that migrations make."""
    return number + 1_000


def gateway_of_app(app: int) -> int:
    return (app - 1) // APPS_PER_GATEWAY + 1


def project_of_gateway(gateway: int) -> int:
    return (gateway - 1) // GATEWAYS_PER_PROJECT + 1


def city_name(city: int) -> str:
    if city % RARE == CHINESE + 1:
        return f"港湾_{city}"
    return f"滨海城市_{city}" if city % CHINESE == 0 else f"City_{city}"


def short_key(number: int) -> str:
    """A public id of eight characters, another for each number below a hundred million, and in no order."""
    return f"{number * _PRIME % 10**8:08d}"


def project_key(project: int) -> str:
    return f"p{project:09d}"


def gateway_key(gateway: int) -> str:
    return _drawn("gateway", gateway)


def gateway_secret(gateway: int) -> str:
    return _drawn("key of gateway", gateway, 40)


def app_id(app: int) -> str:
    return str(uuid.UUID(_drawn("app", app)))


def app_key(app: int) -> str:
    return _drawn("key of app", app)


def app_secret(app: int) -> str:
    return _drawn("secret of app", app)


def app_code(app: int) -> str:
    return _drawn("code of app", app, 64)


def code_key(app: int) -> str:
    return _drawn("code", app)


def _drawn(what: str, number: int, length: int = 32) -> str:
    """Hex digits that look drawn by lot."""
    return hashlib.sha256(f"{what} {number}".encode()).hexdigest()[:length]
