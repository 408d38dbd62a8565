"""What APIG's calls send, read as the document says it (004, table 3). Properties that it does not name are ignored."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from rest_framework import serializers

from config.dialects.fields import DomainField, DomainSerializer, Line, Text, whole
from config.kernel import addresses, keys, names
from config.kernel.errors import Code, Invalid

clean_name = partial(names.clean_name, shortest=3, longest=64)
# What is sent as a secret that stays: nothing, or the mask that an answer shows (the switch's own section).
NO_SECRET = frozenset({"", "******"})
PAGE, MOST, DEEPEST = 20, 500, 10_000


class Body(DomainSerializer):
    """null is as good as not sent."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        return super().to_internal_value({name: value for name, value in data.items() if value is not None})


class AppName(Text):
    """An app's name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(clean_name, **options)


class AppKey(Text):
    """A key of one's own."""

    pattern = keys.KEY_PATTERN

    def __init__(self, version: str, **options: Any) -> None:
        self.lengths = keys.KEY_LENGTHS[version]
        super().__init__(partial(keys.clean_app_key, lengths=self.lengths), **options)


class AppSecret(Text):
    """A secret of one's own; "" and the mask are none."""

    pattern = keys.SECRET_PATTERN

    def __init__(self, version: str, **options: Any) -> None:
        self.lengths = keys.SECRET_LENGTHS[version]
        super().__init__(self._clean, **options)

    def _clean(self, value: str, *, field: str) -> str:
        return "" if value in NO_SECRET else keys.clean_app_secret(value, field=field, lengths=self.lengths)


class AppBodyV1(Body):
    """004, table 3."""

    name = AppName()
    remark = Line(255, required=False)
    app_key = AppKey("v1", required=False)
    app_secret = AppSecret("v1", required=False)


class AppBodyV2(Body):
    """The same with the longer keys of v2 [vendor]."""

    name = AppName()
    remark = Line(255, required=False)
    app_key = AppKey("v2", required=False)
    app_secret = AppSecret("v2", required=False)


class ResetBodyV1(Body):
    """ "", nothing and an empty body: one of ours."""

    app_secret = AppSecret("v1", required=False)


class ResetBodyV2(Body):
    """The same with the longer secrets of v2."""

    app_secret = AppSecret("v2", required=False)


class CodeBody(Body):
    """An AppCode of one's own."""

    app_code = Text(keys.clean_app_code)


class AclBody(Body):
    """Who may call from where."""

    app_acl_type = Text(lambda value, field: _choice(value, field, (addresses.PERMIT, addresses.DENY)))
    app_acl_values = serializers.ListField(child=serializers.CharField())

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        given = {name: value for name, value in data.items() if value is not None}
        for name in ("app_acl_type", "app_acl_values"):
            if name not in given:
                raise Invalid(Code.REQUIRED, field=name)
        if not isinstance(given["app_acl_values"], list):
            raise Invalid(Code.WRONG_TYPE, field="app_acl_values", expected="list")
        kind = self.fields["app_acl_type"].run_validation(given["app_acl_type"])
        values = addresses.clean_addresses(given["app_acl_values"], field="app_acl_values")
        return {"acl_type": kind, "acl_values": values}


class Flag(DomainField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise Invalid(Code.WRONG_TYPE, field=self.field_name, expected="boolean")
        return data


class FeatureBody(Body):
    """A feature of a gateway, and how it is set."""

    name = Line(64, shortest=1)
    enable = Flag()
    config = Line(1024, required=False)


def read_page(params: Mapping[str, str], version: str) -> slice:
    """Of a list: `page_no` and `page_size` in v1, `offset` and `limit` in v2, which are bent into their bounds.

    Raises Invalid, also for what lies deeper than 10,000 (S22).
    """
    if version == "v1":
        size = whole(params.get("page_size", PAGE), field="page_size", minimum=1, maximum=MOST)
        number = whole(params.get("page_no", 1), field="page_no", minimum=1, maximum=DEEPEST)
        start = (number - 1) * size
    else:
        asked = whole(params.get("limit", PAGE), field="limit", minimum=-(2**63), maximum=2**63)
        size = PAGE if asked <= 0 else min(asked, MOST)
        start = max(0, whole(params.get("offset", 0), field="offset", minimum=-(2**63), maximum=2**63))
    if start > DEEPEST:
        raise Invalid(Code.OUT_OF_RANGE, field="page_no" if version == "v1" else "offset", minimum=0, maximum=DEEPEST)
    return slice(start, start + size)


def _choice(value: str, field: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise Invalid(Code.BAD_CHOICE, field=field, allowed=", ".join(allowed))
    return value
