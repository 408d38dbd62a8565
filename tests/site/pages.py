"""The pages of one project and one company, and what their forms do."""

import re
from typing import Any

from accounts.models import AuditEvent, Organization
from projects.models import Project
from tests.site.console import Browser, Page

PROJECTS = "/admin/projects/project/"
COMPANIES = "/admin/accounts/organization/"
SUPER = f"{COMPANIES}XdUaXduA/"


def address(thing: Project | Organization, page: str = "change") -> str:
    return f"{PROJECTS if isinstance(thing, Project) else COMPANIES}{thing.key}/{page}/"


def trail(thing: Project | Organization) -> list[tuple[str, str, str, str]]:
    """Verb, door, outcome and actor of all that was done to it."""
    kind = "project" if isinstance(thing, Project) else "organization"
    rows = AuditEvent.objects.filter(kind=kind, thing=thing.key).order_by("id")
    return list(rows.values_list("verb", "door", "outcome", "actor"))


def rotate(browser: Browser, project: Project, **given: Any) -> Page:
    """As the page's own form sends it, after it was opened."""
    version = re.findall(r'name="version" value="(\d+)"', browser.get(address(project, "rotate")).source)
    return browser.post(address(project, "rotate"), **{"version": version[0], "grace_seconds": "0", **given})


def shown_secret(page: Page) -> str:
    found = re.findall(r'<code translate="no">([^<]*)</code>', page.source)
    return found[0] if found else ""
