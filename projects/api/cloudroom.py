"""The five endpoints of a company's projects (000, and its sibling pages [vendor]). Each: read, one call, answer."""

from collections.abc import Mapping
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from rest_framework.response import Response

from accounts.audit.journal import About
from accounts.doors.cloudroom import CompanyViewSet
from accounts.machine import executor
from config.dialects.cloudroom import fields
from config.kernel.policies import Policy
from config.kernel.states import State, Verb
from projects import services
from projects.lifecycle import PROJECT
from projects.models import Project
from projects.policies import POLICIES

HIDDEN = "******"


class ProjectViewSet(CompanyViewSet):
    """Project accounts."""

    kind = PROJECT.kind
    verbs: ClassVar[dict[str, str]] = {
        "update_secret": "ROTATE",
        "add": Verb.ADD,
        "query_list": Verb.QRI,
        "change": Verb.SET,
        "remove": Verb.DOL,
    }
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in POLICIES}

    def check_types(self) -> None:
        if self.action in {"update_secret", "change", "remove"}:
            fields.optional_text(self.params, "OperateAppId", takes_numbers=True)
        if self.action == "add":
            fields.optional_text(self.params, "ProjectName")
        if self.action in {"add", "change"}:
            fields.switch(self.params, "AuthType")
        if self.action == "change":
            fields.switch(self.params, "Status")

    def update_secret(self, request: Any) -> Response:
        rotated = services.rotate_secret(self._operated(), by=self.actor)
        return Response({"AppSecret": rotated.value})

    def add(self, request: Any) -> Response:
        project, secret = services.create_project(self.company, by=self.actor, read=self._read_new)
        return Response({"AppId": project.key, "AppSecret": secret})

    def query_list(self, request: Any) -> Response:
        executor.permit(PROJECT, None, Verb.QRI, by=self.actor)
        rows = [self._shown(project) for project in Project.objects.of_company(self.company)]
        return Response({"ProjectCount": len(rows), "ProjectList": rows})

    def change(self, request: Any) -> Response:
        services.update_project(self._operated(), by=self.actor, read=self._read_changes)
        return Response(None)

    def remove(self, request: Any) -> Response:
        services.delete_project(self._operated(), by=self.actor)
        return Response(None)

    def named(self, request: Any) -> About:
        given = getattr(self, "params", {}).get("OperateAppId")
        return About(self.kind, str(given) if isinstance(given, str | int) else "")

    def _operated(self) -> str:
        return fields.text(self.params, "OperateAppId", takes_numbers=True)

    def _read_new(self) -> dict[str, Any]:
        return {
            "name": fields.project_name(self.params, "ProjectName"),
            "auth_type": fields.switch(self.params, "AuthType") or Project.AuthType.SECRET,
        }

    def _read_changes(self) -> dict[str, Any]:
        auth_type, status = fields.switch(self.params, "AuthType"), fields.switch(self.params, "Status")
        given: dict[str, Any] = {}
        if auth_type is not None:
            given["auth_type"] = auth_type
        if status is not None:
            self.judge(Verb.PUB if status else Verb.OFF, self.request)
            given["is_open"] = status == 1
        return given

    def _shown(self, project: Project) -> dict[str, Any]:
        created = project.created_at.astimezone(ZoneInfo(settings.TIME_ZONE))
        return {
            "ProjectName": project.name,
            "AppId": project.key,
            "AppSecret": HIDDEN,
            "Status": int(project.state_at(self.actor.now) is State.ENABLED),
            "AuthType": project.auth_type,
            "CreateTime": created.strftime("%Y-%m-%d %H:%M:%S"),
        }
