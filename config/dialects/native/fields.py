"""Input of the native API: JSON's own types, moments in RFC 3339, every fault told at once, nothing unknown."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers

from config.dialects.fields import DomainField, DomainSerializer
from config.kernel.errors import Code, Invalid

_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})\Z", re.ASCII)


class NativeSerializer(DomainSerializer):
    """Collects the faults of all members, and refuses those that it does not know."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        cleaned: dict[str, Any] = {}
        faults: list[Invalid] = []
        for field in self._writable_fields:
            try:
                cleaned[str(field.field_name)] = field.run_validation(field.get_value(data))
            except serializers.SkipField:
                continue
            except Invalid as fault:
                faults.append(fault)
        known = ", ".join(self.fields) or "–"
        faults += [
            Invalid(Code.UNKNOWN_FIELD, field=name, given=name[:64], known=known)
            for name in data
            if name not in self.fields
        ]
        if faults:
            raise Invalid.all_of(faults)
        return cleaned


class Flag(DomainField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise Invalid(Code.WRONG_TYPE, field=self.field_name, expected="boolean")
        return data


class OrNull(DomainField):
    """A text that `clean` takes, or null, which takes back what was there; `form` is what its schema says of the text.

    `clean` is given the text and the field's name, and raises Invalid.
    """

    def __init__(self, clean: Callable[..., Any], form: Mapping[str, Any], **options: Any) -> None:
        self.clean, self.form = clean, form
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str | None:
        if data is None:
            return None
        if not isinstance(data, str):
            raise Invalid(Code.WRONG_TYPE, field=self.field_name, expected="string or null")
        self.clean(data, field=self.field_name)
        return data


class Choice(DomainField):
    """One of some words."""

    def __init__(self, *choices: str, **options: Any) -> None:
        self.choices = choices
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        if data not in self.choices:
            raise Invalid(Code.BAD_CHOICE, field=self.field_name, allowed=", ".join(self.choices))
        return str(data)


class Words(DomainField):
    """A list of different texts, `longest` of them at most; `each` is what the schema says of one."""

    def __init__(self, longest: int, each: Mapping[str, Any] | None = None, **options: Any) -> None:
        self.longest, self.each = longest, each or {}
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> list[str]:
        if not isinstance(data, list) or not all(isinstance(each, str) for each in data):
            raise Invalid(Code.WRONG_TYPE, field=self.field_name, expected="list of strings")
        if len(data) > self.longest:
            raise Invalid(Code.TOO_MANY_VALUES, field=self.field_name, limit=self.longest)
        return list(dict.fromkeys(data))


class Reference(DomainField):
    """An id of the form that `pattern` tells, or null: nothing."""

    def __init__(self, pattern: str, **options: Any) -> None:
        self.pattern = pattern
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str | None:
        if data is None:
            return None
        if not isinstance(data, str) or not re.fullmatch(self.pattern, data):
            raise Invalid(Code.WRONG_TYPE, field=self.field_name, expected="id, or null")
        return data


class Moment(DomainField):
    """A moment in RFC 3339 with its offset, or null: never."""

    def to_internal_value(self, data: Any) -> datetime | None:
        return None if data is None else read_moment(data, field=self.field_name)


def read_moment(value: Any, *, field: str) -> datetime:
    """The moment in UTC. Raises Invalid (WRONG_TYPE)."""
    try:
        if not isinstance(value, str) or not _RFC3339.match(value):
            raise ValueError(value)
        # In UTC at once: the ends of what a date can hold are beyond them in another zone.
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(Code.WRONG_TYPE, field=field, expected="RFC 3339 date-time") from None
