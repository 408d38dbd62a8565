"""Signed calls over a socket: what gunicorn tells of them, and that the vendor's SDK finds its project by one."""

import http.client
import json
import secrets
from dataclasses import dataclass
from typing import Any

import pytest
from huaweicloudsdkapig.v2.apig_client import ApigClient
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.region.region import Region

from tests.accounts.signing import sign
from tests.server import Server

_MAKE = """
import json
from django.core.management import call_command
import io
from tests.factories import make_project, make_user
user = make_user(%(name)s)
project = make_project(user, %(project)s)
out = io.StringIO()
call_command("createaccesskey", user.name, stdout=out)
print(json.dumps([*out.getvalue().split(), project.key]))
"""
PATH = "/v3/projects"


@dataclass(frozen=True)
class Signer:
    """A key of somebody's who has a project."""

    server: Server
    ak: str
    sk: str
    project: str

    def send(self, path: str = PATH, *more: tuple[str, str], signed: str = "") -> tuple[int, Any]:
        """GET a path as it is written, signed for itself or for another, with more lines of header."""
        host = f"{self.server.host}:{self.server.port}"
        request = sign(self.ak, self.sk, "GET", signed or path, Host=host)
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=30)
        try:
            connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
            for name, value in [*request.header_params.items(), *more]:
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        is_json = response.headers.get_content_type() == "application/json"
        return response.status, json.loads(body) if is_json else None


@pytest.fixture
def signer(server: Server) -> Signer:
    given = {"name": f"dora_{secrets.token_hex(4)}", "project": f"Project {secrets.token_hex(4)}"}
    ak, sk, project = server.shell(_MAKE % {each: json.dumps(value) for each, value in given.items()})
    return Signer(server, ak, sk, project)


def test_a_signed_call_is_answered(signer: Signer) -> None:
    status, body = signer.send()
    assert status == 200
    assert signer.project in {each["id"] for each in body["projects"]}
    assert signer.send("/v3/%70rojects")[0] == 200, "written otherwise, and meaning the same"


def test_an_encoded_slash_is_malformed_though_django_would_serve_it(signer: Signer) -> None:
    """The vendor's signer decodes before it splits: both paths have one signature (S21)."""
    for path in ("/v3%2Fprojects", "/v3%2fprojects"):
        status, body = signer.send(path, signed=PATH)
        assert (status, body["error"]["title"]) == (400, "Bad Request"), path


@pytest.mark.parametrize("name", ["Authorization", "X-Sdk-Date", "Host"])
def test_a_header_that_came_twice_is_malformed(name: str, signer: Signer) -> None:
    host = f"{signer.server.host}:{signer.server.port}"
    again = sign(signer.ak, signer.sk, "GET", PATH, Host=host).header_params[name]
    assert signer.send(PATH, (name, again))[0] == 400
    assert signer.send(PATH, (name.lower(), "other"))[0] == 400


def test_a_header_with_an_underscore_is_not_there(signer: Signer) -> None:
    assert signer.send(PATH, ("X_Sdk_Date", "20200101T000000Z"))[0] == 200
    assert signer.send(PATH, ("X_Auth_Token", "polis_x"))[0] == 200


def test_the_vendors_sdk_finds_its_project_by_name(signer: Signer) -> None:
    """It asks Keystone for the project that is called as the region is."""
    name = next(each["name"] for each in signer.send()[1]["projects"] if each["id"] == signer.project)
    credentials = BasicCredentials(signer.ak, signer.sk).with_iam_endpoint(signer.server.url)
    region = Region(name, signer.server.url)
    ApigClient.new_builder().with_credentials(credentials).with_region(region).build()
    assert credentials.project_id == signer.project
