"""Two forms of visibility, neither with OR, UNION or DISTINCT (domain.md §3).

`.visible_to(by)`: one row, lockable. `.listed_for(by)`: pages, from a sliced leg over one's live grants.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models

from accounts.access.actor import Actor
from accounts.models.grant import share_of
from accounts.models.thing import ThingQuerySet, only
from config.kernel import registry
from config.kernel.errors import Code, Invalid, NotVisible
from config.kernel.registry import Kind
from config.kernel.roles import Share


class GovernedQuerySet(ThingQuerySet):
    """For a model whose grants' table points at it with related_name `grants`."""

    def visible_to(self, by: Actor) -> Self:
        """What `by` may see, in the bin too, with `held`: the permission of the grant that `by` has on it."""
        if by.is_system:
            return self.annotate(held=models.Value(None, models.CharField(null=True)))
        mine = self._grants_of(by).filter(content_object=models.OuterRef("pk"))
        found = self.annotate(held=models.Subquery(mine.values("permission__codename")[:1]))
        if by.may_browse:
            return found.reached_by(by)
        return found.filter(models.Exists(mine))

    def listed_for(
        self, by: Actor, *, page: slice | None = None, before: int | None = None, after: int | None = None
    ) -> Self:
        """What is granted to `by` and not in the bin, newest first.

        `page` slices the leg itself, so that a page costs a page; give it only where nothing else filters.
        `before` begins below the row of that inner id; `after` above it, and goes up, oldest first.
        """
        direction = "" if after is not None else "-"
        leg = self._grants_of(by).filter(live=True).order_by(f"{direction}content_object")
        if before is not None:
            leg = leg.filter(content_object__lt=before)
        if after is not None:
            leg = leg.filter(content_object__gt=after)
        if page is not None:
            leg = leg[page]
        return self.filter(pk__in=leg.values("content_object")).order_by(f"{direction}pk")

    def held_by(self, by: Actor, *, live: bool | None = None, share: Share | None = None) -> Self:
        """All that is granted to `by`, by that share alone; `live` False: what is in the bin, True: what is not."""
        grants = self._grants_of(by)
        if share is not None:
            grants = grants.filter(permission__codename__startswith=f"{share}_")
        # Each of two indexes holds a part: without a word of `live` PostgreSQL uses neither, and reads a third whole.
        part = models.Q(live=True) | models.Q(live=False) if live is None else models.Q(live=live)
        return self.filter(pk__in=grants.filter(part).values("content_object"))

    def owned_by(self, by: Actor) -> Self:
        """What `by` owns, the bin included."""
        return self.held_by(by, share=Share.OWNER)

    def binned_for(self, by: Actor) -> Self:
        """What of `by` lies in the bin."""
        return self.held_by(by, live=False, share=Share.OWNER)

    def with_secret_ending_by(self, until: datetime, now: datetime) -> Self:
        """What has a secret that is good at `now` and no more by then, with none in its place."""
        secrets = self.model.secrets.rel.related_model
        return self.filter(pk__in=secrets._default_manager.filter(secrets.ending_by(until, now)).values("holder"))

    def reached_by(self, by: Actor) -> Self:
        """All, or what the cities and the project hold to which the caller's credential is bound."""
        found = self.within(by.cities) if by.cities else self
        return found.within_project(by.project) if by.project else found

    def within(self, cities: Iterable[str]) -> Self:
        """What stands in these cities: what a credential that is bound to them reaches."""
        raise NotImplementedError

    def way_to(self, kind: str) -> str:
        """The column that leads up to what of this kind it stands below; "": it stands below none."""
        return ""

    def within_project(self, key: str) -> Self:
        """The project of this key and what stands in it: what a credential that is bound to it reaches (S4)."""
        return self.none()

    def _grants_of(self, by: Actor) -> models.QuerySet[Any]:
        grants = self.model.grants.rel.related_model._default_manager
        found = grants.filter(user=by.user, ends_at__gt=by.now)
        return found.filter(content_object__in=self.model._default_manager.reached_by(by)) if by.is_bound else found


def governed_kinds() -> list[Kind]:
    """The kinds whose things are owned and shared, in the order of their floors."""
    return [kind for kind in registry.kinds() if hasattr(kind.model, "grants")]


def named_thing(text: str, *, field: str = "thing") -> tuple[Kind, str]:
    """The kind and the id that `city/rYub4wrT` names. Raises Invalid."""
    name, slash, key = text.partition("/")
    for kind in governed_kinds():
        if slash and kind.name == name:
            return kind, key
    allowed = ", ".join(f"{kind.name}/<id>" for kind in governed_kinds())
    raise Invalid(Code.BAD_CHOICE, field=field, allowed=allowed)


def thing_pattern() -> str:
    """What `named_thing` takes, as a pattern."""
    models_of: dict[str, Any] = {kind.name: kind.model for kind in governed_kinds()}
    return "^({})$".format("|".join(f"{name}/{model.id_pattern}" for name, model in models_of.items()))


def find_thing(kind: Kind, key: str, *, by: Actor, rows: Any = None) -> Any:
    """A thing that `by` sees, with `held`, not locked; of `rows` where given. Raises NotVisible."""
    things: Any = rows if rows is not None else kind.model._default_manager
    read = things.model.read_id(key)
    thing = only(things.visible_to(by).filter(key=read)) if read else None
    if thing is None:
        raise NotVisible(kind=kind.name)
    return thing


def count_listed(queryset: GovernedQuerySet, by: Actor, at_most: int | None) -> int:
    """How many `.listed_for(by)` would hold, counted in the index alone; no further than `at_most`; None: all."""
    return queryset._grants_of(by).filter(live=True)[:at_most].count()


def held_share(thing: Any) -> Share | None:
    """The share that `.visible_to` found on a row."""
    return share_of(thing.held)
