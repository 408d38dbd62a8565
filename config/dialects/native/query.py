"""What a query string of the native API may hold: the page, the order, the fields, and the resource's own filters.

What is not known is refused: a filter that is misspelled must not become a list of everything.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from config.dialects.fields import whole
from config.dialects.parsing import read_pairs
from config.kernel.errors import Code, Invalid

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
MAX_FIELDS = 50
MAX_TEXT = 256
MAX_LONG_TEXT = 4096
LIST = ("limit", "cursor", "ordering", "fields")
COUNTED = (*LIST, "count")


@dataclass(frozen=True, slots=True)
class Query:
    """A list that is asked for. `ordering` is a field, with `-` before it where it descends."""

    limit: int
    cursor: str
    ordering: str
    fields: tuple[str, ...]
    wants_count: bool
    filters: Mapping[str, str]

    @property
    def identity(self) -> str:
        """What a cursor is bound to: the question, not the page (S13)."""
        return orjson.dumps([sorted(self.filters.items()), self.ordering]).decode()


@contextmanager
def of_the_query() -> Iterator[None]:
    """Faults found within are of parameters, not of members of the body."""
    try:
        yield
    except Invalid as error:
        error.facts["place"] = "parameter"
        raise


def read_params(request: Any, known: Iterable[str]) -> dict[str, str]:
    """The parameters of the address, each known, none longer than 256 characters but the cursor. Raises Invalid."""
    with of_the_query():
        try:
            params = read_pairs(request.META.get("QUERY_STRING", "").encode("latin-1").decode())
        except (Invalid, UnicodeError):
            raise Invalid(Code.BAD_REQUEST) from None
        for name, value in params.items():
            if name not in known:
                raise Invalid(Code.UNKNOWN_FIELD, field=name[:64], given=name[:64], known=", ".join(known) or "–")
            check_param(name, value)
        return params


def check_param(name: str, value: str) -> None:
    """Pass, or Invalid: no parameter is longer than 256 characters but the cursor, or holds what no database takes."""
    longest = MAX_LONG_TEXT if name in {"cursor", "fields"} else MAX_TEXT
    if len(value) > longest:
        raise Invalid(Code.TOO_LONG, field=name, limit=longest)
    if "\0" in value:
        raise Invalid(Code.BAD_CHARACTER, field=name, character="U+0000")


def read_query(params: Mapping[str, str], *, orderings: tuple[str, ...], fields: tuple[str, ...]) -> Query:
    """The page that the parameters ask for; the first of `orderings` is the default. Raises Invalid."""
    with of_the_query():
        ordering = params.get("ordering", orderings[0])
        if ordering not in orderings:
            raise Invalid(Code.BAD_CHOICE, field="ordering", allowed=", ".join(orderings))
        if params.get("count", "exact") != "exact":
            raise Invalid(Code.BAD_CHOICE, field="count", allowed="exact")
        return Query(
            limit=whole(params.get("limit", DEFAULT_LIMIT), field="limit", minimum=1, maximum=MAX_LIMIT),
            cursor=params.get("cursor", ""),
            ordering=ordering,
            fields=read_fields(params, fields),
            wants_count="count" in params,
            filters={name: value for name, value in params.items() if name not in COUNTED},
        )


def read_fields(params: Mapping[str, str], known: tuple[str, ...]) -> tuple[str, ...]:
    """`fields`, a comma list; all where it is not given. Raises Invalid."""
    if not params.get("fields"):
        return known
    wanted = [name.strip() for name in params["fields"].split(",")]
    if len(wanted) > MAX_FIELDS:
        raise Invalid(Code.TOO_MANY_VALUES, field="fields", limit=MAX_FIELDS, place="parameter")
    for name in wanted:
        if name not in known:
            known_names = ", ".join(known)
            raise Invalid(Code.UNKNOWN_FIELD, field="fields", given=name[:64], known=known_names, place="parameter")
    return tuple(dict.fromkeys(wanted))
