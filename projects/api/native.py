"""Projects as resources (native API): what they have beside what every governed kind has."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.api import belonging
from accounts.api.belonging import BelongingViewSet
from accounts.api.governed import described
from accounts.api.secrets import SecretsMixin, described_secrets
from accounts.machine import executor
from accounts.machine.rotation import Rotated
from config.dialects.fields import Line, Text
from config.dialects.native import openapi
from config.dialects.native.fields import Choice, NativeSerializer, Reference
from config.kernel import ids, names
from config.kernel.policies import Policy
from projects import moving, services
from projects.api import native_schema as schema
from projects.api.filters import ProjectFilters
from projects.lifecycle import PROJECT
from projects.models import Project
from projects.policies import POLICIES


class _ProjectBody(NativeSerializer):
    def read(self) -> dict[str, Any]:
        given = super().read()
        if "auth_type" in given:
            given["auth_type"] = Project.AuthType[given["auth_type"].upper()]
        return given


class ProjectInput(_ProjectBody):
    """A new project of one's company; in a city, if one is named."""

    name = Text(names.clean_project_name)
    auth_type = Choice("secret", "token", required=False)
    city = Line(8, pattern=f"^{ids.KEY}$", required=False)


class ProjectChanges(_ProjectBody):
    """What is to be different."""

    name = Text(names.clean_project_name, required=False)
    auth_type = Choice("secret", "token", required=False)


class Move(NativeSerializer):
    """The city in which it is to stand; null: in none."""

    city = Reference(f"^{ids.KEY}$")


@described(
    "projects",
    "project",
    schema.SHOWN,
    list=belonging.describe_list(
        "projects", "My company's projects, and those shared with me", schema.SHOWN, Project, ProjectFilters
    ),
    create=openapi.describe_write("projects_create", "Create a project", ProjectInput, {201: schema.NEW}, is_one=False),
    partial_update=openapi.describe_write(
        "projects_update", "Change a project", ProjectChanges, {200: schema.SHOWN}, is_post=False
    ),
    move=openapi.describe_write("projects_move", "Move a project into a city, or out of it", Move, {200: schema.SHOWN}),
    **described_secrets("projects"),
)
class ProjectViewSet(SecretsMixin, BelongingViewSet):
    """Projects."""

    kind, table, path = PROJECT.kind, PROJECT, "projects"
    model, filters, made = Project, ProjectFilters, "app_secret"
    fields = tuple(schema.SHOWN.fields)
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in POLICIES}
    verbs: ClassVar[Mapping[str, str]] = {**SecretsMixin.verbs, "move": moving.MOVE}

    def shape(self, thing: Project, fields: tuple[str, ...]) -> dict[str, Any]:
        shown = {
            "app_id": thing.key,
            "name": thing.name,
            "organization": {"id": thing.company.key, "name": thing.company.name, "comp_id": thing.company.comp_id},
            "city": {"id": thing.city.key, "name": thing.city.name} if thing.city is not None else None,
            "auth_type": Project.AuthType(thing.auth_type).name.lower(),
            "is_default": thing.is_default,
            **self.standing(thing),
        }
        return {name: shown[name] for name in fields}

    def create(self, request: Any) -> Response:
        assert self.actor.user is not None
        read = lambda: ProjectInput(data=request.data).read()  # noqa: E731
        project, secret = services.create_project(self.actor.user.corp, by=self.actor, read=read)
        return self.answer(request, project, made_at=f"projects/{project.key}", app_secret=secret)

    def partial_update(self, request: Any, id: str) -> Response:
        project = services.update_project(id, by=self.actor, read=lambda: ProjectChanges(data=request.data).read())
        return self.answer(request, project)

    @action(detail=True, methods=["post"])
    def move(self, request: Any, id: str) -> Response:
        project = moving.move_project(id, by=self.actor, read=lambda: Move(data=request.data).read())
        return self.answer(request, project)

    def judge_thing(self, thing: Project) -> None:
        if self.verb == moving.MOVE:
            moving.permit(thing, by=self.actor)
        else:
            super().judge_thing(thing)

    def rotate_one(self, id: str, read: executor.Reader) -> Rotated:
        return services.rotate_secret(id, by=self.actor, read=read, may_end_older=False)

    def end_one(self, id: str, number: int) -> None:
        services.end_secret(id, number, by=self.actor)

    def permit_rotation(self, thing: Project) -> None:
        services.permit_rotation(thing, by=self.actor)
