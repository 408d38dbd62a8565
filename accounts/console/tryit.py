"""“Try it”: the calls that a thing's pages would make, in every dialect that has them, as curl and as Python.

What a kind can say is registered by its own floor. Ids are the thing's own; what is secret comes from the environment,
and is never written into a page.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.console import spelling
from accounts.console.spelling import Wire
from accounts.console.ways import address

NATIVE, XDUA, CLOUDROOM, APIG, VERIFY = "native", "xdua", "cloudroom", "apig", "verify"
_ORDER = (VERIFY, NATIVE, XDUA, CLOUDROOM, APIG)


@dataclass(frozen=True, slots=True)
class Need:
    """A variable of the environment: what it holds, and the page where one gets that, "" where there is none."""

    name: str
    told: Any
    address: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call, in both languages."""

    title: Any
    curl: str
    python: str


@dataclass(frozen=True, slots=True)
class Group:
    """The calls of a dialect, and what they take from the environment."""

    name: str
    word: Any
    told: Any
    needs: tuple[Need, ...]
    calls: list[Call]


# Given a thing and where programs call, what can be said of it.
CallsOf = Callable[[Any, str], Iterable[Group]]
_calls: dict[str, CallsOf] = {}


def register(kind: str, calls: CallsOf) -> None:
    """Say which calls are about a thing of a kind."""
    _calls[kind] = calls


def root_of(request: Any) -> str:
    """Where programs call."""
    return settings.BASE_URL or request.build_absolute_uri("/").rstrip("/")


def calls_of(kind: str, thing: Any, request: Any) -> list[Group]:
    """Grouped by dialect, in one order for all kinds; none of a kind that has registered none."""
    groups = _calls[kind](thing, root_of(request)) if kind in _calls else ()
    return sorted(groups, key=lambda group: _ORDER.index(group.name))


def first_call(kind: str, thing: Any, request: Any) -> Group | None:
    """The question whether a call may pass, for the page that shows a new secret; None for what is not asked about."""
    return next((group for group in calls_of(kind, thing, request) if group.name == VERIFY), None)


def call(title: Any, wire: Wire) -> Call:
    """One that is sent as it is told."""
    return Call(title, spelling.curl(wire), spelling.python(wire))


def of_token() -> Need:
    """What most calls are made with."""
    return Need("POLIS_TOKEN", _("An access token of yours. It is shown once, when you make it."), address("tokens"))


class Native:
    """The native API's calls."""

    def __init__(self, root: str) -> None:
        self.root = f"{root}/api/v1"

    def call(self, title: Any, method: str, way: str, body: Mapping[str, Any] | None = None) -> Call:
        """One of what stands at that way."""
        headers = {"Authorization": "Bearer $POLIS_TOKEN"}
        return call(title, Wire(method, f"{self.root}/{way}", headers, body, tells_status=method == "DELETE"))

    def group(self, *calls: Call) -> Group:
        told = _("Resources and JSON. It is the one to begin with.")
        return Group(NATIVE, _("Native API"), told, (of_token(),), list(calls))
