"""How somebody works a page: with a mouse, or by the keyboard alone."""

from typing import Protocol

import pytest
from playwright.sync_api import Locator

_STEPS = 150  # of the tab key: more than any page has


class Hand(Protocol):
    def press(self, what: Locator) -> None:
        """A link, a button, or what opens and closes."""

    def fill(self, field: Locator, text: str) -> None:
        """In place of what is there."""

    def choose(self, field: Locator, label: str) -> None:
        """Of a list."""


class Mouse:
    def press(self, what: Locator) -> None:
        what.click()

    def fill(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, field: Locator, label: str) -> None:
        field.select_option(label=label)


class Keys:
    """By the tab key to everything, from wherever one is."""

    def press(self, what: Locator) -> None:
        _reach(what)
        what.page.keyboard.press("Enter")

    def fill(self, field: Locator, text: str) -> None:
        _reach(field)
        field.page.keyboard.press("Control+A")
        field.page.keyboard.type(text)

    def choose(self, field: Locator, label: str) -> None:
        _reach(field)
        field.page.keyboard.type(label)


MOUSE, KEYS = Mouse(), Keys()
HANDS = [pytest.param(MOUSE, id="mouse"), pytest.param(KEYS, id="keys")]


def _reach(what: Locator) -> None:
    what.wait_for()
    for _ in range(_STEPS):
        if what.evaluate("it => it === document.activeElement"):
            return
        what.page.keyboard.press("Tab")
    raise AssertionError(f"no tab leads to {what}")
