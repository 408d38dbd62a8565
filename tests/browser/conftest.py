"""A browser for each file of tests, people who are signed in there, and what their pages must not do.

For a file, not for the run: as long as Playwright is at work, its thread has an event loop, beside which Django asks no
database in this process. What these tests ask of the server, they ask over HTTP or by its commands.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser import town as towns
from tests.browser.chromium import Desk, Faults, chromium
from tests.browser.sitting import Door, Sitting
from tests.browser.town import Town
from tests.server import Server


@pytest.fixture(scope="session")
def town(server: Server) -> Town:
    return towns.build(server)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def door(browser: Browser, server: Server, town: Town) -> Door:
    """Of a file: what needs a fresh proof finds one."""
    return Door(Desk(browser, server.url), town)


@pytest.fixture
def sit(door: Door, server: Server) -> Iterator[Sitting]:
    """`sit("zoe")` is a page of hers. Whatever a page did wrong fails the test."""
    faults = Faults(urlsplit(server.url).netloc)
    with ExitStack() as opened:
        yield Sitting(door, faults, opened)
    assert faults.found == []
