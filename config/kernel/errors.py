"""What can go wrong, said once: the domain raises these, each dialect has a row for every code."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Code(StrEnum):
    """Every error of the domain and of the doors. A dialect without a row for one fails the tests."""

    # who is asking
    TOKEN_MISSING = "token_missing"
    TOKEN_UNKNOWN = "token_unknown"
    TOKEN_EXPIRED = "token_expired"
    TOKEN_DISABLED = "token_disabled"
    USER_DISABLED = "user_disabled"
    LOGIN_DISABLED = "login_disabled"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    CSRF_FAILED = "csrf_failed"
    SIGNIN_FAILED = "signin_failed"
    BAD_SIGNATURE = "bad_signature"
    CREDENTIAL_WRONG = "credential_wrong"
    TOO_MANY_REQUESTS = "too_many_requests"
    # the policy of the call
    API_NOT_SUPPORTED = "api_not_supported"
    API_NOT_IMPLEMENTED = "api_not_implemented"
    HTTPS_REQUIRED = "https_required"
    CHAIN_CLOSED = "chain_closed"
    WRONG_COLOR = "wrong_color"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_SHOP = "wrong_shop"
    # may one see it, may one do it
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    OUT_OF_SCOPE = "out_of_scope"
    BEYOND_CITIES = "beyond_cities"
    EXCEEDS_MAKER = "exceeds_maker"
    REAUTHENTICATE = "reauthenticate"
    PRECONDITION_REQUIRED = "precondition_required"
    STALE = "stale"
    # the call itself
    NO_SUCH_ROUTE = "no_such_route"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    BAD_REQUEST = "bad_request"
    BODY_TOO_LARGE = "body_too_large"
    LENGTH_REQUIRED = "length_required"
    BODY_NOT_TEXT = "body_not_text"
    BODY_MALFORMED = "body_malformed"
    BODY_TOO_COMPLEX = "body_too_complex"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    UNKNOWN_VERB = "unknown_verb"
    CONFLICTING_VERBS = "conflicting_verbs"
    SECRET_IN_QUERY = "secret_in_query"
    IDEMPOTENCY_MISMATCH = "idempotency_mismatch"
    IDEMPOTENCY_IN_FLIGHT = "idempotency_in_flight"
    # its parameters
    REQUIRED = "required"
    WRONG_TYPE = "wrong_type"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    BAD_START = "bad_start"
    BAD_CHARACTER = "bad_character"
    BAD_CHOICE = "bad_choice"
    OUT_OF_RANGE = "out_of_range"
    EXPIRES_IN_PAST = "expires_in_past"
    UNKNOWN_FIELD = "unknown_field"
    NOT_AN_OBJECT = "not_an_object"
    TOO_MANY_VALUES = "too_many_values"
    BAD_CURSOR = "bad_cursor"
    NOT_CONFIRMED = "not_confirmed"
    # the state of things
    NAME_TAKEN = "name_taken"
    APP_KEY_TAKEN = "app_key_taken"
    SWITCH_OFF = "switch_off"
    WRONG_STATE = "wrong_state"
    RESERVED = "reserved"
    POLICY_FIXED = "policy_fixed"
    LIMIT_REACHED = "limit_reached"
    HAS_CHILDREN = "has_children"
    # ours
    BUSY = "busy"
    INTERNAL = "internal"


# What a person reads. Filled with the facts of the error; a missing fact is an empty string.
SENTENCES = {
    Code.TOKEN_MISSING: _("The Authorization header with an access token is missing."),
    Code.TOKEN_UNKNOWN: _("This access token is not known."),
    Code.TOKEN_EXPIRED: _("This access token has expired."),
    Code.TOKEN_DISABLED: _("This access token is disabled."),
    Code.USER_DISABLED: _("The user of this access token is disabled."),
    Code.LOGIN_DISABLED: _("The login of this access token is disabled."),
    Code.ADDRESS_NOT_ALLOWED: _("This access token may not be used from this address."),
    Code.CSRF_FAILED: _("The request does not carry the CSRF token of its session."),
    Code.SIGNIN_FAILED: _("The user or the password is wrong."),
    Code.BAD_SIGNATURE: _("The signature of the request is wrong: {fault}."),
    Code.CREDENTIAL_WRONG: _("This credential is not valid here."),
    Code.TOO_MANY_REQUESTS: _("Too many attempts. Try again in {retry_after} seconds."),
    Code.API_NOT_SUPPORTED: _("This interface is not supported here."),
    Code.API_NOT_IMPLEMENTED: _("This interface is not implemented."),
    Code.HTTPS_REQUIRED: _("This interface is served over HTTPS only."),
    Code.CHAIN_CLOSED: _("The {link} of this access token is not in service."),
    Code.WRONG_COLOR: _("The colour {given} of this access token is not one of {allowed}."),
    Code.WRONG_AUDIENCE: _("The audience of this access token is not {allowed}."),
    Code.WRONG_SHOP: _("The shop of this access token is not {allowed}."),
    Code.NOT_FOUND: _("There is no such object."),
    Code.FORBIDDEN: _("You may not do this."),
    Code.OUT_OF_SCOPE: _("This access token does not have the scope {scope}."),
    Code.BEYOND_CITIES: _("This access token reaches certain cities alone, and this is in none of them."),
    Code.EXCEEDS_MAKER: _("{field} would be stronger than the credential that asks for it."),
    Code.REAUTHENTICATE: _("This needs a sign-in of the last {minutes} minutes. Sign in anew."),
    Code.PRECONDITION_REQUIRED: _("Say which version you mean: send the ETag of what you have read in If-Match."),
    Code.STALE: _("This has changed since you last read it. Read it again."),
    Code.NO_SUCH_ROUTE: _("There is nothing at this address."),
    Code.METHOD_NOT_ALLOWED: _("The method {method} is not allowed here. Allowed: {allowed}."),
    Code.BAD_REQUEST: _("This request cannot be read."),
    Code.BODY_TOO_LARGE: _("The request, or a parameter of it, is larger than {limit} bytes."),
    Code.LENGTH_REQUIRED: _("The request does not say how long its body is: send Content-Length."),
    Code.BODY_NOT_TEXT: _("The body of the request is not UTF-8."),
    Code.BODY_MALFORMED: _("What was sent cannot be read: it is not well-formed."),
    Code.BODY_TOO_COMPLEX: _("The body of the request is nested too deeply, or holds too long a number."),
    Code.UNSUPPORTED_MEDIA_TYPE: _("The body must be of the type {expected}."),
    Code.UNKNOWN_VERB: _("There is no verb {verb}. Known: {known}."),
    Code.CONFLICTING_VERBS: _("The request names two verbs: {verbs}."),
    Code.SECRET_IN_QUERY: _("{field} must not be in the query string: send it in the body."),
    Code.IDEMPOTENCY_MISMATCH: _("This Idempotency-Key was used with another body."),
    Code.IDEMPOTENCY_IN_FLIGHT: _("The first call with this Idempotency-Key is still running."),
    Code.REQUIRED: _("{field} is required."),
    Code.WRONG_TYPE: _("{field} must be of type {expected}."),
    Code.TOO_SHORT: _("{field} must have at least {limit} characters."),
    Code.TOO_LONG: _("{field} must have at most {limit} characters."),
    Code.BAD_START: _("{field} may not begin with {character}."),
    Code.BAD_CHARACTER: _("{field} may not hold the character {character}."),
    Code.BAD_CHOICE: _("{field} must be one of {allowed}."),
    Code.OUT_OF_RANGE: _("{field} must be between {minimum} and {maximum}."),
    Code.EXPIRES_IN_PAST: _("{field} must be in the future."),
    Code.UNKNOWN_FIELD: _("{given} is not known here. Known: {known}."),
    Code.NOT_AN_OBJECT: _("{field} must be a JSON object."),
    Code.TOO_MANY_VALUES: _("{field} holds more than {limit} values."),
    Code.BAD_CURSOR: _("This cursor is not valid for this query."),
    Code.NOT_CONFIRMED: _("{field} must be the name of what is to go for good."),
    Code.NAME_TAKEN: _("This name is taken."),
    Code.APP_KEY_TAKEN: _("This app key is taken."),
    Code.SWITCH_OFF: _("A key or secret of one's own needs APP_KEY_SECRET_SWITCH, which is off at this gateway."),
    Code.WRONG_STATE: _("This cannot be done in the present state ({state})."),
    Code.RESERVED: _("This is reserved and cannot be closed, deleted or handed on."),
    Code.POLICY_FIXED: _("The row {policy} cannot be overridden: what it is for must always stay possible."),
    Code.LIMIT_REACHED: _("The limit of {limit} is reached."),
    Code.HAS_CHILDREN: _("Something still stands under it: {children}."),
    Code.BUSY: _("The server is busy. Try again in {retry_after} seconds."),
    Code.INTERNAL: _("Something went wrong on our side. The request is {request_id}."),
}


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


class DomainError(Exception):
    """The one base. `code` says what happened; `facts` are the values that a reader needs, never a secret."""

    code: Code = Code.INTERNAL

    def __init__(self, code: Code | None = None, **facts: Any) -> None:
        self.code = code or type(self).code
        self.facts = facts
        super().__init__(self.code)

    @property
    def sentence(self) -> str:
        """The sentence for a person, in the language that is active when it is asked for."""
        return str(SENTENCES[self.code]).format_map(_Facts(self.facts))

    @property
    def field(self) -> str:
        """The parameter that is at fault, "" where none is."""
        return str(self.facts.get("field", ""))


class NotVisible(DomainError):
    """There is none, or it may not be seen: one and the same answer (S13)."""

    code = Code.NOT_FOUND


class Forbidden(DomainError):
    code = Code.FORBIDDEN


class WrongState(DomainError):
    """The verb is permitted but not from the present state: a conflict."""

    code = Code.WRONG_STATE


class NameTaken(DomainError):
    code = Code.NAME_TAKEN


class LimitReached(DomainError):
    code = Code.LIMIT_REACHED

    @classmethod
    def check(cls, held: int, limit: int, **facts: Any) -> None:
        """Raise where one more would be too many."""
        if held >= limit:
            raise cls(limit=limit, **facts)


class Invalid(DomainError):
    """Bad input: always with the field and what was expected of it.

    Where a dialect tells all faults at once, `faults` are they, and the error itself is the first of them.
    """

    code = Code.BAD_REQUEST

    @classmethod
    def all_of(cls, faults: "list[Invalid]") -> "Invalid":
        """One error for several faults; at least one."""
        first = faults[0]
        return cls(first.code, **{**first.facts, "faults": faults})

    @property
    def faults(self) -> "list[Invalid]":
        """Every fault that was found, in the order of the fields."""
        return list(self.facts.get("faults", [self]))
