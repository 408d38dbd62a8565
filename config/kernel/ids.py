"""Public ids: eight of [A-Za-z0-9], case-sensitive, from a CSPRNG (the vendor's "M5D")."""

import re
import secrets
import string
import uuid

ALPHABET = string.ascii_letters + string.digits
LENGTH = 8
_UPPER = string.ascii_uppercase + string.digits
_ACCESS_KEY_LENGTH = 20
LOWER = string.digits + string.ascii_lowercase
_APP_ID_LENGTH = 10
# The forms of ids, as patterns.
KEY = f"[A-Za-z0-9]{{{LENGTH}}}"
APP_ID = f"[0-9a-z]{{{_APP_ID_LENGTH}}}"
ACCESS_KEY = f"[A-Z0-9]{{{_ACCESS_KEY_LENGTH}}}"
INSTANCE_ID = "[0-9a-f]{32}"
# Dashed, or its 32 digits alone.
UUID = "(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

SUPER = "XdUaXduA"  # the super zone, its corp and its shop
CONSOLE = "ConsoleX"  # the console's own city
RESERVED = frozenset({SUPER, CONSOLE, "AnoNymuS", "NullNull"})

TOKEN_PREFIX = "polis_"  # how the text of an access token begins, so that it is known where it has no business
_TOKEN = re.compile(rf"{TOKEN_PREFIX}[A-Za-z0-9]*")
_FOREIGN = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")


def new_key() -> str:
    """A fresh M5D, never a reserved one."""
    while True:
        key = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if key not in RESERVED:
            return key


def new_access_key() -> str:
    """A fresh AK: 20 of [A-Z0-9], as the vendor's are."""
    return "".join(secrets.choice(_UPPER) for _ in range(_ACCESS_KEY_LENGTH))


def is_access_key(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(ACCESS_KEY, value) is not None


def new_app_id() -> str:
    """A fresh AppId: 10 of [0-9a-z] (CloudRoom)."""
    return "".join(secrets.choice(LOWER) for _ in range(_APP_ID_LENGTH))


def new_instance_id() -> str:
    """A fresh id of 32 lower-case hex digits (APIG)."""
    return uuid.uuid4().hex


def is_instance_id(value: str) -> bool:
    return re.fullmatch(INSTANCE_ID, value) is not None


def new_uuid() -> str:
    """A fresh dashed UUID (APIG)."""
    return str(uuid.uuid4())


def is_key(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(KEY, value) is not None


def foreign_id(value: object) -> str:
    """An id from outside as it may be written down: itself if harmless, else "" (S17). A token is none (S15)."""
    text = str(value or "")
    return text if _FOREIGN.match(text) and TOKEN_PREFIX not in text else ""


def without_tokens(text: str) -> str:
    """A text from outside as it may be written down, where somebody has put a token into it by a slip (S15)."""
    return _TOKEN.sub(f"{TOKEN_PREFIX}…", text) if TOKEN_PREFIX in text else text
