"""The doors are where they should be."""

from tests.cast import Caller, Cast


def test_it_creates_and_shows_a_city(cast: Cast) -> None:
    made = cast.alice.verb("ADD", data={"name": "健康手环"})
    assert (made.status, made.body["error"]) == (200, 0)
    shown = cast.alice.verb("GET", made.result["id"])
    assert shown.result["data"]["name"] == "健康手环"


def test_livez_answers_without_a_database() -> None:
    assert Caller().call("GET", "/livez").status == 200
