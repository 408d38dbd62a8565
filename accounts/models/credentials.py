"""Credentials of a person: Login (one signing in), AccessToken and AccessKey (AK/SK). Their end is final (S5)."""

from datetime import datetime

from django.db import models

from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN, LOGIN
from accounts.models.people import Organization, User
from accounts.models.thing import KeyField, Thing, ThingQuerySet
from accounts.models.used import Used
from config.kernel import agents, ids
from config.kernel.states import Facts


class Login(Thing):
    """One signing in of a user. It lives while its epoch is the user's.

    `methods`: by what they proved who they are, apart by spaces. Of a browser's, `session` is the hash of its session's
    key, `address` where it came from and `agent` what it said it was: so that its user knows it again.
    """

    user = models.ForeignKey(User, models.CASCADE, editable=False, related_name="logins")
    epoch = models.PositiveIntegerField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    methods = models.CharField(max_length=32, default="password", db_default="password", editable=False)
    session = KeyField(max_length=40, blank=True, default="", db_default="", editable=False)
    address = models.GenericIPAddressField(null=True, editable=False)
    agent = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)

    objects = ThingQuerySet.as_manager()

    @property
    def browser(self) -> str:
        """What its user knows it by; "" for what has not said what it is."""
        return agents.spoken(self.agent)

    class Meta(Thing.Meta):
        permissions = [(f"{verb.lower()}_{LOGIN.kind}", f"{verb} login") for verb in LOGIN.verbs]

    def __str__(self) -> str:
        return self.key


class Credential(Used, Thing):
    """Abstract: what programs come with. It is never stronger than what made it (S4).

    `scopes` are names of accounts.people.scopes. `cities` are the keys of the cities it reaches, none: all of its
    user's; `project` is the key of the one project that it reaches, "": it is bound to none; `addresses` the networks
    it may come from, none: any. `audience` is a city's key and no foreign key: cities and projects stand on higher
    floors. `ends_at` is the end of its validity, None: none. `hint` is how its secret begins.
    """

    name = models.CharField(max_length=64, blank=True)
    user = models.ForeignKey(User, models.CASCADE, editable=False, related_name="%(class)ss", db_index=False)
    scopes = models.JSONField(default=list, editable=False)
    cities = models.JSONField(default=list, editable=False)
    project = KeyField(max_length=10, blank=True, editable=False)
    addresses = models.JSONField(default=list, editable=False)
    shop = models.ForeignKey(Organization, models.PROTECT, editable=False, related_name="+")
    audience = KeyField(max_length=8, default=ids.CONSOLE, editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)
    hint = models.CharField(max_length=4, blank=True, editable=False)

    objects = ThingQuerySet.as_manager()

    class Meta(Thing.Meta):
        abstract = True
        indexes = [
            models.Index(models.F("user"), models.F("id").desc(), name="%(class)s_user"),
            models.Index(fields=["ends_at"], name="%(class)s_ends", condition=models.Q(ends_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name or self.key

    @property
    def signing_in(self) -> Login | None:
        """The signing in that it came from, whose end is its own; None: it was made by itself."""
        return None

    @property
    def proof(self) -> datetime | None:
        """When its user last proved who they are, as far as it carries that (S3)."""
        return None


class AccessToken(Credential):
    """A bearer token: its SHA-256 is kept, the text was shown once.

    `proved_at` is when its user last proved who they are, by all their factors or by a command (S3).
    """

    digest = KeyField(max_length=64, unique=True, editable=False)
    login = models.ForeignKey(Login, models.CASCADE, null=True, editable=False, related_name="tokens")
    proved_at = models.DateTimeField(null=True, editable=False)

    class Meta(Credential.Meta):
        abstract = False
        indexes = [
            *Credential.Meta.indexes,
            models.Index(models.F("id").desc(), name="accesstoken_made", condition=models.Q(login__isnull=True)),
        ]
        permissions = [(f"{verb.lower()}_{ACCESS_TOKEN.kind}", f"{verb} token") for verb in ACCESS_TOKEN.verbs]

    @property
    def signing_in(self) -> Login | None:
        return self.login

    @property
    def proof(self) -> datetime | None:
        return self.proved_at

    def follow(self, before: Facts, after: Facts) -> list[str]:
        if after.deleted_at is not None:
            # The hash is overwritten by one that no text has: a dead credential stays dead (S5).
            self.digest = f"ended:{self.pk}"
            return ["digest"]
        return []


class AccessKey(Credential):
    """A pair for signing requests: `key` is the AK, the SK is encrypted at rest, for the signature needs it (S15)."""

    key = KeyField(max_length=20, unique=True, editable=False, default=ids.new_access_key)
    sealed = models.CharField(max_length=255, editable=False)

    id_pattern = ids.ACCESS_KEY

    @property
    def sealed_for(self) -> str:
        """What its SK is bound to."""
        return f"{ACCESS_KEY.kind}:{self.key}"

    class Meta(Credential.Meta):
        abstract = False
        permissions = [(f"{verb.lower()}_{ACCESS_KEY.kind}", f"{verb} access key") for verb in ACCESS_KEY.verbs]

    def follow(self, before: Facts, after: Facts) -> list[str]:
        if after.deleted_at is not None:
            self.sealed = ""
            return ["sealed"]
        return []
