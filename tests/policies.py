"""What the tests of the policy registry share: overriding a row as a god does, and the calls that each row judges."""

from typing import Any

from accounts.access.actor import Actor
from accounts.machine import overrides
from tests.cast import Answer, Caller

CLOSED = "Api Not Supported"


def override(name: str, **said: str | None) -> None:
    """By the platform itself."""
    overrides.override(name, by=Actor.system(), read=lambda: said)


def patch(caller: Caller, name: str, data: Any, if_match: str = "*") -> Answer:
    """By the native API."""
    return caller.api("PATCH", f"policies/{name}", data, If_Match=if_match)
