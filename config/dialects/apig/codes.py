"""APIG's error codes and messages, as the vendor's table has them [vendor]; a code of the domain has one row.

What a kind of thing, or one parameter, says in words of its own lies over the table.
"""

from dataclasses import dataclass

from config.kernel.errors import Code


@dataclass(frozen=True, slots=True)
class Row:
    """One answer. `message` is filled with `field`, `id`, `fault`, and `sentence`: the domain's own words."""

    status: int
    code: str
    message: str


_SUPPORT = "Please refer to the support documentation"
WRONG = Row(400, "APIG.2000", "Parameter error: {sentence}")
MISSING = Row(
    400, "APIG.2001", f"The request parameters must be specified,parameterName:{{field}}. {_SUPPORT}"
)  # fmt: skip
TOO_SMALL = Row(400, "APIG.2002", "The parameter value is too small: {sentence}")
TOO_LARGE = Row(400, "APIG.2003", "The parameter value is too large: {sentence}")
OUT_OF_RANGE = Row(400, "APIG.2004", "The parameter value is out of range: {sentence}")
REMARK_TOO_LONG = Row(400, "APIG.2006", "The description is too long: {sentence}")
INVALID_VALUE = Row(400, "APIG.2011", f"Invalid parameter value,parameterName:{{field}}. {_SUPPORT}")
INVALID_ID = Row(400, "APIG.2012", f"Invalid parameter value,parameterName:{{field}}. {_SUPPORT}")
NO_TOKEN = Row(401, "APIG.1000", "The token must be provided")
TOKEN_OVER = Row(401, "APIG.1001", "The token has expired or is no longer in service")
BAD_TOKEN = Row(401, "APIG.1002", "The token is invalid")
BAD_SIGNATURE = Row(401, "APIG.0301", "Incorrect IAM authentication information: {fault}")
FORBIDDEN = Row(403, "APIG.1005", "No permissions to request this method")
WRONG_STATE = Row(403, "APIG.1136", "This is not possible in the present state: {sentence}")
TOO_MANY_APPS = Row(403, "APIG.3103", "The number of apps exceeds the limit: {sentence}")
TOO_MANY_CODES = Row(403, "APIG.3131", "The number of AppCodes exceeds the limit: {sentence}")
NO_INSTANCE = Row(404, "APIG.3030", "The instance does not exist;id:{id}")
NO_APP = Row(404, "APIG.3004", "App {id} does not exist")
NO_CODE = Row(404, "APIG.3082", "AppCode {id} does not exist")

