"""Every page: it loads from its own server alone, keeps its policy, and axe-core finds nothing grave on it.

In light and in dark, at 1440 and at 360 pixels. The pages are found by their links, one of each sort.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page

from config.site.admin import site
from tests.browser import axe
from tests.browser.chromium import NARROW, WIDE
from tests.browser.sitting import Sitting
from tests.browser.town import Town

KINDS = sorted(f"{model._meta.app_label}/{model._meta.model_name}" for model in site._registry)
# What must be among what is found; what is there besides is looked at too.
EXPECTED = {
    "cities/city": {"", "recycle", "change", "dis", "enb", "rcc", "del"},
    "projects/project": {"", "change", "dis", "del", "rotate"},
    "apps/gateway": {"", "change", "dis", "del", "rotate", "settings"},
    "apps/app": {"", "change", "dis", "del", "rotate", "codes"},
    "accounts/organization": {"", "change", "dis", "rotate"},
    "accounts/user": {"", "change", "dis", "role"},
    "accounts/accesstoken": {"", "change"},
    "accounts/accesskey": {"", "change"},
    "accounts/request": {"", "change"},
    "accounts/operation": {"", "change"},
    "accounts/lockout": {"", "change", "find"},
    "accounts/auditevent": {""},
    "accounts/policybook": {"", "change", "tester"},
}
ACCOUNT = ["/console/", "/account/"] + [f"/account/{name}" for name in ("mail", "password", "factor", "prove")]
OUTSIDE = ["/account/login", "/account/signup", "/account/password/reset", "/api/problems"]


@dataclass
class Eyes:
    """Each page twice: in light and wide, in dark and narrow. The first, a kind's list, in the other widths too."""

    light: Page
    dark: Page
    is_first: bool = True
    found: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, sit: Sitting, who: str) -> "Eyes":
        return cls(sit(who), sit(who, scheme="dark", width=NARROW))

    def look(self, paths: Iterable[str]) -> set[str]:
        """Look at these pages, and tell which addresses of the super-console they lead to."""
        led: set[str] = set()
        for path in paths:
            for page in (self.light, self.dark):
                self._look_at(page, path)
            self.is_first = False
            led |= hrefs(self.light, "a[href^='/admin/']:not([download])")
        return led

    def _look_at(self, page: Page, path: str) -> None:
        response, size = page.goto(path), page.viewport_size
        assert response is not None
        assert size is not None
        assert response.status == 200, path
        others = {WIDE, NARROW} - {size["width"]} if self.is_first else set()
        for width in (size["width"], *others):
            page.set_viewport_size({**size, "width": width})
            self.found += [f"{path} at {width}: {each}" for each in axe.found_on(page)]
        page.set_viewport_size(size)


def hrefs(page: Page, selector: str) -> set[str]:
    """Where its links lead, without what is asked there."""
    found = page.locator(selector).evaluate_all("all => all.map(link => link.getAttribute('href'))")
    return {href.split("?")[0].split("#")[0] for href in found}


def sort_of(path: str, root: str) -> str:
    """What a page is of its kind: an address without its ids."""
    parts = [part for part in path.removeprefix(root).split("/") if part]
    return next((part for part in parts if part in {"codes"}), parts[-1] if parts else "")


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_of_a_kind_is_fit_for_everybody(sit: Sitting, town: Town, kind: str) -> None:
    root, eyes = f"/admin/{kind}/", Eyes.of(sit, "root")
    todo, seen = [root, *town.pages.get(kind, [])], set[str]()
    while todo:
        led = eyes.look(todo)
        seen |= {sort_of(path, root) for path in todo}
        new = {sort_of(path, root): path for path in sorted(led) if path.startswith(root)}
        todo = [path for sort, path in new.items() if sort not in seen]
    assert eyes.found == []
    assert seen >= EXPECTED[kind]


def test_every_page_beside_the_kinds_is_fit_for_everybody(sit: Sitting) -> None:
    eyes, kinds = Eyes.of(sit, "root"), tuple(f"/admin/{kind}/" for kind in KINDS)
    todo, seen = ["/admin/"], set[str]()
    while todo:
        led = eyes.look(todo)
        seen |= set(todo)
        todo = sorted(path for path in led - seen if not path.startswith(kinds))
    assert eyes.found == []
    assert hrefs(eyes.light, "#nav-sidebar a[href^='/admin/']") >= set(kinds), "all of them are in the menu"


def test_the_pages_of_ones_own_account_are_fit_for_everybody(sit: Sitting) -> None:
    eyes = Eyes.of(sit, "dora")
    eyes.look(ACCOUNT)
    assert eyes.found == []


def test_the_pages_before_signing_in_are_fit_for_everybody(sit: Sitting) -> None:
    eyes = Eyes.of(sit, "")
    eyes.look(OUTSIDE)
    assert eyes.found == []
