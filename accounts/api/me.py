"""Oneself: `me` of the native API."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.response import Response

from accounts import policies
from accounts.access.visibility import governed_kinds
from accounts.api import schema
from accounts.doors.native import NativeViewSet
from accounts.models import User
from accounts.people import profile
from config.dialects.fields import Line, Text
from config.dialects.native import openapi
from config.dialects.native.fields import NativeSerializer
from config.dialects.native.query import read_params
from config.kernel import registry, roles, scopes
from config.kernel.policies import Policy
from config.kernel.states import Verb


class MeChanges(NativeSerializer):
    """What one may change of oneself; "" as language or time zone is the platform's."""

    name = Text(profile.clean_name, required=False)
    avatar = Line(40, required=False)
    language = Text(profile.clean_language, required=False)
    time_zone = Text(profile.clean_time_zone, required=False)


class MeViewSet(NativeViewSet):
    """The caller."""

    kind = "user"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.ME}
    verbs: ClassVar[Mapping[str, str]] = {"retrieve": Verb.GET, "partial_update": Verb.SET}

    @openapi.describe_detail(
        "me_get", "Who I am, what I may do, my limits", schema.ME, has_fields=False, is_one=False, is_whole=False
    )
    def retrieve(self, request: Any) -> Response:
        self.actor.check_scope(Verb.GET)
        read_params(request, ())
        assert self.actor.user is not None
        return self._answer(request, self.actor.user)

    @openapi.describe_write("me_update", "Change my account", MeChanges, {200: schema.ME}, is_post=False, is_one=False)
    def partial_update(self, request: Any) -> Response:
        user = profile.update_me(by=self.actor, read=lambda: MeChanges(data=request.data).read())
        return self._answer(request, user)

    def _answer(self, request: Any, user: User) -> Response:
        """With the ETag that a change is made by; what is used and what may be done has no version."""
        state = user.state_at(self.actor.now)
        return self.shown(request, user.version, state, state, lambda: self._shape(user), is_whole=False)

    def _shape(self, user: User) -> dict[str, Any]:
        return {
            "id": user.key,
            "name": user.name,
            "email": user.email,
            "avatar": user.avatar,
            "language": user.language,
            "time_zone": user.time_zone,
            "role": user.role,
            "organization": {"id": user.corp.key, "name": user.corp.name, "is_admin": user.is_corp_admin},
            "may": {kind.name: self._may(kind) for kind in governed_kinds()},
            "limits": self._limits(user),
            "token": self._token(),
            "created_at": user.created_at,
            "updated_at": user.updated_at,
            "version": user.version,
        }

    def _may(self, kind: registry.Kind) -> list[str]:
        """The verbs for which no grant on a thing is needed, as far as the credential reaches."""
        held = self.actor.token.scopes if self.actor.token is not None else scopes.ALL
        role = self.actor.role
        verbs = [verb for verb in kind.table.verbs if roles.may(role, None, verb) and scopes.allows(held, verb)]
        needs_more = self.actor.is_bound or kind.is_made_below
        may = [str(verb) for verb in verbs if verb is not Verb.ADD or not needs_more]
        return may + (["BROWSE"] if self.actor.may_browse and scopes.allows(held, Verb.QRI) else [])

    def _limits(self, user: User) -> dict[str, Any]:
        quotas = {kind.name: kind.quota(user) for kind in registry.kinds() if kind.quota is not None}
        return {name: {"used": quota.used, "limit": quota.limit} for name, quota in quotas.items()}

    def _token(self) -> dict[str, Any] | None:
        token = self.actor.token
        if token is None:
            return None
        return {
            "id": token.key,
            "name": token.name,
            "scopes": token.scopes,
            "cities": token.cities,
            "expires_at": token.ends_at,
        }
