"""How django-allauth keeps the seeds of second factors: encrypted, by the keys of all secrets (S15)."""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from config.kernel import vault

# assumed: allauth says nothing of the row when it asks, so the seeds are bound to their kind alone.
_FOR = "mfa:seed"
_NAMES = ("secret", "seed")  # of an app, and of recovery codes
_BATCH = 200


class MfaAdapter(DefaultMFAAdapter):
    """Named in MFA_ADAPTER."""

    def encrypt(self, text: str) -> str:
        return vault.protect(text, _FOR)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.reveal(encrypted_text, _FOR)

    def get_totp_label(self, user: Any) -> str:
        """By name: a mail in a QR code is told to whoever looks over the shoulder."""
        return str(user.name)

    def get_totp_issuer(self) -> str:
        return "Polis"


def rekey(newest: int) -> Iterator[tuple[int, int]]:
    """Encrypt all anew with this key, batch by batch: how many were, and how many are left to look at.

    A row is locked while it is read and written. Raises vault.Unreadable for a seed whose key is missing.
    """
    done, left, last = 0, Authenticator.objects.count(), 0
    while left:
        with transaction.atomic():
            rows = list(Authenticator.objects.select_for_update().filter(pk__gt=last).order_by("pk")[:_BATCH])
            stale = [row for row in rows if _renew(row, newest)]
            Authenticator.objects.bulk_update(stale, ["data"])
        if not rows:
            return
        done, left, last = done + len(stale), max(0, left - len(rows)), rows[-1].pk
        yield done, left


def _renew(row: Any, newest: int) -> bool:
    """Is it of an older key? Then it is one of the newest now."""
    stale = [name for name in _NAMES if row.data.get(name) and not row.data[name].startswith(f"{newest}:")]
    for name in stale:
        row.data[name] = vault.protect(vault.reveal(row.data[name], _FOR), _FOR)
    return bool(stale)
