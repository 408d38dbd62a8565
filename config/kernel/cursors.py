"""Where a walk through a list stands: encrypted, and bound to its principal and query (S13).

A cursor carries the inner ids and sort values of the last row, so it is never readable outside.
"""

import base64
import binascii
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from django.conf import settings

from config.kernel import keyring
from config.kernel.errors import Code, Invalid


def _key() -> bytes:
    return keyring.derived(settings.SECRET_KEY, "cursor")


def encode(position: Any, *, principal: str, query: str) -> str:
    """An opaque text for `position`, good for this principal and query only."""
    sealed = keyring.seal(_key(), orjson.dumps(position), f"{principal}\0{query}".encode())
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def decode(cursor: str, *, principal: str, query: str) -> Any:
    """The position, or Invalid (BAD_CURSOR) where it was made for anything else."""
    try:
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return orjson.loads(keyring.unseal(_key(), sealed, f"{principal}\0{query}".encode()))
    except (InvalidTag, binascii.Error, ValueError):
        raise Invalid(Code.BAD_CURSOR, field="cursor") from None
