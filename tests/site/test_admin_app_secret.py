"""Resetting an app's secret in the super-console, and ending an AppCode: by god, for whom a leak must not wait."""

import json
import re

import pytest
from django.contrib.sessions.models import Session
from django.core import serializers
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent
from apps.models import App, AppCode, AppSecret
from apps.services import codes
from config.kernel.states import State
from tests.cast import Cast
from tests.factories import actor, make_app, make_gateway
from tests.site.console import AUDIT, Browser
from tests.site.pages import APPS, address, bring, queries, rotate, shown_secret, trail


def make_code(cast: Cast, app: App) -> tuple[AppCode, str]:
    assert cast.alice.user is not None
    return codes.create_code(app.key, App.objects.with_chain(), by=actor(cast.alice.user), read=dict)


def end(app: App, code: AppCode) -> str:
    return address(app, f"codes/{code.key}/end")


def told_of(code: AppCode) -> list[tuple[str, str, str, str]]:
    rows = AuditEvent.objects.filter(kind="appcode", thing=code.key).order_by("id")
    return list(rows.values_list("verb", "door", "outcome", "actor"))


def test_god_resets_and_is_shown_the_new_secret(cast: Cast, god: Browser, app: App) -> None:
    page = rotate(god, app, grace_seconds="3600")
    value = shown_secret(page)
    assert page.status == 200
    assert re.fullmatch(r"[0-9a-z]{32}", value)
    assert "no-store" in page.headers["Cache-Control"]
    older, newer = app.secrets.order_by("number")
    assert newer.reveal() == value
    assert older.is_live(timezone.now())
    assert 3500 < (older.good_until - timezone.now()).total_seconds() <= 3600
    assert cast.root.user is not None
    assert trail(app)[-1] == ("ROTATE", "admin", "ok", cast.root.user.key)


def test_the_secret_is_the_servers_whatever_is_sent(cast: Cast, god: Browser, app: App) -> None:
    app.gateway.key_switch = True
    app.gateway.save()
    chosen = "chosen-by-somebody-1"
    value = shown_secret(rotate(god, app, app_secret=chosen, app_key=chosen, secret=chosen))
    assert re.fullmatch(r"[0-9a-z]{32}", value)
    app.refresh_from_db()
    assert app.app_key != chosen
    assert app.secrets.latest("number").reveal() == value


def test_the_secret_is_nowhere_but_in_that_one_answer(cast: Cast, god: Browser, zoon: Browser, app: App) -> None:
    value = shown_secret(rotate(god, app))
    assert len(value) == 32
    pages = (address(app), address(app, "rotate"), APPS, AUDIT, f"{AUDIT}?q={app.key}")
    for browser in (god, zoon, Browser(cast.alice.user)):
        assert not [path for path in pages if value in browser.get(path).source]
    assert value not in serializers.serialize("json", AppSecret.objects.all())
    assert value not in json.dumps(list(AuditEvent.objects.values_list("before", "after", "thing_name")))
    assert not [each for each in Session.objects.all() if value in str(each.get_decoded())]
    assert not [each for each in god.client.cookies.values() if value in each.value]


def test_the_form_sent_again_by_a_reload_shows_nothing_and_changes_nothing(god: Browser, app: App) -> None:
    version = app.version
    value = shown_secret(god.post(address(app, "rotate"), version=version, grace_seconds="0"))
    before = trail(app)
    again = god.post(address(app, "rotate"), version=version, grace_seconds="0")
    assert (again.status, shown_secret(again)) == (409, "")
    assert value not in again.source
    assert app.secrets.count() == 2
    assert trail(app) == before


def test_nobody_else_resets_not_even_a_zoon_the_platforms_own(cast: Cast, app: App) -> None:
    assert cast.zoe.user is not None
    own = make_app(make_gateway(cast.zoe.user), cast.zoe.user)[0]
    for caller, each in ((cast.zoe, app), (cast.zoe, own), (cast.alice, app), (cast.charlie, app)):
        assert caller.user is not None
        browser = Browser(caller.user)
        looked = browser.get(address(each, "rotate"))
        sent = browser.post(address(each, "rotate"), version=each.version, grace_seconds="0")
        assert (looked.status, sent.status) == (403 if caller is cast.zoe else 302, 403)
        assert (shown_secret(looked), shown_secret(sent)) == ("", "")
        assert each.secrets.count() == 1
        assert trail(each)[-1] == ("ROTATE", "admin", "refused", caller.user.key)


@pytest.mark.parametrize(("state", "status"), [(State.DISABLED, 409), (State.DELETED, 404)])
def test_what_is_out_of_service_is_not_reset(god: Browser, app: App, state: State, status: int) -> None:
    bring(app, state)
    app.refresh_from_db()
    page = god.post(address(app, "rotate"), version=app.version, grace_seconds="0")
    assert (page.status, shown_secret(page)) == (status, "")
    assert app.secrets.count() == 1


