"""Fixtures: a tenant with apps of every sort, and nginx as its gateway; made once by each process of the run."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.server import Server
from tests.verification import nginx
from tests.verification.nginx import Gate
from tests.verification.tenants import App, Tenant, make_tenant

APPS = {
    "手环_1": {},
    "disabled": {"is_disabled": True},
    "expired": {"is_expired": True},
    "from_ten": {"acl": ["PERMIT", ["10.0.0.0/8"]]},
    "from_here": {"acl": ["PERMIT", ["127.0.0.77"]]},
    "not_from_here": {"acl": ["DENY", ["127.0.0.77"]]},
}


class World(NamedTuple):
    """Whom the cases are about: the shop whose gateway it is, and somebody with a gateway of their own."""

    shop: Tenant
    rival: Tenant

    @property
    def app(self) -> App:
        return self.shop.app


@pytest.fixture(scope="session")
def shop(server: Server) -> Tenant:
    """Its gateway lets no body pass that is not signed."""
    return make_tenant(server, APPS)


@pytest.fixture(scope="session")
def rival(server: Server) -> Tenant:
    """Somebody else, with a gateway and an app of their own."""
    return make_tenant(server)


@pytest.fixture
def world(shop: Tenant, rival: Tenant) -> World:
    return World(shop, rival)


@pytest.fixture(scope="session")
def shops_gate(server: Server, shop: Tenant) -> Iterator[Gate]:
    """nginx, as long as the run."""
    with nginx.gate(server, shop) as gate:
        yield gate


@pytest.fixture
def gate(shops_gate: Gate) -> Gate:
    """nginx before the shop's service; nothing has come through yet."""
    shops_gate.arrived.clear()
    return shops_gate
