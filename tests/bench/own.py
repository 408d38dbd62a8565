"""What a developer with a thousand cities of their own looks at in the console, on a platform of a million."""

from django.db import connection

from accounts.models import User
from apps.models import App
from cities.models import City, CityGrant
from projects.models import Project
from tests.bench.pages import Page
from tests.bench.world import World

CITIES = 1_000
_HANDED = """
UPDATE cities_citygrant SET user_id = %(user)s
WHERE content_object_id IN (SELECT id FROM cities_city ORDER BY id LIMIT %(many)s)
"""


def developer(world: World) -> User:
    """Somebody who administers a company with projects, given a thousand cities."""
    user = User.objects.get(pk=world.admin_of(1).pk)
    with connection.cursor() as cursor:
        cursor.execute(_HANDED, {"user": user.pk, "many": CITIES})
        cursor.execute("VACUUM ANALYZE cities_citygrant")
    City.objects.filter(pk__in=CityGrant.objects.filter(user=user).values("content_object")).update(creator=user)
    return user


def pages_of(user: User) -> list[Page]:
    """Each page that people open every day."""
    cities = list(City.objects.filter(creator=user).order_by("-pk")[:7])
    projects = list(Project.objects.filter(company=user.corp)[:7])
    apps = list(App.objects.filter(gateway__project__company=user.corp).select_related("gateway")[:7])
    asked = {
        "home": [""],
        "cities": ["cities"],
        "cities: search": [f"cities?search={cities[0].name[:5]}", "cities?search=zzzz"],
        "cities: disabled": ["cities?state=disabled"],
        "a city": [f"cities/{city.key}" for city in cities],
        "a city's activity": [f"cities/{city.key}/activity" for city in cities],
        "a city's people": [f"cities/{city.key}/people" for city in cities],
        "a city's projects": [f"projects?city={city.key}" for city in cities],
        "a new city": ["cities/new"],
        "projects": ["projects"],
        "a project": [f"projects/{project.key}" for project in projects],
        "gateways": ["gateways"],
        "a gateway": [f"gateways/{app.gateway.key}" for app in apps],
        "a new gateway": ["gateways/new"],
        "apps": ["apps"],
        "apps: search": [f"apps?search={apps[0].name[:5]}", "apps?search=zzzz"],
        "a new app": ["apps/new"],
        "an app": [f"apps/{app.key}" for app in apps],
        "an app: try it": [f"apps/{app.key}/try" for app in apps],
        "tokens": ["tokens"],
        "bin": ["bin"],
        "activity": ["activity"],
        "search": [f"search?q={cities[0].name[:5]}", "search?q=zzzz"],
    }
    return [Page("console", name, tuple(queries)) for name, queries in asked.items()]