def test_its_codes_are_shown_by_their_beginnings(cast: Cast, zoon: Browser, god: Browser, app: App) -> None:
    first, value = make_code(cast, app)
    second, _ = make_code(cast, app)
    codes.end_code(app.key, second.key, App.objects.with_chain(), by=actor(cast.alice.user))  # type: ignore[arg-type]
    for browser in (zoon, god):
        page = browser.get(address(app))
        assert f"{value[:4]}… Enabled" in page.text
        assert first.key in page.text
        assert value not in page.source
        assert first.digest not in page.source
        assert second.key not in page.source
    assert end(app, first) in god.get(address(app)).source
    assert end(app, first) not in zoon.get(address(app)).source


def test_codes_add_no_query_to_a_page(cast: Cast, zoon: Browser, app: App) -> None:
    few = queries(zoon, address(app))
    for _ in range(4):
        make_code(cast, app)
    assert len(queries(zoon, address(app))) == len(few)


def test_god_ends_a_code_for_good(cast: Cast, god: Browser, app: App) -> None:
    code, value = make_code(cast, app)
    assert f"The AppCode {value[:4]}… is good no more" in god.get(end(app, code)).text
    code.refresh_from_db()
    assert code.state == State.ENABLED  # asking ends nothing
    page = god.post(end(app, code))
    assert (page.status, page.headers["Location"]) == (302, address(app))
    assert "The AppCode is ended." in god.get(address(app)).text
    code.refresh_from_db()
    assert (code.state, code.digest) == (State.DELETED, f"ended:{code.pk}")
    assert cast.root.user is not None
    assert told_of(code)[-1] == ("DEL", "admin", "ok", cast.root.user.key)
    assert god.post(end(app, code)).status == 404


def test_god_ends_a_code_of_an_app_that_is_closed(cast: Cast, god: Browser, app: App) -> None:
    code, _ = make_code(cast, app)
    bring(app, State.DISABLED)
    assert god.post(end(app, code)).status == 302
    code.refresh_from_db()
    assert code.state == State.DELETED


def test_in_the_bin_no_code_is_ended(cast: Cast, god: Browser, app: App) -> None:
    code, _ = make_code(cast, app)
    bring(app, State.DELETED)
    page = god.get(address(app))
    assert code.key in page.text
    assert end(app, code) not in page.source
    for send in (god.get, god.post):
        assert send(end(app, code)).status == 404
    code.refresh_from_db()
    assert code.state == State.ENABLED


def test_nobody_else_ends_a_code_here_not_even_its_owner(cast: Cast, app: App) -> None:
    code, _ = make_code(cast, app)
    for caller in (cast.zoe, cast.alice, cast.charlie):
        assert caller.user is not None
        looked, sent = Browser(caller.user).get(end(app, code)), Browser(caller.user).post(end(app, code))
        assert (looked.status, sent.status) == (403 if caller is cast.zoe else 302, 403)
        assert told_of(code)[-1] == ("DEL", "admin", "refused", caller.user.key)
    assert Browser().post(end(app, code)).status == 302  # to the sign-in
    client = Client(enforce_csrf_checks=True)
    assert cast.root.user is not None
    client.force_login(cast.root.user)
    assert client.post(end(app, code)).status_code == 403
    code.refresh_from_db()
    assert code.state == State.ENABLED


def test_a_zoon_ends_no_code_of_the_platforms_own(cast: Cast, zoon: Browser) -> None:
    assert cast.zoe.user is not None
    own = make_app(make_gateway(cast.zoe.user), cast.zoe.user)[0]
    by = actor(cast.zoe.user)
    code, _ = codes.create_code(own.key, App.objects.with_chain(), by=by, read=dict)
    assert zoon.post(end(own, code)).status == 403
    code.refresh_from_db()
    assert code.state == State.ENABLED


def test_a_code_of_another_app_and_an_absent_one_are_not_found_and_on_record(
    cast: Cast, god: Browser, app: App
) -> None:
    assert cast.alice.user is not None
    other = make_app(app.gateway, cast.alice.user)[0]
    code, _ = make_code(cast, app)
    absent = f"{APPS}{'0' * 32}/codes/{code.key}/end/"
    for path in (end(other, code), absent, address(app, f"codes/{'0' * 32}/end")):
        for send in (god.get, god.post):
            assert send(path).status == 404, path
    code.refresh_from_db()
    assert code.state == State.ENABLED
    refused = AuditEvent.objects.filter(outcome="refused", kind="appcode", verb="DEL", code="not_found")
    assert set(refused.values_list("thing", flat=True)) == {code.key, "0" * 32}
