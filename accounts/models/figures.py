"""How many there are of what: rows that are added up."""

from django.db import models


class Figure(models.Model):
    """So many more, or fewer, of something. Whoever counts inserts a row, and so waits for nobody who counts as well;
    what is told is the sum, and now and then the rows of one sum become one (accounts.machine.figures).

    `name` is a state's number, or what happened; `at` the hour or minute in which it did, None: it stands.
    """

    kind = models.CharField(max_length=16, blank=True)
    name = models.CharField(max_length=16)
    at = models.DateTimeField(null=True)
    count = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.at}: {self.count}"
