"""Projects as resources (native API): what they have beside what every governed kind has."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import walks
from accounts.access.visibility import find_thing
from accounts.api.governed import VERBS, GovernedViewSet, described
from accounts.doors.native import address, sees_all
from accounts.machine import executor, rotation
from config.dialects.fields import Line, Text, Whole
from config.dialects.native import openapi
from config.dialects.native.fields import Choice, Moment, NativeSerializer
from config.dialects.native.query import LIST, read_params, read_query
from config.kernel import ids, names, registry
from config.kernel.policies import Policy
from config.kernel.states import State, Verb, check_future, settled
from projects import services
from projects.api import native_schema as schema
from projects.api.filters import FINDS_THE_BIN, ProjectFilters
from projects.lifecycle import PROJECT
from projects.models import Project
from projects.policies import POLICIES

ORDERINGS = ("-created_at", "created_at", "name", "-name")
_COLUMNS = {"created_at": "pk", "name": "name_key"}
_LONGEST_GRACE = int(rotation.LONGEST_GRACE.total_seconds())


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


class Rotation(NativeSerializer):
    """For how long the secret of now stays good; without it the company's own grace."""

    grace_seconds = Whole(0, _LONGEST_GRACE, required=False)
    expires_at = Moment(required=False)


@described(
    "projects",
    "project",
    schema.SHOWN,
    list=openapi.describe_list(
        "projects_list", "My company's projects, and those shared with me", schema.SHOWN, ORDERINGS,
        filters=ProjectFilters, query=schema.SCOPES,
    ),
    create=openapi.describe_write("projects_create", "Create a project", ProjectInput, {201: schema.NEW}, is_one=False),
    partial_update=openapi.describe_write(
        "projects_update", "Change a project", ProjectChanges, {200: schema.SHOWN}, is_post=False
    ),
    rotate=openapi.describe_write("projects_rotate", "Make a new secret", Rotation, {200: schema.ROTATED}),
    secrets=openapi.describe_detail(
        "projects_secrets", "Its secrets, no values", schema.SECRETS, has_fields=False, is_whole=False
    ),
    end_secret=openapi.describe_write(
        "projects_end_secret", "End a secret now", None, {204: None}, is_post=False, more=[schema.NUMBER]
    ),
)  # fmt: skip
class ProjectViewSet(GovernedViewSet):
    """Projects."""

    kind, table, path = PROJECT.kind, PROJECT, "projects"
    fields = tuple(schema.SHOWN.fields)
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in POLICIES}
    verbs: ClassVar[Mapping[str, str]] = {
        **VERBS,
        "rotate": rotation.ROTATE,
        "secrets": Verb.GET,
        "end_secret": rotation.ROTATE,
    }

    @property
    def secret(self) -> str:  # type: ignore[override]
        """The member that is shown once."""
        return "secret" if self.action == "rotate" else "app_secret"

    def rows(self) -> Any:
        return Project.objects.with_chain()

    def effective(self, thing: Project) -> State:
        return thing.effective_at(self.actor.now)

    def shape(self, thing: Project, fields: tuple[str, ...]) -> dict[str, Any]:
        facts = settled(thing.facts, self.actor.now)
        shown = {
            "app_id": thing.key,
            "name": thing.name,
            "organization": {"id": thing.company.key, "name": thing.company.name, "comp_id": thing.company.comp_id},
            "city": {"id": thing.city.key, "name": thing.city.name} if thing.city is not None else None,
            "auth_type": Project.AuthType(thing.auth_type).name.lower(),
            "is_default": thing.is_default,
            "state": facts.state.name.lower(),
            "effective_state": self.effective(thing).name.lower(),
            "reason": facts.reason,
            "expires_at": facts.expires_at,
            "created_at": thing.created_at,
            "updated_at": thing.updated_at,
            "version": thing.version,
            "url": address(f"projects/{thing.key}"),
        }
        return {name: shown[name] for name in fields}

    def list(self, request: Any) -> Response:
        executor.permit(PROJECT, None, Verb.QRI, by=self.actor)
        params = read_params(request, (*LIST, "scope", "city", *ProjectFilters.parameters()))
        query = read_query(params, orderings=ORDERINGS, fields=self.fields)
        found = self._narrowed(dict(query.filters))
        column, is_descending = _COLUMNS[query.ordering.lstrip("-")], query.ordering.startswith("-")
        page = walks.keyset(found.with_chain(), column, is_descending=is_descending).page(self.ask(query))
        return self.listed(request, page, [self.shape(project, query.fields) for project in page.rows])

    def create(self, request: Any) -> Response:
        assert self.actor.user is not None
        read = lambda: ProjectInput(data=request.data).read()  # noqa: E731
        project, secret = services.create_project(self.actor.user.corp, by=self.actor, read=read)
        return self.answer(request, project, made_at=f"projects/{project.key}", app_secret=secret)

    def partial_update(self, request: Any, id: str) -> Response:
        project = services.update_project(id, by=self.actor, read=lambda: ProjectChanges(data=request.data).read())
        return self.answer(request, project)

    @action(detail=True, methods=["post"])
    def rotate(self, request: Any, id: str) -> Response:
        done = services.rotate_secret(id, by=self.actor, read=lambda: self._read_rotation(request), may_end_older=False)
        previous = done.previous
        ended = {"n": previous.number, "ends_at": previous.ended_at or previous.good_until} if previous else None
        made = {"n": done.secret.number, "expires_at": done.secret.expires_at}
        return Response({"secret": {**made, "value": done.value}, "previous": ended})

    @action(detail=True, methods=["get"])
    def secrets(self, request: Any, id: str) -> Response:
        project = find_thing(registry.kind(self.kind), id, by=self.actor, rows=self.rows())
        executor.permit(PROJECT, project, Verb.GET, by=self.actor)
        read_params(request, ())
        rows = project.secrets.order_by("-number")[:50]
        body = lambda: {"results": [_secret(row, self.actor.now) for row in rows]}  # noqa: E731
        state, effective = project.state_at(self.actor.now), self.effective(project)
        # Time ends a secret, and use touches it: neither bumps the version.
        return self.shown(request, project.version, state, effective, body, is_whole=False)

    @action(detail=True, methods=["delete"], url_path="secrets/(?P<number>[^/]+)")
    def end_secret(self, request: Any, id: str, number: str) -> Response:
        services.end_secret(
            id, int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0, by=self.actor
        )
        return Response(status=204)

    def judge_thing(self, thing: Project) -> None:
        if self.verb != rotation.ROTATE:
            super().judge_thing(thing)
            return
        services.permit_rotation(thing, by=self.actor)

    def _read_rotation(self, request: Any) -> dict[str, Any]:
        given = Rotation(data=request.data).read()
        check_future(given.get("expires_at"), self.actor.now, field="expires_at")
        return given

    def _narrowed(self, given: dict[str, str]) -> Any:
        is_all = sees_all(given.pop("scope", None), by=self.actor, kind=self.kind)
        found: Any = self._scoped(given.pop("city", None), is_all=is_all)
        if not FINDS_THE_BIN & given.keys():
            found = found.exclude(state=State.DELETED)
        return ProjectFilters.narrow(found, given, now=self.actor.now)

    def _scoped(self, city: str | None, *, is_all: bool) -> Any:
        if city is not None:  # what stands below it, as far as one sees it
            above = find_thing(registry.kind("city"), city, by=self.actor)
            return Project.objects.visible_to(self.actor).filter(city=above)
        return Project.objects.reached_by(self.actor) if is_all else Project.objects.listed(self.actor)


def _secret(row: Any, now: Any) -> dict[str, Any]:
    return {
        "n": row.number,
        "secret_hint": row.hint,
        "is_live": row.is_live(now),
        "created_at": row.created_at,
        "expires_at": row.good_until,
        "ended_at": row.ended_at,
        "last_used_at": row.last_used_at,
        "last_used_ip": row.last_used_ip,
    }
