"""Errors as problem documents: RFC 9457, with the domain's code and a pointer to each field that is at fault."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.conf import settings

from config.kernel import ids
from config.kernel.errors import Code, DomainError, Invalid

MEDIA_TYPE = "application/problem+json"
STATUSES: dict[Code, int] = {
    Code.TOKEN_MISSING: 401,
    Code.TOKEN_UNKNOWN: 401,
    Code.TOKEN_EXPIRED: 401,
    Code.TOKEN_DISABLED: 401,
    Code.USER_DISABLED: 401,
    Code.LOGIN_DISABLED: 401,
    Code.SIGNIN_FAILED: 401,
    Code.BAD_SIGNATURE: 401,
    Code.CREDENTIAL_WRONG: 401,
    Code.ADDRESS_NOT_ALLOWED: 403,
    Code.CSRF_FAILED: 403,
    Code.TOO_MANY_REQUESTS: 429,
    Code.API_NOT_SUPPORTED: 403,
    Code.API_NOT_IMPLEMENTED: 403,
    Code.HTTPS_REQUIRED: 403,
    Code.CHAIN_CLOSED: 403,
    Code.WRONG_COLOR: 403,
    Code.WRONG_AUDIENCE: 403,
    Code.WRONG_SHOP: 403,
    Code.NOT_FOUND: 404,
    Code.FORBIDDEN: 403,
    Code.OUT_OF_SCOPE: 403,
    Code.BEYOND_CITIES: 403,
    Code.EXCEEDS_MAKER: 403,
    Code.REAUTHENTICATE: 403,
    Code.PRECONDITION_REQUIRED: 428,
    Code.STALE: 412,
    Code.NO_SUCH_ROUTE: 404,
    Code.METHOD_NOT_ALLOWED: 405,
    Code.BAD_REQUEST: 400,
    Code.BODY_TOO_LARGE: 413,
    Code.LENGTH_REQUIRED: 411,
    Code.BODY_NOT_TEXT: 400,
    Code.BODY_MALFORMED: 400,
    Code.BODY_TOO_COMPLEX: 400,
    Code.UNSUPPORTED_MEDIA_TYPE: 415,
    Code.UNKNOWN_VERB: 422,
    Code.CONFLICTING_VERBS: 422,
    Code.SECRET_IN_QUERY: 422,
    Code.IDEMPOTENCY_MISMATCH: 422,
    Code.IDEMPOTENCY_IN_FLIGHT: 409,
    Code.REQUIRED: 422,
    Code.WRONG_TYPE: 422,
    Code.TOO_SHORT: 422,
    Code.TOO_LONG: 422,
    Code.BAD_START: 422,
    Code.BAD_CHARACTER: 422,
    Code.BAD_CHOICE: 422,
    Code.OUT_OF_RANGE: 422,
    Code.EXPIRES_IN_PAST: 422,
    Code.UNKNOWN_FIELD: 422,
    Code.NOT_AN_OBJECT: 422,
    Code.TOO_MANY_VALUES: 422,
    Code.BAD_CURSOR: 422,
    Code.NOT_CONFIRMED: 422,
    Code.NAME_TAKEN: 409,
    Code.APP_KEY_TAKEN: 409,
    Code.SWITCH_OFF: 422,
    Code.WRONG_STATE: 409,
    Code.RESERVED: 409,
    Code.POLICY_FIXED: 409,
    Code.LIMIT_REACHED: 409,
    Code.HAS_CHILDREN: 409,
    Code.BUSY: 503,
    Code.INTERNAL: 500,
}
TYPES = "/api/problems"


def title(code: Code) -> str:
    """The same for every problem of a type."""
    return code.replace("_", " ").capitalize()


class Problems:
    """A dialect for config.dialects.base: successes are what they are, failures are problem documents."""

    def wrap(self, data: Any) -> Any:
        return data

    def failure(self, error: DomainError, request: Any, named: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        status = STATUSES[error.code]
        body: dict[str, Any] = {
            "type": f"{settings.BASE_URL}{TYPES}#{error.code}",
            "title": title(error.code),
            "status": status,
            "detail": error.sentence,
            "code": str(error.code),
            "instance": ids.without_tokens(request.path),
            "request_id": getattr(request, "request_id", ""),
        }
        if error.field:
            faults = error.faults if isinstance(error, Invalid) else [error]
            body["errors"] = [_fault(fault) for fault in faults]
        return status, body


def _fault(error: DomainError) -> dict[str, str]:
    """Where it is: a member of the body as a JSON pointer, or a parameter or header by its name."""
    # A cursor is in no body.
    place = "parameter" if error.code is Code.BAD_CURSOR else error.facts.get("place", "pointer")
    # Of one in a list, which: an address of ours, which is none of the caller's text.
    within = f"{error.facts['within']}/" if "within" in error.facts else ""
    where = f"#/{within}{_escaped(error.field)}" if place == "pointer" else error.field
    if error.code is Code.NOT_AN_OBJECT:
        where = "#"  # the body as a whole
    return {place: where, "code": str(error.code), "detail": error.sentence}


def _escaped(member: str) -> str:
    # A pointer in a URI's fragment: what a fragment may not hold is percent-encoded (RFC 6901, 6).
    return quote(member.replace("~", "~0").replace("/", "~1"), safe="~!$&'()*+,;=:@")
