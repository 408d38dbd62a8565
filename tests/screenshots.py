"""`make screenshots`: the pictures in docs/images, of the running product with its demo.

In light and dark, English and 中文; a page that is new gets a row in SHOTS.
"""

import io
import json
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Page

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


class Shot(NamedTuple):
    """A picture: of which page, and what is done there first."""

    name: str
    path: str
    do: Callable[[Page], None] = stay
    widths: tuple[int, ...] = (WIDE,)


SHOTS = (
    Shot("home", "/admin/", widths=(WIDE, NARROW)),
    Shot("cities", "/admin/cities/city/", widths=(WIDE, NARROW)),
    Shot("city", "/admin/cities/city/?state=1", open_the_first),
    Shot("desk", "/admin/cities/city/?state=5", look_for_the_first),
    Shot("bulk", "/admin/cities/city/?state=1", plan_to_enable),
    Shot("policies", "/admin/accounts/policybook/"),
    Shot("tester", "/admin/accounts/policybook/tester/"),
    Shot("audit", "/admin/accounts/auditevent/"),
)


def main() -> None:
    debian.install_programs()
    for old in IMAGES.glob("admin-*"):
        old.unlink()
    with running(POLIS_CITIES_PER_USER="100") as server, chromium() as browser:
        server.manage("demo")
        demo = json.loads((Path(server.environment["POLIS_VAR"]) / "demo.json").read_text())
        enliven(server, demo["token"])
        god = next(person for person in demo["people"] if person["role"] == "god")
        desk, faults = Desk(browser, server.url), Faults(urlsplit(server.url).netloc)
        state = desk.sign_in(god["name"], god["password"])
        for scheme, language in product(("light", "dark"), LANGUAGES):
            for shot in SHOTS:
                for width in shot.widths:
                    how = {"state": state, "scheme": scheme, "width": width, "language": LANGUAGES[language]}
                    with desk.page(faults, **how) as page:
                        take(page, shot, f"{scheme}-{language}" + ("-narrow" if width == NARROW else ""))
    if faults.found:
        sys.exit("\n".join(faults.found))


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
    picture.save(IMAGES / f"admin-{shot.name}-{kind}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
