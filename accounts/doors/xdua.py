"""The XDUA door: raw tokens, verbs in five disguises, the documented policy rows."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.access import policies
from accounts.access.actor import Door
from accounts.access.visibility import GovernedQuerySet
from accounts.doors import authentication
from accounts.doors.base import DoorMixin
from config.dialects.parsing import read_pairs
from config.dialects.xdua import verbs
from config.kernel import registry
from config.kernel.errors import Code, DomainError, Invalid
from config.kernel.policies import Policy
from config.kernel.roles import grants_role
from config.kernel.states import FULL_NAMES, Verb

# Never in an address, where logs and histories keep it (S15).
_SECRETS = ("pwd", "oldpwd", "secret", "token", "Authorization", "authorization")


def query_params(request: Any) -> dict[str, str]:
    """The query string, read as strictly as a form. Raises BAD_REQUEST."""
    try:
        return read_pairs(request.META.get("QUERY_STRING", "").encode("latin-1").decode())
    except (Invalid, UnicodeError):
        raise Invalid(Code.BAD_REQUEST) from None


def merged_params(request: Any) -> dict[str, Any]:
    """Query string and body as one; the body wins. Raises SECRET_IN_QUERY, and what the parsers raise."""
    query = query_params(request)
    for name in _SECRETS:
        if name in query:
            raise Invalid(Code.SECRET_IN_QUERY, field=name)
    return {**query, **request.data}


class VerbViewSet(DoorMixin, ViewSet):
    """A resource whose actions are the documented verbs; the method `<full name>_<kind>` answers each."""

    door = Door.XDUA
    queryset: ClassVar[GovernedQuerySet]
    # The document's rows, where they are not all that its kind has.
    policies: ClassVar[tuple[Policy, ...]] = ()
    params: Mapping[str, Any]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        try:
            self.actor = authentication.identify(request, self.door)
        finally:
            self.count_call()
        self.params = merged_params(request)
        verb = self._verb_of(request)
        self.verb = verb
        self.judge(verb, request)
        # As ViewSetMixin binds an action to a method, so the verb binds its own.
        setattr(self, request.method.lower(), self._bound(action_name(verb, self.kind)))

    def judge(self, verb: Verb, request: Any) -> None:
        """The policy of a verb that the call does: its own, or one in whose clothes it comes (S11)."""
        policies.check(self._policy(verb), self.actor, is_secure=request.is_secure())

    @property
    def _rows(self) -> tuple[Policy, ...]:
        return self.policies or registry.kind(self.kind).policies

    def _policy(self, verb: Verb) -> Policy:
        """The document's row of a verb. Raises API_NOT_SUPPORTED where it has none."""
        for policy in self._rows:
            if policy.verb == verb:
                return policy
        raise DomainError(Code.API_NOT_SUPPORTED)

    def _bound(self, name: str) -> Callable[..., Response]:
        """The action, given the id of the address and nothing of how the verb was written into it."""
        action: Callable[..., Response] = getattr(self, name)
        named = {"id": self.kwargs["id"]} if "id" in self.kwargs else {}
        return lambda request, *_, **__: action(request, **named)

    def _verb_of(self, request: Any) -> Verb:
        method = "GET" if request.method == "HEAD" else request.method
        is_one = bool(self.kwargs.get("id"))
        default = verbs.default_verb(method, is_one=is_one, is_god=grants_role(self.actor.role, Verb.QRY))
        words = verbs.vocabulary(self._rows)
        verb = verbs.recognise(words, self._named_verbs(request), default or Verb.GET)
        verbs.check_method(verb if default else None, method, is_one=is_one)
        return verb

    def _named_verbs(self, request: Any) -> list[object]:
        sources: list[Mapping[str, Any]] = [query_params(request), request.data]
        named = [source[name] for source in sources for name in verbs.PARAMETERS if name in source]
        if verbs.HEADER in request.headers:
            named.append(request.headers[verbs.HEADER])
        return [*named, *(self.kwargs[name] for name in ("suffix", "tail") if name in self.kwargs)]


def action_name(verb: Verb, kind: str) -> str:
    """The name of the method that answers a verb: `disable_city`."""
    return f"{FULL_NAMES[verb].lower()}_{kind}"
