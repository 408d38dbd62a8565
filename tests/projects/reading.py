"""What tests look up in the database about a company's projects: rows, secrets and the trail, which no answer shows."""

from typing import Any

from accounts.access.actor import Actor
from accounts.machine import executor
from accounts.models import AuditEvent, Organization
from config.kernel.states import Verb
from projects.lifecycle import PROJECT
from projects.models import Project, ProjectSecret
from tests.cast import Company


def organization(company: Company) -> Organization:
    return Organization.objects.get(comp_id=company.comp_id)


def change(company: Company, **columns: Any) -> None:
    """Columns of the company's row, as an administrator would set them."""
    Organization.objects.filter(comp_id=company.comp_id).update(**columns)


def default_id(company: Company) -> str:
    """The AppId of the default project."""
    return Project.objects.get(company__comp_id=company.comp_id, is_default=True).key


def add(company: Company, name: str = "Chat Room", **params: Any) -> str:
    """The AppId of a new project."""
    answer = company.call("project/add", ProjectName=name, **params)
    assert answer.said == ("0", "请求成功")
    return str(answer.data["AppId"])


def listed(company: Company) -> dict[str, dict[str, Any]]:
    """What project/query/list shows, by AppId."""
    data = company.call("project/query/list").data
    assert data["ProjectCount"] == len(data["ProjectList"])
    return {row["AppId"]: row for row in data["ProjectList"]}


def as_platform(key: str, verb: Verb, **given: Any) -> None:
    """A verb of an administrator's on a project."""
    executor.fire(PROJECT, Project.objects.all(), key, verb, by=Actor.system(), read=lambda: given)


def live_values(key: str) -> list[str]:
    """The values that would verify now, oldest first."""
    now = Actor.system().now
    rows = ProjectSecret.objects.filter(ProjectSecret.live_at(now), holder__key=key).order_by("number")
    return [row.reveal() for row in rows]


def done(company: Company) -> list[AuditEvent]:
    """What the trail says that the company has done, oldest first."""
    return list(AuditEvent.objects.filter(actor=f"corp:{company.comp_id}", outcome="ok").order_by("id"))
