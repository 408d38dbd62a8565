"""The native API's door: a bearer token or the console's session, the rate, the policy, conditions, idempotency."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.access import policies
from accounts.access.actor import Actor, Door
from accounts.access.walks import Ask, Page
from accounts.doors import authentication, idempotency
from accounts.doors.base import DoorMixin, rates
from config.dialects.native import conditions, problems
from config.dialects.native.query import Query, of_the_query, read_params
from config.dialects.parsing import StrictJSONParser
from config.kernel.errors import Code, DomainError, Forbidden, Invalid
from config.kernel.policies import Policy
from config.kernel.states import State


class NativeViewSet(DoorMixin, ViewSet):
    """A resource. `verbs` says which verb each action is, `policies` the row that each verb is judged by.

    `secret` is the member of an answer that is shown once and never stored.
    """

    door = Door.NATIVE
    dialect = problems.Problems()
    parser_classes: ClassVar[Any] = (StrictJSONParser,)
    lookup_url_kwarg, lookup_value_regex = "id", "[^/]+"
    http_method_names = ["get", "head", "post", "patch", "delete"]
    verbs: ClassVar[Mapping[str, str]]
    policies: ClassVar[Mapping[str, Policy]]
    secret: ClassVar[str] = ""

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not (request.is_secure() or settings.DEVELOPMENT):
            raise DomainError(Code.HTTPS_REQUIRED)
        self.identify(request)
        if self.action not in self.verbs:  # of OPTIONS, REST framework makes an action of its own
            allowed = ", ".join(sorted(method.upper() for method in self.action_map))
            raise DomainError(Code.METHOD_NOT_ALLOWED, method=request.method, allowed=allowed)
        self.verb = self.verbs[self.action]
        self.judge(self.verb, request)
        if request.method not in {"GET", "HEAD"}:
            read_params(request, ())  # a write has none: `?dry_run=true` must not be overlooked
        if request.method == "POST":
            self.prepare_post(request)

    def judge(self, verb: str, request: Any) -> None:
        """The policy of a verb that the call does: its own, or one in whose clothes it comes (S11)."""
        policies.check(self.policies[verb], self.actor, is_secure=request.is_secure())

    def perform_authentication(self, request: Any) -> None:
        """Not REST framework's, which would put its nobody in the place of the session's user."""

    def identify(self, request: Any) -> None:
        """Count the call, before the token is looked up where it is known whose it is; a nobody's by their address."""
        credential = authentication.fingerprint(request)
        principal = rates.principal_of(credential)
        if principal:
            self.count_call(principal)
        try:
            self.actor = authentication.identify_native(request, self.door)
        except DomainError:
            rates.forget(credential)
            if not principal:
                self.count_call()
            raise
        if not principal:
            if credential:
                rates.remember(credential, self.actor.key)
            self.count_call()

    def prepare_post(self, request: Any) -> None:
        """With an Idempotency-Key it is done once, and answered as often as it is asked."""
        if (key := idempotency.read_key(request)) is not None:
            handler = getattr(self, "post")  # noqa: B009 - what the router has bound to it
            self.post = idempotency.once(handler, key, by=self.actor, secret=self.secret, judge_again=self._judge_again)

    def _judge_again(self, request: Any, id: str = "") -> None:
        self.actor = replace(self.actor, if_match=None)  # the call itself has moved the version on
        self.judge_again(request, id)

    def judge_again(self, request: Any, id: str) -> None:
        """May the caller of a replay still do what it did (S16)? Raises as the action would."""
        raise NotImplementedError

    # ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────

    def shown(
        self,
        request: Any,
        version: int,
        state: State,
        effective: State,
        body: Callable[[], Any],
        *,
        made_at: str = "",
        is_whole: bool = True,
    ) -> Response:
        """A detail, with its ETag: 304 where the caller has it, 201 where it was made just now.

        Without `is_whole` never 304: what is shown holds more than the version tells of.
        """
        headers = {"ETag": conditions.etag(version, state, effective)}
        if is_whole and request.method in {"GET", "HEAD"} and conditions.is_unchanged(request, headers["ETag"]):
            return Response(status=304, headers=headers)
        if made_at:
            return Response(body(), 201, headers={**headers, "Location": address(made_at)})
        return Response(body(), headers=headers)

    def ask(self, query: Query) -> Ask:
        """The page that a query asks for: its cursors are good for this caller and this question."""
        return Ask(query.limit, query.cursor, self.actor.key, f"{self.kind} {query.identity}")

    def listed(self, request: Any, page: Page, results: list[Any], count: tuple[int, bool] | None = None) -> Response:
        """A page of a list; `count` is how many there are, and whether that is all of them."""
        body: dict[str, Any] = {"results": results, "next": None, "previous": None}
        links = []
        for relation, cursor in (("next", page.next), ("previous", page.previous)):
            if cursor:
                body[relation] = _with_cursor(request, cursor)
                links.append(f'<{body[relation]}>; rel="{"prev" if relation == "previous" else relation}"')
        if count is not None:
            body["count"], is_all = count
            body["count_is"] = "exact" if is_all else "at_least"
        return Response(body, headers={"Link": ", ".join(links)} if links else None)

    def answer_failure(self, exception: Exception, context: Mapping[str, Any]) -> Response:
        response = super().answer_failure(exception, context)
        response.content_type = problems.MEDIA_TYPE
        if response.status_code == 401:
            response["WWW-Authenticate"] = 'Bearer realm="polis"'
        return response

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        if request.method in {"GET", "HEAD"} and final.status_code in {200, 304}:
            final["Cache-Control"] = "private, no-cache"  # keep it, and ask each time whether it still holds
        patch_vary_headers(final, ("Authorization", "Cookie"))
        if self.rate is not None:
            final["RateLimit-Limit"] = str(self.rate.limit)
            final["RateLimit-Remaining"] = str(self.rate.remaining)
            final["RateLimit-Reset"] = str(self.rate.reset)
        return final


# For lists of what everybody has.
SCOPE = OpenApiParameter("scope", {"type": "string", "enum": ["all"]}, description="everybody's: for zoon and god")


def sees_all(scope: str | None, *, by: Actor, kind: str) -> bool:
    """Does a list's `scope` ask for what everybody has? Raises Invalid, or Forbidden for who may not browse."""
    if scope not in {None, "all"}:
        with of_the_query():
            raise Invalid(Code.BAD_CHOICE, field="scope", allowed="all")
    if scope and not by.may_browse:
        raise Forbidden(kind=kind)
    return scope is not None


def address(path: str) -> str:
    """The address of a resource of the native API; whole where POLIS_BASE_URL is known (S19)."""
    return f"{settings.BASE_URL}/api/v1/{path}"


def _with_cursor(request: Any, cursor: str) -> str:
    params = {**dict(request.GET.items()), "cursor": cursor}
    return f"{settings.BASE_URL}{request.path}?{urlencode(params)}"
