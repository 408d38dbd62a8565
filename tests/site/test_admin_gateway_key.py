"""Rotating a gateway's key in the super-console: by god, shown once, and kept nowhere."""

import json
import re

import pytest
from django.contrib.sessions.models import Session
from django.core import serializers
from django.utils import timezone

from accounts.models import AuditEvent
from apps.models import Gateway, GatewaySecret
from config.kernel.states import State
from tests.cast import Cast
from tests.factories import make_gateway
from tests.site.console import AUDIT, Browser
from tests.site.pages import GATEWAYS, address, bring, rotate, shown_secret, trail


def test_god_rotates_and_is_shown_the_new_key(cast: Cast, god: Browser, gateway: Gateway) -> None:
    page = rotate(god, gateway, grace_seconds="3600")
    value = shown_secret(page)
    assert page.status == 200
    assert re.fullmatch(r"[A-Za-z0-9]{40}", value)
    assert "no-store" in page.headers["Cache-Control"]
    older, newer = gateway.secrets.order_by("number")
    assert newer.reveal() == value
    assert older.is_live(timezone.now())
    assert 3500 < (older.good_until - timezone.now()).total_seconds() <= 3600
    assert cast.root.user is not None
    assert trail(gateway)[-1] == ("ROTATE", "admin", "ok", cast.root.user.key)


def test_the_key_is_nowhere_but_in_that_one_answer(cast: Cast, god: Browser, zoon: Browser, gateway: Gateway) -> None:
    value = shown_secret(rotate(god, gateway))
    assert len(value) == 40
    pages = (address(gateway), address(gateway, "rotate"), GATEWAYS, AUDIT, f"{AUDIT}?q={gateway.key}")
    for browser in (god, zoon, Browser(cast.alice.user)):
        assert not [path for path in pages if value in browser.get(path).source]
    assert value not in serializers.serialize("json", GatewaySecret.objects.all())
    assert value not in json.dumps(list(AuditEvent.objects.values_list("before", "after", "thing_name")))
    assert not [each for each in Session.objects.all() if value in str(each.get_decoded())]
    assert not [each for each in god.client.cookies.values() if value in each.value]


def test_the_form_sent_again_by_a_reload_shows_nothing_and_changes_nothing(god: Browser, gateway: Gateway) -> None:
    version = gateway.version
    value = shown_secret(god.post(address(gateway, "rotate"), version=version, grace_seconds="0"))
    before = trail(gateway)
    again = god.post(address(gateway, "rotate"), version=version, grace_seconds="0")
    assert (again.status, shown_secret(again)) == (409, "")
    assert value not in again.source
    assert gateway.secrets.count() == 2
    assert trail(gateway) == before


@pytest.mark.parametrize("grace", ["", "-1", "1", "999999999", "x"])
def test_a_grace_that_was_not_offered_rotates_nothing(god: Browser, gateway: Gateway, grace: str) -> None:
    page = rotate(god, gateway, grace_seconds=grace)
    assert (page.status, shown_secret(page)) == (400, "")
    assert gateway.secrets.count() == 1


def test_nobody_else_rotates_not_even_a_zoon_the_platforms_own(cast: Cast, gateway: Gateway) -> None:
    assert cast.zoe.user is not None
    own = make_gateway(cast.zoe.user)
    for caller, each in ((cast.zoe, gateway), (cast.zoe, own), (cast.alice, gateway), (cast.charlie, gateway)):
        assert caller.user is not None
        browser = Browser(caller.user)
        looked = browser.get(address(each, "rotate"))
        sent = browser.post(address(each, "rotate"), version=each.version, grace_seconds="0")
        assert (looked.status, sent.status) == (403 if caller is cast.zoe else 302, 403)
        assert (shown_secret(looked), shown_secret(sent)) == ("", "")
        assert each.secrets.count() == 1
        assert trail(each)[-1] == ("ROTATE", "admin", "refused", caller.user.key)


def test_what_lies_in_the_bin_is_not_rotated(god: Browser, gateway: Gateway) -> None:
    bring(gateway, State.DELETED)
    gateway.refresh_from_db()
    assert god.get(address(gateway, "rotate")).status == 404
    page = god.post(address(gateway, "rotate"), version=gateway.version, grace_seconds="0")
    assert (page.status, shown_secret(page)) == (404, "")
    assert gateway.secrets.count() == 1
