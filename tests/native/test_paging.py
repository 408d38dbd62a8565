"""Walking GET /cities page by page, both ways; and which rows its filters let through."""

import base64
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import time_machine

from cities.models import City
from config.kernel.roles import Role, Share
from config.kernel.states import State
from tests.cast import Answer, Caller, Cast
from tests.cities.test_query_budgets import crowd
from tests.factories import actor, make_city, make_token, make_user, share

NOW = "2026-03-01T08:00:00Z"
# Made in this order, an hour apart; later changed in the order Bravo, Delta, Alpha, Charlie.
NAMES = ["Delta_City", "bravo_City", "Charlie_City", "Alpha_City"]
ORDERS = {
    "-created_at": ["Alpha_City", "Charlie_City", "bravo_City", "Delta_City"],
    "created_at": ["Delta_City", "bravo_City", "Charlie_City", "Alpha_City"],
    "-updated_at": ["Charlie_City", "Alpha_City", "Delta_City", "bravo_City"],
    "updated_at": ["bravo_City", "Delta_City", "Alpha_City", "Charlie_City"],
    "name": ["Alpha_City", "bravo_City", "Charlie_City", "Delta_City"],
    "-name": ["Delta_City", "Charlie_City", "bravo_City", "Alpha_City"],
}


@pytest.fixture
def owner(db: None) -> Caller:
    """Somebody with four cities."""
    user = make_user("dora")
    caller = Caller(make_token(user), user)
    with time_machine.travel(NOW, tick=False) as clock:
        ids = {}
        for name in NAMES:
            ids[name] = caller.api("POST", "cities", {"name": name, "type": name[0]}).body["id"]
            clock.shift(timedelta(hours=1))
        for name in ("bravo_City", "Delta_City", "Alpha_City", "Charlie_City"):
            assert caller.api("PATCH", f"cities/{ids[name]}", {"brief": "new"}).status == 200
            clock.shift(timedelta(hours=1))
    return caller


