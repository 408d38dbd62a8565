"""CloudRoom's RspCodes and RspDescs, to the letter: 0–5, 20 and 21 are the document's, the rest [vendor].

A code of the domain has one row; where an endpoint says it otherwise, its own rows lie over the table.
"""

from dataclasses import dataclass

from config.kernel.errors import Code


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: RspCode is a string on the wire. `status` is HTTP's: 200 for every business outcome."""

    code: str
    description: str
    status: int = 200


SUCCESS = Row("0", "请求成功")
NO_API = Row("1", "用户所属企业没有接口API权限")
NO_ACCOUNT = Row("2", "账号不存在")
WRONG_SECRET = Row("3", "密码错误")
WRONG_PARAMETERS = Row("4", "未获取到正确参数")
FAULT = Row("5", "未知错误")
NAME_EMPTY = Row("15", "项目名称不能为空")
NAME_CHARACTERS = Row("16", "项目名称不能包含特殊字符")
NAME_LENGTH = Row("17", "项目名称长度为2-30个字符")
NO_CREATION = Row("18", "非集群不能新建项目")
TOO_MANY = Row("19", "项目账号最多添加10个")
ID_EMPTY = Row("20", "项目账号id不能为空")
NO_PROJECT = Row("21", "项目账号不存在")
HAS_CONTENT = Row("23", "删除账号包含队列数据")
IS_DEFAULT = Row("24", "不能删除默认项目账号")
BUSY = Row("4", "未获取到正确参数", 503)
TOO_OFTEN = Row("4", "未获取到正确参数", 429)

TABLE: dict[Code, Row] = {
    # who is asking
    Code.TOKEN_MISSING: WRONG_PARAMETERS,
    Code.TOKEN_UNKNOWN: NO_ACCOUNT,
    Code.TOKEN_EXPIRED: WRONG_SECRET,
    Code.TOKEN_DISABLED: WRONG_SECRET,
    Code.USER_DISABLED: NO_API,
    Code.LOGIN_DISABLED: NO_API,
    Code.ADDRESS_NOT_ALLOWED: NO_API,
    Code.CSRF_FAILED: NO_API,
    Code.SIGNIN_FAILED: WRONG_SECRET,
    Code.CREDENTIAL_WRONG: WRONG_SECRET,
    Code.TOO_MANY_REQUESTS: TOO_OFTEN,
    # the policy of the call
    Code.API_NOT_SUPPORTED: NO_API,
    Code.API_NOT_IMPLEMENTED: NO_CREATION,
    Code.HTTPS_REQUIRED: NO_API,
    Code.CHAIN_CLOSED: NO_API,
    Code.WRONG_COLOR: NO_API,
    Code.WRONG_AUDIENCE: NO_API,
    Code.WRONG_SHOP: NO_API,
    # may one see it, may one do it
    Code.NOT_FOUND: NO_PROJECT,
    Code.FORBIDDEN: NO_API,
    Code.OUT_OF_SCOPE: NO_API,
    Code.BEYOND_CITIES: NO_API,
    Code.EXCEEDS_MAKER: NO_API,
    Code.REAUTHENTICATE: NO_API,
    Code.PRECONDITION_REQUIRED: FAULT,
    Code.STALE: FAULT,
    # the call itself
    Code.NO_SUCH_ROUTE: Row("4", WRONG_PARAMETERS.description, 404),
    Code.METHOD_NOT_ALLOWED: Row("4", WRONG_PARAMETERS.description, 405),
    Code.BODY_TOO_LARGE: Row("4", WRONG_PARAMETERS.description, 413),
    Code.BUSY: BUSY,
    Code.INTERNAL: FAULT,
    # the state of things
    Code.WRONG_STATE: NO_API,
    Code.RESERVED: IS_DEFAULT,
    Code.POLICY_FIXED: NO_API,
    Code.LIMIT_REACHED: TOO_MANY,
    Code.HAS_CHILDREN: HAS_CONTENT,
}
# Whatever else is wrong with what was sent.
_INPUT = (
    Code.BAD_SIGNATURE, Code.BAD_REQUEST, Code.LENGTH_REQUIRED, Code.BODY_NOT_TEXT, Code.BODY_MALFORMED,
    Code.BODY_TOO_COMPLEX, Code.UNSUPPORTED_MEDIA_TYPE, Code.UNKNOWN_VERB, Code.CONFLICTING_VERBS,
    Code.SECRET_IN_QUERY, Code.IDEMPOTENCY_MISMATCH, Code.IDEMPOTENCY_IN_FLIGHT, Code.REQUIRED, Code.WRONG_TYPE,
    Code.TOO_SHORT, Code.TOO_LONG, Code.BAD_START, Code.BAD_CHARACTER, Code.BAD_CHOICE, Code.OUT_OF_RANGE,
    Code.EXPIRES_IN_PAST, Code.UNKNOWN_FIELD, Code.NOT_AN_OBJECT, Code.TOO_MANY_VALUES, Code.BAD_CURSOR,
    Code.NOT_CONFIRMED, Code.NAME_TAKEN, Code.APP_KEY_TAKEN, Code.SWITCH_OFF,
)  # fmt: skip
TABLE |= dict.fromkeys(_INPUT, WRONG_PARAMETERS)
# What one parameter says in words of its own.
OF_FIELD: dict[tuple[Code, str], Row] = {
    (Code.REQUIRED, "OperateAppId"): ID_EMPTY,
    (Code.REQUIRED, "ProjectName"): NAME_EMPTY,
    (Code.BAD_CHARACTER, "ProjectName"): NAME_CHARACTERS,
    (Code.BAD_START, "ProjectName"): NAME_CHARACTERS,
    (Code.TOO_SHORT, "ProjectName"): NAME_LENGTH,
    (Code.TOO_LONG, "ProjectName"): NAME_LENGTH,
}


def row_of(code: Code, field: str) -> Row:
    """The field's own row for the code, else the general one."""
    return OF_FIELD.get((code, field), TABLE[code])
