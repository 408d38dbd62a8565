"""The verbs in the super-console: who is offered which, what each asks for, what crafted requests come to."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from cities.models import City
from config.kernel import ids
from config.kernel.states import Side, State, Verb
from tests.cast import Cast
from tests.factories import actor, do, make_city
from tests.site.console import CITIES, Browser, address, events, prove


def state_of(city: City) -> State:
    city.refresh_from_db()
    return city.state_at(timezone.now())


@pytest.mark.parametrize(
    ("state", "for_zoon", "for_god"),
    [
        (State.ENABLED, ["Disable"], ["Disable", "Delete"]),
        (State.OFFLINE, ["Disable"], ["Disable", "Delete"]),
        (State.DISABLED, ["Change the ban", "Enable"], ["Change the ban", "Enable", "Delete"]),
        (State.DELETED, ["Recycle"], ["Recycle", "Delete"]),
    ],
)
def test_the_buttons_are_exactly_what_one_may_do_now(
    cast: Cast, zoon: Browser, god: Browser, *, state: State, for_zoon: list[str], for_god: list[str]
) -> None:
    assert cast.alice.user is not None
    city = make_city(cast.alice.user, "Some_City", state)
    assert zoon.get(address(city)).buttons == for_zoon
    assert god.get(address(city)).buttons == for_god


def test_a_steward_is_offered_an_owners_verbs_on_a_city_of_their_own(cast: Cast, zoon: Browser) -> None:
    assert cast.zoe.user is not None
    city = make_city(cast.zoe.user, "Zoes_City")
    assert zoon.get(address(city)).buttons == ["Take offline", "Disable", "Soft-delete", "Delete"]
    assert zoon.post(address(city, "off")).status == 302
    assert state_of(city) is State.OFFLINE


def test_the_consoles_own_city_offers_nothing_and_refuses_all(god: Browser) -> None:
    city = City.objects.get(key=ids.CONSOLE)
    assert god.get(address(city)).buttons == []
    prove(god)
    page = god.post(address(city, "del"), name=city.name)
    assert page.status == 409
    assert "This is reserved" in page.text
    assert god.post(address(city, "dis"), reason="").status == 409
    assert state_of(city) is State.ENABLED


def test_disable_takes_a_reason_and_an_end(cast: Cast, zoon: Browser) -> None:
    ends_at = timezone.localtime(timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    page = zoon.post(address(cast.city, "dis"), reason="Unpaid", expires_at=ends_at.strftime("%Y-%m-%dT%H:%M"))
    assert page.headers["Location"] == address(cast.city)
    assert state_of(cast.city) is State.DISABLED
    assert (cast.city.reason, cast.city.expires_at) == ("Unpaid", ends_at)
    assert cast.zoe.user is not None
    assert (cast.city.disabled_by, cast.city.disabled_side) == (cast.zoe.user.key, Side.ADMIN)
    assert events(cast.city)[-1] == ("DIS", "admin", "ok", cast.zoe.user.key)
    assert "Disable: Alice_City. Done." in zoon.get(address(cast.city)).text


def test_the_event_carries_the_request(cast: Cast, zoon: Browser) -> None:
    page = zoon.post(address(cast.city, "dis"), reason="", expires_at="")
    event = AuditEvent.objects.filter(thing=cast.city.key).latest("id")
    assert event.request_id == page.headers["X-Request-Id"]
    assert event.origin is not None


def test_disable_without_an_end_holds_until_it_is_lifted(cast: Cast, zoon: Browser) -> None:
    zoon.post(address(cast.city, "dis"), reason="", expires_at="")
    assert state_of(cast.city) is State.DISABLED
    assert cast.city.expires_at is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"expires_at": "2001-01-01T00:00"}, "This must be in the future."),
        ({"expires_at": "soon"}, "Enter a valid date/time."),
        ({"reason": "x" * 65}, "Reason must have at most 64 characters."),
        ({"reason": "two\nlines"}, "Reason may not hold the character U+000A."),
    ],
)
def test_bad_input_is_said_beside_the_field_and_changes_nothing(
    cast: Cast, zoon: Browser, given: dict[str, str], said: str
) -> None:
    before = events(cast.city)
    page = zoon.post(address(cast.city, "dis"), **given)
    assert page.status == 400
    assert said in page.text
    assert state_of(cast.city) is State.ENABLED
    assert events(cast.city) == before


def test_a_ban_is_changed_from_what_it_says(cast: Cast, zoon: Browser) -> None:
    zoon.post(address(cast.city, "dis"), reason="Unpaid", expires_at="")
    assert 'value="Unpaid"' in zoon.get(address(cast.city, "dis")).source
    zoon.post(address(cast.city, "dis"), reason="Unpaid twice", expires_at="")
    cast.city.refresh_from_db()
    assert cast.city.reason == "Unpaid twice"


def test_an_owners_own_closing_can_be_taken_over(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    do(cast.city, Verb.DIS, actor(cast.alice.user), reason="moving")
    assert zoon.get(address(cast.city)).buttons == ["Change the ban", "Enable"]
    zoon.post(address(cast.city, "dis"), reason="held", expires_at="")
    cast.city.refresh_from_db()
    assert (cast.city.reason, cast.city.disabled_side) == ("held", Side.ADMIN)


def test_enable_brings_back_what_it_was(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    city = make_city(cast.alice.user, "Off_City", State.OFFLINE)
    zoon.post(address(city, "dis"), reason="")
    assert zoon.post(address(city, "enb")).status == 302
    assert state_of(city) is State.OFFLINE
    assert events(city)[-1][:3] == ("ENB", "admin", "ok")


def test_recycle_brings_back_what_it_was(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    city = make_city(cast.alice.user, "Bin_City", State.DELETED)
    assert zoon.post(address(city, "rcc")).status == 302
    assert state_of(city) is State.ENABLED
    assert events(city)[-1][:3] == ("RCC", "admin", "ok")


def test_delete_asks_for_the_name_and_says_that_it_is_final(cast: Cast, god: Browser) -> None:
    for page in (god.get(address(cast.city, "del")), god.post(address(cast.city, "del"), name="Alice_City")):
        assert page.status == 403
        assert "This needs a sign-in of the last 15 minutes." in page.text
        assert f'href="/account/prove?next={quote(address(cast.city, "del"), safe="")}"' in page.source
    asked = prove(god).get(address(cast.city, "del"))
    assert "This is final" in asked.text
    refused = god.post(address(cast.city, "del"), name="alice_city")
    assert refused.status == 400
    assert "This is not its name." in refused.text
    assert City.objects.filter(key=cast.city.key).exists()
    done = god.post(address(cast.city, "del"), name="Alice_City")
    assert done.headers["Location"] == CITIES
    assert not City.objects.filter(key=cast.city.key).exists()
    assert events(cast.city)[-1][:3] == ("DEL", "admin", "ok")
    assert "Delete: Alice_City. Done." in god.get(CITIES).text


def test_a_repeat_says_so_and_writes_nothing(cast: Cast, zoon: Browser) -> None:
    before = events(cast.city)
    assert zoon.post(address(cast.city, "enb")).status == 302
    assert "It was so already" in zoon.get(address(cast.city)).text
    assert events(cast.city) == before


def test_a_wrong_state_is_a_conflict_in_words(cast: Cast, zoon: Browser) -> None:
    assert cast.alice.user is not None
    do(cast.city, Verb.DOL, actor(cast.alice.user))
    for verb in ("dis", "enb"):
        page = zoon.post(address(cast.city, verb))
        assert page.status == 409
        assert "This cannot be done in the present state (DELETED)." in page.text
    assert state_of(cast.city) is State.DELETED


@pytest.mark.parametrize("verb", ["del", "off", "dol"])
def test_a_zoon_may_not_delete_or_do_what_is_the_owners(cast: Cast, zoon: Browser, verb: str) -> None:
    for page in (zoon.get(address(cast.city, verb)), zoon.post(address(cast.city, verb), name="Alice_City")):
        assert page.status == 403
        assert "You may not do this." in page.text
    assert cast.zoe.user is not None
    assert state_of(cast.city) is State.ENABLED
    assert events(cast.city)[-1] == (verb.upper(), "admin", "refused", cast.zoe.user.key)


def test_no_administrator_publishes_what_its_owner_took_off_line(cast: Cast, zoon: Browser, god: Browser) -> None:
    assert cast.alice.user is not None
    city = make_city(cast.alice.user, "Off_City", State.OFFLINE)
    for browser in (zoon, god):
        assert browser.post(address(city, "pub")).status == 403
    assert state_of(city) is State.OFFLINE
