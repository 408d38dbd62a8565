"""Companies: `organizations` of the native API. One's own for its people; every one for who may browse."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import policies
from accounts.access import walks
from accounts.api import schema
from accounts.api.governed import Closing, read_closing
from accounts.doors.native import NativeViewSet, address
from accounts.machine.rotation import LONGEST_GRACE, ROTATE
from accounts.models import Organization
from accounts.people import companies
from config.dialects.fields import Label, Whole
from config.dialects.native import openapi
from config.dialects.native.fields import Flag, NativeSerializer
from config.dialects.native.query import LIST, read_fields, read_params, read_query
from config.kernel.policies import Policy
from config.kernel.states import Verb

ORDERINGS = ("-created_at", "created_at")
FIELDS = (
    "id", "name", "comp_id", "state", "has_api", "project_limit", "grace_seconds", "has_secret", "created_at",
    "updated_at", "version", "url",
)  # fmt: skip


class OrganizationChanges(NativeSerializer):
    """`has_api` and `project_limit` are a god's to change."""

    name = Label(required=False)
    grace_seconds = Whole(0, int(LONGEST_GRACE.total_seconds()), required=False)
    has_api = Flag(required=False)
    project_limit = Whole(0, companies.MOST_PROJECTS, required=False)


class OrganizationViewSet(NativeViewSet):
    """Companies."""

    kind = "organization"
    secret = "comp_secret"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.ORGANIZATIONS}
    verbs: ClassVar[Mapping[str, str]] = {
        "list": Verb.QRI,
        "retrieve": Verb.GET,
        "partial_update": Verb.SET,
        "rotate": ROTATE,
        "disable": Verb.DIS,
        "enable": Verb.ENB,
    }

    @openapi.describe_list("organizations_list", "My company; every one for who may browse", schema.COMPANY, ORDERINGS)
    def list(self, request: Any) -> Response:
        rows = companies.visible(by=self.actor)
        query = read_query(read_params(request, LIST), orderings=ORDERINGS, fields=FIELDS)
        page = walks.keyset(rows, is_descending=query.ordering.startswith("-")).page(self.ask(query))
        return self.listed(request, page, [self._shape(company, query.fields) for company in page.rows])

    @openapi.describe_detail("organizations_get", "One company", schema.COMPANY)
    def retrieve(self, request: Any, id: str) -> Response:
        company = companies.find_visible(id, by=self.actor)
        return self._answer(request, company, fields=read_fields(read_params(request, ("fields",)), FIELDS))

    @openapi.describe_write(
        "organizations_update", "Change a company", OrganizationChanges, {200: schema.COMPANY}, is_post=False
    )
    def partial_update(self, request: Any, id: str) -> Response:
        company = companies.update(id, by=self.actor, read=lambda: OrganizationChanges(data=request.data).read())
        return self._answer(request, company)

    @openapi.describe_write("organizations_rotate", "Make a new CompSecret", None, {200: schema.NEW_COMP_SECRET})
    @action(detail=True, methods=["post"])
    def rotate(self, request: Any, id: str) -> Response:
        read = lambda: NativeSerializer(data=request.data).read()  # noqa: E731
        company, secret = companies.rotate(id, by=self.actor, read=read)
        return Response({"id": company.key, "comp_id": company.comp_id, "comp_secret": secret})

    @openapi.describe_write("organizations_disable", "Close a company: for god", Closing, {200: schema.COMPANY})
    @action(detail=True, methods=["post"])
    def disable(self, request: Any, id: str) -> Response:
        read = lambda: read_closing(request, self.actor.now)  # noqa: E731
        return self._answer(request, companies.switch(id, Verb.DIS, by=self.actor, read=read).thing)

    @openapi.describe_write("organizations_enable", "Open a company again: for god", None, {200: schema.COMPANY})
    @action(detail=True, methods=["post"])
    def enable(self, request: Any, id: str) -> Response:
        read = lambda: NativeSerializer(data=request.data).read()  # noqa: E731
        return self._answer(request, companies.switch(id, Verb.ENB, by=self.actor, read=read).thing)

    def judge_again(self, request: Any, id: str) -> None:
        if self.verb == ROTATE:
            companies.check_may_rotate(id, by=self.actor)
        else:
            companies.check_may_switch(id, Verb(self.verb), by=self.actor)

    def _answer(self, request: Any, company: Organization, *, fields: tuple[str, ...] = FIELDS) -> Response:
        state = company.state_at(self.actor.now)
        return self.shown(request, company.version, state, state, lambda: self._shape(company, fields))

    def _shape(self, company: Organization, fields: tuple[str, ...]) -> dict[str, Any]:
        shown = {
            "id": company.key,
            "name": company.name,
            "comp_id": company.comp_id,
            "state": company.state_at(self.actor.now).name.lower(),
            "has_api": company.has_api,
            "project_limit": company.project_limit,
            "grace_seconds": company.grace_seconds,
            "has_secret": bool(company.secret_hash),
            "created_at": company.created_at,
            "updated_at": company.updated_at,
            "version": company.version,
            "url": address(f"organizations/{company.key}"),
        }
        return {name: shown[name] for name in fields}
