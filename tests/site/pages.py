"""The pages of one thing, and what their forms do."""

import re
from collections.abc import Sized
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access.actor import Actor
from accounts.machine import executor
from accounts.models import AuditEvent, Organization
from apps.models import App, Gateway
from config.kernel import registry
from config.kernel.states import State, Verb
from projects.models import Project
from tests.site.console import Browser, Page

PROJECTS = "/admin/projects/project/"
COMPANIES = "/admin/accounts/organization/"
GATEWAYS = "/admin/apps/gateway/"
APPS = "/admin/apps/app/"
SUPER = f"{COMPANIES}XdUaXduA/"
_LISTS = {Project: PROJECTS, Organization: COMPANIES, Gateway: GATEWAYS, App: APPS}

Thing = Project | Organization | Gateway | App


def address(thing: Thing, page: str = "change") -> str:
    return f"{_LISTS[type(thing)]}{thing.key}/{page}/"


def trail(thing: Thing) -> list[tuple[str, str, str, str]]:
    """Verb, door, outcome and actor of all that was done to it."""
    rows = AuditEvent.objects.filter(kind=_kind(thing), thing=thing.key).order_by("id")
    return list(rows.values_list("verb", "door", "outcome", "actor"))


def queries(browser: Browser, path: str) -> list[str]:
    """What a page asks of the database."""
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status == 200
    return [query["sql"] for query in captured.captured_queries]


def cost_alike(few: Sized, many: Sized, most: int) -> bool:
    """Do two pages of a list cost the same, however many rows there are, and `most` queries on SQLite?

    PostgreSQL is asked for the newest first, and twice more where the nearest are not enough (accounts.access.nearest).
    """
    is_postgres = connection.vendor == "postgresql"
    return abs(len(few) - len(many)) <= 2 * is_postgres and max(len(few), len(many)) <= most + 3 * is_postgres


def bring(thing: Thing, state: State) -> None:
    """Into a state, by the platform's own hand."""
    verb = {State.DISABLED: Verb.DIS, State.OFFLINE: Verb.OFF, State.DELETED: Verb.DOL}.get(state)
    if verb is not None:
        table = registry.kind(_kind(thing)).table
        executor.fire(table, type(thing).objects.all(), thing.key, verb, by=Actor.system())


def rotate(browser: Browser, thing: Thing, **given: Any) -> Page:
    """As the page's own form sends it, after it was opened."""
    return send(browser, address(thing, "rotate"), **{"grace_seconds": "0", **given})


def send(browser: Browser, path: str, **given: Any) -> Page:
    """A form, with the version that the page was shown for."""
    version = re.findall(r'name="version" value="(\d+)"', browser.get(path).source)
    return browser.post(path, **{"version": version[0], **given})


def shown_secret(page: Page) -> str:
    found = re.findall(r'<code translate="no">([^<]*)</code>', page.source)
    return found[0] if found else ""


def _kind(thing: Thing) -> str:
    return registry.kind_of(thing).name
