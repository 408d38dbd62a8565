"""Every address of the super-console is answered as the table says, to everybody; who is refused has changed nothing.

A page without a row fails. To add one: its row in `tests/site/matrix.py`, and, where its address names something that
no other's does, what that is in `_named`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps as django_apps
from django.db import transaction
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.lifecycle import ACCESS_KEY, USER
from accounts.machine import operations
from accounts.models import AccessToken, AuditEvent, Lockout, User
from accounts.people import credentials, requests, services
from apps.models import App
from apps.services import codes
from cities.models import City
from config.kernel import registry
from config.kernel.roles import Role
from config.kernel.states import State, Verb
from config.site.admin import site
from tests.cast import Cast
from tests.factories import actor, make_city, make_user
from tests.site import matrix
from tests.site.console import Browser, Page, prove

ROWS = matrix.read()
PEOPLE = {
    "stranger": "charlie", "owner": "alice", "operator": "oscar", "viewer": "vera", "zoon": "zoe", "god": "root",
}  # fmt: skip
# The trail, what is counted, and what a session notes.
COUNTED = {"AuditEvent", "AuditOrigin", "AuditPersonal", "Figure", "RefusalTally", "Session"}
LOCK = "a" * 64


def pages() -> list[str]:
    """The names of all pages; of a verb's page one for each verb."""
    return [page for each in site.get_urls() for page in _pages(each)]


def _pages(of: URLPattern | URLResolver) -> Iterator[str]:
    if isinstance(of, URLResolver):
        for each in of.url_patterns:
            yield from _pages(each)
        return
    name = of.name or "anything-else"
    verbs = re.search(r"\(\?P<verb>([a-z|]+)\)", str(of.pattern))
    yield from [f"{name}:{verb}" for verb in verbs.group(1).split("|")] if verbs else [name]


class Stage:
    """alice's things, a request of hers, a lock, an operation of a god's; and who looks at them."""

    def __init__(self, cast: Cast, app: App) -> None:
        self.cast, self.app = cast, app
        alice = cast.alice.user
        assert alice is not None
        by = actor(alice)
        self.code = codes.create_code(app.key, App.objects.with_chain(), by=by, read=dict)[0]
        binned, given = make_city(alice, "Binned_City", State.DELETED), {"verb": Verb.RCC, "message": ""}
        self.request = requests.ask(registry.kind("city"), binned.key, by=by, read=lambda: given)
        fresh = replace(by, proved_at=by.now)
        self.token = AccessToken.objects.filter(user=alice).latest("pk")
        self.key = credentials.make(ACCESS_KEY, by=fresh, read=lambda: {"name": "another"})[0]
        root, chosen = cast.root.user, City.objects.filter(pk=cast.city.pk)
        assert root is not None
        self.operation = operations.plan(registry.kind("city"), Verb.DIS, chosen, by=actor(root))
        Lockout.objects.create(subject=LOCK, failures=5, blocked_until=timezone.now(), last_at=timezone.now())

    def browser(self, who: str) -> Browser:
        """Signed in anew, having just proved who they are."""
        if who in AWAY:
            return AWAY[who]()
        return prove(Browser(getattr(self.cast, PEOPLE[who]).user))

    def address(self, page: str) -> str:
        name, _, verb = page.partition(":")
        if name == "anything-else":
            return "/admin/nothing/of/the/kind/"
        named = self._named(name) | ({"verb": verb} if verb else {})
        return reverse(f"admin:{name}", kwargs=named)

    def _named(self, name: str) -> dict[str, str]:
        """What the address names, if it is about one thing."""
        rest = name.partition("_")[2]
        kind, _, page = rest.partition("_")
        if page in {"", "changelist", "recycle", "find", "tester", "bulk", "export"}:
            return {}
        gateway = self.app.gateway
        things: dict[str, Any] = {
            "city": self.cast.city,
            "project": gateway.project,
            "gateway": gateway,
            "app": self.app,
            "organization": gateway.project.company,
            "user": self.cast.alice.user,
            "request": self.request,
            "operation": self.operation,
            "accesstoken": self.token,
            "accesskey": self.key,
        }
        if kind == "lockout":
            return {"subject": LOCK}
        if kind == "policybook":
            return {"name": "DisState"}
        code = {"code": self.code.key} if page == "end_code" else {}
        return {"key": things[kind].key, **code}

    def form(self, page: str, version: str = "1") -> dict[str, str]:
        """What the page's own form sends: by it a god does what there is to do."""
        kind = page.partition("_")[2].partition("_")[0]
        names = {"city": "Alice_City", "project": "Payments", "gateway": "Tram_Signals", "app": "Night_Market"}
        charlie = self.cast.charlie.user
        assert charlie is not None
        limits = {"project_limit": "3", "app_limit": "3", "app_code_limit": "3", "profile": "nginx"}
        policy = {"enable": "true", "acitys": "0,0,0,0,0,0,0"}
        asked = {
            "reason": "",
            "grant": "0",
            "answer": "",
            "as": "csv",
            "role": "zoon",
            "user": charlie.key,
            "grace_seconds": "0",
        }
        many = {"verb": "DIS", "thing": self._named(f"_{kind}_change")["key"]} if page.endswith("_bulk") else {}
        return {"version": version, "name": names.get(kind, "alice"), **limits, **policy, **asked, **many}


