"""What stands in the console's menu."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.console.things import PLURALS
from accounts.console.ways import address

# Section, which is its address's name too, and word; what belongs together stands together.
GROUPS: tuple[tuple[tuple[str, Any], ...], ...] = (
    (
        ("home", _("Overview")),
        ("cities", PLURALS["city"]),
        ("projects", PLURALS["project"]),
        ("gateways", PLURALS["gateway"]),
        ("apps", PLURALS["app"]),
    ),
    (
        ("tokens", _("Access tokens")),
        ("access_keys", _("Access keys")),
    ),
    (
        ("shares", _("Shared with me")),
        ("company", _("My company")),
        ("notices", _("Notices")),
        ("requests", _("Requests")),
        ("activity", _("Activity")),
        ("bin", _("Recycle bin")),
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu."""

    word: Any
    address: str
    is_here: bool


def of(section: str) -> list[list[Entry]]:
    """The menu as it stands beside a page of a section."""
    return [[Entry(word, address(name), name == section) for name, word in group] for group in GROUPS]
