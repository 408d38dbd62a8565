"""Who sees what belongs to a company: its people, who was granted it, and who was granted what stands above it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, CharField, OuterRef, Q, Subquery, Value, When
from django.db.models.lookups import Exact, IsNull

from accounts.access.actor import Actor
from accounts.access.visibility import GovernedQuerySet
from accounts.lifecycle import ORGANIZATION
from accounts.models.thing import in_states
from config.kernel import registry
from config.kernel.roles import Share
from config.kernel.states import State


class CompanyQuerySet(GovernedQuerySet):
    """A company's admin has the owner's rights on its things, a member the viewer's (domain.md §3).

    `to_company` is the way to the company, `above` the way to each kind that stands above, the nearest first.
    """

    to_company: ClassVar[str]
    above: ClassVar[Mapping[str, str]]

    def within(self, cities: Iterable[str]) -> Self:
        return self.filter(**{f"{self.above['city']}__key__in": list(cities)})

    def way_to(self, kind: str) -> str:
        return self.to_company if kind == ORGANIZATION.kind else self.above.get(kind, "")

    def serves_with(self, kind: str, now: datetime) -> Q:
        """The condition of serving as long as what it stands below does: it is ENABLED itself, with all between."""
        ways = list(self.above.values())
        between = [*ways[: list(self.above).index(kind)], self.to_company] if kind in self.above else ways
        found = in_states([State.ENABLED], now)
        for way in between:
            found &= in_states([State.ENABLED], now, via=way) | Q(**{f"{way}__isnull": True})
        return found

    def visible_to(self, by: Actor) -> Self:
        if by.company is not None:
            return self.filter(**{self.to_company: by.company}).annotate(held=self._constant(Share.OWNER))
        if by.is_system or by.user is None:
            return super().visible_to(by)
        found = self.annotate(held=self._held(by)).reached_by(by)
        return found if by.may_browse else found.filter(held__isnull=False)

    def listed(self, by: Actor) -> Self:
        """What a list without a scope holds: the company's, and what was granted directly; without the bin.

        Each leg by its own index, and then the rows: one OR over both, where the company stands further above, reads
        the whole table (2.7 s of a million gateways for somebody with one).
        """
        assert by.user is not None
        own = self.model._default_manager.filter(**{self.to_company: by.user.corp_id}).values("pk")
        granted = self._grants_of(by).filter(live=True).values("content_object")
        return self.filter(pk__in=own.union(granted)).reached_by(by)

    def owned_by(self, by: Actor) -> Self:
        assert by.user is not None
        owned = self.filter(**{self.to_company: by.user.corp_id}) if by.user.is_corp_admin else self.none()
        return owned.reached_by(by)

    def operated_by(self, by: Actor) -> Self:
        """Of what a list without a scope holds, that on which `by` has an operator's share by a grant: directly, or on
        what it stands in (S9). Each leg by its own index."""
        assert by.user is not None
        rows: Any = self.model._default_manager
        mine = self._grants_of(by).filter(live=True)
        direct = mine.filter(permission__codename=f"{Share.OPERATOR}_{self._kind}").values("content_object")
        granted = rows.filter(pk__in=mine.values("content_object"))
        legs = []
        for kind, way in self.above.items():
            above = self._grants_above(kind, by).filter(permission__codename=f"{Share.OPERATOR}_{kind}")
            model: Any = registry.kind(kind).model
            operated = model._default_manager.held_by(by, share=Share.OPERATOR)
            own = rows.filter(**{self.to_company: by.user.corp_id, f"{way}__in": operated.values("pk")})
            legs += [each.filter(models.Exists(above)).values("pk") for each in (own, granted)]
        return self.filter(pk__in=direct.union(*legs)).reached_by(by)

    def binned_for(self, by: Actor) -> Self:
        return self.owned_by(by).filter(state=State.DELETED)

    def _held(self, by: Actor) -> Case:
        """The strongest share that somebody has: an admin of the company owns, then grants, then a member views."""
        assert by.user is not None
        is_own = Q(**{self.to_company: by.user.corp_id})
        direct = self._grants_of(by).filter(content_object=OuterRef("pk"))
        held = {self._kind: _codename(direct)}
        held |= {kind: _codename(self._grants_above(kind, by)) for kind in self.above}
        owns = [When(is_own, then=self._constant(Share.OWNER))] if by.user.is_corp_admin else []
        operates, views = Q(), is_own
        for kind, codename in held.items():
            operates |= Q(Exact(codename, Value(f"{Share.OPERATOR}_{kind}")))
            views |= Q(IsNull(codename, False))
        return Case(
            *owns,
            When(operates, then=self._constant(Share.OPERATOR)),
            When(views, then=self._constant(Share.VIEWER)),
            default=Value(None),
            output_field=CharField(null=True),
        )

    def _grants_above(self, kind: str, by: Actor) -> models.QuerySet[Any]:
        """What somebody holds above: its owner sees; others' grants reach the giver's own company (S9)."""
        model: Any = registry.kind(kind).model
        grants = model.grants.rel.related_model._default_manager
        mine = grants.filter(user=by.user, ends_at__gt=by.now, content_object=OuterRef(self.above[kind]))
        is_owners = Q(permission__codename=f"{Share.OWNER}_{kind}")
        return mine.filter(is_owners | Q(granted_by__corp=OuterRef(self.to_company)))

    @property
    def _kind(self) -> str:
        return registry.kind_of(self.model).name

    def _constant(self, share: Share) -> Value:
        return Value(f"{share}_{self._kind}", CharField())


def _codename(grants: models.QuerySet[Any]) -> Subquery:
    return Subquery(grants.values("permission__codename")[:1])