def names(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [city["name"] for city in answer.body["results"]]


def follow(caller: Caller, answer: Answer, relation: str) -> list[Answer]:
    """The pages from this one on, by its links."""
    pages = [answer]
    while url := pages[-1].body[relation]:
        pages.append(caller.call("GET", url))
    return pages


def ask(caller: Caller, **params: str) -> Answer:
    return caller.api("GET", "cities?" + "&".join(f"{name}={quote(value)}" for name, value in params.items()))


# ── there and back ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ordering", ORDERS)
def test_the_way_back_shows_what_the_way_there_showed(owner: Caller, ordering: str) -> None:
    for limit, sizes in ((1, [1, 1, 1, 1]), (2, [2, 2]), (3, [3, 1]), (4, [4]), (5, [4])):
        there = follow(owner, ask(owner, ordering=ordering, limit=str(limit)), "next")
        assert [name for page in there for name in names(page)] == ORDERS[ordering]
        assert [len(names(page)) for page in there] == sizes
        back = follow(owner, there[-1], "previous")
        assert [names(page) for page in reversed(back)] == [names(page) for page in there]
        assert there[0].body["previous"] is None
        assert back[-1].body["previous"] is None
        again = follow(owner, back[-1], "next")
        assert [names(page) for page in again] == [names(page) for page in there]


@pytest.mark.parametrize("ordering", ["updated_at", "-updated_at"])
def test_what_was_changed_at_one_moment_comes_by_age(db: None, ordering: str) -> None:
    user = make_user("emil")
    emil = Caller(make_token(user), user)
    crowd(user, 5)
    by_age = ["Crowd_0", "Crowd_1", "Crowd_2", "Crowd_3", "Crowd_4"]
    there = follow(emil, ask(emil, ordering=ordering, limit="2"), "next")
    assert [name for page in there for name in names(page)] == (by_age if ordering == "updated_at" else by_age[::-1])
    back = follow(emil, there[-1], "previous")
    assert [names(page) for page in reversed(back)] == [names(page) for page in there]


def test_the_newest_come_first_fifty_at_a_time(owner: Caller) -> None:
    assert owner.user is not None
    crowd(owner.user, 47)
    first = owner.api("GET", "cities")
    assert len(names(first)) == 50
    assert names(first)[-3:] == ["Alpha_City", "Charlie_City", "bravo_City"]
    assert names(owner.call("GET", first.body["next"])) == ["Delta_City"]


def test_the_link_header_says_the_same_as_the_body(owner: Caller) -> None:
    first = ask(owner, limit="2", search="city", fields="name")
    assert first.headers["Link"] == f'<{first.body["next"]}>; rel="next"'
    second = owner.call("GET", first.body["next"])
    assert second.headers["Link"] == f'<{second.body["previous"]}>; rel="prev"'
    link = urlsplit(first.body["next"])
    assert (link.scheme, link.netloc, link.path) == ("", "", "/api/v1/cities")
    assert link.query.startswith("limit=2&search=city&fields=name&cursor=")
    middle = owner.call("GET", ask(owner, limit="1").body["next"])
    assert [part.rpartition("; ")[2] for part in middle.headers["Link"].split(", ")] == ['rel="next"', 'rel="prev"']
    assert "Link" not in ask(owner).headers


def test_links_are_whole_where_the_servers_address_is_known(owner: Caller, settings: Any) -> None:
    settings.BASE_URL = "https://polis.example"
    assert ask(owner, limit="2").body["next"].startswith("https://polis.example/api/v1/cities?limit=2&cursor=")


def test_what_comes_and_goes_meanwhile_moves_nothing_else(owner: Caller) -> None:
    """What stood throughout is shown once, by each ordering: a page, then changes before and behind it."""
    assert owner.user is not None
    ids = {city["name"]: city["id"] for city in owner.api("GET", "cities").body["results"]}
    for turn, (ordering, expected) in enumerate(ORDERS.items()):
        page = ask(owner, ordering=ordering, limit="2")
        seen = names(page)
        for name in (f"Aaaa_{turn}", f"Cccc_{turn}", f"Zzzz_{turn}"):
            make_city(owner.user, name)
        gone = expected[1]  # the row on which the cursor stands
        City.objects.filter(key=ids[gone]).update(name="Gone_City", name_key=f"0_{turn}")
        while page.body["next"]:
            page = owner.call("GET", page.body["next"])
            seen += names(page)
        City.objects.filter(key=ids[gone]).update(name=gone, name_key=gone.lower())
        City.objects.filter(name__endswith=f"_{turn}").update(state=State.DELETED, deleted_at=NOW)
        City.objects.filter(state=State.DELETED).delete()
        assert [name for name in seen if name in NAMES and name != gone] == [name for name in expected if name != gone]
        assert seen.count(gone) == 1


# ── cursors ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_cursor_serves_nobody_else_and_no_other_question(owner: Caller, cast: Cast) -> None:
    plain = ask(owner, limit="1").body["next"].rpartition("cursor=")[2]
    cursor = ask(owner, limit="1", search="city").body["next"].rpartition("cursor=")[2]
    assert ask(owner, limit="3", search="city", fields="id", cursor=cursor).status == 200, "another page size is fine"
    refused = [
        ask(cast.root, limit="1", search="city", cursor=cursor),
        ask(owner, limit="1", cursor=cursor),
        ask(owner, limit="1", search="cit", cursor=cursor),
        ask(owner, limit="1", search="city", type="D", cursor=cursor),
        ask(owner, limit="1", search="city", ordering="name", cursor=cursor),
        ask(owner, limit="1", search="city", cursor=cursor[:-4]),
        ask(owner, limit="1", search="city", cursor="A" * len(cursor)),
        ask(owner, limit="1", search="city", cursor="é"),
        *(owner.api("GET", f"{path}?cursor={plain}") for path in ("bin", "grants", "audit", "tokens")),
    ]
    for answer in refused:
        assert (answer.status, answer.code) == (422, "bad_cursor")
        assert [fault["parameter"] for fault in answer.body["errors"]] == ["cursor"]


def test_a_cursor_of_all_cities_is_not_one_of_ones_own(cast: Cast) -> None:
    assert cast.root.user is not None
    make_city(cast.root.user)
    cursor = ask(cast.root, scope="all", limit="1").body["next"].rpartition("cursor=")[2]
    assert ask(cast.root, scope="all", limit="1", cursor=cursor).status == 200
    assert ask(cast.root, limit="1", cursor=cursor).code == "bad_cursor"


def test_a_cursor_tells_nothing_of_the_row_it_stands_on(owner: Caller) -> None:
    url = ask(owner, limit="1", ordering="name").body["next"]
    sealed = base64.urlsafe_b64decode(url.rpartition("cursor=")[2] + "===")
    assert b"alpha" not in sealed.lower()


# ── sizes and counts ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("limit", ["0", "-1", "201", "1.5", "x", "", "9" * 30])
def test_a_page_has_one_to_two_hundred_rows(owner: Caller, limit: str) -> None:
    answer = ask(owner, limit=limit)
    assert answer.status == 422
    assert [fault["parameter"] for fault in answer.body["errors"]] == ["limit"]


def test_two_hundred_and_no_more_come_at_once(owner: Caller) -> None:
    assert owner.user is not None
    crowd(owner.user, 200)
    assert [len(names(page)) for page in follow(owner, ask(owner, limit="200"), "next")] == [200, 4]


def test_a_count_is_given_to_who_asks_for_it(owner: Caller) -> None:
    assert "count" not in ask(owner).body
    for params, expected in (({}, 4), ({"search": "a_c"}, 2), ({"ordering": "name"}, 4), ({"limit": "1"}, 4)):
        body = ask(owner, count="exact", **params).body
        assert (body["count"], body["count_is"]) == (expected, "exact")
    refused = ask(owner, count="about")
    assert (refused.status, refused.code, refused.body["errors"][0]["parameter"]) == (422, "bad_choice", "count")


def test_a_count_stops_at_10001_but_for_a_god(owner: Caller) -> None:
    assert owner.user is not None
    crowd(owner.user, 9_998)
    questions = [{}, {"ordering": "name"}, {"search": "city"}]

    def counts() -> list[tuple[int, str]]:
        bodies = [ask(owner, count="exact", limit="1", **params).body for params in questions]
        return [(body["count"], body["count_is"]) for body in bodies]

    assert counts() == [(10_001, "at_least"), (10_001, "at_least"), (4, "exact")]
    owner.user.role = Role.GOD
    owner.user.save()
    assert counts() == [(10_002, "exact"), (10_002, "exact"), (4, "exact")]


# ── what is shown of a row, and whose ────────────────────────────────────────────────────────────────────────────────


def test_the_fields_are_those_that_are_asked_for(owner: Caller) -> None:
    rows = ask(owner, fields="name, id,name,owner", limit="1").body["results"]
    assert list(rows[0]) == ["name", "id", "owner"]
    assert owner.user is not None
    assert rows[0]["owner"] == {"id": owner.user.key, "name": "dora"}
    for wrong in ("secret_digest", "name,creator", "id,"):
        answer = ask(owner, fields=wrong)
        assert (answer.status, answer.code, answer.body["errors"][0]["parameter"]) == (422, "unknown_field", "fields")
    assert ask(owner, fields=",".join(["id"] * 51)).code == "too_many_values"


def test_a_list_holds_what_is_shared_too_and_all_of_it_only_for_stewards(owner: Caller, cast: Cast) -> None:
    assert owner.user is not None
    share(cast.city, owner.user, Share.VIEWER, by=actor(cast.alice.user))  # type: ignore[arg-type]
    assert sorted(names(owner.api("GET", "cities"))) == ["Alice_City", *sorted(NAMES)]
    for steward in (cast.zoe, cast.root):
        assert names(steward.api("GET", "cities")) == []
        assert set(names(ask(steward, scope="all"))) >= {"Alice_City", *NAMES}
    for other in (cast.alice, cast.oscar, cast.vera, cast.charlie, owner):
        answer = ask(other, scope="all")
        assert (answer.status, answer.code) == (403, "forbidden")
    for wrong in ("own", "", "ALL"):
        answer = ask(owner, scope=wrong)
        assert (answer.status, answer.code, answer.body["errors"][0]["parameter"]) == (422, "bad_choice", "scope")
