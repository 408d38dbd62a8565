"""Whom Keystone's tests are about."""

import pytest

from accounts.models import User
from projects.models import Project
from tests.accounts.keystone import PASSWORD
from tests.factories import make_project, make_user


@pytest.fixture
def dora() -> User:
    return make_user("dora", password=PASSWORD)


@pytest.fixture
def project(dora: User) -> Project:
    return make_project(dora, "Doras Project")
