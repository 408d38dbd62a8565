"""The super-console's lists: what is on them, how it is found, what a page costs."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.models import User
from cities.models import City
from config.dialects.xdua.query import LAST_SECOND
from config.kernel.roles import Role
from config.kernel.states import State, Verb
from tests.cast import Cast
from tests.factories import actor, do, make_city, make_user
from tests.site.console import AUDIT, CITIES, Browser, address
from tests.site.pages import cost_alike


def make_many(owner: User, many: int) -> None:
    """Rows alone: what a list costs does not ask for their history."""
    now = timezone.now()
    rows = [
        City(name=f"Row_{n}", name_key=f"row_{n}", creator=owner, created_at=now, updated_at=now) for n in range(many)
    ]
    City.objects.bulk_create(rows)


def test_a_row_tells_what_it_is(cast: Cast, zoon: Browser) -> None:
    ends_at = timezone.now() + timedelta(days=3)
    do(cast.city, Verb.DIS, actor(cast.zoe.user), reason="Unpaid <b>bills</b>", expires_at=ends_at)
    page = zoon.get(CITIES)
    for told in ("Alice_City", cast.city.key, "Disabled", "alice", "Unpaid <b>bills</b>"):
        assert told in page.text
    assert timezone.localtime(ends_at).strftime("%Y-%m-%d %H:%M") in page.text
    assert "<b>bills" not in page.source


def test_the_badge_tells_the_state_at_this_moment(cast: Cast, zoon: Browser) -> None:
    """A ban that has ended is over, though no sweep has written that down."""
    ends_at = timezone.now() + timedelta(hours=1)
    do(cast.city, Verb.DIS, actor(cast.zoe.user), reason="Unpaid", expires_at=ends_at)
    with time_machine.travel(ends_at + timedelta(seconds=1)):
        fresh = Browser(cast.zoe.user)
        assert "is-green" in fresh.get(CITIES, q=cast.city.key).source
        assert "Unpaid" not in fresh.get(CITIES, q=cast.city.key).text
        page = fresh.get(address(cast.city))
        assert "is-green" in page.source.split("</h2>")[0]
        assert page.buttons == ["Disable"]
        assert fresh.get(CITIES, state=int(State.DISABLED)).text.count("Alice_City") == 0
        assert fresh.get(CITIES, state=int(State.ENABLED)).text.count("Alice_City") == 1
    cast.city.refresh_from_db()
    assert cast.city.state == State.DISABLED


@pytest.mark.parametrize("term", ["alice_c", "ＡＬＩＣＥ_Ｃ", "alice", "ALICE"])
def test_it_finds_by_part_of_the_name_and_by_owner(cast: Cast, zoon: Browser, term: str) -> None:
    make_city(make_user("dora"), "Doras_City")
    page = zoon.get(CITIES, q=term)
    assert "Alice_City" in page.text
    assert "Doras_City" not in page.text


def test_it_finds_by_id_and_by_the_owners_id(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    for term in (cast.city.key, f" {cast.city.key} ", cast.alice.user.key):
        assert "Alice_City" in zoon.get(CITIES, q=term).text
    assert "Nothing found." in zoon.get(CITIES, q=cast.city.key.swapcase()).text


@pytest.mark.parametrize("term", ["%", "_", "A%e", "x' OR 1=1 --", "\0", "a\0b", "a" * 5000, "☃"])
def test_odd_terms_are_only_terms(zoon: Browser, term: str) -> None:
    assert zoon.get(CITIES, q=term).status == 200
    assert zoon.get(AUDIT, q=term).status == 200


def test_the_bin_is_found_by_state_id_and_owner_and_not_by_part_of_a_name(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    owner = cast.alice.user.key
    for given in ({"state": 5}, {"q": cast.city.key}, {"q": "alice"}, {"owner": owner}, {"q": "lice_c", "state": 5}):
        assert "Alice_City" in zoon.get(CITIES, **given).text, given
    for given in ({}, {"q": "lice_c"}, {"state": 1}, {"side": "admin"}):
        assert "Alice_City" not in zoon.get(CITIES, **given).text, given


def test_it_filters_by_whose_hand_closed_it(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    other = make_city(cast.alice.user, "Closed_By_Zoon", State.DISABLED)
    do(cast.city, Verb.DIS, actor(cast.alice.user))
    assert "Alice_City" in zoon.get(CITIES, side="owner").text
    assert other.name not in zoon.get(CITIES, side="owner").text
    assert other.name in zoon.get(CITIES, side="admin").text
    assert "Alice_City" not in zoon.get(CITIES, side="admin").text


def test_a_filter_takes_no_other_value(cast: Cast, zoon: Browser) -> None:
    for given in ({"state": "9"}, {"state": "x"}, {"side": "x"}, {"p": "x"}, {"p": "9" * 30}, {"p": "-" + "9" * 30}):
        assert zoon.get(CITIES, **given).status == 200, given
    assert "Alice_City" not in zoon.get(CITIES, owner="\0").text


@pytest.mark.parametrize("lookup", ["secret_digest__startswith", "creator__password__startswith", "id__gt", "key"])
def test_no_column_can_be_asked_for_that_is_no_filter(cast: Cast, zoon: Browser, lookup: str) -> None:
    """Django's admin takes any column of the model: the digest of a secret could be guessed letter by letter."""
    assert zoon.get(CITIES, **{lookup: "a"}).status == 400


