"""Secrets that must be read again, encrypted at rest (S15): key id in the value, the row as associated data.

Keys are files in POLIS_KEYS/secrets, 256 bits each, named by a number; the highest one encrypts, all decrypt.
"""

import base64
import binascii
import os
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings

from config.kernel import keyring


class Unreadable(Exception):
    """The value was not encrypted for this row by a key that is here. Never is it given back as it is."""


class Vault:
    """The keys of one folder."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        self.keys = keys

    def protect(self, plain: str, row: str) -> str:
        """`<key id>:<nonce and cipher text>`; it is revealed for this row only. Raises Unreadable without a key."""
        if not self.keys:
            raise Unreadable("no key")
        newest = max(self.keys)
        sealed = keyring.seal(self.keys[newest], plain.encode(), row.encode())
        return f"{newest}:{base64.urlsafe_b64encode(sealed).decode()}"

    def reveal(self, value: str, row: str) -> str:
        """The plain text, or Unreadable."""
        number, _, sealed = value.partition(":")
        key = self.keys.get(int(number)) if number.isdecimal() else None
        if key is None:
            # What is no number may be a value that was never encrypted: nothing of it is told.
            raise Unreadable(f"no key {number[:8]}" if number.isdecimal() else "it names no key")
        try:
            return keyring.unseal(key, base64.urlsafe_b64decode(sealed), row.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError):
            raise Unreadable(f"key {number} does not open it") from None


def load(folder: Path) -> Vault:
    """The keys that lie in POLIS_KEYS, `folder`."""
    files = (folder / keyring.VAULT).glob("*")
    return Vault({int(file.name): base64.b64decode(file.read_text()) for file in files if file.name.isdecimal()})


def newest() -> int:
    """The number of the key that encrypts. Raises Unreadable where there is none."""
    keys = _current().keys
    if not keys:
        raise Unreadable("no key")
    return max(keys)


def protect(plain: str, row: str) -> str:
    """With this installation's keys: as Vault.protect."""
    return _current().protect(plain, row)


def reveal(value: str, row: str) -> str:
    """With this installation's keys: as Vault.reveal."""
    return _current().reveal(value, row)


def reveal_nobodys() -> str:
    """A secret that nobody holds, for who asks after a key that there is not: it takes as long to read as any."""
    vault = _current()
    return vault.reveal(_nobodys(vault), _NOBODY)


_NOBODY = "nobody"
# A file system's clock may stand still for so long: two changes within it have one time.
_TICK_NS = 1_000_000_000
# Of a folder: when it had changed, and the keys that have been in it for longer than a tick since.
_settled: dict[Path, tuple[int, Vault]] = {}


def _current() -> Vault:
    """The keys as they lie there now: a new one counts in every process from the next secret on."""
    folder = settings.KEYS
    place = f"{folder}/{keyring.VAULT}"
    try:
        changed = os.stat(place).st_mtime_ns
        known = _settled.get(folder)
        if known is not None and known[0] == changed:
            return known[1]
        seen_at, names = time.time_ns(), tuple(os.listdir(place))
    except FileNotFoundError:
        return Vault({})
    vault = _loaded(folder, changed, names)
    if seen_at - changed > _TICK_NS:
        _settled.clear()
        _settled[folder] = (changed, vault)
    return vault


@lru_cache(maxsize=4)
def _nobodys(vault: Vault) -> str:
    return vault.protect("a secret of nobody's, just as long", _NOBODY)


@lru_cache(maxsize=4)
def _loaded(folder: Path, changed: int, names: tuple[str, ...]) -> Vault:
    return load(folder)
