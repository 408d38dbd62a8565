"""The super-console in Chinese, in full: on no page is there an English word that is not a name."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.machine import overrides
from accounts.models import AccessKey, AccessToken, AuditEvent, Operation, Organization, Request, User
from accounts.people import sharing, stewardship
from apps.models import App, AppCode, AppSecret, Gateway, GatewaySecret
from cities.models import City, CityGrant
from config.kernel import registry
from config.kernel.roles import Share
from config.kernel.states import Verb
from projects.models import Project, ProjectSecret
from tests.cast import Cast
from tests.factories import actor, do
from tests.site import matrix
from tests.site.chinese import english
from tests.site.console import Browser, Page
from tests.site.test_admin_matrix import LOCK, Stage

PAGES = [page for page, row in matrix.read().items() if row.stewards["GET"][1] == 200]
# Of what many are chosen for, no page sends a form without a verb.
FORMS = [
    page
    for page, row in matrix.read().items()
    if row.stewards["POST"][1] not in {404, 405} and not page.endswith("_bulk")
]
LISTS = [page for page in PAGES if page.endswith("changelist")]


@pytest.fixture
def stage(cast: Cast, app: App) -> Stage:
    """With a past: what was done to each thing is told in its history."""
    made = Stage(cast, app)
    zoe, alice, root = cast.zoe.user, cast.alice.user, cast.root.user
    assert zoe is not None
    assert alice is not None
    assert root is not None
    do(cast.city, Verb.DIS, actor(zoe), reason="欠费", expires_at=timezone.now() + timedelta(days=1))
    do(cast.city, Verb.ENB, actor(zoe))
    terms = {"user": "dora@example.com", "role": Share.VIEWER}
    sharing.share(registry.kind("city"), cast.city.key, by=actor(alice), read=lambda: terms)
    god = actor(root)
    by = Actor(god.now, god.door, god.user, proved_at=god.now)
    overrides.override("DisState", by=by, read=lambda: {"enable": "Api Not Implemented", "acitys": None})
    overrides.override("DisState", by=by, read=lambda: {"enable": None, "acitys": None})
    assert cast.vera.user is not None
    stewardship.set_role(cast.vera.user.key, by=by, read=lambda: {"role": "zoon"})
    return made


def data() -> set[str]:
    """What is on the pages and of no language: names, ids, addresses, a policy's values as the document has them."""
    found = {LOCK[:16], "dora@example.com", "Api Not Implemented", "Api Not Supported"}
    columns: dict[Any, tuple[str, ...]] = {
        City: ("key", "name"),
        CityGrant: ("key",),
        Project: ("key", "name"),
        Gateway: ("key", "name"),
        App: ("key", "name", "devl_id", "app_key"),
        AppCode: ("key", "hint"),
        User: ("key", "name", "email"),
        Organization: ("key", "name"),
        Request: ("key",),
        AccessToken: ("key", "name", "hint"),
        AccessKey: ("key", "name", "hint"),
        Operation: ("key",),
        AuditEvent: ("request_id", "batch", "thing", "actor"),
    }
    for model, names in columns.items():
        for row in model._default_manager.values_list(*names):
            found.update(row)
    for secrets in (ProjectSecret, GatewaySecret, AppSecret):
        found.update(secrets._default_manager.values_list("hint", flat=True))
    return found | {row.name for row in registry.policies()}


def chinese(stage: Stage, who: str = "god") -> Browser:
    browser = stage.browser(who)
    browser.language = "zh-CN"
    return browser


def spoken(page: Page, *more: str) -> list[str]:
    """The English words on a page that is in Chinese."""
    assert re.search(r'<html lang="zh-hans"', page.source)
    return english(page.source, data() | set(more))


def documented(page: str) -> list[str]:
    """The values of the document's own row, on the page of a policy."""
    row = registry.find_policy("DisState")
    assert row is not None
    return [*row.documented.values()] if page == "accounts_policybook_change" else []


@pytest.mark.parametrize("who", ["zoon", "god"])
def test_every_page_is_in_chinese(stage: Stage, who: str) -> None:
    browser = chinese(stage, who)
    row = matrix.read()
    seen = [page for page in PAGES if row[page].stewards["GET"][("zoon", "god").index(who)] != 404]
    found = {page: spoken(browser.get(stage.address(page)), *documented(page)) for page in seen}
    assert {page: words for page, words in found.items() if words} == {}


@pytest.mark.parametrize("who", ["zoon", "god"])
def test_what_is_refused_is_said_in_chinese(stage: Stage, who: str) -> None:
    """To a zoon who may not, to a god whose form is empty."""
    found = {}
    for page in FORMS:
        with transaction.atomic():
            answered = chinese(stage, who).post(stage.address(page))
            if answered.status not in {302, 404}:
                found[page] = spoken(answered, *documented(page))
            transaction.set_rollback(True)
    assert {page: words for page, words in found.items() if words} == {}


def test_a_list_that_is_narrowed_and_finds_nothing_is_in_chinese(stage: Stage) -> None:
    browser, found = chinese(stage), {}
    given = {"state": "1", "side": "admin", "role": "zoon", "kind": "city", "verb": "DIS", "owner": "AbcdEfgh"}
    for page in LISTS:
        path = stage.address(page)
        answered = [browser.get(path, q="☃☃☃"), *(browser.get(path, **{name: given[name]}) for name in given)]
        found[page] = [spoken(each, "AbcdEfgh") for each in answered if each.status == 200]
    assert {page: words for page, words in found.items() if any(words)} == {}


def test_what_a_verb_has_done_is_told_in_chinese(stage: Stage) -> None:
    browser = chinese(stage, "zoon")
    for page in ("cities_city_verb:dis", "cities_city_verb:enb", "apps_app_verb:enb", "accounts_lockout_unlock"):
        path = stage.address(page)
        assert browser.post(path, reason="").status == 302
        assert spoken(browser.get("/admin/cities/city/")) == []


def test_a_developer_is_told_no_in_chinese(stage: Stage) -> None:
    assert spoken(chinese(stage, "owner").post("/admin/cities/city/")) == []


def test_a_closed_policy_is_told_in_chinese(stage: Stage) -> None:
    god = actor(stage.cast.root.user)  # type: ignore[arg-type]
    by = Actor(god.now, god.door, god.user, proved_at=god.now)
    overrides.override("DisState", by=by, read=lambda: {"enable": "Api Not Supported", "acitys": None})
    page = chinese(stage).get(stage.address("cities_city_verb:dis"))
    assert page.status == 403
    assert spoken(page) == []


def test_the_desk_answers_in_chinese(stage: Stage) -> None:
    alice = stage.cast.alice.user
    assert alice is not None
    for typed in ("Binned_City", alice.key, "Alice_City", f"{alice.key} Binned", "没有这样的城市"):
        assert spoken(chinese(stage).get(stage.address("cities_city_recycle"), q=typed), "Binned") == []


def test_the_language_is_switched_in_the_header_by_a_button(stage: Stage) -> None:
    """No menu has to be opened for it, and every key reaches a button."""
    source = chinese(stage).get("/admin/cities/city/").source
    header = source.split('id="header-inner"')[1].split('id="content"')[0]
    assert re.search(r'<button type="submit"\s+name="language"\s+value="en"\s+lang="en">English</button>', header)
    assert 'lang="zh-hans" aria-current="true">简体中文</button>' in header
    assert source.count('action="/i18n/setlang/"') == 1


def test_the_switch_of_light_and_dark_is_in_chinese(stage: Stage) -> None:
    text = chinese(stage).get("/admin/cities/city/").text
    for word in ("浅色", "深色", "系统"):
        assert word in text, word