def test_no_order_can_be_asked_for(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    make_city(cast.alice.user, "Zzzz_Last")
    text = zoon.get(CITIES, o="1").text
    assert text.index("Zzzz_Last") < text.index("Alice_City")


def test_walking_through_the_pages_shows_each_city_once(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    make_many(cast.alice.user, 120)
    seen: list[str] = []
    path, first = CITIES, ""
    for _ in range(3):
        page = zoon.get(path)
        first = first or page.text
        rows = [word for word in page.text.split() if word.startswith("Row_")]
        seen += rows
        path = CITIES + _link(page.source, "next")
    assert sorted(seen) == sorted(f"Row_{n}" for n in range(120))
    assert _link(page.source, "next") == ""
    back = zoon.get(CITIES + _link(zoon.get(CITIES + _link(page.source, "prev")).source, "prev"))
    assert [word for word in back.text.split() if word.startswith("Row_")] == seen[:50]


def _link(source: str, rel: str) -> str:
    """The address of the link to the next or previous page, "" where there is none."""
    links = [tag for tag in re.findall(r"<a [^>]*>", source) if f'rel="{rel}"' in tag]
    return html.unescape(re.findall(r'href="([^"]*)"', links[0])[0]) if links else ""


@pytest.mark.parametrize("path", [CITIES, f"{CITIES}?state=0", f"{CITIES}?q=row", AUDIT])
def test_a_page_costs_the_same_for_5_and_for_500_and_counts_nothing(cast: Cast, zoon: Browser, path: str) -> None:
    assert cast.alice.user is not None
    make_many(cast.alice.user, 5)
    few = _queries(zoon, path)
    City.objects.filter(name_key__startswith="row_").delete()
    make_many(cast.alice.user, 500)
    many = _queries(zoon, path)
    assert cost_alike(few, many, 6)
    assert not any("COUNT(" in query.upper() for query in many)


def _queries(browser: Browser, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status == 200
    return [query["sql"] for query in captured.captured_queries]


def test_a_citys_page_costs_the_same_whatever_its_history(cast: Cast, zoon: Browser) -> None:
    few = _queries(zoon, address(cast.city))
    for _ in range(6):
        do(cast.city, Verb.DIS, actor(make_user(role=Role.ZOON)))
        do(cast.city, Verb.ENB, Actor.system())
    assert len(few) == len(_queries(zoon, address(cast.city))) <= 10


def test_the_trail_is_found_by_thing_actor_name_and_request(cast: Cast, zoon: Browser) -> None:
    assert cast.zoe.user is not None
    other = make_city(make_user("dora"), "Doras_City")
    by = Actor(timezone.now(), actor(cast.zoe.user).door, cast.zoe.user, request_id="req-77")
    do(cast.city, Verb.DIS, by, reason="Unpaid")
    for term in (cast.city.key, cast.zoe.user.key, "zoe", "ZOE", "req-77"):
        page = zoon.get(AUDIT, q=term)
        assert "Unpaid" in page.text, term
        assert other.key not in page.text, term
    assert "Nothing found." in zoon.get(AUDIT, q="Unpaid").text


def test_the_trail_filters_by_kind_verb_door_and_outcome(cast: Cast, zoon: Browser) -> None:
    cast.charlie.verb("DIS", cast.city.key)
    assert "Refused" in zoon.get(AUDIT, outcome="refused", verb="DIS", door="xdua", kind="city").text
    assert cast.city.key in zoon.get(AUDIT, outcome="refused", verb="DIS", door="xdua", kind="city").text
    for given in ({"kind": "user"}, {"verb": "ENB"}, {"door": "admin"}):
        assert cast.city.key not in zoon.get(AUDIT, outcome="refused", **given).text, given


def test_the_trail_shows_before_and_after(cast: Cast, zoon: Browser) -> None:
    do(cast.city, Verb.DIS, actor(cast.zoe.user), reason="<i>why</i>")
    for page in (zoon.get(AUDIT, q=cast.city.key), zoon.get(address(cast.city))):
        assert "Enabled → Disabled" in page.text
        assert "<i>why</i>" in page.text
        assert "<i>why" not in page.source


def test_no_secret_is_on_any_page(cast: Cast, zoon: Browser) -> None:
    secret = cast.alice.verb("SET", cast.city.key, {"secret": "kid"}).result["secret"]
    cast.city.refresh_from_db()
    user = cast.alice.user
    assert user is not None
    hidden = [secret, cast.city.secret_digest, cast.alice.token, user.password]
    for path in (CITIES, AUDIT, address(cast.city), address(cast.city, "dis"), f"{AUDIT}?q={cast.city.key}"):
        source = zoon.get(path).source
        assert not any(text in source for text in hidden)
    assert "Secret: changed" in zoon.get(AUDIT, q=cast.city.key).text


def test_pages_ask_no_other_host(cast: Cast, zoon: Browser) -> None:
    for path in (CITIES, AUDIT, address(cast.city), address(cast.city, "dis")):
        source = zoon.get(path).source
        assert not [part for part in source.split('"') if part.startswith(("http://", "https://", "//"))]


def test_a_ban_until_the_end_of_time_is_shown_like_any_other(cast: Cast) -> None:
    """The last second that the API takes lies beyond the last that every time zone has."""
    assert cast.alice.verb("DIS", cast.city.key, {"expire": LAST_SECOND}).status == 200
    assert cast.alice.verb("DIS", cast.city.key, {"expire": LAST_SECOND + 1}).status == 400
    browser = Client()
    browser.force_login(cast.root.user)  # type: ignore[arg-type]
    city = f"cities/city/{cast.city.key}"
    for page in ("cities/city/", f"{city}/change/", f"{city}/dis/", "accounts/auditevent/"):
        assert browser.get(f"/admin/{page}").status_code == 200
