"""The keys of one installation: files in POLIS_KEYS, made once, never in the database (S15).

`python -m config.kernel.keyring FOLDER` makes what is missing there.
"""

import base64
import os
import secrets
import sys
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRET_KEY = "secret_key"
VAULT = "secrets"  # the folder of the keys that encrypt secrets at rest (config.kernel.vault)


def make_keys(folder: Path) -> None:
    """Make what is missing; what is there stays. The folder is the owner's alone."""
    for place in (folder, folder / VAULT):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.chmod(0o700)
    _make(folder / SECRET_KEY, secrets.token_urlsafe(64))
    if not any((folder / VAULT).iterdir()):
        _make(folder / VAULT / "1", base64.b64encode(secrets.token_bytes(32)).decode())


def _make(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def read_key(folder: Path, name: str) -> str:
    """The key of that name, "" where there is none yet."""
    try:
        return (folder / name).read_text().strip()
    except FileNotFoundError:
        return ""


def derived(master: str, purpose: str) -> bytes:
    """A key of 256 bits for one purpose, from the installation's secret key."""
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(master.encode())


def seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Encrypt and authenticate; it opens only with the same `bound_to`."""
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """The plain text. Raises cryptography.exceptions.InvalidTag or ValueError where it is not ours."""
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], bound_to)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m config.kernel.keyring FOLDER")
    make_keys(Path(sys.argv[1]))
