"""Companies on the real server: made by its shell, called over sockets, and what its database says afterwards."""

import hashlib
from dataclasses import dataclass
from typing import Any

from tests.server import Line, Person, Reply, Server

NOBODY = Person("", "")  # a company has no token
_FOUND = """
import json
from tests.factories import found_company
company, secret = found_company("Acme")
company.project_limit, company.grace_seconds = %d, %d
company.save()
print(json.dumps([company.comp_id, secret, company.projects.get().key]))
"""
_SECRETS = """
import json
from accounts.access.actor import Actor
from accounts.models import AuditEvent
from projects.models import Project, ProjectSecret
project = Project.objects.get(key=%r)
rows = project.secrets.order_by("number")
live = rows.filter(ProjectSecret.live_at(Actor.system().now))
events = AuditEvent.objects.filter(thing=project.key, verb="ROTATE", outcome="ok").order_by("id")
print(json.dumps({
    "live": [[row.number, row.reveal()] for row in live],
    "kept": [row.number for row in rows if row.sealed],
    "numbers": [row.number for row in rows],
    "events": [[event.after["secret"], event.request_id] for event in events],
}))
"""


@dataclass(frozen=True)
class Account:
    """A company in the server's database, and its default project."""

    comp_id: int
    secret: str
    default_id: str

    @property
    def secret_key(self) -> str:
        return hashlib.md5(f"{self.comp_id}&{self.secret}".encode()).hexdigest()

    def call(self, line: Line, path: str, **params: Any) -> Reply:
        common = {"RequestId": "r-1", "CompID": self.comp_id, "SecretKey": self.secret_key}
        return line.call("POST", f"/CLOUDROOM-API/{path}", common | params)


def found(server: Server, project_limit: int = 10, grace_seconds: int = 0) -> Account:
    return Account(*server.shell(_FOUND % (project_limit, grace_seconds)))


def secrets_of(server: Server, key: str) -> dict[str, Any]:
    """The secrets of a project, and the events of its rotations, in their order."""
    told: dict[str, Any] = server.shell(_SECRETS % key)
    return told
