"""What god has set otherwise than the policy rows say: one row, whose edition is read along with whoever asks."""

import secrets
from typing import Any

from django.db import models
from django.db.models import Subquery

from accounts.models.thing import KeyField


def new_edition() -> str:
    """Never one that was there before: a process knows by it that the book which it has read is another by now."""
    return secrets.token_hex(16)


class PolicyBook(models.Model):
    """There is one, or none where nothing was ever overridden.

    `overrides`: a row's name → its `version`, and what of `enable` and `acitys` is overridden.
    """

    ONLY = 1

    edition = KeyField(max_length=32, default=new_edition)
    overrides = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.edition

    @classmethod
    def only(cls) -> "models.QuerySet[PolicyBook]":
        return cls._default_manager.filter(pk=cls.ONLY)

    @classmethod
    def present_edition(cls) -> Subquery:
        """For the query of whoever asks."""
        return Subquery(cls.only().values("edition")[:1])

    @classmethod
    def locked(cls) -> "PolicyBook":
        """To change it. Call it inside a transaction."""
        book: Any = cls._default_manager.select_for_update().get_or_create(pk=cls.ONLY)[0]
        return book

    def turn(self) -> None:
        """Write what was changed: every process reads it at its next call."""
        self.edition = new_edition()
        self.save(update_fields=["edition", "overrides"])
