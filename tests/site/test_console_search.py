"""The search of the developers' console."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.kernel.states import State
from tests.cast import Cast
from tests.factories import make_city, make_project
from tests.policies import CLOSED, override
from tests.site.console import Browser

SEARCH = "/console/search"


def test_a_part_of_a_name_finds_ones_own_and_what_is_shared(cast: Cast) -> None:
    for who in (cast.alice, cast.oscar, cast.vera):
        page = Browser(who.user).get(SEARCH, q="alice_c")
        assert f'href="/console/cities/{cast.city.key}"' in page.source
        assert "Enabled" in page.text
    assert "Nothing of yours has this in its name" in Browser(cast.charlie.user).get(SEARCH, q="alice_c").text


def test_a_whole_id_finds_what_one_sees_even_in_the_bin(cast: Cast) -> None:
    assert cast.alice.user is not None
    city = make_city(cast.alice.user, "Old_Town", State.DELETED)
    found = Browser(cast.alice.user).get(SEARCH, q=city.key)
    assert "Old_Town" in found.text
    assert "Deleted" in found.text
    assert "Old_Town" not in Browser(cast.alice.user).get(SEARCH, q="old_town").source.split("</header>")[1].replace(
        "Search: old_town", ""
    )
    assert "Old_Town" not in Browser(cast.charlie.user).get(SEARCH, q=city.key).text


def test_the_first_five_are_shown_with_a_way_to_all(cast: Cast) -> None:
    assert cast.alice.user is not None
    for number in range(6):
        make_city(cast.alice.user, f"Harbour_{number}")
    page = Browser(cast.alice.user).get(SEARCH, q="harbour")
    assert [f"Harbour_{number}" in page.text for number in range(6)] == [False, True, True, True, True, True]
    assert 'href="/console/cities?search=harbour"' in page.source
    few = Browser(cast.alice.user).get(SEARCH, q="harbour_1")
    assert "Harbour_1" in few.text
    assert "All that fit" not in few.text


def test_what_a_company_has_is_found_with_where_it_stands(cast: Cast) -> None:
    assert cast.alice.user is not None
    project = make_project(cast.alice.user, "Night market", city=cast.city.key)
    page = Browser(cast.alice.user).get(SEARCH, q="market")
    assert f'href="/console/projects/{project.key}"' in page.source
    assert "City Alice_City" in page.text


def test_the_box_keeps_what_was_typed_and_nothing_in_it_is_markup(cast: Cast) -> None:
    source = Browser(cast.alice.user).get(SEARCH, q='"><b>x').source
    assert 'value="&quot;&gt;&lt;b&gt;x"' in source
    assert "<b>x" not in source


def test_too_little_is_said_to_be_too_little(cast: Cast) -> None:
    for query in ("", "a", " ", "a\0b"):
        page = Browser(cast.alice.user).get(SEARCH, q=query)
        assert page.status == 200
        assert "Type two characters of a name or more, or a whole id." in page.text


def test_what_a_policy_closes_is_not_found(cast: Cast) -> None:
    override("QriState", enable=CLOSED)
    assert cast.city.key not in Browser(cast.alice.user).get(SEARCH, q="alice_city").text


def test_it_costs_the_same_whatever_is_found(cast: Cast) -> None:
    assert cast.alice.user is not None
    few = queries(Browser(cast.alice.user))
    for number in range(5):
        make_city(cast.alice.user, f"Alice_City_{number}")
    assert queries(Browser(cast.alice.user)) == few <= 20


def queries(browser: Browser) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(SEARCH, q="alice_city").status == 200
    return len(captured.captured_queries)
