"""What god sets of a gateway in the super-console, and who sets nothing."""

from typing import Any

import pytest

from accounts.models import AuditEvent
from apps.models import Gateway
from projects.models import Project
from tests.cast import Cast
from tests.factories import make_gateway
from tests.site.console import Browser
from tests.site.pages import address, send, trail

CHOSEN = {"app_limit": "60000", "app_code_limit": "100", "profile": "envoy"}


def columns(gateway: Gateway) -> dict[str, Any]:
    return Gateway.objects.filter(pk=gateway.pk).values().get()


def test_god_sets_its_switches_and_limits(cast: Cast, god: Browser, gateway: Gateway) -> None:
    page = send(god, address(gateway, "settings"), key_switch="on", **CHOSEN)
    assert (page.status, page.headers["Location"]) == (302, address(gateway))
    gateway.refresh_from_db()
    assert (gateway.key_switch, gateway.app_limit, gateway.app_code_limit) == (True, 60_000, 100)
    assert (gateway.profile, gateway.unsigned_body, gateway.name) == ("envoy", False, "Tram_Signals")
    assert cast.root.user is not None
    assert trail(gateway)[-1] == ("SET", "admin", "ok", cast.root.user.key)
    event = AuditEvent.objects.filter(thing=gateway.key).latest("id")
    assert event.before == {"key_switch": False, "app_limit": 50, "app_code_limit": 5, "profile": "nginx"}
    assert event.after == {"key_switch": True, "app_limit": 60_000, "app_code_limit": 100, "profile": "envoy"}


@pytest.mark.parametrize(
    "given",
    [{"app_limit": "-1"}, {"app_limit": "100001"}, {"app_code_limit": "101"}, {"profile": "kong"}, {"app_limit": ""}],
)
def test_what_is_out_of_range_is_said_and_sets_nothing(god: Browser, gateway: Gateway, given: Any) -> None:
    before = columns(gateway)
    assert send(god, address(gateway, "settings"), **{**CHOSEN, **given}).status == 400
    assert columns(gateway) == before


def test_settings_that_have_changed_meanwhile_are_not_overwritten(god: Browser, gateway: Gateway) -> None:
    seen = gateway.version
    send(god, address(gateway, "settings"), **CHOSEN)
    before = columns(gateway)
    page = god.post(address(gateway, "settings"), version=seen, **{**CHOSEN, "app_limit": "7"})
    assert page.status == 409
    assert "This has changed since you last read it." in page.text
    assert columns(gateway) == before


def test_a_zoon_sets_nothing_not_even_of_the_platforms_own(cast: Cast, zoon: Browser, gateway: Gateway) -> None:
    """Though a zoon is an admin of the platform's company, and so the owner of what it has."""
    assert cast.zoe.user is not None
    own = make_gateway(cast.zoe.user, Project.objects.get(company__comp_id=1))
    for each in (gateway, own):
        before = columns(each)
        assert "Settings" not in zoon.get(address(each)).buttons
        for page in (
            zoon.get(address(each, "settings")),
            zoon.post(address(each, "settings"), version=each.version, key_switch="on", **CHOSEN),
        ):
            assert page.status == 403
            assert "You may not do this." in page.text
        assert columns(each) == before
        assert trail(each)[-1] == ("SET", "admin", "refused", cast.zoe.user.key)


def test_whoever_else_crafts_settings_is_refused(cast: Cast, gateway: Gateway) -> None:
    before = columns(gateway)
    for caller in (cast.alice, cast.charlie):
        assert caller.user is not None
        sent = {"version": gateway.version, "key_switch": "on", **CHOSEN}
        assert Browser(caller.user).post(address(gateway, "settings"), **sent).status == 403
        assert trail(gateway)[-1] == ("SET", "admin", "refused", caller.user.key)
    assert columns(gateway) == before
