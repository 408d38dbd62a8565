"""A developer's cities, page by page: made, changed, closed, put in the bin; and what others see of them."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, NameProbe
from accounts.people import probes
from cities.models import City
from config.kernel.states import State, Verb
from tests.cast import Cast
from tests.factories import actor, do, make_city, make_user
from tests.site.console import Browser, Page, events, prove

CITIES = "/console/cities"


def at(city: City, page: str = "") -> str:
    return f"{CITIES}/{city.key}/{page}" if page else f"{CITIES}/{city.key}"


def offered(page: Page) -> list[str]:
    """The words of what may be done."""
    found = re.search(r'<div class="buttons">.*?</div>', page.source, re.DOTALL)
    return re.findall(r">\s*([^<>]+?)\s*</a>", found.group()) if found else []


@pytest.fixture
def alice(cast: Cast) -> Browser:
    return Browser(cast.alice.user)


def press(browser: Browser, path: str, **typed: str) -> Page:
    """As a person does: the form is looked at, then sent."""
    version = re.findall(r'name="version" value="(\d+)"', browser.get(path).source)
    return browser.post(path, **typed, version=version[0] if version else "1")


def test_the_list_holds_what_is_mine_and_what_is_shared_and_no_bin(cast: Cast, alice: Browser) -> None:
    make_city(cast.alice.user, "Binned_City", State.DELETED)
    make_city(make_user("dora"), "Doras_City")
    page = alice.get(CITIES)
    assert "Alice_City" in page.text
    assert "Binned_City" not in page.text
    assert "Doras_City" not in page.text
    assert "Alice_City" in Browser(cast.vera.user).get(CITIES).text
    assert "Binned_City" in alice.get(CITIES, state="deleted").text


def test_it_is_walked_page_by_page(cast: Cast) -> None:
    dora = make_user("dora")
    for number in range(26):
        make_city(dora, f"City_{number:02}")
    first = Browser(dora).get(CITIES)
    following = re.search(r'rel="next"\s+href="([^"]+)"', first.source)
    assert following is not None
    assert "City_01" in first.text
    assert "City_00" not in first.text
    second = Browser(dora).get(f"{CITIES}{following.group(1)}")
    assert "City_00" in second.text
    assert 'rel="prev"' in second.source
    assert "City_25" in Browser(dora).get(CITIES, cursor="nonsense").text


def test_a_search_that_is_too_short_says_so(alice: Browser) -> None:
    page = alice.get(CITIES, search="a")
    assert page.status == 200
    assert "must have at least 2 characters" in page.text
    assert "Alice_City" in alice.get(CITIES, search="ice_c").text
    assert "Nothing here fits." in alice.get(CITIES, search="zzz").text


def test_an_empty_list_teaches_the_next_step(db: None) -> None:
    page = Browser(make_user("dora")).get(CITIES)
    assert "No city yet" in page.text
    assert f'href="{CITIES}/new"' in page.source


def test_a_city_is_made_and_shown(cast: Cast, alice: Browser) -> None:
    answered = alice.post(f"{CITIES}/new", name="Harbour_1", brief="Boats", type="", avatar="")
    city = City.objects.get(name="Harbour_1")
    assert (answered.status, answered.headers["Location"]) == (302, at(city))
    assert (city.creator, city.brief) == (cast.alice.user, "Boats")
    assert events(city) == [("ADD", "console", "ok", cast.alice.user.key)]  # type: ignore[union-attr]
    page = alice.get(at(city))
    assert "Harbour_1: created." in page.text
    assert "Owner" in page.text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "This field is required."),
        ("abc", "Name must have at least 4 characters."),
        ("a city", "Name may not hold the character"),
        ("1City", "Name may not begin with 1."),
        ("Alice_City", "This name is taken."),
    ],
)
def test_a_name_at_fault_is_told_beside_its_field_and_makes_nothing(alice: Browser, name: str, said: str) -> None:
    before = City.objects.count()
    page = alice.post(f"{CITIES}/new", name=name, brief="Boats")
    assert page.status == 422
    error = re.search(r'<p class="error"\s+id="id_name_error"\s+role="alert">(.*?)</p>', page.source, re.DOTALL)
    assert error is not None
    assert said in error.group(1)
    assert 'value="Boats"' in page.source, "what was typed is still there"
    assert City.objects.count() == before


@pytest.mark.usefixtures("standing_clock")  # it is counted by the minute
def test_a_name_is_looked_up_while_it_is_typed_and_a_taken_one_is_counted(cast: Cast, alice: Browser) -> None:
    assert alice.post(f"{CITIES}/name", name="Free_Name").text.strip() == "This name is free."
    assert alice.post(f"{CITIES}/name", name="alice_CITY").text.strip() == "This name is taken."
    assert NameProbe.objects.get(user=cast.alice.user).count == 1
    assert "at least 4" in alice.post(f"{CITIES}/name", name="abc").text
    NameProbe.objects.update(count=probes.A_MINUTE)
    said = alice.post(f"{CITIES}/name", name="Another")
    assert (said.status, "Too many attempts" in said.text, "<html" in said.source) == (200, True, False)


def test_a_city_is_changed_by_who_saw_its_newest_version(cast: Cast, alice: Browser) -> None:
    page = alice.get(at(cast.city, "edit"))
    assert 'name="name" value="Alice_City"' in page.source
    version = re.search(r'name="version" value="(\d+)"', page.source)
    assert version is not None
    sent = {"name": "Alice_Two", "brief": "New", "version": version.group(1)}
    assert alice.post(at(cast.city, "edit"), **sent).headers["Location"] == at(cast.city)
    cast.city.refresh_from_db()
    assert (cast.city.name, cast.city.brief) == ("Alice_Two", "New")
    stale = alice.post(at(cast.city, "edit"), **{**sent, "name": "Alice_Three"})
    assert stale.status == 409
    assert "has changed since" in stale.text
    assert 'value="Alice_Three"' in stale.source
    cast.city.refresh_from_db()
    assert cast.city.name == "Alice_Two"


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("alice", ["Edit", "Transfer", "Take offline", "Disable", "Soft-delete"]),
        ("oscar", ["Edit", "Take offline"]),
        ("vera", []),
        ("zoe", ["Disable"]),
    ],
)
def test_a_page_offers_what_one_may_do(cast: Cast, who: str, words: list[str]) -> None:
    found = offered(Browser(getattr(cast, who).user).get(at(cast.city)))
    assert found == words


def test_a_stranger_finds_nothing_anywhere(cast: Cast) -> None:
    charlie = Browser(cast.charlie.user)
    for page in ("", "edit", "activity", "try", "dis", "off"):
        answered = charlie.get(at(cast.city, page))
        assert answered.status == 404
        assert answered.text == charlie.get(f"{CITIES}/AbcdEfgh/{page}").text.replace("AbcdEfgh", cast.city.key)


def test_it_is_closed_with_a_reason_and_until_when(cast: Cast, alice: Browser) -> None:
    page = alice.get(at(cast.city, "dis"))
    assert "You cannot lift this yourself" in page.text
    tomorrow = timezone.localtime(timezone.now() + timedelta(days=1))
    sent = {"reason": "Repairs", "expires_at": f"{tomorrow:%Y-%m-%dT%H:%M}"}
    assert press(alice, at(cast.city, "dis"), **sent).headers["Location"] == at(cast.city)
    shown = alice.get(at(cast.city)).text
    for word in ("Disabled", "Repairs", f"{tomorrow:%Y-%m-%d %H:%M}", "its owner"):
        assert word in shown, word
    assert "must be in the future" in press(alice, at(cast.city, "dis"), expires_at="2001-01-01T00:00").text


def test_to_disable_what_is_disabled_is_called_what_it_does(cast: Cast, alice: Browser) -> None:
    press(alice, at(cast.city, "dis"), reason="Repairs")
    assert "Change the ban" in offered(alice.get(at(cast.city)))
    form = alice.get(at(cast.city, "dis"))
    assert re.findall(r"<button[^>]*>\s*Change the ban\s*</button>", form.source)
    assert "Disable" not in offered(alice.get(at(cast.city)))
    press(alice, at(cast.city, "dis"), reason="Repairs, longer")
    cast.city.refresh_from_db()
    assert cast.city.reason == "Repairs, longer"


def test_it_goes_to_the_bin_by_its_name_typed(cast: Cast, alice: Browser) -> None:
    refused = press(alice, at(cast.city, "dol"), name="Alice_Cit")
    assert (refused.status, "This is not its name." in refused.text) == (422, True)
    assert press(alice, at(cast.city, "dol"), name="Alice_City").status == 302
    assert City.objects.get(name="Alice_City").state == State.DELETED
    assert "Recycle" not in offered(alice.get(at(cast.city)))


def test_what_is_deleted_for_good_needs_a_fresh_proof_and_the_bin(cast: Cast, alice: Browser) -> None:
    way = alice.get(at(cast.city, "del")).headers["Location"]
    assert unquote(way) == f"/account/prove?next={at(cast.city, 'del')}"
    prove(alice)
    assert press(alice, at(cast.city, "del"), name="Alice_City").status == 409, "it is not in the bin"
    do(cast.city, Verb.DOL, actor(cast.alice.user))  # type: ignore[arg-type]
    assert press(alice, at(cast.city, "del"), name="Alice_City").headers["Location"] == CITIES
    assert not City.objects.filter(pk=cast.city.pk).exists()


def test_an_operator_who_goes_further_is_refused_and_on_record(cast: Cast) -> None:
    oscar = Browser(cast.oscar.user)
    assert oscar.get(at(cast.city, "dol")).status == 403
    page = oscar.post(at(cast.city, "dol"), name="Alice_City")
    assert (page.status, "You may not do this." in page.text) == (403, True)
    refused = AuditEvent.objects.filter(outcome="refused", actor=cast.oscar.user.key)  # type: ignore[union-attr]
    assert {(each.verb, each.door, each.code) for each in refused} == {("DOL", "console", "forbidden")}


def test_a_verb_is_of_the_version_that_its_page_was_shown_for(cast: Cast, alice: Browser) -> None:
    assert press(alice, at(cast.city, "off")).status == 302
    stale = alice.post(at(cast.city, "pub"), version="1")
    assert (stale.status, "has changed since" in stale.text) == (409, True)
    assert alice.post(at(cast.city, "pub")).status == 409
    assert City.objects.get(pk=cast.city.pk).state == State.OFFLINE


def test_a_form_makes_one_city(cast: Cast, alice: Browser) -> None:
    number = re.findall(r'name="once" value="([^"]+)"', alice.get(f"{CITIES}/new").source)[0]
    first, second = (alice.post(f"{CITIES}/new", name="Harbour_1", once=number) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert "This form has made it already" in alice.get(second.headers["Location"]).text
    assert not NameProbe.objects.exists()


def test_its_activity_is_told_newest_first(cast: Cast, alice: Browser) -> None:
    press(alice, at(cast.city, "off"))
    text = alice.get(at(cast.city, "activity")).text
    assert text.index("Take offline") < text.index("Create")
    assert "alice · Console" in text
    mine = alice.get("/console/activity").text
    assert "Take offline" in mine
    assert "Alice_City" in mine


def test_a_page_costs_as_many_queries_whatever_is_in_it(cast: Cast, alice: Browser) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert alice.get(path).status == 200
        return len(asked)

    few = [cost(path) for path in (CITIES, at(cast.city), at(cast.city, "activity"))]
    for number in range(10):
        make_city(cast.alice.user, f"More_{number:02}")
        press(alice, at(cast.city, "pub" if number % 2 else "off"))
    assert [cost(path) for path in (CITIES, at(cast.city), at(cast.city, "activity"))] == few
