"""The project, its grants and its secrets."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

from accounts.models import Grant, HeldSecret, Organization, Thing
from accounts.models.thing import KeyField, indexes_of_lists
from cities.models import City
from config.kernel import ids, roles
from config.kernel.states import State, Verb
from projects.lifecycle import PROJECT
from projects.querysets import ProjectQuerySet


class Project(Thing):
    """A project account of a company. `key` is its AppId. Where it stands in a city, the city's state governs it."""

    class AuthType(models.IntegerChoices):
        """How its clients prove themselves: 000's vendor's pages [vendor]."""

        SECRET = 0
        TOKEN = 1

    key = KeyField(max_length=10, unique=True, editable=False, default=ids.new_app_id)
    name = models.CharField(max_length=30)
    name_key = KeyField(max_length=64, editable=False)
    company = models.ForeignKey(Organization, models.PROTECT, editable=False, related_name="projects", db_index=False)
    # What goes with a city is removed by the executor, each with its event; the database's own check remains.
    city = models.ForeignKey(
        City, models.DO_NOTHING, null=True, editable=False, related_name="projects", db_index=False
    )
    auth_type = models.PositiveSmallIntegerField(choices=AuthType, default=AuthType.SECRET)
    is_default = models.BooleanField(default=False, editable=False)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    updater = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    id_pattern = ids.APP_ID
    objects = ProjectQuerySet.as_manager()

    class Meta(Thing.Meta):
        permissions = roles.permissions(PROJECT)
        constraints = [
            *Thing.Meta.constraints,
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(is_default=True), name="project_one_default"
            ),
        ]
        indexes = [
            models.Index(models.F("company"), models.F("id").desc(), name="project_company"),
            models.Index(
                models.F("city"), models.F("id").desc(), name="project_city", condition=models.Q(city__isnull=False)
            ),
            models.Index(models.F("state"), models.F("id").desc(), name="project_state"),
            models.Index(fields=["name_key", "id"], name="project_name"),
            models.Index(fields=["expires_at"], name="project_expiry", condition=models.Q(expires_at__isnull=False)),
            models.Index(fields=["deleted_at"], name="project_bin", condition=models.Q(state=State.DELETED)),
            *indexes_of_lists("project"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owners(self) -> dict[str, Any]:
        """Its company's admins."""
        return {"corp_id": self.company_id, "is_corp_admin": True}

    @property
    def city_key(self) -> str:
        return self.city.key if self.city is not None else ""

    @property
    def above(self) -> tuple[Thing, ...]:
        return (self.company, self.city) if self.city is not None else (self.company,)

    def refuses(self, verb: Verb) -> bool:
        """The default project can be closed and edited, and goes with its company alone."""
        return self.is_default and verb in {Verb.DOL, Verb.DEL}

    def goes_with(self, above: Any) -> bool:
        """In a city that has changed hands stand others' projects: its owner may evict them, nothing more (S8)."""
        return above.creator is None or above.creator.corp_id == self.company_id

    def check_room(self) -> None:
        Project.objects.check_room(Organization.objects.select_for_update().get(pk=self.company_id))

    def stamp(self, user: Any, now: datetime) -> list[str]:
        self.updater = user
        return ["updater", *super().stamp(user, now)]


class ProjectGrant(Grant):
    """Who has what share of a project, beside its company's people."""

    content_object = models.ForeignKey(Project, models.CASCADE, db_index=False, related_name="grants")

    class Meta(Grant.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.user_id} on {self.content_object_id}"


class ProjectSecret(HeldSecret):
    """An AppSecret."""

    holder = models.ForeignKey(Project, models.CASCADE, editable=False, related_name="secrets", db_index=False)

    class Meta(HeldSecret.Meta):
        pass
