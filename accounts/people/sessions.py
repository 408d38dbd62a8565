"""Django's database sessions, but the stored key is a hash and what is in them is encrypted (S15).

Who reads the table becomes nobody, and reads nothing: what waits in a session to be confirmed may be a secret.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from config.kernel import vault

# In a session: when its user proved who they are, by all their factors (S3).
PROVED_AT = "proved_at"
# The key of the signing in that it is of.
LOGIN = "login"
# When it ends, whatever is done in it meanwhile.
ENDS_AT = "ends_at"


def proved_at(session: Any) -> datetime | None:
    """The moment of that proof, None where there was none."""
    proved = session.get(PROVED_AT)
    return datetime.fromisoformat(proved) if proved else None


def stored(session_key: str | None) -> str:
    """The form of a session's key that is in the database: 40 hex of its SHA-256."""
    return hashlib.sha256((session_key or "").encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """The cookie holds the key, the table its hash; the values are sealed for that row alone."""

    def encode(self, session_dict: Any) -> str:
        return vault.protect(super().encode(session_dict), self._row())

    def decode(self, session_data: Any) -> dict[str, Any]:
        try:
            return super().decode(vault.reveal(session_data, self._row()))
        except vault.Unreadable:  # of a key that is gone, or of the days before it was sealed
            return {}

    def _row(self) -> str:
        # Development takes less of administrators (S3): what began there is nothing anywhere else.
        place = "development-session" if settings.DEVELOPMENT else "session"
        return f"{place}:{stored(self._get_or_create_session_key())}"

    def _get_session_from_db(self) -> Any:
        plain, self._session_key = self._session_key, stored(self._session_key)
        try:
            session = super()._get_session_from_db()
        finally:
            if self._session_key is not None:  # None where the session is not there: then the key is void
                self._session_key = plain
        return session

    def exists(self, session_key: str) -> bool:
        return super().exists(stored(session_key))

    def create_model_instance(self, data: Any) -> Any:
        session = super().create_model_instance(data)
        session.session_key = stored(self._get_or_create_session_key())
        return session

    def delete(self, session_key: str | None = None) -> None:
        if session_key is None and self.session_key is None:
            return
        super().delete(stored(session_key or self.session_key))
