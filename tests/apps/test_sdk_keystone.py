"""OpenStack's keystoneauth1 signs in with user and password, and calls v1 and v2 with its session."""

from typing import Any

import pytest
from keystoneauth1 import exceptions
from keystoneauth1.identity import v3
from keystoneauth1.session import Session

from tests.apps.real import PASSWORD, Tenant, tenant
from tests.server import Server


@pytest.fixture
def dora(server: Server) -> Tenant:
    return tenant(server)


def session(dora: Tenant, **scope: Any) -> Session:
    auth = v3.Password(
        f"{dora.server.url}/v3", username=dora.name, password=PASSWORD, user_domain_name="Default", **scope
    )
    return Session(auth)


@pytest.mark.parametrize("is_scoped", [True, False])
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_it_calls_both_versions(dora: Tenant, version: str, is_scoped: bool) -> None:
    mine = session(dora, **({"project_id": dora.project} if is_scoped else {}))
    path = f"{dora.server.url}/{version}/{dora.project}/apigw/instances/{dora.open}/apps"
    made = mine.post(path, json={"name": "app_001"}).json()
    body = {"name": "app_002", "remark": "第一个APP", "app_key": f"key_{made['id'][:8]}", "app_secret": "app_secret_1"}
    changed = mine.put(f"{path}/{made['id']}", json=body)
    assert (changed.status_code, changed.json()["app_secret"], changed.json()["name"]) == (200, "******", "app_002")
    assert mine.get(path).json()["total"] == 1
    assert mine.delete(f"{path}/{made['id']}").status_code == 204
    with pytest.raises(exceptions.NotFound):
        mine.get(f"{path}/{made['id']}")


def test_it_finds_them_by_the_catalog(dora: Tenant) -> None:
    mine = session(dora, project_id=dora.project)
    for service in ("apig", "apigv1"):
        answer = mine.get(f"/apigw/instances/{dora.open}/apps", endpoint_filter={"service_type": service})
        assert (answer.status_code, answer.json()["apps"]) == (200, [])


def test_a_scoped_token_sees_its_project_alone(dora: Tenant) -> None:
    """S4, and an unscoped one sees both."""
    make = "import json\nfrom accounts.models import User\nfrom tests.factories import make_gateway\n"
    make += f"user = User.objects.get(name={dora.name!r})\ngateway = make_gateway(user)\n"
    project, instance = dora.server.shell(f"{make}print(json.dumps([gateway.project.key, gateway.key]))")
    url = f"{dora.server.url}/v2/{project}/apigw/instances/{instance}/apps"
    assert session(dora).get(url).status_code == 200
    with pytest.raises(exceptions.NotFound):
        session(dora, project_id=dora.project).get(url)
    with pytest.raises(exceptions.NotFound):
        session(dora, project_id=dora.project).post(url, json={"name": "app_001"})
