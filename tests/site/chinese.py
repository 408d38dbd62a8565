"""What a person reads on a page: its text, and what is said of it to who does not see it."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

# Read as they are in both languages: names of products, of fields and of values in the documents.
KEPT = """
    Polis XDUA CloudRoom APIG API ID UUID HTTP HTTPS CSRF CSV JSON Lines AppCode AppCodes AppId AppSecret AppKey AK SK
    CompID CompSecret devl_id Devl_id app_key app_secret Key USER MARKET PERMIT DENY nginx traefik envoy apisix
    APP_KEY_SECRET_SWITCH
    English Enable Acitys HttpSchema Method Color Audience Shop Subject Roles Resource Kparam Action ConsoleX XdUaXduA
    Zoon Admin God city project gateway app Asia Shanghai true read verbs credentials
"""
_SILENT = {"script", "style", "code", "kbd", "template", "svg"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SAID = ("aria-label", "title", "placeholder", "alt", "data-label")
_WORD = re.compile(r"[A-Za-z][A-Za-z_]+")


class _Reader(HTMLParser):
    """Collects what is read; what is marked as no words of a language is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.said += [given[name] for name in _SAID if name in given]
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self.said.append(given.get("value", ""))
        is_silent = tag in _SILENT or given.get("translate") == "no" or "material-symbols" in given.get("class", "")
        if tag not in _VOID:
            self.open.append((tag, is_silent))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(is_silent for _, is_silent in self.open):
            self.said.append(data)


def english(source: str, data: Iterable[str]) -> list[str]:
    """The Latin words of a page that are neither kept nor part of the data."""
    reader = _Reader()
    reader.feed(source)
    text = "\n".join(reader.said)
    for each in sorted(filter(None, data), key=len, reverse=True):
        text = re.sub(rf"(?<![A-Za-z_]){re.escape(each)}(?![A-Za-z_])", " ", text)
    return sorted(set(_WORD.findall(text)) - set(KEPT.split()))
