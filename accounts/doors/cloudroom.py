"""The CloudRoom door: a company by its CompID and SecretKey, in flat JSON or form bodies (000's 公共参数 [vendor]).

Checks in this order: the common parameters (4), the company (2), its secret (3), its service and the policy (1), the
endpoint's own.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from rest_framework.viewsets import ViewSet

from accounts.access import policies
from accounts.access.actor import Door
from accounts.doors.base import DoorMixin
from accounts.models import Organization
from accounts.people import companies, lockouts
from config.dialects.cloudroom import fields
from config.dialects.cloudroom.envelope import Envelope
from config.kernel import ids
from config.kernel.errors import Code, DomainError, Invalid
from config.kernel.policies import Policy

# Never in an address, where logs and histories keep it (S15).
_SECRETS = ("SecretKey", "CompSecret", "AppSecret")


class CompanyViewSet(DoorMixin, ViewSet):
    """Endpoints of a company. `verbs` says which verb each action is, `policies` the row that each verb is judged by;
    `params` is the body.
    """

    door = Door.CLOUDROOM
    dialect = Envelope()
    verbs: Mapping[str, str]
    policies: Mapping[str, Policy]
    company: Organization
    params: Mapping[str, Any]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action not in self.verbs:
            raise DomainError(Code.METHOD_NOT_ALLOWED, method=request.method, allowed="POST")
        self.verb = self.verbs[self.action]
        if not (request.is_secure() or settings.DEVELOPMENT):
            raise DomainError(Code.HTTPS_REQUIRED)
        for name in _SECRETS:
            if name in request.GET:
                raise Invalid(Code.SECRET_IN_QUERY, field=name)
        self.params = request.data
        self._sign_in(request)

    def perform_authentication(self, request: Any) -> None:
        """Who asks is in the body."""

    def check_types(self) -> None:
        """Of the endpoint's own parameters, what is 4 whoever asks: it comes before the company and its secret."""

    def _sign_in(self, request: Any) -> None:
        request_id = fields.text(self.params, "RequestId", takes_numbers=True)
        comp_id = fields.whole(self.params, "CompID")
        key = fields.text(self.params, "SecretKey")
        # The log and the answer's X-Request-Id call it so, too.
        request._request.request_id = ids.foreign_id(request_id) or self.actor.request_id
        self.actor = replace(self.actor, request_id=request._request.request_id)
        self.check_types()
        try:
            self.company = self._prove(comp_id, key)
            self.actor = replace(self.actor, company=self.company, is_anonymous=False)
        finally:
            self.count_call()
        companies.check_in_service(self.company, self.actor)
        self.judge(self.verb, request)

    def judge(self, verb: str, request: Any) -> None:
        """The policy of a verb that the call does: its own, or one in whose clothes it comes (S11)."""
        policies.check(self.policies[verb], self.actor, is_secure=request.is_secure())

    def _prove(self, comp_id: int, key: str) -> Organization:
        """The company. A wrong key is counted, and told how long to wait; the right one waits for no other (S6)."""
        company = companies.find(comp_id)
        if company is None:
            raise DomainError(Code.TOKEN_UNKNOWN)
        if companies.proves(company, key):
            return company
        pair = lockouts.subject(f"corp:{company.comp_id}", self.actor.address)
        wait = lockouts.wait_of(pair, self.actor.now)
        lockouts.count_failure(pair, self.actor.now)
        # The wait is told as the wrong key is; a call too many of who may call is HTTP's to say.
        raise DomainError(Code.SIGNIN_FAILED, **({"retry_after": wait} if wait else {}))
