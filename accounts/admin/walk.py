"""Walking a list of the super-console page by page, by position: page 4,000 costs what page 1 costs."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib.admin.views.main import PAGE_VAR
from django.core.paginator import Paginator
from unfold.views import ChangeList

from accounts.access.nearest import nearest
from accounts.access.walks import keyset

_EPOCH = datetime.fromtimestamp(0, UTC)
# No inner id is as long, and no moment before the year 5138.
_PLACE = re.compile("(-?)(?:([0-9]{1,17})[.])?([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Place:
    """Below a row, or `is_back`, above one; `pk` 0: from the newest on, or back from the oldest. As text it is 7 or -7,
    and where time makes the order 1763000000000000.7, in microseconds.
    """

    pk: int = 0
    moment: datetime = _EPOCH
    is_back: bool = False

    @classmethod
    def read(cls, text: str) -> "Place":
        """What it says; the newest, where that is nothing."""
        found = _PLACE.fullmatch(text)
        if found is None:
            return cls()
        sign, micros, pk = found.groups()
        return cls(int(pk), _EPOCH + timedelta(microseconds=int(micros or 0)), bool(sign))

    def __str__(self) -> str:
        micros = (self.moment - _EPOCH) // timedelta(microseconds=1)
        return f"{'-' if self.is_back else ''}{f'{micros}.' if micros else ''}{self.pk}"


class Walk(ChangeList):
    """A page is what lies older than a row (?p=id) or newer than one (?p=-id), and one row more to know of a next.

    It costs a page at any depth; where an offset reads, and a count visits, all that lies before it. Rows are looked
    for by their ids alone, and what a page shows of them is read for those of the page.
    """

    def get_results(self, request: Any) -> None:
        size, at = self.list_per_page, Place.read(request.GET.get(PAGE_VAR, ""))
        found = self._beyond(at, size + 1)
        if at.is_back and not found:  # nothing newer: then the newest
            at = Place()
            found = self._beyond(at, size + 1)
        has_more, rows = len(found) > size, self._rows(found[:size])
        rows = rows[::-1] if at.is_back else rows
        self.model_admin.dress(rows, request)
        has_newer, has_older = (has_more, at.pk > 0) if at.is_back else (at.pk > 0, has_more)
        self.newest = self.get_query_string() if at != Place() else ""
        self.newer = self._to(rows[0], is_back=True) if rows and has_newer else ""
        self.older = self._to(rows[-1], is_back=False) if rows and has_older else ""
        self.oldest = self.get_query_string({PAGE_VAR: str(Place(is_back=True))}) if self.older else ""
        self._tell(rows)

    @cached_property
    def column(self) -> str:
        """In whose order they are: of a filter by time its own, whose index then holds nothing but its rows."""
        return next((spec.order for spec in self.filter_specs if getattr(spec, "order", "")), "pk")

    def _beyond(self, at: Place, many: int) -> list[int]:
        if self.column == "pk":
            return nearest(self.queryset, at.pk, many, is_back=at.is_back)
        place = (at.moment, at.pk) if at.pk else None
        return keyset(self.queryset.values_list("pk", flat=True), self.column).fetch(place, at.is_back, many)

    def _rows(self, found: list[int]) -> list[Any]:
        rows = self.root_queryset.in_bulk(found)
        return [rows[pk] for pk in found if pk in rows]

    def _to(self, row: Any, *, is_back: bool) -> str:
        moment = getattr(row, self.column) if self.column != "pk" else _EPOCH
        return self.get_query_string({PAGE_VAR: str(Place(row.pk, moment, is_back))})

    def _tell(self, rows: list[Any]) -> None:
        """What the templates ask of a list that was counted."""
        self.result_list = rows
        self.result_count = self.full_result_count = len(rows)
        self.show_full_result_count = self.show_admin_actions = False
        self.can_show_all = self.multi_page = False
        self.paginator = Paginator(rows, self.list_per_page)

    def url_for_result(self, result: Any) -> str:
        return self.model_admin.address_of(result)
