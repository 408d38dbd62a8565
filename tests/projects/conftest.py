"""Two companies: acme, whose calls are tested, and rival, whose projects acme must not reach."""

import pytest

from tests.cast import Company, make_company


@pytest.fixture
def acme(db: None) -> Company:
    return make_company("Acme")


@pytest.fixture
def rival(db: None) -> Company:
    return make_company("Rival")
