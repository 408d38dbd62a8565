"""What the tests of all routes share."""

import pytest

from tests.contract.routes.who import Stage, make_stage


@pytest.fixture
def stage(db: None) -> Stage:
    """The cast, and a second city of alice's."""
    return make_stage()
