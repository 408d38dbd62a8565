"""The city and its grants."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

from accounts.models import Grant, Thing
from accounts.models.thing import KeyField, indexes_of_lists
from cities.lifecycle import CITY
from cities.querysets import CityQuerySet
from config.kernel import roles
from config.kernel.states import State

_PASSAGES = 1000


class City(Thing):
    """A tenant. Its name is held as long as it stands, the bin included."""

    name = models.CharField(max_length=32)
    name_key = KeyField(max_length=64, unique=True, editable=False)
    avatar = models.CharField(max_length=40, blank=True)
    brief = models.CharField(max_length=64, blank=True)
    type = models.CharField(max_length=32, blank=True)
    code = models.CharField(max_length=32, blank=True, editable=False)  # the document's licence number
    igrp = models.CharField(max_length=64, blank=True)  # the user group bound to it
    secret_digest = KeyField(max_length=64, blank=True, editable=False)  # SHA-256; no door of ours checks it
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="cities"
    )
    updater = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = CityQuerySet.as_manager()

    class Meta(Thing.Meta):
        verbose_name_plural = "cities"
        permissions = roles.permissions(CITY)
        indexes = [
            models.Index(models.F("state"), models.F("id").desc(), name="city_state"),
            models.Index(models.F("creator"), models.F("id").desc(), name="city_creator"),
            models.Index(fields=["updated_at", "id"], name="city_updated"),
            models.Index(fields=["expires_at"], name="city_expiry", condition=models.Q(expires_at__isnull=False)),
            models.Index(fields=["deleted_at"], name="city_bin", condition=models.Q(state=State.DELETED)),
            *indexes_of_lists("city"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owners(self) -> dict[str, Any]:
        return {"pk": self.creator_id} if self.creator_id is not None else {}

    @property
    def city_key(self) -> str:
        return self.key

    @classmethod
    def told_beside(cls, key: str) -> models.Q:
        """What was moved into it and out of it, as far back as anybody reads."""
        passages = Passage.objects.filter(city=key).order_by("-event")
        return models.Q(pk__in=list(passages.values_list("event", flat=True)[:_PASSAGES]))

    def stamp(self, user: Any, now: datetime) -> list[str]:
        self.updater = user
        return ["updater", *super().stamp(user, now)]


class CityGrant(Grant):
    """Who has what share of a city."""

    content_object = models.ForeignKey(City, models.CASCADE, db_index=False, related_name="grants")

    class Meta(Grant.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.user_id} on {self.content_object_id}"


class Transfer(models.Model):
    """A city that is offered to somebody, until `ends_at`: one offer a city. What has ended is as if it were not."""

    city = models.OneToOneField(City, models.CASCADE, editable=False, related_name="transfer")
    # Nobody asks whose id it is before it is taken up: an offer to nobody looks like any other (S13).
    addressee = KeyField(max_length=8, editable=False)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="+")
    offered_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["addressee", "offered_at", "id"], name="transfer_to")]

    def __str__(self) -> str:
        return f"{self.city_id} to {self.addressee}"


class Passage(models.Model):
    """That an event is about a city which something entered or left: one event, told in the history of two cities."""

    city = KeyField(max_length=8, editable=False)
    event = models.BigIntegerField(editable=False)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(models.F("city"), models.F("event").desc(), name="passage_of_a_city")]

    def __str__(self) -> str:
        return f"{self.event} at {self.city}"
