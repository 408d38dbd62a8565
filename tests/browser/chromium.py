"""A real Chromium. It reaches one server and no other host, and nothing that goes wrong in a page is passed over."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect, sync_playwright

from tests import debian

# However busy the machine is: what is waited for comes, or the test is red anyway.
MOST_MILLISECONDS = 120_000
expect.set_options(timeout=MOST_MILLISECONDS)

WIDE, NARROW = 1440, 360
MIDDLE = 768
_HEIGHTS = {WIDE: 900, MIDDLE: 900, NARROW: 740}
# What Chromium writes about an answer that is no success: `Faults.answered` judges those.
_ABOUT_A_STATUS = "Failed to load resource: the server responded with a status of"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Without its sandbox, which root has not; and every name but the loopback's leads nowhere."""
    arguments = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=debian.require("chromium"), args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Faults:
    """What a page did that none of ours may do: asked another host, wrote an error, broke its policy."""

    host: str
    found: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", self.asked)
        page.on("response", self.answered)
        page.on("requestfailed", self.failed)
        page.on("console", self.wrote)
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
        page.on("crash", lambda _: self.found.append(f"{page.url}: crashed"))

    def asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != self.host:
            self.found.append(f"asked another host: {request.url}")

    def answered(self, response: Response) -> None:
        """The status of a page itself is the test's to judge: also of one that a script fetches in its place."""
        request = response.request
        is_page = request.resource_type == "document" or "hx-request" in request.headers
        if response.status >= 400 and not is_page:
            self.found.append(f"{response.status} for {response.url}")

    def failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # left for another page before it was there
            self.found.append(f"{request.failure} for {request.url}")

    def wrote(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_ABOUT_A_STATUS):
            self.found.append(f"{message.location.get('url', '')}: {message.text}")


@dataclass
class Desk:
    """A browser before one server; its contexts share nothing but what they are given."""

    browser: Browser
    url: str

    @contextmanager
    def page(
        self,
        faults: Faults,
        *,
        state: Any = None,
        scheme: Any = "light",
        width: int = WIDE,
        language: str = "en",
        scripts: bool = True,
    ) -> Iterator[Page]:
        """A page of its own context: whose session, which colours, how wide, which language, with scripts or none."""
        context = self.browser.new_context(
            base_url=self.url,
            storage_state=state,
            color_scheme=scheme,
            locale=language,
            reduced_motion="reduce",
            java_script_enabled=scripts,
            viewport={"width": width, "height": _HEIGHTS[width]},
        )
        context.set_default_timeout(MOST_MILLISECONDS)
        try:
            page = context.new_page()
            faults.watch(page)
            yield page
        finally:
            context.close()

    def sign_in(self, name: str, password: str) -> Any:
        """By the form; what the browser keeps from then on."""
        faults = Faults(urlsplit(self.url).netloc)
        with self.page(faults) as page:
            page.goto("/account/login")
            page.get_by_label("User name or e-mail").fill(name)
            page.get_by_label("Password").fill(password)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "/account/login" not in url)
            assert faults.found == []
            return page.context.storage_state()
