"""The gateway's door: a token in X-Auth-Token, or an access key's signature; then the policy of the call."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.access import policies
from accounts.access.actor import Actor, Door
from accounts.doors import authentication, signatures
from accounts.doors.base import DoorMixin
from config.dialects.apig.envelope import Envelope
from config.dialects.parsing import StrictJSONParser, read_pairs
from config.kernel.errors import Code, DomainError, Invalid
from config.kernel.policies import Policy

TOKEN = "X-Auth-Token"
MAX_TEXT = 256
# Never in an address, where logs and histories keep it (S15). An app_key is no secret, and lists are filtered by it.
_SECRETS = frozenset({"x-auth-token", "x-subject-token", "authorization", "password", "app_secret", "app_code"})


class GatewayCallViewSet(DoorMixin, ViewSet):
    """A resource. `verbs` says which verb each action is, `policies` the row that each verb is judged by.

    `params` is the query string, read strictly: of a name given twice the values agree.
    """

    door = Door.APIG
    dialect: ClassVar[Any] = Envelope()
    parser_classes: ClassVar[Any] = (StrictJSONParser,)
    verbs: ClassVar[Mapping[str, str]]
    policies: ClassVar[Mapping[str, Policy]]
    params: Mapping[str, str]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.enter(request)

    def enter(self, request: Any) -> None:
        """Let the caller in: their transport, who they are, and whether they may call this at all."""
        check_transport(request)
        try:
            self.params = query_params(request)
            self.actor = identify(request, self.door)
        finally:
            self.count_call()
        if self.action not in self.verbs:  # of OPTIONS, REST framework makes an action of its own
            allowed = ", ".join(sorted(method.upper() for method in self.action_map))
            raise DomainError(Code.METHOD_NOT_ALLOWED, method=request.method, allowed=allowed)
        self.verb = self.verbs[self.action]
        self.judge(self.verb, request)

    def judge(self, verb: str, request: Any) -> None:
        """The policy of a verb that the call does: its own, or one in whose clothes it comes (S11)."""
        policies.check(self.policies[verb], self.actor, is_secure=request.is_secure())

    def perform_authentication(self, request: Any) -> None:
        """Not REST framework's: who asks is told by the token or the signature."""

    def answer_failure(self, exception: Exception, context: Mapping[str, Any]) -> Response:
        response = super().answer_failure(exception, context)
        if response.status_code == 401:
            response["WWW-Authenticate"] = f'Keystone uri="{base_url(context["request"])}/v3"'
        return response


def check_transport(request: Any) -> None:
    """Pass, or HTTPS_REQUIRED."""
    if not (request.is_secure() or settings.DEVELOPMENT):
        raise DomainError(Code.HTTPS_REQUIRED)


def identify(request: Any, door: Door) -> Actor:
    """The caller behind X-Auth-Token or behind a signature, never both: they could be two people.

    Raises as `authentication.identify` and `signatures.identify`. A wrong signature locks nothing: secrets of 238 bits
    cannot be guessed, and a lock would be whoever knows the AK's to turn (S6). The call is counted for its address.
    """
    if not signatures.is_signed(request):
        return authentication.identify_by(request.headers.get(TOKEN, "").strip(), request, door)
    if TOKEN in request.headers:
        raise Invalid(Code.BAD_REQUEST)
    return signatures.identify(request, door)


def query_params(request: Any) -> dict[str, str]:
    """The query string. Raises SECRET_IN_QUERY before anything else is read, and BAD_REQUEST for what is ambiguous."""
    try:
        params = read_pairs(request.META.get("QUERY_STRING", "").encode("latin-1").decode())
    except (Invalid, UnicodeError):
        raise Invalid(Code.BAD_REQUEST) from None
    for name in params:
        if name.lower() in _SECRETS:
            raise Invalid(Code.SECRET_IN_QUERY, field=name.lower())
    for name, value in params.items():
        if "\0" in value or len(value) > MAX_TEXT:
            raise Invalid(Code.BAD_REQUEST, field=name)
    return params


def base_url(request: Any) -> str:
    """Where this server is to be found; as the caller called it, where POLIS_BASE_URL does not say (S19)."""
    return settings.BASE_URL or f"{request.scheme}://{request.get_host()}"