TABLE: dict[Code, Row] = {
    # who is asking
    Code.TOKEN_MISSING: NO_TOKEN,
    Code.TOKEN_UNKNOWN: BAD_TOKEN,
    Code.TOKEN_EXPIRED: TOKEN_OVER,
    Code.TOKEN_DISABLED: TOKEN_OVER,
    Code.USER_DISABLED: TOKEN_OVER,
    Code.LOGIN_DISABLED: TOKEN_OVER,
    Code.SIGNIN_FAILED: BAD_TOKEN,
    Code.BAD_SIGNATURE: BAD_SIGNATURE,
    Code.CREDENTIAL_WRONG: BAD_TOKEN,
    Code.ADDRESS_NOT_ALLOWED: FORBIDDEN,
    Code.CSRF_FAILED: FORBIDDEN,
    Code.TOO_MANY_REQUESTS: Row(429, "APIG.9008", "Too many requests"),
    # the policy of the call
    Code.API_NOT_SUPPORTED: FORBIDDEN,
    Code.API_NOT_IMPLEMENTED: FORBIDDEN,
    Code.HTTPS_REQUIRED: FORBIDDEN,
    Code.CHAIN_CLOSED: WRONG_STATE,
    Code.WRONG_COLOR: FORBIDDEN,
    Code.WRONG_AUDIENCE: FORBIDDEN,
    Code.WRONG_SHOP: FORBIDDEN,
    # may one see it, may one do it
    Code.NOT_FOUND: NO_INSTANCE,
    Code.FORBIDDEN: FORBIDDEN,
    Code.OUT_OF_SCOPE: FORBIDDEN,
    Code.BEYOND_CITIES: FORBIDDEN,
    Code.EXCEEDS_MAKER: FORBIDDEN,
    Code.REAUTHENTICATE: FORBIDDEN,
    Code.PRECONDITION_REQUIRED: Row(428, WRONG.code, WRONG.message),
    Code.STALE: Row(412, WRONG.code, WRONG.message),
    # the call itself
    Code.NO_SUCH_ROUTE: Row(404, "APIG.0101", "The API does not exist"),
    Code.METHOD_NOT_ALLOWED: Row(405, "APIG.0101", "The API does not exist: {sentence}"),
    Code.BODY_TOO_LARGE: Row(413, "APIG.0201", "Request entity too large"),
    Code.LENGTH_REQUIRED: Row(411, "APIG.0201", "API request error: {sentence}"),
    Code.UNSUPPORTED_MEDIA_TYPE: Row(415, WRONG.code, WRONG.message),
    Code.IDEMPOTENCY_IN_FLIGHT: Row(409, WRONG.code, WRONG.message),
    # its parameters
    Code.REQUIRED: MISSING,
    Code.TOO_SHORT: TOO_SMALL,
    Code.TOO_LONG: TOO_LARGE,
    Code.OUT_OF_RANGE: OUT_OF_RANGE,
    # the state of things
    Code.NAME_TAKEN: Row(400, "APIG.3203", "The app name already exists."),
    Code.APP_KEY_TAKEN: Row(400, "APIG.3310", "The AppKey already exists."),
    Code.WRONG_STATE: WRONG_STATE,
    Code.RESERVED: WRONG_STATE,
    Code.POLICY_FIXED: FORBIDDEN,
    Code.LIMIT_REACHED: TOO_MANY_APPS,
    Code.HAS_CHILDREN: WRONG_STATE,
    # ours
    Code.BUSY: Row(503, "APIG.9999", "The system is busy. Try again later"),
    Code.INTERNAL: Row(500, "APIG.9999", "System error"),
}
# Whatever else is wrong with what was sent; SWITCH_OFF too, whose sentence names the switch.
_INPUT = (
    Code.BAD_REQUEST, Code.BODY_NOT_TEXT, Code.BODY_MALFORMED, Code.BODY_TOO_COMPLEX, Code.UNKNOWN_VERB,
    Code.CONFLICTING_VERBS, Code.SECRET_IN_QUERY, Code.IDEMPOTENCY_MISMATCH, Code.WRONG_TYPE, Code.BAD_START,
    Code.BAD_CHARACTER, Code.BAD_CHOICE, Code.EXPIRES_IN_PAST, Code.UNKNOWN_FIELD, Code.NOT_AN_OBJECT,
    Code.TOO_MANY_VALUES, Code.BAD_CURSOR, Code.NOT_CONFIRMED, Code.SWITCH_OFF,
)  # fmt: skip
TABLE |= dict.fromkeys(_INPUT, WRONG)

# What one kind of thing says in words of its own.
OF_KIND: dict[tuple[Code, str], Row] = {
    (Code.NOT_FOUND, "app"): NO_APP,
    (Code.NOT_FOUND, "appcode"): NO_CODE,
    (Code.LIMIT_REACHED, "appcode"): TOO_MANY_CODES,
    (Code.LIMIT_REACHED, "feature"): WRONG,
    # An operator's second rotation within the hour that they must leave (S9).
    (Code.LIMIT_REACHED, "secret"): WRONG_STATE,
    # Nothing else of an app is reserved than that the market has made it.
    (Code.RESERVED, "app"): Row(409, "APIG.3405", "An app that comes from the market cannot be deleted"),
}
# What one parameter does: of a name or a secret whatever is wrong is one answer, and so of an id.
_OF_VALUE = (
    Code.WRONG_TYPE, Code.TOO_SHORT, Code.TOO_LONG, Code.BAD_START, Code.BAD_CHARACTER, Code.BAD_CHOICE
)  # fmt: skip
_VALUES = ("name", "app_key", "app_secret", "app_code")
_IDS = ("id", "app_id", "app_code_id", "instance_id", "project_id")
OF_FIELD: dict[tuple[Code, str], Row] = {
    **{(code, field): INVALID_VALUE for code in _OF_VALUE for field in _VALUES},
    **{(code, field): INVALID_ID for code in _OF_VALUE for field in _IDS},
    (Code.TOO_LONG, "remark"): REMARK_TOO_LONG,
}


def row_of(code: Code, kind: str = "", field: str = "") -> Row:
    """The kind's own row for the code, else the field's, else the general one."""
    return OF_KIND.get((code, kind or field)) or OF_FIELD.get((code, field)) or TABLE[code]
