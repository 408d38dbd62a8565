"""The people of a company, below it in the native API: for each other to see, for its admins to change."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.response import Response

from accounts import policies
from accounts.access import walks
from accounts.api import schema
from accounts.audit.journal import About
from accounts.doors.native import NativeViewSet
from accounts.lifecycle import ORGANIZATION
from accounts.people import membership
from config.dialects.native import openapi
from config.dialects.native.fields import Flag, NativeSerializer
from config.dialects.native.query import LIST, read_params, read_query
from config.kernel.policies import Policy
from config.kernel.states import Verb

ORDERINGS = ("-created_at", "created_at")
FIELDS = tuple(schema.MEMBER.fields)


class MemberChanges(NativeSerializer):
    """Whether they administer the company."""

    is_admin = Flag(required=False)


class MemberViewSet(NativeViewSet):
    """A company's people. That they are its people is a part of the company: its version is what `If-Match` means."""

    kind, lookup_url_kwarg = "member", "member"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.MEMBERS}
    verbs: ClassVar[Mapping[str, str]] = {
        "list": Verb.QRI,
        "partial_update": Verb.SET,
        "destroy": membership.LEAVE,
    }

    @openapi.describe_list(
        "organizations_list_members", "A company's people", schema.MEMBER, ORDERINGS, query=[schema.OF_COMPANY]
    )
    def list(self, request: Any, id: str) -> Response:
        rows = membership.listed(id, by=self.actor)
        query = read_query(read_params(request, LIST), orderings=ORDERINGS, fields=FIELDS)
        page = walks.keyset(rows, is_descending=query.ordering.startswith("-")).page(self.ask(query))
        return self.listed(request, page, [self._shape(user, query.fields) for user in page.rows])

    @openapi.describe_write(
        "organizations_update_member",
        "Make somebody an admin of the company, or no longer",
        MemberChanges,
        {200: schema.MEMBER},
        is_post=False,
        more=[schema.MEMBER_ID],
    )
    def partial_update(self, request: Any, id: str, member: str) -> Response:
        read = lambda: MemberChanges(data=request.data).read()  # noqa: E731
        company, user = membership.set_admin(id, member, by=self.actor, read=read)
        state = company.state_at(self.actor.now)
        return self.shown(request, company.version, state, state, lambda: self._shape(user, FIELDS))

    @openapi.describe_write(
        "organizations_remove_member",
        "Remove somebody from the company, or leave it: they get one of their own",
        None,
        {204: None},
        is_post=False,
        more=[schema.MEMBER_ID],
    )
    def destroy(self, request: Any, id: str, member: str) -> Response:
        membership.remove(id, member, by=self.actor)
        return Response(status=204)

    def named(self, request: Any) -> About:
        """What is refused about its people is told where the company's history is read."""
        return About(ORGANIZATION.kind, self.kwargs.get("id", ""))

    def _shape(self, user: Any, fields: tuple[str, ...]) -> dict[str, Any]:
        shown = {
            "id": user.key,
            "name": user.name,
            "is_admin": user.is_corp_admin,
            "state": user.state_at(self.actor.now).name.lower(),
        }
        return {name: shown[name] for name in fields}
