"""Whom the tests of Keystone and of operations are about."""

import pytest

from accounts.access.actor import Actor
from accounts.models import User
from config.kernel.roles import Role
from projects.models import Project
from tests.accounts.keystone import PASSWORD
from tests.accounts.many import steward
from tests.factories import make_project, make_user


@pytest.fixture
def dora() -> User:
    return make_user("dora", password=PASSWORD)


@pytest.fixture
def project(dora: User) -> Project:
    return make_project(dora, "Doras Project")


@pytest.fixture
def owner(db: None) -> User:
    """Of the cities that much is done to."""
    return make_user("dora")


@pytest.fixture
def zoon(db: None) -> Actor:
    return steward(make_user("zoe", Role.ZOON))


@pytest.fixture
def god(db: None) -> Actor:
    return steward(make_user("root", Role.GOD))
