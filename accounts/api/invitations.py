"""Invitations in the native API: below the company that makes them, and under `invitations` for whom they are to."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import policies
from accounts.access import walks
from accounts.api import schema
from accounts.audit.journal import About
from accounts.doors.native import NativeViewSet, address
from accounts.lifecycle import ORGANIZATION
from accounts.models import Invitation
from accounts.people import invitations
from accounts.people.membership import UNINVITE
from config.dialects.fields import Line
from config.dialects.native import openapi
from config.dialects.native.fields import Flag, NativeSerializer
from config.dialects.native.query import LIST, read_fields, read_params, read_query
from config.kernel.policies import Policy
from config.kernel.states import State, Verb

ORDERINGS = ("-created_at", "created_at")
FIELDS = tuple(schema.INVITATION.fields)


class InvitationInput(NativeSerializer):
    """Whom the company asks, and whether as an admin."""

    email = Line(254, pattern="^.+@.+$")
    is_admin = Flag(required=False)


class _InvitationViewSet(NativeViewSet):
    """Abstract: what both have. `home` is where an invitation stands."""

    kind = invitations.KIND
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.INVITATIONS}

    def page_of(self, request: Any, rows: Any) -> Response:
        query = read_query(read_params(request, LIST), orderings=ORDERINGS, fields=FIELDS)
        page = walks.keyset(rows, is_descending=query.ordering.startswith("-")).page(self.ask(query))
        return self.listed(request, page, [self._shape(each, query.fields) for each in page.rows])

    def one(self, request: Any, found: Invitation) -> Response:
        return self.answer(request, found, fields=read_fields(read_params(request, ("fields",)), FIELDS))

    def answer(
        self, request: Any, found: Invitation, *, made_at: str = "", fields: tuple[str, ...] = FIELDS
    ) -> Response:
        # It has no states of its own: it is there, or it is not. The company's name has a version of its own.
        body = lambda: self._shape(found, fields)  # noqa: E731
        state = State.ENABLED
        return self.shown(request, found.version, state, state, body, made_at=made_at, is_whole=False)

    def home(self, found: Invitation) -> str:
        raise NotImplementedError

    def _shape(self, found: Invitation, fields: tuple[str, ...]) -> dict[str, Any]:
        shown = {
            "id": found.key,
            "organization": {"id": found.company.key, "name": found.company.name},
            "email": found.invited,
            "is_admin": found.is_admin,
            "status": "pending",
            "invited_by": found.invited_by.key if found.invited_by is not None else None,
            "created_at": found.created_at,
            "version": found.version,
            "url": address(self.home(found)),
        }
        return {name: shown[name] for name in fields}


class CompanyInvitationViewSet(_InvitationViewSet):
    """A company's open invitations."""

    lookup_url_kwarg = "invitation"
    verbs: ClassVar[Mapping[str, str]] = {
        "list": Verb.QRI,
        "create": invitations.INVITE,
        "retrieve": Verb.GET,
        "destroy": UNINVITE,
    }

    @openapi.describe_list(
        "organizations_list_invitations",
        "A company's open invitations",
        schema.INVITATION,
        ORDERINGS,
        query=[schema.OF_COMPANY],
    )
    def list(self, request: Any, id: str) -> Response:
        return self.page_of(request, invitations.of_company(id, by=self.actor))

    @openapi.describe_detail(
        "organizations_get_invitation",
        "One of a company's open invitations",
        schema.INVITATION,
        is_whole=False,
        more=[schema.INVITATION_ID],
    )
    def retrieve(self, request: Any, id: str, invitation: str) -> Response:
        return self.one(request, invitations.find_of_company(id, invitation, by=self.actor))

    @openapi.describe_write(
        "organizations_invite", "Ask somebody into the company", InvitationInput, {201: schema.INVITATION}
    )
    def create(self, request: Any, id: str) -> Response:
        read = lambda: InvitationInput(data=request.data).read()  # noqa: E731
        made = invitations.invite(id, by=self.actor, read=read)
        return self.answer(request, made, made_at=self.home(made))

    @openapi.describe_write(
        "organizations_uninvite",
        "Take an invitation back",
        None,
        {204: None},
        is_post=False,
        more=[schema.INVITATION_ID],
    )
    def destroy(self, request: Any, id: str, invitation: str) -> Response:
        invitations.take_back(id, invitation, by=self.actor)
        return Response(status=204)

    def named(self, request: Any) -> About:
        """What is refused about an invitation is told where the company's history is read."""
        return About(ORGANIZATION.kind, self.kwargs.get("id", ""))

    def judge_again(self, request: Any, id: str) -> None:
        invitations.check_may_invite(id, by=self.actor)

    def home(self, found: Invitation) -> str:
        return f"organizations/{found.company.key}/invitations/{found.key}"


class InvitationViewSet(_InvitationViewSet):
    """Those that are to the caller's e-mail address."""

    verbs: ClassVar[Mapping[str, str]] = {
        "list": Verb.QRI,
        "retrieve": Verb.GET,
        "accept": invitations.JOIN,
        "decline": "DECLINE",
    }

    @openapi.describe_list("invitations_list", "Companies that ask for me", schema.MY_INVITATION, ORDERINGS)
    def list(self, request: Any) -> Response:
        return self.page_of(request, invitations.mine(by=self.actor))

    @openapi.describe_detail("invitations_get", "One invitation to me", schema.MY_INVITATION, is_whole=False)
    def retrieve(self, request: Any, id: str) -> Response:
        return self.one(request, invitations.find_mine(id, by=self.actor))

    @openapi.describe_write("invitations_accept", "Go to that company", None, {200: schema.MEMBERSHIP})
    @action(detail=True, methods=["post"])
    def accept(self, request: Any, id: str) -> Response:
        read = lambda: NativeSerializer(data=request.data).read()  # noqa: E731
        user = invitations.accept(id, by=self.actor, read=read)
        company = user.corp
        state = company.state_at(self.actor.now)
        body = {"id": company.key, "name": company.name, "is_admin": user.is_corp_admin}
        return self.shown(request, company.version, state, state, lambda: body)

    @openapi.describe_write("invitations_decline", "Turn an invitation down", None, {204: None})
    @action(detail=True, methods=["post"])
    def decline(self, request: Any, id: str) -> Response:
        invitations.decline(id, by=self.actor, read=lambda: NativeSerializer(data=request.data).read())
        return Response(status=204)

    def judge_again(self, request: Any, id: str) -> None:
        """It is gone by now: what is left to ask is whether the caller's credential is still enough."""
        self.actor.check_scope(invitations.JOIN)
        self.actor.check_unbound()

    def home(self, found: Invitation) -> str:
        return f"invitations/{found.key}"
