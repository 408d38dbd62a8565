"""Gateways, apps, their grants and secrets, and AppCodes."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

from accounts.models import Grant, HeldSecret, Thing, Used
from accounts.models.thing import KeyField, indexes_of_lists
from apps.lifecycle import APP, APP_CODE, GATEWAY
from apps.querysets import AppCodeQuerySet, AppQuerySet, GatewayQuerySet
from config.kernel import ids, roles
from config.kernel.states import Facts, State, Verb
from projects.models import Project


class Gateway(Thing):
    """An instance of an API gateway, of a project for good (S8). `key` is its instance_id."""

    class Profile(models.TextChoices):
        """Which headers tell of the original request (verification.md)."""

        NGINX = "nginx"
        TRAEFIK = "traefik"
        ENVOY = "envoy"
        APISIX = "apisix"

    key = KeyField(max_length=32, unique=True, editable=False, default=ids.new_instance_id)
    name = models.CharField(max_length=64)
    name_key = KeyField(max_length=128, editable=False)
    project = models.ForeignKey(Project, models.DO_NOTHING, editable=False, related_name="gateways", db_index=False)
    # May its developers choose keys and secrets of their own: APP_KEY_SECRET_SWITCH.
    key_switch = models.BooleanField(default=False)
    app_limit = models.PositiveIntegerField(default=50)
    app_code_limit = models.PositiveIntegerField(default=5)
    profile = models.CharField(max_length=8, choices=Profile, default=Profile.NGINX)
    unsigned_body = models.BooleanField(default=False)
    # What the vendor's API calls features: name → enable, config, id, update_time.
    features = models.JSONField(default=dict, editable=False)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    updater = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    id_pattern = ids.INSTANCE_ID
    objects = GatewayQuerySet.as_manager()

    class Meta(Thing.Meta):
        permissions = roles.permissions(GATEWAY)
        indexes = [
            models.Index(models.F("project"), models.F("id").desc(), name="gateway_project"),
            models.Index(models.F("state"), models.F("id").desc(), name="gateway_state"),
            models.Index(fields=["name_key", "id"], name="gateway_name"),
            models.Index(fields=["expires_at"], name="gateway_expiry", condition=models.Q(expires_at__isnull=False)),
            models.Index(fields=["deleted_at"], name="gateway_bin", condition=models.Q(state=State.DELETED)),
            *indexes_of_lists("gateway"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owners(self) -> dict[str, Any]:
        return self.project.owners

    @property
    def city_key(self) -> str:
        return self.project.city_key

    @property
    def above(self) -> tuple[Thing, ...]:
        return (self.project, *self.project.above)

    def check_room(self) -> None:
        project = Project.objects.select_for_update().get(pk=self.project_id)
        Gateway.objects.check_room(project, settings.GATEWAYS_PER_PROJECT)

    def stamp(self, user: Any, now: datetime) -> list[str]:
        self.updater = user
        return ["updater", *super().stamp(user, now)]


class App(Thing):
    """A credential of a gateway's API, of that gateway for good (S8). `devl_id` is its id in the XDUA document."""

    class Origin(models.TextChoices):
        """Who made it: the document's `creator`."""

        USER = "USER"
        MARKET = "MARKET"

    key = KeyField(max_length=36, unique=True, editable=False, default=ids.new_uuid)
    devl_id = KeyField(max_length=8, unique=True, editable=False, default=ids.new_key)
    name = models.CharField(max_length=64)
    name_key = KeyField(max_length=128, editable=False)
    remark = models.CharField(max_length=255, blank=True)
    avatar = models.CharField(max_length=40, blank=True)
    gateway = models.ForeignKey(Gateway, models.DO_NOTHING, editable=False, related_name="apps", db_index=False)
    app_key = KeyField(max_length=200, unique=True, default=ids.new_instance_id)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.USER, editable=False)
    # Who may call from where: PERMIT or DENY the addresses and networks; "" for no list.
    acl_type = models.CharField(max_length=6, blank=True)
    acl_values = models.JSONField(default=list)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    updater = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    id_pattern = ids.UUID
    objects = AppQuerySet.as_manager()

    class Meta(Thing.Meta):
        permissions = roles.permissions(APP)
        constraints = [
            *Thing.Meta.constraints,
            models.UniqueConstraint(fields=["gateway", "name_key"], name="app_name"),
        ]
        indexes = [
            models.Index(models.F("gateway"), models.F("id").desc(), name="app_gateway"),
            models.Index(models.F("state"), models.F("id").desc(), name="app_state"),
            models.Index(fields=["name_key", "id"], name="app_by_name"),
            models.Index(fields=["expires_at"], name="app_expiry", condition=models.Q(expires_at__isnull=False)),
            models.Index(fields=["deleted_at"], name="app_bin", condition=models.Q(state=State.DELETED)),
            *indexes_of_lists("app"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def read_id(cls, text: object) -> str:
        """Dashed, as it is stored; 32 hex digits are the same id (domain.md §1)."""
        read = super().read_id(text)
        return str(uuid.UUID(read)) if read else ""

    def history(self, kind: str) -> models.Q:
        """With its AppCodes', and with what was refused to who called it by its `devl_id`."""
        own = models.Q(kind=kind, thing__in=[self.key, self.devl_id])
        return own | models.Q(kind=APP_CODE.kind, thing__in=self.codes.values("key"))

    @property
    def owners(self) -> dict[str, Any]:
        return self.gateway.owners

    @property
    def city_key(self) -> str:
        return self.gateway.city_key

    @property
    def above(self) -> tuple[Thing, ...]:
        return (self.gateway, *self.gateway.above)

    def refuses(self, verb: Verb) -> bool:
        """What the market has assigned is the market's to take away."""
        return self.origin == self.Origin.MARKET and verb in {Verb.DOL, Verb.DEL}

    def check_room(self) -> None:
        App.objects.check_room(Gateway.objects.select_for_update().get(pk=self.gateway_id))

    def stamp(self, user: Any, now: datetime) -> list[str]:
        self.updater = user
        return ["updater", *super().stamp(user, now)]


class GatewayGrant(Grant):
    """Who has what share of a gateway, beside its company's people."""

    content_object = models.ForeignKey(Gateway, models.CASCADE, db_index=False, related_name="grants")

    class Meta(Grant.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.user_id} on {self.content_object_id}"


class AppGrant(Grant):
    """Who has what share of an app, beside its company's people."""

    content_object = models.ForeignKey(App, models.CASCADE, db_index=False, related_name="grants")

    class Meta(Grant.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.user_id} on {self.content_object_id}"


class GatewaySecret(HeldSecret):
    """A gateway's key, by which it proves itself when it asks."""

    holder = models.ForeignKey(Gateway, models.CASCADE, editable=False, related_name="secrets", db_index=False)

    class Meta(HeldSecret.Meta):
        pass


class AppSecret(HeldSecret):
    """An app's secret."""

    holder = models.ForeignKey(App, models.CASCADE, editable=False, related_name="secrets", db_index=False)

    class Meta(HeldSecret.Meta):
        pass


class AppCode(Used, Thing):
    """A code that stands for an app by itself: its SHA-256 is kept, and its first characters (S15)."""

    key = KeyField(max_length=32, unique=True, editable=False, default=ids.new_instance_id)
    app = models.ForeignKey(App, models.CASCADE, editable=False, related_name="codes", db_index=False)
    # Its app's, for good: a code is good at its own gateway alone.
    gateway = models.ForeignKey(Gateway, models.CASCADE, editable=False, related_name="+", db_index=False)
    digest = KeyField(max_length=64, editable=False)
    hint = models.CharField(max_length=4, editable=False)
    shown_to = KeyField(max_length=64, blank=True, default="", db_default="", editable=False)  # as of a secret

    id_pattern = ids.INSTANCE_ID
    secret_of = "app"
    objects = AppCodeQuerySet.as_manager()

    class Meta(Thing.Meta):
        permissions = [(f"{verb.lower()}_{APP_CODE.kind}", f"{verb} AppCode") for verb in APP_CODE.verbs]
        constraints = [
            *Thing.Meta.constraints,
            models.UniqueConstraint(fields=["gateway", "digest"], name="appcode_digest"),
        ]
        indexes = [models.Index(models.F("app"), models.F("id").desc(), name="appcode_app")]

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.app.name

    @property
    def city_key(self) -> str:
        return self.app.city_key

    def follow(self, before: Facts, after: Facts) -> list[str]:
        if after.deleted_at is not None:
            # A hash that no code has: a dead credential stays dead (S5).
            self.digest = f"ended:{self.pk}"
            return ["digest"]
        return []
