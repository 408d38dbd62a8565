"""Who sits before the browser: nobody, or somebody of the town, who has signed in by the form."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.browser.chromium import Desk, Faults
from tests.browser.town import PASSWORD, Town


@dataclass
class Door:
    """Lets each in once; what their browser keeps from then on is used again."""

    desk: Desk
    town: Town
    kept: dict[str, Any] = field(default_factory=dict)

    def state_of(self, who: str) -> Any:
        if who and who not in self.kept:
            self.kept[who] = self.desk.sign_in(self.town.names.get(who, who), PASSWORD)
        return self.kept.get(who)


def choose(page: Page, word: str) -> None:
    """From the super-console's menu."""
    page.locator("#nav-sidebar").get_by_role("link", name=word).click()


@dataclass
class Sitting:
    """One test before the browser."""

    door: Door
    faults: Faults
    opened: ExitStack

    def __call__(self, who: str, **how: Any) -> Page:
        """A page of somebody's of the town, or of whoever is called so; "" for nobody's. `how` as in `Desk.page`."""
        state = self.door.state_of(who)
        return self.opened.enter_context(self.door.desk.page(self.faults, state=state, **how))
