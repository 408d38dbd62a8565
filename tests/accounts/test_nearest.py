"""A page of a narrowed list is the same rows, however they are come by: near, gathered, or walked to."""

import pytest

from accounts.access import nearest as finding
from accounts.access.nearest import nearest
from cities.models import City
from tests.cast import Cast
from tests.factories import make_city

ALL = list(range(1, 25))


@pytest.fixture
def rows(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[int, City]:
    """24 cities by number, those that 5 divides called so; near are three ids."""
    assert cast.alice.user is not None
    monkeypatch.setattr(finding, "NEAR", 3)
    return {n: make_city(cast.alice.user, f"{'Fifth' if n % 5 == 0 else 'Other'}_{n}") for n in ALL}


@pytest.mark.parametrize("few", [0, 100])
@pytest.mark.parametrize("place", [0, 1, 4, 5, 13, 20, 21, 24])
@pytest.mark.parametrize("is_back", [False, True])
def test_it_finds_what_is_next_to_a_place(
    rows: dict[int, City], monkeypatch: pytest.MonkeyPatch, few: int, place: int, is_back: bool
) -> None:
    monkeypatch.setattr(finding, "FEW", few)
    fifths = City.objects.filter(name_key__startswith="fifth")
    for many in (1, 2, 4):
        found = nearest(fifths, rows[place].pk if place else 0, many, is_back=is_back)
        if is_back:
            expected = [n for n in (5, 10, 15, 20) if n > place][:many]
        else:
            expected = [n for n in (20, 15, 10, 5) if n < place or not place][:many]
        assert found == [rows[n].pk for n in expected], many


def test_it_finds_nothing_where_there_is_nothing(rows: dict[int, City]) -> None:
    for none in (City.objects.none(), City.objects.filter(name_key="nobody"), City.objects.filter(pk__in=[])):
        assert nearest(none, 0, 5) == []
        assert nearest(none, rows[12].pk, 5, is_back=True) == []


def test_a_place_that_no_row_can_have_is_beyond_them_all(rows: dict[int, City]) -> None:
    fifths = City.objects.filter(name_key__startswith="fifth")
    assert nearest(fifths, 10**17, 1) == [rows[20].pk]
    assert nearest(fifths, 10**17, 1, is_back=True) == []
