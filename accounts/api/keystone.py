"""Keystone v3, as far as OpenStack's clients need it: a token for a password, what it is worth, and one's projects."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import policies
from accounts.access.actor import Actor, Door
from accounts.api import keystone_forms as forms
from accounts.doors import authentication
from accounts.doors.apig import GatewayCallViewSet, base_url, query_params
from accounts.doors.base import DoorMixin
from accounts.models import AccessToken, User
from accounts.people import signin, tokens
from accounts.people.reach import Reach
from config.dialects.apig.keystone import Keystone
from config.dialects.parsing import StrictJSONParser
from config.kernel import names, registry
from config.kernel.errors import Code, DomainError, Invalid, NotVisible
from config.kernel.policies import Policy
from config.kernel.states import State, Verb

LIFETIME = timedelta(hours=24)
SUBJECT = "X-Subject-Token"
MOST = 500  # projects of one list: Keystone's clients know no pages
_POLICIES = {policy.name: policy for policy in policies.KEYSTONE}


class VersionView(DoorMixin, APIView):
    """`GET /v3`: open to everybody."""

    door, kind, verb = Door.APIG, "login", "GET"
    dialect = Keystone()
    schema: ClassVar[Any] = None  # Keystone's own pages describe it

    def perform_authentication(self, request: Any) -> None:
        """Nobody is asked for."""

    def get(self, request: Any) -> Response:
        return Response(forms.version(base_url(request)))


class TokensViewSet(GatewayCallViewSet):
    """`/v3/auth/tokens`: POST signs in; GET tells of a token of one's own, DELETE ends it."""

    kind = "login"
    dialect = Keystone()
    parser_classes: ClassVar[Any] = (StrictJSONParser,)
    schema: ClassVar[Any] = None
    verbs: ClassVar[Mapping[str, str]] = {"create": Verb.ADD, "retrieve": Verb.GET, "destroy": Verb.DEL}
    policies: ClassVar[Mapping[str, Policy]] = {
        Verb.ADD: policies.SIGN_IN,
        Verb.GET: _POLICIES["GetKeystoneToken"],
        Verb.DEL: _POLICIES["DelKeystoneToken"],
    }

    def enter(self, request: Any) -> None:
        """Who signs in is nobody yet: what they come with is in the body."""
        if self.action != "create":
            super().enter(request)
            return
        self.verb = Verb.ADD
        self.judge(self.verb, request)
        self.params = query_params(request)  # a secret there is refused unread (S15)
        self.count_call()

    def create(self, request: Any) -> Response:
        """Raises SIGNIN_FAILED, the same for whatever is wrong with who asks, and TOO_MANY_REQUESTS."""
        asked = forms.read_asked(request.data)
        user = signin.sign_in(asked.identifier, asked.password, by=self.actor, kind=asked.kind, code=asked.code)
        project = find_project(asked.scope, user, self.actor) if asked.scope is not None else None
        bound = project.key if project is not None else ""
        reach = Reach(ends_at=self.actor.now + LIFETIME, project=bound)
        methods = (tokens.PASSWORD, tokens.TOTP) if asked.code else (tokens.PASSWORD,)
        row, text = tokens.begin(user, reach, nobody=self.actor, name="keystone", methods=methods)
        return Response(self._told(request, row, project), 201, headers={SUBJECT: text})

    def retrieve(self, request: Any) -> Response:
        row = self._subject(request)
        self.actor.check_scope(Verb.GET)
        if row != self.actor.token:
            self.actor.check_unbound()
        owner = replace(self.actor, token=row)
        scope = forms.Scope("id", row.project) if row.project else None
        project = find_project(scope, row.user, owner) if scope is not None else None
        return Response(self._told(request, row, project))

    def destroy(self, request: Any) -> Response:
        tokens.end(self._subject(request), by=self.actor)
        return Response(status=204)

    def _told(self, request: Any, row: AccessToken, project: Any) -> dict[str, Any]:
        return forms.token(row, project, base_url(request), has_catalog="nocatalog" not in self.params)

    def _subject(self, request: Any) -> AccessToken:
        """The token that the call is about, which is the caller's. Raises REQUIRED, NotVisible for any other."""
        text = request.headers.get(SUBJECT, "").strip()
        if not text:
            raise Invalid(Code.REQUIRED, field=SUBJECT)
        row = tokens.find_token(text, self.actor.now)
        try:
            if row is None or row.user != self.actor.user:
                raise NotVisible(kind="accesstoken")
            authentication.check_alive(row, request)
        except DomainError:
            raise NotVisible(kind="accesstoken") from None
        return row


class ProjectsViewSet(GatewayCallViewSet):
    """`/v3/projects` and `/v3/auth/projects`: the caller's."""

    kind = "project"
    dialect = Keystone()
    schema: ClassVar[Any] = None
    verbs: ClassVar[Mapping[str, str]] = {"list": Verb.QRI}
    policies: ClassVar[Mapping[str, Policy]] = {Verb.QRI: _POLICIES["QriKeystoneProject"]}

    def list(self, request: Any) -> Response:
        self.actor.check_scope(Verb.QRI)
        rows = _projects().listed(self.actor).with_chain().exclude(state=State.DELETED)
        if "name" in self.params:
            rows = _called(rows, self.params["name"])
        if self.params.get("domain_id", forms.DOMAIN["id"]) != forms.DOMAIN["id"]:
            rows = rows.none()
        base = base_url(request)
        shown = [forms.project(row, base, self.actor.now) for row in rows.order_by("pk")[: MOST + 1]]
        links = {"self": f"{base}{request.path}", "next": None, "previous": None}
        body: dict[str, Any] = {"projects": shown[:MOST], "links": links}
        return Response(body | {"truncated": True} if len(shown) > MOST else body)


def find_project(scope: forms.Scope, user: User, by: Actor) -> Any:
    """The project that a token is for. Raises SIGNIN_FAILED for one that the user does not see, or more than one."""
    asking = replace(by, user=user, is_anonymous=False)
    rows = _projects().visible_to(asking).exclude(state=State.DELETED)
    if scope.kind == "id":
        key = rows.model.read_id(scope.value)
        found = list(rows.filter(key=key)) if key else []
    else:
        found = list(_called(rows, scope.value)[:2])
    if len(found) != 1:
        raise DomainError(Code.SIGNIN_FAILED)
    return found[0]


def _projects() -> Any:
    """They stand on a higher floor."""
    return registry.kind("project").model._default_manager


def _called(rows: Any, name: str) -> Any:
    return rows.filter(name_key=names.name_key(name)) if name and "\0" not in name else rows.none()
