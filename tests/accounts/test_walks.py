"""Walking lists: there and back again, over ties, over what comes and goes, over lists of different kinds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.access import walks
from accounts.access.walks import Ask, Page, Walk
from accounts.models import AuditOrigin, NameProbe, SignIn
from config.kernel.errors import Invalid
from tests.factories import make_user

DAY = datetime(2031, 3, 4, tzinfo=UTC)


def ask(cursor: str = "", limit: int = 2, principal: str = "alice", query: str = "all") -> Ask:
    return Ask(limit, cursor, principal, query)


def there(walk: Walk, limit: int = 2) -> list[Page]:
    """Every page from the first to the last."""
    pages = [walk.page(ask(limit=limit))]
    while pages[-1].next:
        pages.append(walk.page(ask(pages[-1].next, limit)))
    return pages


def back(walk: Walk, page: Page, limit: int = 2) -> list[Page]:
    pages = [page]
    while pages[-1].previous:
        pages.append(walk.page(ask(pages[-1].previous, limit)))
    return pages[::-1]


def ids(pages: list[Page]) -> list[list[Any]]:
    return [[row.pk for row in page.rows] for page in pages]


class One:
    """A row of a list that no database has."""

    def __init__(self, pk: int, value: Any) -> None:
        self.pk, self.value = pk, value


class Two(One):
    pass


class Three(One):
    pass


def plain(rows: list[Any]) -> Walk:
    """A list in memory, by (value, pk)."""
    ordered = sorted(rows, key=lambda row: (row.value, row.pk))

    def fetch(at: Any, is_back: bool, number: int) -> list[Any]:
        line = ordered[::-1] if is_back else ordered
        if at is not None:
            line = [row for row in line if ((row.value, row.pk) < at if is_back else (row.value, row.pk) > at)]
        return line[:number]

    return Walk(fetch, lambda row: (row.value, row.pk))


def chain(*numbers: int) -> Walk:
    kinds: list[type[One]] = [One, Two, Three]
    return walks.chained(
        [
            (kind, plain([kind(pk, pk % 2) for pk in range(number)]))
            for kind, number in zip(kinds, numbers, strict=False)
        ]
    )


def seen(pages: list[Page]) -> list[tuple[str, int]]:
    return [(type(row).__name__, row.pk) for page in pages for row in page.rows]


def test_lists_one_after_the_other_are_one_list() -> None:
    pages = there(chain(3, 0, 2))
    assert seen(pages) == [("One", 0), ("One", 2), ("One", 1), ("Three", 0), ("Three", 1)]
    assert [len(page.rows) for page in pages] == [2, 2, 1]
    assert (pages[0].previous, pages[-1].next) == ("", "")


@pytest.mark.parametrize("numbers", [(), (0,), (0, 0, 0)])
def test_of_nothing_there_is_one_empty_page(numbers: tuple[int, ...]) -> None:
    page = chain(*numbers).page(ask())
    assert (page.rows, page.next, page.previous) == ([], "", "")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=3), st.integers(1, 6))
def test_there_and_back_again_are_the_same_rows(numbers: list[int], limit: int) -> None:
    walk = chain(*numbers)
    pages = there(walk, limit)
    rows = seen(pages)
    assert len(rows) == len(set(rows)) == sum(numbers)
    assert rows == seen([walk.page(ask(limit=100))])
    assert all(len(page.rows) == limit for page in pages[:-1])
    if len(pages) > 1:
        home = back(walk, pages[-1], limit)
        assert seen(home) == rows
        assert home[0].previous == ""


def test_a_page_back_is_filled_from_the_list_before() -> None:
    walk = chain(3, 1, 2)
    last = there(walk, 4)[-1]
    assert seen([last]) == [("Three", 0), ("Three", 1)]
    before = walk.page(ask(last.previous, 4))
    assert seen([before]) == [("One", 0), ("One", 2), ("One", 1), ("Two", 0)]
    assert (before.previous, before.next != "") == ("", True)


def test_no_more_is_read_than_a_page_and_one_row_more() -> None:
    asked: list[int] = []

    def counting(kind: type[One]) -> Walk:
        inner = plain([kind(pk, 0) for pk in range(3)])

        def fetch(at: Any, is_back: bool, number: int) -> list[Any]:
            asked.append(number)
            return inner.fetch(at, is_back, number)

        return Walk(fetch, inner.position)

    walk = walks.chained([(One, counting(One)), (Two, counting(Two)), (Three, counting(Three))])
    walk.page(ask(limit=4))
    assert asked == [5, 2], "and nothing of the third list"


@pytest.fixture
def origins(db: None) -> list[AuditOrigin]:
    """Five rows, of which three are of one day."""
    days = [DAY, DAY, DAY, DAY + timedelta(days=1), DAY - timedelta(days=1)]
    rows = [
        AuditOrigin(id=number, actor=f"actor{number}", address="192.0.2.1", day=day.date())
        for number, day in enumerate(days, 1)
    ]
    return AuditOrigin.objects.bulk_create(rows)


@pytest.mark.parametrize(
    ("column", "is_descending", "expected"),
    [
        ("pk", True, [[5, 4], [3, 2], [1]]),
        ("pk", False, [[1, 2], [3, 4], [5]]),
        ("actor", True, [[5, 4], [3, 2], [1]]),
    ],
)
def test_a_table_is_walked_in_its_order(
    origins: list[AuditOrigin], column: str, is_descending: bool, expected: list[list[int]]
) -> None:
    walk = walks.keyset(AuditOrigin.objects.all(), column, is_descending=is_descending)
    pages = there(walk)
    assert ids(pages) == expected
    home = [pk for page in ids(back(walk, pages[-1])) for pk in page]
    assert home == [pk for page in expected for pk in page]


def test_rows_of_one_moment_are_each_seen_once(db: None) -> None:
    users = [make_user() for _ in range(5)]
    NameProbe.objects.bulk_create(NameProbe(user=user, minute=DAY, count=1) for user in users)
    walk = walks.keyset(NameProbe.objects.all(), "minute")
    pages = there(walk)
    expected = sorted(NameProbe.objects.values_list("pk", flat=True), reverse=True)
    assert [pk for page in ids(pages) for pk in page] == expected
    home = back(walk, pages[-1])
    assert [pk for page in ids(home) for pk in page] == expected


def test_what_comes_and_goes_moves_no_other(origins: list[AuditOrigin]) -> None:
    walk = walks.keyset(AuditOrigin.objects.all())
    first = walk.page(ask())
    AuditOrigin.objects.create(id=6, actor="new", address="192.0.2.1", day=DAY.date())
    AuditOrigin.objects.filter(pk=4).delete()  # the very row at which the page ended
    second = walk.page(ask(first.next))
    assert ids([second]) == [[3, 2]]
    assert ids([walk.page(ask(second.previous))]) == [[6, 5]]


def test_an_empty_page_beyond_the_end_leads_nowhere(origins: list[AuditOrigin]) -> None:
    walk = walks.keyset(AuditOrigin.objects.all())
    cursor = there(walk)[-2].next
    AuditOrigin.objects.filter(pk=1).delete()
    page = walk.page(ask(cursor))
    assert (page.rows, page.next, page.previous) == ([], "", "")


def test_a_cursor_is_for_who_asked_and_for_what_was_asked(origins: list[AuditOrigin]) -> None:
    walk = walks.keyset(AuditOrigin.objects.all())
    cursor = walk.page(ask()).next
    assert walk.page(ask(cursor, limit=3)).rows, "how many at a time is not the question"
    for other in (ask(cursor, principal="bob"), ask(cursor, query="some"), ask(cursor[:-3]), ask("x"), ask(cursor * 2)):
        with pytest.raises(Invalid) as raised:
            walk.page(other)
        assert raised.value.code == "bad_cursor"


def test_tables_of_different_kinds_are_walked_one_after_the_other(origins: list[AuditOrigin]) -> None:
    user = make_user()
    SignIn.objects.create(user=user, address="192.0.2.1", last_at=DAY)
    parts: list[Any] = [
        (SignIn, walks.keyset(SignIn.objects.all(), "last_at")),
        (AuditOrigin, walks.keyset(AuditOrigin.objects.all())),
    ]
    walk = walks.chained(parts)
    pages = there(walk, 4)
    kinds = [[type(row).__name__ for row in page.rows] for page in pages]
    assert kinds == [["SignIn", "AuditOrigin", "AuditOrigin", "AuditOrigin"], ["AuditOrigin", "AuditOrigin"]]
    assert ids(back(walk, pages[-1], 4)) == ids(pages)
