"""Forms of the developers' console, as a browser sends them: what is hidden in them goes along."""

import html
import re
from typing import Any

from tests.site.console import Browser, Page

_HIDDEN = re.compile(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"')


def hidden(page: Page) -> dict[str, str]:
    """What a form says of itself."""
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(page.source) if name != "csrfmiddlewaretoken"}


def send(browser: Browser, path: str, **given: Any) -> Page:
    """Open the form at an address, fill it in, send it."""
    return browser.post(path.partition("?")[0], **hidden(browser.get(path)), **given)


def value_of(page: Page) -> str:
    """The secret that a page shows, "" for none."""
    found = re.search(r'<code id="secret-value"[^>]*>([^<]*)</code>', page.source)
    return html.unescape(found.group(1)) if found else ""


def chosen(page: Page, name: str) -> list[tuple[str, bool]]:
    """What a select offers, and which of it is chosen."""
    select = re.search(rf'<select name="{name}".*?</select>', page.source, re.DOTALL)
    found = re.findall(r'<option value="([^"]*)"( selected)?', select.group() if select else "")
    return [(value, bool(is_chosen)) for value, is_chosen in found]
