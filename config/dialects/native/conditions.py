"""ETag, If-Match and If-None-Match (RFC 9110), as the native API has them.

An ETag is `"<version>.<state now>.<effective state>"`: a parent's closing and a passing expiry bump no version.
`If-Match` compares the version alone; `*` matches whatever is there.
"""

import re
from typing import Any

from config.kernel.states import State

_TAG = re.compile(r'(W/)?"([^"]*)"')
_NO_VERSION = -1


def etag(version: int, state: State, effective: State) -> str:
    """The entity tag of a thing as it is now."""
    return f'"{version}.{int(state)}.{int(effective)}"'


def expected_versions(request: Any) -> frozenset[int] | None:
    """The versions that `If-Match` names; None where there is none to match, or `*`.

    A weak tag, or one that is not ours, matches nothing.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        return None
    versions = (tag.partition(".")[0] for weak, tag in _TAG.findall(header) if not weak)
    return frozenset(int(version) for version in versions if _is_number(version)) or frozenset({_NO_VERSION})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 10


def is_unchanged(request: Any, tag: str) -> bool:
    """Does `If-None-Match` name what would be answered? Then 304."""
    header = request.headers.get("If-None-Match", "").strip()
    return header == "*" or tag.strip('"') in (each for _, each in _TAG.findall(header))
