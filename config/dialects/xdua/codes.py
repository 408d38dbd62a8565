"""XDUA's error numbers and names: 100001… general, 200001… of cities, in the vendor's six-digit pattern.

# assumed: the document's 错误码 sections are empty; `CareAlreadyExists` 200001 is the vendor's own example.
"""

from dataclasses import dataclass

from config.kernel.errors import Code


@dataclass(frozen=True, slots=True)
class Row:
    """One error as XDUA says it: `error`, `reason`, and the HTTP status beside the envelope."""

    number: int
    name: str
    status: int


TABLE: dict[Code, Row] = {
    Code.TOKEN_MISSING: Row(100001, "TokenMissing", 401),
    Code.TOKEN_UNKNOWN: Row(100002, "TokenUnknown", 401),
    Code.TOKEN_EXPIRED: Row(100003, "TokenExpired", 401),
    Code.TOKEN_DISABLED: Row(100004, "TokenDisabled", 401),
    Code.USER_DISABLED: Row(100005, "UserDisabled", 401),
    Code.LOGIN_DISABLED: Row(100006, "LoginDisabled", 401),
    Code.SIGNIN_FAILED: Row(100007, "WrongUserOrPassword", 401),
    Code.BAD_SIGNATURE: Row(100077, "BadSignature", 401),
    Code.CREDENTIAL_WRONG: Row(100078, "CredentialWrong", 401),
    Code.TOO_MANY_REQUESTS: Row(100008, "TooManyRequests", 429),
    Code.ADDRESS_NOT_ALLOWED: Row(100009, "AddressNotAllowed", 403),
    Code.CSRF_FAILED: Row(100010, "CsrfFailed", 403),
    Code.API_NOT_SUPPORTED: Row(100011, "ApiNotSupported", 403),
    Code.API_NOT_IMPLEMENTED: Row(100012, "ApiNotImplemented", 403),
    Code.HTTPS_REQUIRED: Row(100013, "HttpsRequired", 403),
    Code.CHAIN_CLOSED: Row(100014, "ChainNotEnabled", 403),
    Code.WRONG_COLOR: Row(100015, "WrongColor", 403),
    Code.WRONG_AUDIENCE: Row(100016, "WrongAudience", 403),
    Code.WRONG_SHOP: Row(100017, "WrongShop", 403),
    Code.FORBIDDEN: Row(100018, "Forbidden", 403),
    Code.OUT_OF_SCOPE: Row(100019, "OutOfScope", 403),
    Code.NOT_FOUND: Row(100020, "NotFound", 404),
    Code.NO_SUCH_ROUTE: Row(100021, "NoSuchRoute", 404),
    Code.METHOD_NOT_ALLOWED: Row(100022, "MethodNotAllowed", 405),
    Code.BAD_REQUEST: Row(100023, "BadRequest", 400),
    Code.BODY_TOO_LARGE: Row(100024, "BodyTooLarge", 413),
    Code.LENGTH_REQUIRED: Row(100029, "LengthRequired", 411),
    Code.BODY_NOT_TEXT: Row(100025, "BodyNotUtf8", 400),
    Code.BODY_MALFORMED: Row(100026, "BodyMalformed", 400),
    Code.BODY_TOO_COMPLEX: Row(100027, "BodyTooComplex", 400),
    Code.UNSUPPORTED_MEDIA_TYPE: Row(100028, "UnsupportedMediaType", 415),
    Code.BEYOND_CITIES: Row(100076, "BeyondCities", 403),
    Code.EXCEEDS_MAKER: Row(100071, "ExceedsMaker", 403),
    Code.REAUTHENTICATE: Row(100072, "Reauthenticate", 403),
    Code.STALE: Row(100073, "Stale", 412),
    Code.PRECONDITION_REQUIRED: Row(100085, "PreconditionRequired", 428),
    Code.IDEMPOTENCY_MISMATCH: Row(100074, "IdempotencyMismatch", 422),
    Code.IDEMPOTENCY_IN_FLIGHT: Row(100075, "IdempotencyInFlight", 409),
    Code.UNKNOWN_VERB: Row(100031, "UnknownVerb", 400),
    Code.CONFLICTING_VERBS: Row(100032, "ConflictingVerbs", 400),
    Code.SECRET_IN_QUERY: Row(100033, "SecretInQuery", 400),
    Code.REQUIRED: Row(100041, "ParameterRequired", 400),
    Code.WRONG_TYPE: Row(100042, "ParameterWrongType", 400),
    Code.TOO_SHORT: Row(100043, "ParameterTooShort", 400),
    Code.TOO_LONG: Row(100044, "ParameterTooLong", 400),
    Code.BAD_START: Row(100045, "ParameterBadStart", 400),
    Code.BAD_CHARACTER: Row(100046, "ParameterBadCharacter", 400),
    Code.BAD_CHOICE: Row(100047, "ParameterBadChoice", 400),
    Code.OUT_OF_RANGE: Row(100048, "ParameterOutOfRange", 400),
    Code.EXPIRES_IN_PAST: Row(100049, "ExpireInPast", 400),
    Code.UNKNOWN_FIELD: Row(100050, "UnknownField", 400),
    Code.NOT_AN_OBJECT: Row(100051, "NotAnObject", 400),
    Code.TOO_MANY_VALUES: Row(100052, "TooManyValues", 400),
    Code.BAD_CURSOR: Row(100053, "BadCursor", 400),
    Code.NOT_CONFIRMED: Row(100054, "NotConfirmed", 400),
    Code.NAME_TAKEN: Row(100061, "NameTaken", 409),
    Code.APP_KEY_TAKEN: Row(100066, "AppKeyTaken", 409),
    Code.SWITCH_OFF: Row(100067, "SwitchOff", 400),
    Code.WRONG_STATE: Row(100062, "WrongState", 409),
    Code.RESERVED: Row(100063, "Reserved", 409),
    Code.LIMIT_REACHED: Row(100064, "LimitReached", 409),
    Code.HAS_CHILDREN: Row(100065, "HasChildren", 409),
    Code.POLICY_FIXED: Row(100086, "PolicyFixed", 409),
    Code.BUSY: Row(100091, "Busy", 503),
    Code.INTERNAL: Row(100099, "InternalError", 500),
}
# What a resource says in its own words, over the general table; a key may be narrowed to one field.
CITY: dict[tuple[Code, str], Row] = {
    (Code.NAME_TAKEN, ""): Row(200001, "CityNameTaken", 409),
    (Code.NOT_FOUND, ""): Row(200002, "CityNotFound", 404),
    (Code.WRONG_STATE, ""): Row(200003, "CityWrongState", 409),
    (Code.RESERVED, ""): Row(200004, "CityReserved", 409),
    (Code.LIMIT_REACHED, ""): Row(200005, "CityLimitReached", 409),
    (Code.HAS_CHILDREN, ""): Row(200006, "CityHasChildren", 409),
    (Code.REQUIRED, "name"): Row(200011, "CityNameRequired", 400),
    (Code.TOO_SHORT, "name"): Row(200012, "CityNameTooShort", 400),
    (Code.TOO_LONG, "name"): Row(200013, "CityNameTooLong", 400),
    (Code.BAD_START, "name"): Row(200014, "CityNameBadStart", 400),
    (Code.BAD_CHARACTER, "name"): Row(200015, "CityNameBadCharacter", 400),
    (Code.TOO_LONG, "avatar"): Row(200016, "CityAvatarTooLong", 400),
    (Code.TOO_LONG, "brief"): Row(200017, "CityBriefTooLong", 400),
    (Code.WRONG_TYPE, "limit"): Row(200021, "LimitNotANumber", 400),
    (Code.OUT_OF_RANGE, "limit"): Row(200022, "LimitOutOfRange", 400),
    (Code.BODY_MALFORMED, "where"): Row(200023, "WhereNotJson", 400),
    (Code.NOT_AN_OBJECT, "where"): Row(200024, "WhereNotAnObject", 400),
    (Code.UNKNOWN_FIELD, "where"): Row(200025, "WhereUnknownField", 400),
    (Code.BODY_TOO_LARGE, "where"): Row(200026, "WhereTooLarge", 413),
    (Code.UNKNOWN_FIELD, "sort"): Row(200027, "SortUnknownField", 400),
    (Code.UNKNOWN_FIELD, "fields"): Row(200028, "FieldsUnknownField", 400),
}
# An app, in the document's words 应用 and devltmpl.
DEVLTMPL: dict[tuple[Code, str], Row] = {
    (Code.NAME_TAKEN, ""): Row(300001, "DevltmplNameTaken", 409),
    (Code.NOT_FOUND, ""): Row(300002, "DevltmplNotFound", 404),
    (Code.WRONG_STATE, ""): Row(300003, "DevltmplWrongState", 409),
}


def row_of(code: Code, field: str, own: dict[tuple[Code, str], Row]) -> Row:
    """The resource's own row for the code in this field, else for the code, else the general one."""
    return own.get((code, field)) or own.get((code, "")) or TABLE[code]
