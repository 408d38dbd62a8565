"""Secrets of projects, gateways and apps in the developers' console: rotated with a grace, ended, shown once."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import serializers
from django.utils import timezone

from accounts.models import AuditEvent, StoredAnswer
from apps.models import App, Gateway
from config.kernel.states import State
from projects.models import Project
from tests.cast import Cast
from tests.site.console import Browser
from tests.site.forms import chosen, hidden, send, value_of
from tests.site.pages import bring, queries

FORMS = {"project": r"[0-9a-z]{32}", "gateway": r"[0-9A-Za-z]{40}", "app": r"[0-9a-z]{32}"}
KINDS = tuple(FORMS)


@pytest.fixture
def things(project: Project, gateway: Gateway, app: App) -> dict[str, Any]:
    return {"project": project, "gateway": gateway, "app": app}


@pytest.fixture
def alice(cast: Cast) -> Browser:
    return Browser(cast.alice.user)


def address(thing: Any, page: str = "") -> str:
    return f"/console/{thing._meta.model_name}s/{thing.key}" + (f"/{page}" if page else "")


def rotate(browser: Browser, thing: Any, grace: int = 3600) -> Any:
    return send(browser, address(thing, "rotate"), grace_seconds=grace)


@pytest.mark.parametrize("kind", KINDS)
def test_a_rotation_leaves_two_and_the_old_one_is_ended_by_hand(
    alice: Browser, things: dict[str, Any], kind: str
) -> None:
    thing = things[kind]
    old = thing.secrets.get().reveal()
    page = rotate(alice, thing)
    value = value_of(page)
    assert page.status == 200
    assert re.fullmatch(FORMS[kind], value)
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["HX-Push-Url"] == address(thing)
    assert "The one before is good until" in page.text
    first, second = thing.secrets.order_by("number")
    assert (first.reveal(), second.reveal()) == (old, value)
    assert 3500 < (first.good_until - timezone.now()).total_seconds() <= 3600
    shown = alice.get(address(thing))
    assert "Two are good now" in shown.text
    assert "Ends soon" in shown.text
    assert f"№ 1 {old[:4]}… Good" in shown.text
    assert f"№ 2 {value[:4]}… Good" in shown.text
    ended = send(alice, address(thing, "secrets/1/end"))
    assert (ended.status, ended.headers["Location"]) == (302, address(thing))
    first.refresh_from_db()
    assert (first.is_live(timezone.now()), first.sealed) == (False, "")
    assert second.reveal() == value
    assert "Two are good now" not in alice.get(address(thing)).text
    verbs = AuditEvent.objects.filter(kind=kind, thing=thing.key, door="console").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["ROTATE", "ENDSECRET"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_value_is_nowhere_but_in_that_one_answer(
    cast: Cast, alice: Browser, things: dict[str, Any], kind: str
) -> None:
    thing = things[kind]
    value = value_of(rotate(alice, thing))
    assert value
    pages = ("", "edit", "rotate", "activity", "secrets/1/end", "secrets/2/end")
    for browser in (alice, Browser(cast.oscar.user), Browser(cast.root.user)):
        assert not [page for page in pages if value in browser.get(address(thing, page)).source]
    assert value not in serializers.serialize("json", thing.secrets.all())
    assert value not in json.dumps(list(AuditEvent.objects.values_list("before", "after", "thing_name")))
    assert value not in serializers.serialize("json", StoredAnswer.objects.all())
    assert not [each for each in Session.objects.all() if value in str(each.get_decoded())]
    assert not [each for each in alice.client.cookies.values() if value in each.value]


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_sent_again_by_a_reload_shows_nothing_and_changes_nothing(
    alice: Browser, things: dict[str, Any], kind: str
) -> None:
    thing = things[kind]
    form = hidden(alice.get(address(thing, "rotate")))
    value = value_of(alice.post(address(thing, "rotate"), **form, grace_seconds=3600))
    again = alice.post(address(thing, "rotate"), **form, grace_seconds=3600)
    assert (again.status, value_of(again)) == (409, "")
    assert value not in again.source
    assert thing.secrets.count() == 2


def test_a_form_that_names_no_version_rotates_nothing(alice: Browser, project: Project) -> None:
    for version in ("", "x", "-1", "9" * 12):
        page = alice.post(address(project, "rotate"), version=version, grace_seconds=3600)
        assert (page.status, value_of(page)) == (409, "")
    assert project.secrets.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_third_is_refused_and_the_way_to_an_end_is_shown(alice: Browser, things: dict[str, Any], kind: str) -> None:
    thing = things[kind]
    rotate(alice, thing)
    thing.refresh_from_db()
    page = alice.get(address(thing, "rotate"))
    assert "Two are good already" in page.text
    for number in (1, 2):
        assert f'href="{address(thing, f"secrets/{number}/end")}"' in page.source
    assert "grace_seconds" not in page.source
    crafted = alice.post(address(thing, "rotate"), version=thing.version, grace_seconds=0)
    assert (crafted.status, value_of(crafted)) == (409, "")
    assert "The limit of 2 is reached." in crafted.text
    assert [each.is_live(timezone.now()) for each in thing.secrets.all()] == [True, True]


@pytest.mark.parametrize("kind", KINDS)
def test_the_companys_own_grace_is_chosen(cast: Cast, alice: Browser, things: dict[str, Any], kind: str) -> None:
    assert cast.alice.user is not None
    company = cast.alice.user.corp
    without = dict(chosen(alice.get(address(things[kind], "rotate")), "grace_seconds"))
    assert without == {"0": False, "3600": False, "86400": True, "604800": False}, "a day where it has none"
    company.grace_seconds = 7200
    company.save()
    offered = chosen(alice.get(address(things[kind], "rotate")), "grace_seconds")
    assert offered == [("0", False), ("3600", False), ("7200", True), ("86400", False), ("604800", False)]


def test_an_operator_rotates_an_apps_and_leaves_it_an_hour(cast: Cast, things: dict[str, Any]) -> None:
    oscar, app = Browser(cast.oscar.user), things["app"]
    offered = chosen(oscar.get(address(app, "rotate")), "grace_seconds")
    assert [value for value, _ in offered] == ["3600", "86400", "604800"]
    at_once = oscar.post(address(app, "rotate"), version=app.version, grace_seconds=0)
    assert (at_once.status, value_of(at_once)) == (422, "")
    assert len(value_of(rotate(oscar, app))) == 32
    assert oscar.get(address(app, "secrets/1/end")).status == 403
    app.refresh_from_db()
    assert oscar.post(address(app, "secrets/1/end"), version=app.version).status == 403
    assert app.secrets.get(number=1).is_live(timezone.now())


@pytest.mark.parametrize(
    ("person", "kind", "status"),
    [
        ("oscar", "project", 403),
        ("oscar", "gateway", 403),
        ("vera", "project", 403),
        ("vera", "gateway", 403),
        ("vera", "app", 403),
        ("charlie", "project", 404),
        ("charlie", "gateway", 404),
        ("charlie", "app", 404),
    ],
)
def test_nobody_else_rotates_or_ends(cast: Cast, things: dict[str, Any], person: str, kind: str, status: int) -> None:
    browser, thing = Browser(getattr(cast, person).user), things[kind]
    for page in ("rotate", "secrets/1/end"):
        assert browser.get(address(thing, page)).status == status
        sent = browser.post(address(thing, page), version=thing.version, grace_seconds=3600)
        assert (sent.status, value_of(sent)) == (status, "")
    secret = thing.secrets.get()
    assert secret.is_live(timezone.now())
    offered = browser.get(address(thing)).source
    assert f'href="{address(thing, "rotate")}"' not in offered
    assert "/secrets/1/end" not in offered


def test_a_stale_end_ends_nothing(alice: Browser, project: Project) -> None:
    form = hidden(alice.get(address(project, "secrets/1/end")))
    rotate(alice, project)
    assert alice.post(address(project, "secrets/1/end"), **form).status == 409
    assert project.secrets.get(number=1).is_live(timezone.now())


def test_the_last_one_says_that_it_is_the_last(alice: Browser, project: Project) -> None:
    assert "No other one is good" in alice.get(address(project, "secrets/1/end")).text
    rotate(alice, project)
    assert "No other one is good" not in alice.get(address(project, "secrets/1/end")).text
    send(alice, address(project, "secrets/1/end"))
    send(alice, address(project, "secrets/2/end"))
    assert "None is good now" in alice.get(address(project)).text


def test_an_absent_one_is_not_found(alice: Browser, project: Project) -> None:
    for number in ("2", "0", "999999999"):
        assert alice.get(address(project, f"secrets/{number}/end")).status == 404
        assert alice.post(address(project, f"secrets/{number}/end"), version=project.version).status == 404


def test_one_that_ends_within_a_week_stands_out_and_no_later(alice: Browser, project: Project) -> None:
    secret = project.secrets.get()
    for days, stands_out in ((6, True), (8, False)):
        secret.expires_at = timezone.now() + timedelta(days=days)
        secret.save()
        assert ("Ends soon" in alice.get(address(project)).text) is stands_out


def test_one_that_somebody_gone_has_seen_is_marked(cast: Cast, alice: Browser, app: App) -> None:
    rotate(Browser(cast.oscar.user), app)
    assert "Seen by somebody" not in alice.get(address(app)).text
    grant = cast.city.grants.get(user=cast.oscar.user)
    grant.delete()
    assert "Seen by somebody without an operator's share in it" in alice.get(address(app)).text


@pytest.mark.parametrize("kind", KINDS)
def test_in_the_bin_none_is_rotated_or_ended(alice: Browser, things: dict[str, Any], kind: str) -> None:
    thing = things[kind]
    Project.objects.filter(pk=things["project"].pk).update(is_default=False)
    thing.refresh_from_db()
    bring(thing, State.DELETED)
    page = alice.get(address(thing))
    assert page.status == 200
    assert "/rotate" not in page.source
    assert "/end" not in page.source
    assert alice.get(address(thing, "rotate")).status in {404, 409}
    assert alice.get(address(thing, "secrets/1/end")).status == 404


def test_a_page_costs_the_same_however_many_there_were(alice: Browser, project: Project) -> None:
    rotate(alice, project, 0)
    few = queries(alice, address(project))
    for _ in range(3):
        rotate(alice, project, 0)
    assert "Ended (4)" in alice.get(address(project)).text
    assert len(queries(alice, address(project))) == len(few)
