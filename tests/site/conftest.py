"""Who sits before the super-console, and what of alice's they look at."""

import pytest

from accounts.models import Organization
from apps.models import App, Gateway
from projects.models import Project
from tests.cast import Cast
from tests.factories import make_app, make_gateway
from tests.site.console import Browser
from tests.site.held import Held, fill


@pytest.fixture
def zoon(cast: Cast) -> Browser:
    return Browser(cast.zoe.user)


@pytest.fixture
def god(cast: Cast) -> Browser:
    return Browser(cast.root.user)


@pytest.fixture
def company(cast: Cast) -> Organization:
    """alice's own."""
    assert cast.alice.user is not None
    return cast.alice.user.corp


@pytest.fixture
def project(company: Organization, cast: Cast) -> Project:
    """The one that alice's company has from the start, and that stands in her city."""
    found = Project.objects.get(company=company)
    Project.objects.filter(pk=found.pk).update(name="Payments", name_key="payments", city=cast.city)
    found.refresh_from_db()
    return found


@pytest.fixture
def gateway(project: Project, cast: Cast) -> Gateway:
    """In alice's project."""
    assert cast.alice.user is not None
    return make_gateway(cast.alice.user, project, "Tram_Signals")


@pytest.fixture
def app(gateway: Gateway, cast: Cast) -> App:
    """At alice's gateway."""
    assert cast.alice.user is not None
    return make_app(gateway, cast.alice.user, "Night_Market")[0]


@pytest.fixture
def held(cast: Cast, project: Project) -> Held:
    """What stands in alice's city."""
    return fill(cast, project)
