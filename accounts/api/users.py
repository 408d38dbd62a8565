"""People as administrators handle them: `users` of the native API, for zoon and god."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import policies
from accounts.access import walks
from accounts.api import schema
from accounts.api.governed import Closing, read_closing
from accounts.doors.native import NativeViewSet, address
from accounts.models import User
from accounts.models.thing import in_states
from accounts.people import stewardship
from config.dialects.native import filters, openapi
from config.dialects.native.fields import Choice, NativeSerializer
from config.dialects.native.filters import StrictFilter, StrictFilterSet
from config.dialects.native.query import LIST, read_fields, read_params, read_query
from config.kernel.errors import Code, Invalid
from config.kernel.policies import Policy
from config.kernel.roles import Role
from config.kernel.states import State, Verb, settled

ORDERINGS = ("-created_at", "created_at")
FIELDS = tuple(schema.USER.fields)
_ROLES = [str(role) for role in Role]
_NAMED = f"({'|'.join(_ROLES)})"


def read_roles(value: str, *, field: str) -> list[str]:
    """A comma list of roles. Raises Invalid."""
    wanted = value.split(",")
    if not set(wanted) <= set(_ROLES):
        raise Invalid(Code.BAD_CHOICE, field=field, allowed=", ".join(_ROLES))
    return wanted


class UserFilters(StrictFilterSet):
    """Role, state, company and age; and whom one means."""

    role = StrictFilter(
        read_roles,
        "comma list of roles",
        {"type": "string", "pattern": f"^{_NAMED}(,{_NAMED})*$"},
        field_name="role",
        lookup_expr="in",
    )
    state = StrictFilter(filters.read_states, "comma list of states", filters.STATES, method="in_states")
    corp = filters.text("the id of a company", field_name="corp__key")
    created_at__gte = filters.moment("created_at", "gte")
    created_at__lt = filters.moment("created_at", "lt")
    search = StrictFilter(
        filters.read_match, "the id, the beginning of the name, or the whole e-mail", method="searched"
    )

    def in_states(self, users: Any, name: str, value: list[State]) -> Any:
        return users.filter(in_states(value, self.context["now"]))

    def searched(self, users: Any, name: str, value: str) -> Any:
        return users.filter(stewardship.called(self.data["search"]))


class RoleInput(NativeSerializer):
    """Their role from now on."""

    role = Choice(*_ROLES)


class UserViewSet(NativeViewSet):
    """People."""

    kind = "user"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.USERS}
    verbs: ClassVar[Mapping[str, str]] = {
        "list": Verb.QRI,
        "retrieve": Verb.GET,
        "disable": Verb.DIS,
        "enable": Verb.ENB,
        "role": stewardship.SET_ROLE,
    }

    @openapi.describe_list("users_list", "Everybody: for zoon and god", schema.USER, ORDERINGS, filters=UserFilters)
    def list(self, request: Any) -> Response:
        rows = stewardship.listed(by=self.actor)
        query = read_query(read_params(request, (*LIST, *UserFilters.parameters())), orderings=ORDERINGS, fields=FIELDS)
        found = UserFilters.narrow(rows, query.filters, now=self.actor.now)
        page = walks.keyset(found, is_descending=query.ordering.startswith("-")).page(self.ask(query))
        return self.listed(request, page, [self._shape(user, query.fields) for user in page.rows])

    @openapi.describe_detail("users_get", "One person: for zoon and god", schema.USER)
    def retrieve(self, request: Any, id: str) -> Response:
        user = stewardship.find(id, by=self.actor)
        return self._answer(request, user, fields=read_fields(read_params(request, ("fields",)), FIELDS))

    @openapi.describe_write(
        "users_disable", "Close somebody's account: their sign-ins end", Closing, {200: schema.USER}
    )
    @action(detail=True, methods=["post"])
    def disable(self, request: Any, id: str) -> Response:
        done = stewardship.switch(id, Verb.DIS, by=self.actor, read=lambda: read_closing(request, self.actor.now))
        return self._answer(request, done.thing)

    @openapi.describe_write("users_enable", "Open somebody's account again", None, {200: schema.USER})
    @action(detail=True, methods=["post"])
    def enable(self, request: Any, id: str) -> Response:
        read = lambda: NativeSerializer(data=request.data).read()  # noqa: E731
        return self._answer(request, stewardship.switch(id, Verb.ENB, by=self.actor, read=read).thing)

    @openapi.describe_write(
        "users_set_role", "Give somebody a role; their credentials end: for god", RoleInput, {200: schema.USER}
    )
    @action(detail=True, methods=["post"])
    def role(self, request: Any, id: str) -> Response:
        read = lambda: RoleInput(data=request.data).read()  # noqa: E731
        return self._answer(request, stewardship.set_role(id, by=self.actor, read=read).thing)

    def judge_again(self, request: Any, id: str) -> None:
        stewardship.check_may(id, self.verb, by=self.actor)

    def _answer(self, request: Any, user: User, *, fields: tuple[str, ...] = FIELDS) -> Response:
        state = user.state_at(self.actor.now)
        # Their company's name is shown, which has a version of its own.
        return self.shown(request, user.version, state, state, lambda: self._shape(user, fields), is_whole=False)

    def _shape(self, user: User, fields: tuple[str, ...]) -> dict[str, Any]:
        facts = settled(user.facts, self.actor.now)
        shown = {
            "id": user.key,
            "name": user.name,
            "email": user.email,
            "role": user.role,
            "state": facts.state.name.lower(),
            "reason": facts.reason,
            "expires_at": facts.expires_at,
            "corp": {"id": user.corp.key, "name": user.corp.name},
            "is_corp_admin": user.is_corp_admin,
            "created_at": user.created_at,
            "updated_at": user.updated_at,
            "version": user.version,
            "url": address(f"users/{user.key}"),
        }
        return {name: shown[name] for name in fields}
