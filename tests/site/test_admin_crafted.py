"""Requests to the super-console that no page of it would send: they change nothing, and are on record."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent
from cities.models import City
from config.kernel.states import State
from tests.cast import Cast
from tests.site.console import CITIES, Browser, address, events

VERBS = ("dis", "enb", "rcc", "del", "off", "pub", "dol")


def state_of(city: City) -> State:
    city.refresh_from_db()
    return city.state_at(timezone.now())


@pytest.mark.parametrize("who", ["alice", "oscar", "vera", "charlie"])
def test_a_developers_crafted_post_changes_nothing_and_is_on_record(cast: Cast, who: str) -> None:
    """Not even the owner: this is not their door."""
    user = getattr(cast, who).user
    browser = Browser(user)
    for verb in VERBS:
        assert browser.post(address(cast.city, verb), reason="", name="Alice_City").status == 403
    assert state_of(cast.city) is State.ENABLED
    recorded = [(verb, door) for verb, door, outcome, by in events(cast.city) if (outcome, by) == ("refused", user.key)]
    assert recorded == [(verb.upper(), "admin") for verb in VERBS]


def test_nobodys_crafted_post_leads_to_the_sign_in(cast: Cast) -> None:
    before = events(cast.city)
    for verb in VERBS:
        page = Browser().post(address(cast.city, verb), reason="", name="Alice_City")
        assert (page.status, page.headers["Location"].split("?")[0]) == (302, "/admin/login/")
    assert state_of(cast.city) is State.ENABLED
    assert events(cast.city) == before


def test_a_post_without_the_csrf_token_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert cast.root.user is not None
    client.force_login(cast.root.user)
    assert client.post(address(cast.city, "dis"), {"reason": ""}).status_code == 403
    assert state_of(cast.city) is State.ENABLED


@pytest.mark.parametrize("verb", ["add", "set", "get", "xyz", "DIS", "set_role", "delete", "history"])
def test_there_is_no_page_for_any_other_verb(cast: Cast, god: Browser, verb: str) -> None:
    before = list(City.objects.values())
    for send in (god.get, god.post):
        assert send(address(cast.city, verb)).status == 404
    assert list(City.objects.values()) == before


def test_no_crafted_form_writes_a_field(cast: Cast, god: Browser) -> None:
    """Every field of the model, sent to every address that takes or might take a form."""
    before, grants = list(City.objects.values()), list(cast.city.grants.values())
    sent = {field.name: "1" for field in City._meta.get_fields()}
    sent |= {"name": "Stolen_City", "action": "delete_selected", "_selected_action": str(cast.city.pk), "_save": "1"}
    by_id = f"{CITIES}{cast.city.pk}/change/"
    for path in (CITIES, f"{CITIES}add/", address(cast.city), address(cast.city, "delete"), by_id):
        assert god.post(path, **sent).status in {404, 405}
    assert list(City.objects.values()) == before
    assert list(cast.city.grants.values()) == grants


def test_the_trail_has_no_address_that_takes_a_form(cast: Cast, god: Browser) -> None:
    event = AuditEvent.objects.latest("id")
    trail = "/admin/accounts/auditevent/"
    for path in (trail, f"{trail}add/", f"{trail}{event.pk}/change/", f"{trail}{event.pk}/delete/"):
        assert god.post(path, verb="ENB", action="delete_selected").status in {404, 405}
    assert AuditEvent.objects.filter(pk=event.pk).exists()


def test_an_absent_city_is_not_found_and_put_on_record(cast: Cast, zoon: Browser) -> None:
    assert zoon.post(f"{CITIES}AbcdEfgh/dis/", reason="").status == 404
    event = AuditEvent.objects.filter(thing="AbcdEfgh").latest("id")
    assert (event.verb, event.door, event.outcome, event.code) == ("DIS", "admin", "refused", "not_found")
