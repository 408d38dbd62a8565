"""Two forms of visibility, neither with OR, UNION or DISTINCT (domain.md §3).

`.visible_to(by)`: one row, lockable. `.listed_for(by)`: pages, from a sliced leg over one's live grants.
"""

from typing import Any, Self

from django.db import models

from accounts.access.actor import Actor
from accounts.models.grant import share_of
from accounts.models.thing import ThingQuerySet
from config.kernel import roles
from config.kernel.roles import Share


class GovernedQuerySet(ThingQuerySet):
    """For a model whose grants' table points at it with related_name `grants`."""

    def visible_to(self, by: Actor) -> Self:
        """What `by` may see, in the bin too, with `held`: the permission of the grant that `by` has on it."""
        if by.is_system:
            return self.annotate(held=models.Value(None, models.CharField(null=True)))
        mine = self._grants_of(by).filter(content_object=models.OuterRef("pk"))
        found = self.annotate(held=models.Subquery(mine.values("permission__codename")[:1]))
        if by.role in roles.BROWSERS:
            return found
        return found.filter(models.Exists(mine))

    def listed_for(self, by: Actor, *, page: slice | None = None, before: int | None = None) -> Self:
        """What is granted to `by` and not in the bin, newest first.

        `page` slices the leg itself, so that a page costs a page; give it only where nothing else filters.
        `before` begins after the row of that inner id.
        """
        leg = self._grants_of(by).filter(live=True).order_by("-content_object")
        if before is not None:
            leg = leg.filter(content_object__lt=before)
        if page is not None:
            leg = leg[page]
        return self.filter(pk__in=leg.values("content_object")).order_by("-pk")

    def held_by(self, by: Actor) -> Self:
        """All that is granted to `by`, the bin included."""
        return self.filter(pk__in=self._grants_of(by).values("content_object"))

    def _grants_of(self, by: Actor) -> models.QuerySet[Any]:
        grants = self.model.grants.rel.related_model._default_manager
        return grants.filter(user=by.user, ends_at__gt=by.now)


def count_listed(queryset: GovernedQuerySet, by: Actor, at_most: int) -> int:
    """How many `.listed_for(by)` would hold, counted in the index alone; no further than `at_most`."""
    return queryset._grants_of(by).filter(live=True)[:at_most].count()


def held_share(thing: Any) -> Share | None:
    """The share that `.visible_to` found on a row."""
    return share_of(thing.held)
