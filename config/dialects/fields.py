"""Serializer fields that take what is meant and nothing else: no coercion, no trimming (domain.md §1)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from rest_framework import serializers

from config.kernel import names
from config.kernel.errors import Code, Invalid


class DomainField(serializers.Field):  # type: ignore[type-arg]
    """A field whose refusal is a DomainError: what it says goes through every dialect's table."""

    field_name: str

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is serializers.empty:
            if self.required:
                raise Invalid(Code.REQUIRED, field=self.field_name)
            raise serializers.SkipField()
        return self.to_internal_value(data)


class Text(DomainField):
    """Text as it is. `clean` is given the value and the field's name, and raises Invalid."""

    def __init__(self, clean: Callable[..., str], **options: Any) -> None:
        self.clean = clean
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise Invalid(Code.WRONG_TYPE, field=self.field_name, expected="string")
        return self.clean(data, field=self.field_name)

    def to_representation(self, value: Any) -> str:
        return str(value)


class Name(Text):
    """A name: 4–32, or as many as are said, of the alphabet of names."""

    def __init__(self, shortest: int = 4, longest: int = 32, **options: Any) -> None:
        self.shortest, self.longest = shortest, longest
        super().__init__(partial(names.clean_name, shortest=shortest, longest=longest), **options)


class Line(Text):
    """Free text of at most `longest` characters; `pattern` is what its schema says of its form."""

    def __init__(self, longest: int, shortest: int = 0, pattern: str = "", **options: Any) -> None:
        self.longest, self.shortest, self.pattern = longest, shortest, pattern
        super().__init__(self._clean, **options)

    def _clean(self, value: str, *, field: str) -> str:
        if len(value) < self.shortest:
            raise Invalid(Code.TOO_SHORT, field=field, limit=self.shortest)
        return names.clean_text(value, field=field, longest=self.longest)


class Label(Line):
    """What people call something: 1 to 64 characters, one of which can be seen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(64, shortest=1, **options)

    def _clean(self, value: str, *, field: str) -> str:
        return names.clean_label(super()._clean(value, field=field), field=field)


class Whole(DomainField):
    """A whole number, as a number or as its digits."""

    def __init__(self, minimum: int, maximum: int, **options: Any) -> None:
        self.minimum, self.maximum = minimum, maximum
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> int:
        return whole(data, field=self.field_name, minimum=self.minimum, maximum=self.maximum)

    def to_representation(self, value: Any) -> int:
        return int(value)


class Switch(DomainField):
    """0 or 1, as a number or a string."""

    def to_internal_value(self, data: Any) -> bool:
        if isinstance(data, bool) or str(data) not in {"0", "1"}:
            raise Invalid(Code.BAD_CHOICE, field=self.field_name, allowed="0, 1")
        return str(data) == "1"

    def to_representation(self, value: Any) -> int:
        return int(value)


def whole(data: Any, *, field: str, minimum: int, maximum: int) -> int:
    """A whole number between two others; WRONG_TYPE or OUT_OF_RANGE otherwise."""
    text = str(data)
    digits = text.removeprefix("-")
    if isinstance(data, bool) or not isinstance(data, int | str) or not (digits.isascii() and digits.isdecimal()):
        raise Invalid(Code.WRONG_TYPE, field=field, expected="integer")
    if len(digits) > 20 or not minimum <= int(text) <= maximum:
        raise Invalid(Code.OUT_OF_RANGE, field=field, minimum=minimum, maximum=maximum)
    return int(text)


class DomainSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Input whose first fault is raised as it is; `read()` gives what was sent, cleaned."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        cleaned: dict[str, Any] = {}
        for field in self._writable_fields:
            try:
                cleaned[str(field.field_name)] = field.run_validation(field.get_value(data))
            except serializers.SkipField:
                continue
        return cleaned

    def read(self) -> dict[str, Any]:
        """What was sent, cleaned. Raises DomainError."""
        self.is_valid(raise_exception=True)
        return dict(self.validated_data)
