"""OpenStack's own client, keystoneauth1, against a real server: it signs in, finds the service, and calls it."""

import json
import secrets
from dataclasses import dataclass

import pytest
from keystoneauth1 import exceptions
from keystoneauth1.identity import v3
from keystoneauth1.identity.generic import Password
from keystoneauth1.session import Session

from tests.server import Server

SECRET = "a long and quiet evening"
_MAKE = """
import json
from tests.factories import make_project, make_user
user = make_user(%(name)s, password=%(password)s)
project = make_project(user, %(project)s)
print(json.dumps([user.key, project.key]))
"""


@dataclass(frozen=True)
class Dora:
    """Somebody in the server's database, with a project."""

    url: str
    name: str
    id: str
    project: str

    def session(self, password: str = SECRET, **scope: str) -> Session:
        """Of the v3 plugin."""
        options = {"user_domain_name": "Default", **scope}
        return Session(v3.Password(f"{self.url}/v3", username=self.name, password=password, **options))


@pytest.fixture
def dora(server: Server) -> Dora:
    name = f"dora_{secrets.token_hex(4)}"
    given = {"name": name, "password": SECRET, "project": "Doras Project"}
    key, project = server.shell(_MAKE % {each: json.dumps(value) for each, value in given.items()})
    return Dora(server.url, name, key, project)


def test_it_signs_in_and_lists_its_projects(dora: Dora) -> None:
    session = dora.session()
    assert session.get_token().startswith("polis_")
    assert session.get_user_id() == dora.id
    found = session.get(f"{dora.url}/v3/projects?name=Doras%20Project").json()["projects"]
    assert [each["id"] for each in found] == [dora.project]


@pytest.mark.parametrize("by", ["project_id", "project_name"])
def test_it_finds_the_gateways_service_in_the_catalog(by: str, dora: Dora) -> None:
    scope = {"project_id": dora.project}
    if by == "project_name":
        scope = {"project_name": "Doras Project", "project_domain_name": "Default"}
    session = dora.session(**scope)
    assert session.get_project_id() == dora.project
    v2 = f"{dora.url}/v2/{dora.project}"
    assert session.get_endpoint(service_type="apig") == v2
    for version in (2, "2", (2, 0), "2.latest"):
        assert session.get_endpoint(service_type="apig", version=version) == v2, version
    assert session.get_endpoint(service_type="apigv1") == f"{dora.url}/v1/{dora.project}"
    answer = session.get("/projects", endpoint_filter={"service_type": "identity", "version": 3})
    assert [each["id"] for each in answer.json()["projects"]] == [dora.project]


def test_the_plugin_that_asks_for_the_version_finds_it(dora: Dora) -> None:
    auth = Password(
        f"{dora.url}/v3",
        username=dora.name,
        password=SECRET,
        user_domain_name="Default",
        project_id=dora.project,
    )
    assert Session(auth).get_project_id() == dora.project


def test_its_errors_are_keystones(dora: Dora) -> None:
    with pytest.raises(exceptions.Unauthorized) as refused:
        dora.session(password="wrong").get_token()
    assert refused.value.message == "The request you have made requires authentication. (HTTP 401)"
    session = dora.session()
    with pytest.raises(exceptions.BadRequest):
        session.get(f"{dora.url}/v3/auth/tokens")


def test_a_token_that_it_ends_is_replaced_by_itself(dora: Dora) -> None:
    session = dora.session()
    first = session.get_token()
    ended = session.delete(f"{dora.url}/v3/auth/tokens", headers={"X-Subject-Token": first})
    assert ended.status_code == 204
    assert session.get(f"{dora.url}/v3/projects").status_code == 200, "it signs in anew on a 401"
    assert session.get_token() != first
