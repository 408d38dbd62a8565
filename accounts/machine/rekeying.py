"""Encrypting secrets anew with the newest key, while everything goes on (S15)."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps as django_apps
from django.db import transaction

from accounts.machine import seeds
from accounts.models import AccessKey, HeldSecret
from config.kernel import vault

BATCH = 200


def tables() -> list[Any]:
    """The models whose values are encrypted."""
    return [AccessKey, *(model for model in django_apps.get_models() if issubclass(model, HeldSecret))]


def samples(model: Any, using: str = "default") -> Iterator[Any]:
    """One row for each key that has encrypted something there, and for each beginning that is no key's.

    The last question of the few reads the whole table, once. Columns that a migration has yet to make are not read.
    """
    rest = model._default_manager.using(using).exclude(sealed="").order_by().only("sealed")
    while (row := next(iter(rest[:1]), None)) is not None:
        number, mark, _ = row.sealed.partition(":")
        rest = rest.exclude(sealed__startswith=number + mark)
        yield row


def rekey() -> Iterator[tuple[str, int, int]]:
    """Batch by batch: the table, how many were encrypted anew so far, and how many are left. Can be stopped anywhere.

    What is of the newest key already is passed by, so it goes on where it was stopped. A row is locked while it is
    read and written, so a rotation meanwhile is not lost. Raises vault.Unreadable for a value whose key is missing;
    for a key that is not there at all, before anything is changed.
    """
    newest = vault.newest()
    for model in tables():
        for row in samples(model):
            vault.reveal(row.sealed, row.sealed_for)
    for model in tables():
        stale = model._default_manager.exclude(sealed="").exclude(sealed__startswith=f"{newest}:")
        done, left = 0, stale.count()
        while pks := _stale_after(stale, 0):  # again from the start: what was under way may have been committed since
            while pks:
                batch = _batch(model, stale.filter(pk__in=pks))
                done, left = done + batch, max(0, left - batch)
                yield str(model._meta.verbose_name), done, left
                pks = _stale_after(stale, pks[-1])
    for done, left in seeds.rekey(newest):
        yield "second factor", done, left


def _stale_after(stale: Any, pk: int) -> list[int]:
    """The next rows: each batch goes on after the one before it, and does not read again what that has read."""
    return list(stale.filter(pk__gt=pk).order_by("pk").values_list("pk", flat=True)[:BATCH])


def _batch(model: Any, stale: Any) -> int:
    with transaction.atomic():
        rows = list(stale.select_for_update(of=("self",)).order_by("pk"))
        for row in rows:
            row.sealed = vault.protect(vault.reveal(row.sealed, row.sealed_for), row.sealed_for)
        if rows:
            model._default_manager.bulk_update(rows, ["sealed"])
        return len(rows)
