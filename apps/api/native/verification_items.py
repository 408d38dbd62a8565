"""What `POST /api/v1/verifications` is sent: one credential, or up to a hundred, each by its kind."""

from collections.abc import Mapping
from typing import Any

from apps.verification import credentials
from apps.verification.asking import AccountQuestion, AppQuestion, Question
from apps.verification.credentials import Code as AppCode
from apps.verification.credentials import Presented, Unreadable
from apps.verification.original import Original
from apps.verification.project_accounts import SecretHash, Token
from config.dialects.fields import DomainField, Text
from config.dialects.native.fields import Choice, NativeSerializer
from config.kernel import addresses, ids, signing
from config.kernel.errors import Code, Invalid

MOST = 100
KINDS = ("app_signature", "app_code", "app_secret", "project_secret", "project_token")
_MOST_HEADERS = 100


def _exact(value: str, *, field: str) -> str:
    """A credential is taken as it is: of one that is too long the answer is that it is not valid."""
    return value


def _clean_address(value: str, *, field: str) -> str:
    address = addresses.plain(value)
    if value and not address:
        raise Invalid(Code.WRONG_TYPE, field=field, expected="an IP address")
    return address


class Headers(DomainField):
    """Names and values."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
            raise Invalid(Code.WRONG_TYPE, field=self.field_name, expected="object of strings")
        if len(data) > _MOST_HEADERS:
            raise Invalid(Code.TOO_MANY_VALUES, field=self.field_name, limit=_MOST_HEADERS)
        headers = {name.lower(): _latin(value) for name, value in data.items()}
        if len(headers) < len(data):  # each could be read by another of us (S21)
            raise Invalid(Code.BAD_CHOICE, field=self.field_name, allowed="each name once, in whatever case")
        return headers


class _Item(NativeSerializer):
    kind = Choice(*KINDS)
    address = Text(_clean_address, required=False)


class _OfApp(_Item):
    gateway = Text(_exact, required=False)


class SignatureItem(_OfApp):
    """The call as it was signed; its body, or the hash of that, where the asker has it."""

    method = Text(_exact)
    uri = Text(_exact)
    headers = Headers()
    body = Text(_exact, required=False)
    body_sha256 = Text(_exact, required=False)


class CodeItem(_OfApp):
    """An AppCode."""

    app_code = Text(_exact)


class SecretItem(_OfApp):
    """An app's key and secret."""

    app_key = Text(_exact)
    app_secret = Text(_exact)


class ProjectSecretItem(_Item):
    """AppId, and the lower-case hexadecimal md5 of the AppSecret."""

    app_id = Text(_exact)
    secret_md5 = Text(_exact)


class ProjectTokenItem(_Item):
    """A JWT (HS256) of a project account."""

    token = Text(_exact)


_FORMS: Mapping[str, type[NativeSerializer]] = dict(
    zip(KINDS, (SignatureItem, CodeItem, SecretItem, ProjectSecretItem, ProjectTokenItem), strict=True)
)


def read_items(data: Mapping[str, Any], gateway: str) -> tuple[list[Question], bool]:
    """What is asked, and whether it was asked as a list. `gateway`: the one that asks, "" for somebody else.

    Raises Invalid, with the place of the item that is at fault.
    """
    if "items" not in data:
        return [_read(data, gateway)], False
    items = data["items"]
    if unknown := next((name for name in data if name != "items"), ""):
        raise Invalid(Code.UNKNOWN_FIELD, field=unknown, given=unknown[:64], known="items")
    if not isinstance(items, list) or not items:
        raise Invalid(Code.WRONG_TYPE, field="items", expected="list of objects")
    if len(items) > MOST:
        raise Invalid(Code.TOO_MANY_VALUES, field="items", limit=MOST)
    return [_read_one(item, number, gateway) for number, item in enumerate(items)], True


def _read_one(item: Any, number: int, gateway: str) -> Question:
    if not isinstance(item, dict):
        raise Invalid(Code.WRONG_TYPE, field="items", expected="list of objects")
    try:
        return _read(item, gateway)
    except Invalid as error:
        for fault in error.faults:
            fault.facts["within"] = f"items/{number}"
        raise


def _read(data: Mapping[str, Any], gateway: str) -> Question:
    kind = data.get("kind")
    form = _FORMS.get(kind) if isinstance(kind, str) else None
    if form is None:
        code = Code.REQUIRED if kind is None else Code.BAD_CHOICE
        raise Invalid(code, field="kind", allowed=", ".join(KINDS))
    given = form(data=data).read()
    address = given.get("address", "")
    if form is ProjectSecretItem:
        return AccountQuestion(SecretHash.read(given["app_id"], given["secret_md5"]), address)
    if form is ProjectTokenItem:
        return AccountQuestion(Token.read(given["token"]), address)
    try:
        presented = _presented(given)
    except Unreadable:
        return None
    asked = given.get("gateway", gateway)
    return AppQuestion(presented, asked if ids.is_instance_id(asked) else "", _call(given, address))


def _presented(given: Mapping[str, Any]) -> Presented:
    if "app_code" in given:
        return AppCode(given["app_code"])
    if "app_key" in given:
        return credentials.key_and_secret(given["app_key"], given["app_secret"])
    return credentials.signature(signing.Sent("", "", "", tuple(given["headers"].items())))


def _call(given: Mapping[str, Any], address: str) -> Original:
    path, _, query = _latin(given.get("uri", "")).partition("?")
    sent = signing.Sent(given.get("method", ""), path, query, tuple(given.get("headers", {}).items()))
    seen = given.get("body_sha256", "")
    if "body" in given:
        seen = signing.hash_of(given["body"].encode("utf-8", "surrogatepass"))
    return Original(sent, address, seen)


def _latin(text: str) -> str:
    """One character a byte, as it goes over the wire."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")
