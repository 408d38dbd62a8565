"""Every page of the developers' console: axe-core finds nothing on it, the keyboard reaches all of it, and it
fits, wide and narrow, in light and dark.

The pages are found by their links, one of each sort.
"""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page

from tests.browser import axe, developers, focus
from tests.browser.chromium import MIDDLE, NARROW, WIDE
from tests.browser.sitting import Sitting
from tests.browser.test_pages import hrefs
from tests.server import Server

_KIND = ("", "/new", "/*", "/*/edit", "/*/activity", "/*/try", "/*/people", "/*/people/share", "/*/dis", "/*/dol")
_SECRETS = ("/*/rotate", "/*/secrets/*/end")
EXPECTED = {
    *(f"/console/cities{page}" for page in (*_KIND, "/*/transfer")),
    *(f"/console/projects{page}" for page in (*_KIND, *_SECRETS, "/*/move")),
    *(f"/console/gateways{page}" for page in (*_KIND, *_SECRETS)),
    *(f"/console/apps{page}" for page in (*_KIND, *_SECRETS, "/*/codes/new")),
    *(f"/console/{page}" for page in ("", "tokens", "tokens/new", "access-keys", "access-keys/new", "shares")),
    *(f"/console/{page}" for page in ("company", "company/edit", "company/invite", "company/rotate", "profile")),
    *(f"/console/{page}" for page in ("notices", "requests", "activity", "bin")),
}
_VERBS = {"pub", "off", "dis", "enb", "dol", "rcc", "del", "ask", "end"}
_WORDS = _VERBS | {part for path in EXPECTED for part in path.split("/")}


@dataclass
class Eyes:
    """Two looks at once, each with a width and the colours."""

    pages: tuple[Page, ...]
    found: list[str] = field(default_factory=list)

    def look(self, path: str) -> set[str]:
        """At one page; where it leads to in the console."""
        for page in self.pages:
            response = page.goto(path)
            assert response is not None
            assert response.status == 200, path
            self.found += [f"{path}: {each}" for each in axe.found_on(page, is_strict=True)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self.found.append(f"{path}: wider than the screen")
        self.found += [f"{path}: {each}" for each in focus.faults_of(self.pages[0])]
        return {href.rstrip("/") or "/console/" for href in hrefs(self.pages[0], "main a[href^='/console/'], nav a")}


@pytest.fixture
def eyes(sit: Sitting, server: Server) -> Eyes:
    who = developers.make(server, "eyes")
    return Eyes((sit(who.name, width=WIDE), sit(who.name, width=NARROW, scheme="dark")))


def sort_of(path: str) -> str:
    """An address without what names one thing: the ids are in no address that is expected."""
    parts = [part if part in _WORDS else "*" for part in path.split("/")]
    return "/".join(parts)


def test_every_page_is_fit_for_everybody(eyes: Eyes) -> None:
    todo, seen = ["/console/"], set[str]()
    while todo:
        path = todo.pop()
        seen.add(sort_of(path))
        led = {each for each in eyes.look(path) if each.startswith("/console")}
        known = seen | {sort_of(each) for each in todo}
        for each in sorted(led):
            if sort_of(each) not in known:
                todo.append(each)
                known.add(sort_of(each))
    assert eyes.found == []
    assert seen >= EXPECTED, EXPECTED - seen


def test_what_is_said_of_a_fault_and_shown_once_is_fit_too(sit: Sitting, server: Server) -> None:
    looks = {"faulty": {"width": NARROW}, "faultier": {"width": MIDDLE, "scheme": "dark"}}
    for name, how in looks.items():  # an app each: one whose secret has a successor already rotates no further
        who = developers.make(server, name)
        page = sit(who.name, **how)
        page.goto("/console/cities/new")
        developers.send(page, "Create", name="abc")
        found = axe.found_on(page, is_strict=True)
        page.goto(who.at("app", "rotate"))
        developers.send(page, "Rotate it")
        developers.shown_once(page)
        found += axe.found_on(page, is_strict=True)
        page.goto("/console/search?q=Night")
        found += axe.found_on(page, is_strict=True)
        assert found == []
