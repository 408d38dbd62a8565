"""Who sits before the super-console, and what of alice's they look at."""

import pytest

from accounts.models import Organization
from projects.models import Project
from tests.cast import Cast
from tests.site.console import Browser


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
