"""People and what they belong to: Organization (zone > corp > shop) and User."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone

from accounts.lifecycle import ORGANIZATION, USER
from accounts.models.thing import KeyField, Thing, ThingQuerySet, indexes_of_lists
from config.kernel import ids, names
from config.kernel.roles import Role
from config.kernel.states import Facts, State


class Organization(Thing):
    """A zone, a corp (CloudRoom's company) or a shop. The super ones share one key, so kind and key are unique."""

    class Kind(models.TextChoices):
        ZONE = "zone"
        CORP = "corp"
        SHOP = "shop"

    key = KeyField(max_length=8, editable=False, default=ids.new_key)
    kind = models.CharField(max_length=4, choices=Kind, editable=False)
    name = models.CharField(max_length=64)
    parent = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="children")
    # A company's alone, as CloudRoom knows it. Of its CompSecret a hash of the SecretKey is kept, and nothing else.
    comp_id = models.PositiveIntegerField(null=True, unique=True, editable=False)
    secret_hash = KeyField(max_length=64, blank=True, editable=False)
    has_api = models.BooleanField(default=True)
    project_limit = models.PositiveIntegerField(default=10)
    grace_seconds = models.PositiveIntegerField(default=0)
    # The id of the user who was the last in it and got a role of the platform: it is theirs again without the role.
    kept_for = KeyField(max_length=8, blank=True, editable=False)

    objects = ThingQuerySet.as_manager()

    class Meta(Thing.Meta):
        constraints = [
            *Thing.Meta.constraints,
            models.UniqueConstraint(fields=["kind", "key"], name="organization_kind_key"),
            models.CheckConstraint(
                condition=models.Q(kind="zone", parent__isnull=True)
                | ~models.Q(kind="zone") & models.Q(parent__isnull=False),
                name="organization_has_its_parent",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="corp", comp_id__isnull=False)
                | ~models.Q(kind="corp") & models.Q(comp_id__isnull=True),
                name="organization_comp_id",
            ),
            models.UniqueConstraint(
                fields=["kept_for"], condition=~models.Q(kept_for=""), name="organization_kept_for"
            ),
        ]
        indexes = [
            models.Index(models.F("state"), models.F("id").desc(), name="organization_state"),
            *indexes_of_lists("organization"),
        ]
        permissions = [(f"{verb.lower()}_{ORGANIZATION.kind}", f"{verb} organization") for verb in ORGANIZATION.verbs]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class UserManager(models.Manager.from_queryset(ThingQuerySet)):
    """What django.contrib.auth asks of a user model's manager."""

    def get_by_natural_key(self, name: str) -> "User":
        found: User = self.get(name_key=names.name_key(name))
        return found


class User(Thing, AbstractBaseUser):
    """A person: developer, zoon or god. Nobody is Django's superuser, whose bearer passes unasked."""

    name = models.CharField(max_length=64)
    name_key = KeyField(max_length=128, unique=True, editable=False)
    email = models.EmailField(blank=True)
    tel = models.CharField(max_length=32, blank=True)
    avatar = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, blank=True)  # of settings.LANGUAGES; "": whatever the browser says
    time_zone = models.CharField(max_length=64, blank=True)  # an IANA name; "": the platform's
    role = models.CharField(max_length=9, choices=[(role.value, role.value) for role in Role], editable=False)
    corp = models.ForeignKey(Organization, models.PROTECT, editable=False, related_name="users")
    is_corp_admin = models.BooleanField(default=False, editable=False)
    # Logins and sessions carry the number under which they began: to end them all, count on (S5).
    login_epoch = models.PositiveIntegerField(default=0, editable=False)

    last_login = None  # its writing would cost every sign-in a query; SignIn tells it

    objects = UserManager()
    USERNAME_FIELD = "name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_superuser = False

    class Meta(Thing.Meta):
        constraints = [
            *Thing.Meta.constraints,
            models.UniqueConstraint(fields=["email"], condition=~models.Q(email=""), name="user_email"),
            models.UniqueConstraint(fields=["tel"], condition=~models.Q(tel=""), name="user_tel"),
        ]
        indexes = [
            models.Index(models.F("role"), models.F("id").desc(), name="user_role"),
            models.Index(models.F("state"), models.F("id").desc(), name="user_state"),
            *indexes_of_lists("user"),
        ]
        permissions = [(f"{verb.lower()}_{USER.kind}", f"{verb} user") for verb in USER.verbs]

    def __str__(self) -> str:
        return self.name

    @property
    def platform_role(self) -> Role:
        return Role(self.role)

    @property
    def is_reserved(self) -> bool:
        """The last enabled god stays (S10). Asked by the executor, within its transaction: the gods are locked."""
        if self.platform_role is not Role.GOD or self.state != State.ENABLED:
            return False
        gods = User.objects.select_for_update(no_key=True).filter(role=Role.GOD, state=State.ENABLED).order_by("pk")
        return all(god.pk == self.pk for god in gods)

    def is_enabled(self, now: datetime) -> bool:
        return self.state_at(now) is State.ENABLED

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """For Django, which asks without a moment of its own."""
        return self.is_enabled(timezone.now())

    @property
    def is_staff(self) -> bool:
        """May enter the admin: platform stewards and root."""
        return self.platform_role in (Role.ZOON, Role.GOD)

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """The one question: "<app>.<verb>_<model>", answered by our own backend."""
        return self.is_active and any(backend.has_perm(self, permission, obj) for backend in get_backends())

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff

    def get_session_auth_hash(self) -> str:
        """Sessions end with the password and with the epoch."""
        return f"{self.login_epoch}:{super().get_session_auth_hash()}"

    def follow(self, before: Facts, after: Facts) -> list[str]:
        if after.disabled_at is not None and before.disabled_at is None:
            self.login_epoch += 1
            return ["login_epoch"]
        return []
