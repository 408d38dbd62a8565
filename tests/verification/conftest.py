"""What the tests of verification share."""

import pytest

from tests.cast import Cast
from tests.verification.calling import Standing, stand


@pytest.fixture
def standing(cast: Cast) -> Standing:
    return stand(cast)
