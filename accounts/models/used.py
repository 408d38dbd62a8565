"""What somebody comes with tells when it was last taken, and from where."""

from django.db import models


class Used(models.Model):
    """Abstract: a secret, a code, a token, a key.

    Both columns are written behind (`accounts.machine.usage`), a minute late at most, and are no change of the row: no
    version goes up. None: it was never used, or nobody knows from where.
    """

    last_used_at = models.DateTimeField(null=True, editable=False)
    last_used_ip = models.GenericIPAddressField(null=True, editable=False)

    class Meta:
        abstract = True
