"""What the tests of verification share."""

import pytest

from tests.cast import Cast
from tests.verification.calling import Standing, stand
from tests.verification.gates import gate, rival, shop, shops_gate, world

__all__ = ["gate", "rival", "shop", "shops_gate", "world"]  # fixtures with a room of their own


@pytest.fixture
def standing(cast: Cast) -> Standing:
    return stand(cast)
