"""What must not be: system checks, each with an id and a hint."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from accounts.audit import triggers
from config.kernel import keyring, vault


@register(Tags.database)
def audit_is_append_only(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The triggers on the audit trail stand."""
    found: list[CheckMessage] = []
    for using in databases or []:
        if triggers.TABLE not in connections[using].introspection.table_names():
            continue
        if missing := triggers.missing_triggers(using):
            names = ", ".join(sorted(missing))
            hint = "Run `manage.py migrate`: it makes them anew."
            found.append(Error(f"The audit trail can be changed: {names} missing.", hint=hint, id="polis.E001"))
    return found


@register(Tags.database)
def secrets_can_be_read(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The keys that are here open what is stored: one row of each key is tried (S15)."""
    from accounts.machine import rekeying

    found: list[CheckMessage] = []
    hint = f"Put the key back into {settings.KEYS / keyring.VAULT}, under its number: without it they are lost."
    for using in databases or []:
        tables = connections[using].introspection.table_names()
        for model in rekeying.tables():
            for row in rekeying.samples(model, using) if model._meta.db_table in tables else ():
                try:
                    vault.reveal(row.sealed, row.sealed_for)
                except vault.Unreadable as error:
                    said = f"Secrets in {model._meta.db_table} cannot be read: {error}."
                    found.append(Error(said, hint=hint, id="polis.E004"))
    return found


@register(Tags.database, deploy=True)
def no_known_secret(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The documents' check value, CompID 1 with the secret `1`, is everybody's."""
    from accounts.models import Organization
    from accounts.people import companies

    found: list[CheckMessage] = []
    for using in databases or []:
        rows = Organization.objects.using(using).filter(comp_id=companies.SUPER_COMP_ID).only("secret_hash")
        if Organization._meta.db_table not in connections[using].introspection.table_names():
            continue
        if any(companies.has_check_value(company) for company in rows):
            said = "The company with CompID 1 has the documented check value as its CompSecret."
            hint = "Give it another: POST /api/v1/organizations/XdUaXduA/rotate."
            found.append(Error(said, hint=hint, id="polis.E005"))
    return found


@register(Tags.security, deploy=True)
def keys_are_private(**_: Any) -> list[CheckMessage]:
    """Folders 0700, files 0600 (S15)."""
    places = [settings.KEYS, *sorted(settings.KEYS.rglob("*"))] if settings.KEYS.exists() else []
    if not (open_ones := [str(place) for place in places if place.stat().st_mode & 0o077]):
        return []
    hint = f"Run `chmod -R go= {settings.KEYS}`, and consider what was readable as read."
    return [Error(f"Others can reach the keys: {', '.join(open_ones)}.", hint=hint, id="polis.E006")]


@register(Tags.security, deploy=True)
def not_development(**_: Any) -> list[CheckMessage]:
    """POLIS_DEVELOPMENT lets plain http through."""
    if not settings.DEVELOPMENT:
        return []
    return [Error("POLIS_DEVELOPMENT is on.", hint="Unset it wherever others can reach the server.", id="polis.E002")]


@register(Tags.security, deploy=True)
def keys_apart(**_: Any) -> list[CheckMessage]:
    """Keys beside the database leave with the same backup (S15)."""
    database: dict[str, Any] = settings.DATABASES["default"]
    if "sqlite" not in database["ENGINE"] or not settings.KEYS.exists():
        return []
    if not settings.KEYS.is_relative_to(Path(database["NAME"]).parent):
        return []
    hint = "Set POLIS_KEYS to a folder elsewhere, and move the keys there."
    return [Error("The keys lie beside the database.", hint=hint, id="polis.E003")]


@register(Tags.security)
def there_is_a_key(**_: Any) -> list[CheckMessage]:
    """Without one nothing can be made whose secret must be read again (S15)."""
    if vault.load(settings.KEYS).keys:
        return []
    hint = f"Run `python -m config.kernel.keyring {settings.KEYS}`: it makes what is missing."
    return [Warning("There is no key to encrypt secrets with.", hint=hint, id="polis.W002")]


@register(Tags.security, deploy=True)
def base_url_is_set(**_: Any) -> list[CheckMessage]:
    """Links in mails and answers must not be built from what a client says its host is (S19)."""
    if settings.BASE_URL.startswith("https://"):
        return []
    hint = "Set POLIS_BASE_URL to https:// and the public host."
    return [Warning("POLIS_BASE_URL is not set.", hint=hint, id="polis.W001")]


@register(Tags.security, deploy=True)
def mails_are_sent(**_: Any) -> list[CheckMessage]:
    """Without a mail server nobody hears that their secret ends or their city is closed, unless they look."""
    hint = "Set POLIS_EMAIL_URL to smtps://user:password@host, and POLIS_EMAIL_FROM to an address of your own."
    if settings.EMAIL_BACKEND == "django.core.mail.backends.dummy.EmailBackend":
        return [Warning("No mails are sent.", hint=hint, id="polis.W003")]
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost>"):
        return [Warning("Mails have no sender whom an answer reaches.", hint=hint, id="polis.W004")]
    return []
