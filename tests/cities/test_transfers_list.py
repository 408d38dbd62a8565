"""What one is offered: the cities that somebody wants to hand on to me."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from tests.cast import Caller, Cast
from tests.cities.test_transfer import key, offer, take, user
from tests.factories import make_city, make_token


def test_one_finds_what_one_is_offered_the_newest_first(cast: Cast) -> None:
    second = make_city(user(cast.alice), "Second_City")
    terms = {"user": key(cast.charlie)}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        made = [offer(cast).body]
        clock.shift(timedelta(minutes=1))
        made.append(cast.alice.api("POST", f"cities/{second.key}/transfer", terms).body)
        assert cast.charlie.api("GET", "transfers").body["results"] == made[::-1]
        clock.shift(timedelta(minutes=1))
        offer(cast)
        first = cast.charlie.api("GET", "transfers?limit=1&fields=city").body
        assert first["results"] == [{"city": {"id": cast.city.key, "name": "Alice_City"}}]
        assert cast.charlie.call("GET", first["next"]).body["results"] == [{"city": made[1]["city"]}]
        for other in (cast.alice, cast.vera, cast.root):
            assert other.api("GET", "transfers").body["results"] == []
        clock.shift(timedelta(days=7) - timedelta(minutes=1))
        late = Caller(make_token(user(cast.charlie)), cast.charlie.user)
        assert len(late.api("GET", "transfers").body["results"]) == 1
        assert take(cast, "decline", late).status == 204
        assert late.api("GET", "transfers").body["results"] == []
