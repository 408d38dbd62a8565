"""The standard query [vendor]: where, fields, offset, limit, page, sort, and what we add: cursor, total, `name~`.

Reads and checks the parameters; what they mean in a table is the resource's to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings

from config.dialects.fields import whole
from config.dialects.parsing import loads
from config.kernel import names
from config.kernel.errors import Code, Invalid
from config.kernel.states import State

MAX_LIMIT = 500
MAX_OFFSET = 10_000
MAX_WHERE = 64 * 1024
MAX_VALUES = 200
MAX_FIELDS = 50
_MAX_TEXT = 256
LAST_SECOND = 253_402_214_399  # of 9999-12-30: in every time zone a date

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Query:
    """`where` is field → any of these values; a field may be there once as itself and once as `field~`."""

    where: Mapping[str, tuple[Any, ...]]
    fields: tuple[str, ...]
    offset: int
    limit: int
    page: int
    sort: str
    is_descending: bool
    cursor: str
    wants_total: bool

    @property
    def sorted_by(self) -> str:
        return f"{self.sort}:{'DESC' if self.is_descending else 'ASC'}"

    @property
    def identity(self) -> str:
        """What a cursor is bound to: the question, not the page."""
        return orjson.dumps([sorted(self.where.items()), self.sort, self.is_descending], default=str).decode()


@dataclass(frozen=True, slots=True)
class Shape:
    """What a resource offers: `kinds` is field → text, state, time or until; `defaults` the fields of a row."""

    kinds: Mapping[str, str]
    sorts: tuple[str, ...]
    known: tuple[str, ...]
    defaults: tuple[str, ...]


def read_query(params: Mapping[str, Any], shape: Shape) -> Query:
    """The query that the parameters mean. Raises Invalid for the first fault."""
    limit = whole(params.get("limit", 20), field="limit", minimum=1, maximum=MAX_LIMIT)
    page = whole(params.get("page", 0), field="page", minimum=0, maximum=10**9)
    # `page`, where given, rules, and `offset` is not so much as looked at [vendor].
    offset = (page - 1) * limit if page else whole(params.get("offset", 0), field="offset", minimum=0, maximum=10**12)
    if offset > MAX_OFFSET:
        field, most = ("page", MAX_OFFSET // limit + 1) if page else ("offset", MAX_OFFSET)
        raise Invalid(Code.OUT_OF_RANGE, field=field, minimum=0, maximum=most)
    sort, is_descending = _read_sort(params.get("sort", params.get("order", "")), shape)
    if params.get("format", "raw") != "raw":
        raise Invalid(Code.BAD_CHOICE, field="format", allowed="raw")
    return Query(
        where=_read_where(params.get("where", "{}"), shape),
        fields=read_fields(params.get("fields", ""), shape.known, shape.defaults),
        offset=offset,
        limit=limit,
        page=page or offset // limit + 1,
        sort=sort,
        is_descending=is_descending,
        cursor=_text(params.get("cursor", ""), "cursor", longest=2048),
        wants_total=whole(params.get("total", 1), field="total", minimum=0, maximum=1) == 1,
    )


def read_fields(value: Any, known: tuple[str, ...], defaults: tuple[str, ...]) -> tuple[str, ...]:
    """A comma list of known fields; "@all" is all of them, nothing the defaults."""
    text = _text(value, "fields", longest=4096)
    if not text:
        return defaults
    if text == "@all":
        return known
    wanted = [name.strip() for name in text.split(",")]
    if len(wanted) > MAX_FIELDS:
        raise Invalid(Code.TOO_MANY_VALUES, field="fields", limit=MAX_FIELDS)
    for name in wanted:
        _known(name, known, "fields")
    return tuple(dict.fromkeys(wanted))


def _read_where(value: Any, shape: Shape) -> dict[str, tuple[Any, ...]]:
    if isinstance(value, str):
        if len(value) > MAX_WHERE:
            raise Invalid(Code.BODY_TOO_LARGE, field="where", limit=MAX_WHERE)
        try:
            value = loads(value or "{}")
        except Invalid as error:
            raise Invalid(error.code, field="where") from None
    if not isinstance(value, dict):
        raise Invalid(Code.NOT_AN_OBJECT, field="where")
    where: dict[str, tuple[Any, ...]] = {}
    for name, given in value.items():
        _known(name, tuple(shape.kinds), "where")
        values = given if isinstance(given, list) else [given]
        if len(values) > MAX_VALUES:
            raise Invalid(Code.TOO_MANY_VALUES, field="where", limit=MAX_VALUES)
        where[name] = tuple(_value(shape.kinds[name], each) for each in values)
    return where


def _value(kind: str, value: Any) -> Any:
    if kind == "state":
        number = whole(value, field="where", minimum=0, maximum=99)
        if number not in set(State):
            raise Invalid(Code.BAD_CHOICE, field="where", allowed=", ".join(str(int(state)) for state in State))
        return State(number)
    if kind == "until":
        return whole(value, field="where", minimum=0, maximum=LAST_SECOND)
    text = _text(value, "where", longest=_MAX_TEXT)
    if kind == "time":
        return _read_time(text)
    if kind == "match" and len(names.name_key(text)) < names.SHORTEST_MATCH:
        raise Invalid(Code.TOO_SHORT, field="where", limit=names.SHORTEST_MATCH)
    return text


def _read_time(text: str) -> datetime:
    try:
        # In UTC at once: the ends of what a date can hold are beyond them in another zone.
        return datetime.strptime(text, TIME_FORMAT).replace(tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(Code.WRONG_TYPE, field="where", expected="YYYY-MM-DD HH:MM:SS") from None


def _read_sort(value: Any, shape: Shape) -> tuple[str, bool]:
    text = _text(value, "sort", longest=64) or "inc:DESC"
    name, _, direction = text.partition(":")
    _known(name, shape.sorts, "sort")
    if direction.upper() not in {"", "ASC", "DESC"}:
        raise Invalid(Code.BAD_CHOICE, field="sort", allowed="ASC, DESC")
    return name, direction.upper() == "DESC"


def _known(name: str, known: tuple[str, ...], field: str) -> None:
    if name not in known:
        raise Invalid(Code.UNKNOWN_FIELD, field=field, given=name[:64], known=", ".join(known))


def _text(value: Any, field: str, *, longest: int) -> str:
    if not isinstance(value, str):
        raise Invalid(Code.WRONG_TYPE, field=field, expected="string")
    return names.clean_text(value, field=field, longest=longest)
