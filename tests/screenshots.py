"""`make screenshots`: the pictures in docs/images, of the running product with its demo.

In light and dark, English and 中文; a page that is new gets a row in SHOTS.
"""

import io
import json
import sys
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Locator, Page

from tests import debian
from tests.browser.chromium import NARROW, WIDE, Desk, Faults, chromium
from tests.server import ROOT, Person, Server, running

IMAGES = ROOT / "docs" / "images"
LANGUAGES = {"en": "en", "zh": "zh-CN"}
QUALITY = 70


def stay(page: Page) -> None:
    """As it is."""


def open_the_first(page: Page) -> None:
    page.locator("#result_list a.polis-person").first.click()


def plan_to_enable(page: Page) -> None:
    """All of a list, before anything is done."""
    bar = page.locator("#polis-bulk")
    bar.get_by_role("combobox").select_option("ENB")
    bar.locator("button[value=all]").click()


def look_for_the_first(page: Page) -> None:
    """At the recycle desk, by its id."""
    city = page.locator("#result_list a.polis-person small").first.inner_text()
    page.goto(f"/admin/cities/city/recycle/?q={city}")


def follow(page: Page, link: Locator) -> None:
    """A link that a script may follow: until it is done."""
    address = link.get_attribute("href")
    link.click()
    page.wait_for_url(f"**{address}")
    page.locator("h1:focus").wait_for()


def open_one(page: Page) -> None:
    """Of the developers' list."""
    follow(page, page.locator(".rows .name").first)


def open_tab(word: str) -> Callable[[Page], None]:
    """Of the first of the developers' list."""

    def do(page: Page) -> None:
        open_one(page)
        follow(page, page.locator(f".tabs a[href$='/{word}']"))

    return do


def rotate(page: Page) -> None:
    """The first of the list: its new secret is shown. Without a grace, so that the next look may rotate it again."""
    open_one(page)
    follow(page, page.locator(".buttons a[href$='/rotate']"))
    page.locator("#id_grace_seconds").select_option("0")
    page.locator("main form button[type=submit]").click()
    page.locator(".secret").wait_for()


class Shot(NamedTuple):
    """A picture: of which page, and what is done there first."""

    name: str
    path: str
    do: Callable[[Page], None] = stay
    widths: tuple[int, ...] = (WIDE,)


SHOTS = {
    "god": (
        Shot("admin-home", "/admin/", widths=(WIDE, NARROW)),
        Shot("admin-cities", "/admin/cities/city/", widths=(WIDE, NARROW)),
        Shot("admin-city", "/admin/cities/city/?state=1", open_the_first),
        Shot("admin-desk", "/admin/cities/city/?state=5", look_for_the_first),
        Shot("admin-bulk", "/admin/cities/city/?state=1", plan_to_enable),
        Shot("admin-policies", "/admin/accounts/policybook/"),
        Shot("admin-tester", "/admin/accounts/policybook/tester/"),
        Shot("admin-audit", "/admin/accounts/auditevent/"),
    ),
    "alice": (
        Shot("console-home", "/console/", widths=(WIDE, NARROW)),
        Shot("console-cities", "/console/cities", widths=(WIDE, NARROW)),
        Shot("console-city", "/console/cities?state=disabled", open_one),
        Shot("console-people", "/console/cities", open_tab("people")),
        Shot("console-app", "/console/apps", open_one, widths=(WIDE, NARROW)),
        Shot("console-secret", "/console/apps", rotate),
        Shot("console-try", "/console/apps", open_tab("try")),
        Shot("console-bin", "/console/bin"),
    ),
}


def main() -> None:
    debian.install_programs()
    for old in IMAGES.glob("*.webp"):
        old.unlink()
    with running(POLIS_CITIES_PER_USER="100") as server, chromium() as browser:
        server.manage("demo")
        demo = json.loads((Path(server.environment["POLIS_VAR"]) / "demo.json").read_text())
        enliven(server, demo["token"])
        passwords = {person["name"]: person["password"] for person in demo["people"]}
        desk, faults = Desk(browser, server.url), Faults(urlsplit(server.url).netloc)
        for who, shots in SHOTS.items():
            take_all(desk, faults, desk.sign_in(who, passwords[who]), shots)
    if faults.found:
        sys.exit("\n".join(faults.found))


def take_all(desk: Desk, faults: Faults, state: Any, shots: Sequence[Shot]) -> None:
    """One person's, in every look."""
    for scheme, language, shot in product(("light", "dark"), LANGUAGES, shots):
        for width in shot.widths:
            how = {"state": state, "scheme": scheme, "width": width, "language": LANGUAGES[language]}
            with desk.page(faults, **how) as page:
                take(page, shot, f"{scheme}-{language}" + ("-narrow" if width == NARROW else ""))


def enliven(server: Server, token: str) -> None:
    """alice asks for what is closed of hers, and tries what is not hers to do: so there is something that waits."""
    with server.line(Person("", token)) as line:
        closed = line.call("GET", "/api/v1/cities?state=disabled").body["results"]
        for city in closed[:3]:
            wish = {"thing": f"city/{city['id']}", "verb": "enable", "message": "冻服更新已完成，请解冻。"}
            line.call("POST", "/api/v1/requests", wish)
            line.call("POST", f"/api/v1/cities/{city['id']}/enable")


def take(page: Page, shot: Shot, kind: str) -> None:
    page.goto(shot.path)
    shot.do(page)
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready")
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(IMAGES / f"{shot.name}-{kind}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
