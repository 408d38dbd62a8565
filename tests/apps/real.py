"""A developer with gateways on the real server, for the vendor's own clients: keys, project, instances."""

import json
import secrets
from dataclasses import dataclass

from huaweicloudsdkapig.v2.apig_client import ApigClient
from huaweicloudsdkcore.auth.credentials import BasicCredentials

from tests.server import Server

PASSWORD = "a long and quiet evening"
_MAKE = """
import io, json
from django.core.management import call_command
from tests.factories import make_gateway, make_project, make_token, make_user
user = make_user(%(name)s, password=%(password)s)
project = make_project(user, %(project)s)
open_one = make_gateway(user, project, "open_one", key_switch=True)
shut_one = make_gateway(user, project, "shut_one")
out = io.StringIO()
call_command("createaccesskey", user.name, stdout=out)
ak, sk = out.getvalue().split()
print(json.dumps({"ak": ak, "sk": sk, "project": project.key, "open": open_one.key, "shut": shut_one.key,
                  "token": make_token(user)}))
"""


@dataclass(frozen=True)
class Tenant:
    """Somebody's access key, and their gateways: one with the switch on, one with it off."""

    server: Server
    name: str
    ak: str
    sk: str
    token: str
    project: str
    open: str
    shut: str

    def client(self, *, sk: str = "", ak: str = "", project: str = "") -> ApigClient:
        """The vendor's, as its own examples build it."""
        credentials = BasicCredentials(ak or self.ak, sk or self.sk, project or self.project)
        return ApigClient.new_builder().with_credentials(credentials).with_endpoint(self.server.url).build()


def tenant(server: Server) -> Tenant:
    """A new one."""
    name = f"dora_{secrets.token_hex(4)}"
    given = {"name": name, "password": PASSWORD, "project": f"Project {secrets.token_hex(4)}"}
    made = server.shell(_MAKE % {each: json.dumps(value) for each, value in given.items()})
    return Tenant(server, name, **made)
