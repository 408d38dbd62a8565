"""Filters of lists, by django-filter: each reads its parameter strictly, and refuses as the domain does."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from config.dialects.native.fields import read_moment
from config.dialects.native.query import of_the_query
from config.kernel import names
from config.kernel.errors import Code, Invalid
from config.kernel.states import NAMES, State

_NAMED = f"({'|'.join(NAMES)})"
STATES: dict[str, Any] = {"type": "string", "pattern": f"^{_NAMED}(,{_NAMED})*$"}
# Reads a parameter's text; is given the parameter's name; raises Invalid.
Read = Callable[..., Any]


class _StrictField(forms.Field):
    """Not Django's leniency: the text as it came, or nothing where it did not come."""

    def __init__(self, *args: Any, read: Read, parameter: str, **options: Any) -> None:
        self.read, self.parameter = read, parameter
        super().__init__(*args, **options)

    def clean(self, value: Any) -> Any:
        return None if value is None else self.read(value, field=self.parameter)


class StrictFilter(django_filters.Filter):
    """One parameter: how it is read, what it is in OpenAPI, and how it narrows the list."""

    field_class = _StrictField

    def __init__(self, read: Read, about: str, schema: Mapping[str, Any] | None = None, **options: Any) -> None:
        self.about, self.schema = about, schema or {"type": "string"}
        super().__init__(read=read, parameter="", **options)

    @property
    def field(self) -> Any:
        self.extra["parameter"] = next(name for name, each in self.parent.filters.items() if each is self)
        return super().field

    def filter(self, qs: Any, value: Any) -> Any:
        return qs if value is None else super().filter(qs, value)


class StrictFilterSet(django_filters.FilterSet):
    """The filters of one resource."""

    @classmethod
    def parameters(cls) -> tuple[str, ...]:
        """Their names."""
        return tuple(cls.base_filters)

    @classmethod
    def narrow(cls, queryset: QuerySet[Any], given: Mapping[str, str], **context: Any) -> Any:
        """The list, narrowed by what is given. Raises Invalid."""
        known = {name: value for name, value in given.items() if name in cls.base_filters}
        if not known:
            return queryset
        filterset = cls(known, queryset)
        filterset.context = context
        with of_the_query():
            return filterset.qs


def read_text(value: str, *, field: str) -> str:
    return value


def read_match(value: str, *, field: str) -> str:
    """A part of a name, folded: two characters at least (S22)."""
    folded = names.name_key(value)
    if len(folded) < names.SHORTEST_MATCH:
        raise Invalid(Code.TOO_SHORT, field=field, limit=names.SHORTEST_MATCH)
    return folded


def read_states(value: str, *, field: str) -> list[State]:
    """A comma list of states' names."""
    wanted = value.split(",")
    if not set(wanted) <= NAMES.keys():
        raise Invalid(Code.BAD_CHOICE, field=field, allowed=", ".join(NAMES))
    return [NAMES[name] for name in wanted]


def read_time(value: str, *, field: str) -> datetime:
    return read_moment(value, field=field)


def text(about: str, **options: Any) -> StrictFilter:
    """A filter by a text as it is."""
    return StrictFilter(read_text, about, **options)


def moment(column: str, lookup: str) -> StrictFilter:
    """A filter by a time: `gte` from then on, `lt` before it."""
    about = "from this moment on" if lookup == "gte" else "before this moment"
    schema = {"type": "string", "format": "date-time"}
    return StrictFilter(read_time, about, schema, field_name=column, lookup_expr=lookup)
