"""Alice's gateways: one with the switch on, and one with it off, both in her city."""

import pytest

from apps.models import Gateway
from tests.apps.calling import Apig, at_gateway
from tests.cast import Cast
from tests.factories import make_gateway, make_project


@pytest.fixture
def open_gateway(cast: Cast) -> Gateway:
    assert cast.alice.user is not None
    project = make_project(cast.alice.user, "Payments", city=cast.city.key)
    return make_gateway(cast.alice.user, project, "open_one", key_switch=True)


@pytest.fixture
def alice(cast: Cast, open_gateway: Gateway) -> Apig:
    """At the gateway whose switch is on."""
    assert cast.alice.user is not None
    return at_gateway(cast.alice.user, open_gateway)


@pytest.fixture
def shut(cast: Cast, open_gateway: Gateway) -> Apig:
    """At the gateway of the same project whose switch is off."""
    assert cast.alice.user is not None
    return at_gateway(cast.alice.user, make_gateway(cast.alice.user, open_gateway.project, "shut_one"))
