"""A request to the administrators on a page: how it stands, and what is written in it."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from accounts.people import requests
from config.kernel import names

_STATES = {
    "open": ("amber", lambda: pgettext("request", "Open")),
    "granted": ("green", lambda: pgettext("request", "Granted")),
    "refused": ("red", lambda: pgettext("request", "Refused")),
    "withdrawn": ("grey", lambda: pgettext("request", "Withdrawn")),
    "settled": ("grey", lambda: pgettext("request", "Settled")),
}


def badge(row: Any) -> SafeString:
    """How it stands by now, as a word in its colour."""
    colour, word = _STATES[requests.state_of(row)]
    return format_html('<span class="polis-badge is-{}">{}</span>', colour, word())


def clean(text: str, *, field: str) -> str:
    """A message or an answer: typed on several lines, it is one. Raises Invalid."""
    line = text.replace("\r\n", " ").replace("\n", " ")
    return names.clean_text(line, field=field, longest=requests.LONGEST)