def ended() -> Browser:
    """A steward who has been disabled while signed in."""
    user = make_user(role=Role.ZOON)
    browser = prove(Browser(user))
    services.switch(USER, user, Verb.DIS, by=Actor.system())
    return browser


def closed() -> Browser:
    """A steward who is disabled, and whose session still stands."""
    user = make_user(role=Role.ZOON)
    facts = {"state": State.DISABLED, "disabled_at": timezone.now(), "disabled_side": "admin"}
    User.objects.filter(pk=user.pk).update(**facts)
    return prove(Browser(user))


AWAY = {"nobody": Browser, "ended": ended, "closed": closed}


@pytest.fixture
def stage(cast: Cast, app: App) -> Stage:
    return Stage(cast, app)


def test_every_page_has_its_row() -> None:
    assert sorted(pages()) == sorted(ROWS)


@pytest.mark.parametrize("who", [*AWAY, "stranger", "owner", "operator", "viewer"])
def test_whoever_is_no_steward_is_answered_as_the_table_says_and_changes_nothing(stage: Stage, who: str) -> None:
    """What is theirs too: this is not their door."""
    is_away, browser = who in AWAY, stage.browser(who)
    before, trail = everything(), AuditEvent.objects.latest("id").pk
    answered, expected = {}, {}
    for page in ROWS:
        for method in ("GET", "POST"):
            again = stage.browser(who) if page == "logout" and not is_away else browser
            answered[page, method] = send(again, method, stage.address(page), stage.form(page)).status
            expected[page, method] = matrix.for_others(page, method)[0 if is_away else 1]
    assert answered == expected
    assert everything() == before
    # Of one minute the first of a verb on a thing is a row.
    wanted = {
        (row.kind, verb) for row in ROWS.values() if row.kind and not row.is_stewards for verb in row.verbs.values()
    }
    assert on_record(trail) == (set() if is_away else wanted)


@pytest.mark.parametrize("who", ["zoon", "god"])
def test_stewards_are_answered_as_the_table_says_and_the_refused_change_nothing(stage: Stage, who: str) -> None:
    answered = {}
    before = everything()
    for page, row in ROWS.items():
        version = "1"
        for method in ("GET", "POST"):
            browser, trail = stage.browser(who), AuditEvent.objects.latest("id").pk
            with transaction.atomic():
                told = send(browser, method, stage.address(page), stage.form(page, version))
                answered[page, method] = told.status
                if told.status >= 400 or method == "GET":
                    assert everything() == before, (page, method)
                if told.status == 403:
                    assert on_record(trail) == {(row.kind, row.verbs[method])}, (page, method)
                transaction.set_rollback(True)
            version = (re.findall(r'name="version" value="(\d+)"', told.source) or [version])[0]
    assert answered == {(page, method): matrix.for_steward(page, method, who) for page, method in answered}


def send(browser: Browser, method: str, path: str, form: dict[str, str]) -> Page:
    return browser.get(path) if method == "GET" else browser.post(path, **form)


def on_record(since: int) -> set[tuple[str, str]]:
    """Kind and verb of the refusals that were put on record since an event."""
    found = AuditEvent.objects.filter(pk__gt=since, outcome="refused", door="admin")
    return set(found.values_list("kind", "verb"))


def everything() -> list[Any]:
    """All rows, without the trail, what is counted, and sessions."""
    models: list[Any] = [model for model in django_apps.get_models() if model.__name__ not in COUNTED]
    return [list(model._default_manager.order_by("pk").values()) for model in models]
