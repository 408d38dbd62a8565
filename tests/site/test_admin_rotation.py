"""Rotating a project's secret in the super-console: by god, shown once, and kept nowhere."""

import json
import re

import pytest
from django.contrib.sessions.models import Session
from django.core import serializers
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import executor
from accounts.models import AuditEvent
from config.kernel.states import State, Verb
from projects.lifecycle import PROJECT
from projects.models import Project, ProjectSecret
from tests.cast import Cast
from tests.site.console import AUDIT, Browser
from tests.site.pages import PROJECTS, address, rotate, shown_secret, trail


def _bring(project: Project, state: State) -> None:
    verb = {State.DISABLED: Verb.DIS, State.DELETED: Verb.DOL}.get(state)
    if verb is not None:
        executor.fire(PROJECT, Project.objects.all(), project.key, verb, by=Actor.system())


def test_god_rotates_and_is_shown_the_new_secret(cast: Cast, god: Browser, project: Project) -> None:
    page = rotate(god, project, grace_seconds="3600")
    value = shown_secret(page)
    assert page.status == 200
    assert re.fullmatch(r"[0-9a-z]{32}", value)
    assert "no-store" in page.headers["Cache-Control"]
    older, newer = project.secrets.order_by("number")
    assert newer.reveal() == value
    assert older.is_live(timezone.now())
    assert older.good_until is not None
    assert 3500 < (older.good_until - timezone.now()).total_seconds() <= 3600
    assert cast.root.user is not None
    assert trail(project)[-1] == ("ROTATE", "admin", "ok", cast.root.user.key)


def test_no_grace_ends_the_former_secret_at_once(god: Browser, project: Project) -> None:
    rotate(god, project, grace_seconds="0")
    older = project.secrets.get(number=1)
    assert older.ended_at is not None
    assert older.sealed == ""
    assert "№ 1" in god.get(address(project)).text
    assert "Ended" in god.get(address(project)).text


def test_the_secret_is_nowhere_but_in_that_one_answer(
    cast: Cast, god: Browser, zoon: Browser, project: Project
) -> None:
    value = shown_secret(rotate(god, project))
    assert len(value) == 32
    pages = (address(project), address(project, "rotate"), PROJECTS, AUDIT, f"{AUDIT}?q={project.key}")
    for browser in (god, zoon, Browser(cast.alice.user)):
        assert not [path for path in pages if value in browser.get(path).source]
    assert value not in serializers.serialize("json", ProjectSecret.objects.all())
    assert value not in json.dumps(list(AuditEvent.objects.values_list("before", "after", "thing_name")))
    assert not [each for each in Session.objects.all() if value in str(each.get_decoded())]
    assert not [each for each in god.client.cookies.values() if value in each.value]


def test_the_form_sent_again_by_a_reload_shows_nothing_and_changes_nothing(god: Browser, project: Project) -> None:
    version = project.version
    first = god.post(address(project, "rotate"), version=version, grace_seconds="0")
    value, before = shown_secret(first), trail(project)
    again = god.post(address(project, "rotate"), version=version, grace_seconds="0")
    assert again.status == 409
    assert "This has changed since you last read it." in again.text
    assert value not in again.source
    assert shown_secret(again) == ""
    assert project.secrets.count() == 2
    assert trail(project) == before


@pytest.mark.parametrize("version", ["", "0", "x", "-1", "9" * 30, "²"])
def test_a_form_that_names_no_version_rotates_nothing(god: Browser, project: Project, version: str) -> None:
    page = god.post(address(project, "rotate"), version=version, grace_seconds="0")
    assert (page.status, shown_secret(page)) == (409, "")
    assert project.secrets.count() == 1


@pytest.mark.parametrize("grace", ["", "-1", "1", "999999999", "x"])
def test_a_grace_that_was_not_offered_rotates_nothing(god: Browser, project: Project, grace: str) -> None:
    page = rotate(god, project, grace_seconds=grace)
    assert (page.status, shown_secret(page)) == (400, "")
    assert project.secrets.count() == 1


def test_a_zoon_rotates_nothing_not_even_the_platforms_own(cast: Cast, zoon: Browser, project: Project) -> None:
    assert cast.zoe.user is not None
    own = Project.objects.get(company__comp_id=1)
    for each in (project, own):
        for page in (
            zoon.get(address(each, "rotate")),
            zoon.post(address(each, "rotate"), version=each.version, grace_seconds="0"),
        ):
            assert (page.status, shown_secret(page)) == (403, "")
            assert "You may not do this." in page.text
        assert each.secrets.count() == 1
        assert trail(each)[-1] == ("ROTATE", "admin", "refused", cast.zoe.user.key)


def test_whoever_else_crafts_a_rotation_is_refused(cast: Cast, project: Project) -> None:
    """The company's own admin too: this is not their door."""
    path, sent = address(project, "rotate"), {"version": project.version, "grace_seconds": "0"}
    for caller in (cast.alice, cast.charlie):
        assert caller.user is not None
        assert Browser(caller.user).post(path, **sent).status == 403
        assert trail(project)[-1] == ("ROTATE", "admin", "refused", caller.user.key)
    assert Browser().post(path, **sent).status == 302
    client = Client(enforce_csrf_checks=True)
    assert cast.root.user is not None
    client.force_login(cast.root.user)
    assert client.post(path, sent).status_code == 403
    assert project.secrets.count() == 1


def test_what_lies_in_the_bin_is_not_rotated(god: Browser, project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(is_default=False)
    _bring(project, State.DELETED)
    project.refresh_from_db()
    page = god.post(address(project, "rotate"), version=project.version, grace_seconds="0")
    assert (page.status, shown_secret(page)) == (404, "")
    assert project.secrets.count() == 1
