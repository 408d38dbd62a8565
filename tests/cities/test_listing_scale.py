"""A page of one's cities costs a page, whoever asks and however deep, among a million cities; and a request over
its limits is refused before a row is read.
"""

import json
from typing import Any
from urllib.parse import quote

import pytest

from accounts.models import User
from cities.models import City
from config.kernel.roles import Role
from tests.cast import Caller
from tests.factories import actor, make_token, make_user
from tests.million import HOLDERS, fetched

pytestmark = pytest.mark.scale

PAGE = 21  # a page of 20, and one more to know whether there is a next
MOST_BUFFERS = 200
# A page as it is shown names creators and updaters: two more rows for each of its own.
MOST_WITH_PEOPLE = MOST_BUFFERS + 2 * 3 * PAGE
MOST_BUFFERS_REFUSED = 100


@pytest.mark.usefixtures("db")
def test_a_page_costs_a_page_for_everybody_at_any_depth(holders: dict[str, User]) -> None:
    costs = {}
    for name in HOLDERS:
        by = actor(holders[name])
        held = list(City.objects.listed_for(by).values_list("pk", flat=True))
        assert len(held) == HOLDERS[name]
        start = max(0, len(held) - PAGE)
        last = City.objects.listed_for(by, page=slice(PAGE), before=held[start - 1] if start else None)
        pages = {
            "first": City.objects.listed_for(by, page=slice(PAGE)),
            "last by cursor": last,
            "last by offset": City.objects.listed_for(by, page=slice(start, start + PAGE)),
        }
        for page, cities in pages.items():
            expected = held[:PAGE] if page == "first" else held[start:]
            assert [city.pk for city in cities.all()] == expected
            costs[name, page] = (buffers(cities), buffers(cities.with_people()))
    show(costs)
    assert max(alone for alone, _ in costs.values()) <= MOST_BUFFERS
    assert max(with_people for _, with_people in costs.values()) <= MOST_WITH_PEOPLE


LONG = json.dumps({"name": "x" * 1024 * 1024})
OVER = {
    "limit=501": ("limit=501", 400, "LimitOutOfRange"),
    "201 values": (f"where={quote(json.dumps({'name': ['City_1'] * 201}))}", 400, "TooManyValues"),
    "offset=10001": ("offset=10001", 400, "ParameterOutOfRange"),
    "a match of 1": (f"where={quote(json.dumps({'name~': 'x'}))}", 400, "ParameterTooShort"),
    "1 MB of where": (f"where={quote(LONG)}", 413, "WhereTooLarge"),
}


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("case", OVER)
@pytest.mark.parametrize("role", [Role.DEVELOPER, Role.GOD])
def test_a_request_over_its_limits_is_refused_before_rows_are_read(
    case: str, role: Role, holders: dict[str, User]
) -> None:
    user = holders["owned"] if role is Role.DEVELOPER else make_user("root", Role.GOD)
    caller = Caller(make_token(user), user)
    assert caller.call("GET", "/city?limit=1&total=0").status == 200  # what a connection reads once is read
    query, status, reason = OVER[case]
    before = fetched()
    answer = caller.call("GET", f"/city?{query}")
    cost = fetched() - before
    assert (answer.status, answer.reason) == (status, reason)
    print(f"  {role:<10}{case:<16}{cost:>6} buffers")
    assert cost <= MOST_BUFFERS_REFUSED


def buffers(cities: Any) -> int:
    """Shared buffers that the whole query touches."""
    plan = json.loads(cities.explain(format="json", analyze=True, buffers=True))
    top = plan[0]["Plan"]
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])


def show(costs: dict[tuple[str, str], tuple[int, int]]) -> None:
    print(f"\n  {'holder':<10}{'page':<18}{'buffers':>8}{'with people':>13}")
    for (name, page), (alone, with_people) in costs.items():
        print(f"  {name:<10}{page:<18}{alone:>8}{with_people:>13}")
