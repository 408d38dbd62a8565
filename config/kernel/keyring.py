"""The keys of one installation: files in POLIS_KEYS, made once, never in the database (S15).

`python -m config.kernel.keyring FOLDER` makes what is missing there; with `--new-key` one more key for secrets at rest.
"""

import base64
import os
import secrets
import sys
from functools import lru_cache
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
    if not any(path.name.isdecimal() for path in (folder / VAULT).iterdir()):
        _make(folder / VAULT / "1", _new_key())


def _make(path: Path, text: str) -> bool:
    """Was there none yet? It appears with its whole content: a server reads a new key the moment it is there."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)  # what it encrypts is lost without it
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


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
    return nonce + _cipher(key).encrypt(nonce, plain, bound_to)


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """The plain text. Raises cryptography.exceptions.InvalidTag or ValueError where it is not ours."""
    return _cipher(key).decrypt(sealed[:12], sealed[12:], bound_to)


# To set one up costs as much as several decryptions.
_cipher = lru_cache(maxsize=16)(AESGCM)


def add_key(folder: Path) -> int:
    """One more key for secrets at rest, by which new ones are encrypted from now on; its number."""
    number = max((int(path.name) for path in (folder / VAULT).iterdir() if path.name.isdecimal()), default=0) + 1
    while not _make(folder / VAULT / str(number), _new_key()):  # somebody made that one at the same moment
        number += 1
    return number


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _main(arguments: list[str]) -> None:
    wants_key = "--new-key" in arguments
    folders = [argument for argument in arguments if argument != "--new-key"]
    if len(folders) != 1:
        sys.exit("Usage: python -m config.kernel.keyring FOLDER [--new-key]")
    make_keys(Path(folders[0]))
    if wants_key:
        print(f"Key {add_key(Path(folders[0]))} encrypts from now on. Run `manage.py rekey_secrets`.")  # noqa: T201


if __name__ == "__main__":
    _main(sys.argv[1:])
