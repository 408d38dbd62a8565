"""Credentials of a person: Login (one signing in) and AccessToken. Their end is final (S5)."""

from django.db import models

from accounts.lifecycle import ACCESS_TOKEN, LOGIN
from accounts.models.people import Organization, User
from accounts.models.thing import KeyField, Thing, ThingQuerySet
from config.kernel import ids
from config.kernel.states import Facts


class Login(Thing):
    """One signing in of a user. It lives while its epoch is the user's."""

    user = models.ForeignKey(User, models.CASCADE, editable=False, related_name="logins")
    epoch = models.PositiveIntegerField(editable=False)
    ends_at = models.DateTimeField(editable=False)

    objects = ThingQuerySet.as_manager()

    class Meta(Thing.Meta):
        permissions = [(f"{verb.lower()}_{LOGIN.kind}", f"{verb} login") for verb in LOGIN.verbs]

    def __str__(self) -> str:
        return self.key


class AccessToken(Thing):
    """A bearer token: its SHA-256 is kept, the text was shown once.

    `audience` is a city's key and no foreign key: cities stand on a higher floor. `scopes` are names of
    accounts.people.tokens.SCOPES. `ends_at` is the end of its validity; None: none.
    """

    name = models.CharField(max_length=64, blank=True)
    user = models.ForeignKey(User, models.CASCADE, editable=False, related_name="tokens")
    digest = KeyField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list, editable=False)
    shop = models.ForeignKey(Organization, models.PROTECT, editable=False, related_name="+")
    audience = KeyField(max_length=8, default=ids.CONSOLE, editable=False)
    login = models.ForeignKey(Login, models.CASCADE, null=True, editable=False, related_name="tokens")
    ends_at = models.DateTimeField(null=True, editable=False)

    objects = ThingQuerySet.as_manager()

    class Meta(Thing.Meta):
        permissions = [(f"{verb.lower()}_{ACCESS_TOKEN.kind}", f"{verb} token") for verb in ACCESS_TOKEN.verbs]

    def __str__(self) -> str:
        return self.name or self.key

    def follow(self, before: Facts, after: Facts) -> list[str]:
        if after.deleted_at is not None:
            # The hash is overwritten by one that no text has: a dead credential stays dead (S5).
            self.digest = f"ended:{self.pk}"
            return ["digest"]
        return []
