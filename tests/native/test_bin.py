"""The recycle bin through the native API: one's own, newest first, with the day on which each goes for good."""

import time_machine
from django.test import override_settings

from config.kernel.states import State, Verb
from tests.cast import Caller, Cast
from tests.factories import actor, do, make_city

NOON = "2031-03-04T12:00:00+00:00"


def names(caller: Caller, query: str = "") -> list[str]:
    return [thing["name"] for thing in caller.api("GET", f"bin{query}").body["results"]]


@override_settings(BIN_DAYS=30)
def test_a_thing_in_the_bin_is_told_whole(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False):
        cast.alice.api("DELETE", f"cities/{cast.city.key}")
    answer = cast.alice.api("GET", "bin")
    assert answer.status == 200
    assert answer.body == {
        "results": [
            {
                "kind": "city",
                "id": cast.city.key,
                "name": "Alice_City",
                "deleted_at": "2031-03-04T12:00:00Z",
                "deleted_by": cast.alice.user.key,  # type: ignore[union-attr]
                "purge_at": "2031-04-03T12:00:00Z",
            }
        ],
        "next": None,
        "previous": None,
    }


def test_it_holds_ones_own_alone(cast: Cast) -> None:
    make_city(cast.charlie.user, "Charlie_City", State.DELETED)  # type: ignore[arg-type]
    cast.alice.api("DELETE", f"cities/{cast.city.key}")
    assert names(cast.alice) == ["Alice_City"]
    assert names(cast.charlie) == ["Charlie_City"]
    for caller in (cast.oscar, cast.vera, cast.zoe, cast.root):
        assert names(caller) == [], "what was shared with one, or may be looked at, is not one's own"


def test_the_newest_things_come_first_page_by_page(cast: Cast) -> None:
    for name in ("City_One", "City_Two", "City_Three"):
        make_city(cast.alice.user, name, State.DELETED)  # type: ignore[arg-type]
    assert names(cast.alice) == ["City_Three", "City_Two", "City_One"]
    first = cast.alice.api("GET", "bin?limit=2&fields=name").body
    assert first["results"] == [{"name": "City_Three"}, {"name": "City_Two"}]
    second = cast.alice.call("GET", first["next"]).body
    assert (second["results"], second["next"]) == ([{"name": "City_One"}], None)
    assert cast.alice.call("GET", second["previous"]).body["results"] == first["results"]


def test_what_is_brought_back_or_gone_for_good_is_not_in_it(cast: Cast) -> None:
    cast.alice.api("DELETE", f"cities/{cast.city.key}")
    gone = make_city(cast.alice.user, "Gone_City", State.DELETED)  # type: ignore[arg-type]
    assert names(cast.alice) == ["Gone_City", "Alice_City"]
    cast.zoe.api("POST", f"cities/{cast.city.key}/recycle")
    cast.alice.api("POST", f"cities/{gone.key}/purge", {"confirm": "Gone_City"})
    assert names(cast.alice) == []


def test_what_an_administrator_closed_does_not_go_by_itself(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for name, by in (("Own_Ban", cast.alice), ("For_Good", cast.zoe), ("For_Now", cast.zoe)):
            city = make_city(cast.alice.user, name)  # type: ignore[arg-type]
            until = {"expires_at": "2031-03-04T12:01:00Z"} if name == "For_Now" else {}
            assert by.api("POST", f"cities/{city.key}/disable", until).status == 200
            do(city, Verb.DOL, actor(cast.alice.user))  # type: ignore[arg-type]
        purges = {thing["name"]: thing["purge_at"] for thing in cast.alice.api("GET", "bin").body["results"]}
        assert purges == {"For_Now": None, "For_Good": None, "Own_Ban": "2031-04-03T12:00:00Z"}
        clock.shift(60)
        purges = {thing["name"]: thing["purge_at"] for thing in cast.alice.api("GET", "bin").body["results"]}
    assert purges == {"For_Now": "2031-04-03T12:00:00Z", "For_Good": None, "Own_Ban": "2031-04-03T12:00:00Z"}


def test_who_may_browse_sees_everybodys(cast: Cast) -> None:
    make_city(cast.charlie.user, "Charlie_City", State.DELETED)  # type: ignore[arg-type]
    cast.alice.api("DELETE", f"cities/{cast.city.key}")
    for caller in (cast.zoe, cast.root):
        assert sorted(names(caller, "?scope=all")) == ["Alice_City", "Charlie_City"]
    answer = cast.alice.api("GET", "bin?scope=all")
    assert (answer.status, answer.code) == (403, "forbidden")


def test_what_is_asked_for_badly_is_refused(cast: Cast) -> None:
    for query, name in (
        ("scope=mine", "scope"),
        ("kind=city", "kind"),
        ("count=exact", "count"),
        ("fields=x", "fields"),
    ):
        answer = cast.root.api("GET", f"bin?{query}")
        assert (answer.status, answer.body["errors"][0]["parameter"]) == (422, name)
    assert cast.alice.api("DELETE", "bin").headers["Allow"] == "GET, HEAD"
    assert cast.nobody.api("GET", "bin").status == 401
