"""The super-console as a person uses it: pages, forms, what is read on them."""

import html
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.people.sessions import PROVED_AT
from cities.models import City

CITIES = "/admin/cities/city/"
AUDIT = "/admin/accounts/auditevent/"
LOGIN = "/account/login"


@dataclass
class Page:
    """What came back, and its text without the tags."""

    status: int
    source: str
    headers: Any

    @property
    def text(self) -> str:
        body = re.sub(r"<(script|style).*?</\1>", " ", self.source, flags=re.DOTALL)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))

    @property
    def buttons(self) -> list[str]:
        """The words of the verbs that are offered."""
        nav = re.search(r'<nav class="polis-buttons".*?</nav>', self.source, re.DOTALL)
        return re.findall(r">\s*([^<>]+?)\s*</a>", nav.group()) if nav else []


@dataclass
class Browser:
    """A browser in which somebody is signed in, or nobody."""

    user: User | None = None
    language: str = "en"
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __post_init__(self) -> None:
        if self.user is not None:
            self.client.force_login(self.user)

    def get(self, path: str, **given: Any) -> Page:
        return self._page(self.client.get(path, given or None, headers={"accept-language": self.language}))

    def post(self, path: str, **given: Any) -> Page:
        return self._page(self.client.post(path, given, headers={"accept-language": self.language}))

    def sign_in(self, name: str, password: str, address: str = "192.0.2.1") -> Page:
        sent = {"login": name, "password": password}
        return self._page(
            self.client.post(LOGIN, sent, REMOTE_ADDR=address, headers={"accept-language": self.language})
        )

    def _page(self, response: Any) -> Page:
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return Page(response.status_code, body.decode(), response.headers)


def prove(browser: Browser, ago: timedelta = timedelta()) -> Browser:
    """As if they had signed in with all their factors just now, or so long ago."""
    session = browser.client.session
    session[PROVED_AT] = (timezone.now() - ago).isoformat()
    session.save()
    return browser


def address(city: City, verb: str = "change") -> str:
    return f"{CITIES}{city.key}/{verb}/"


def events(city: City) -> list[tuple[str, str, str, str]]:
    """(verb, door, outcome, actor) of a city's events, oldest first."""
    trail = AuditEvent.objects.filter(kind="city", thing=city.key).order_by("id")
    return list(trail.values_list("verb", "door", "outcome", "actor"))
