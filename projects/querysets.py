"""Reads of projects, each by its name: who sees one is told by its company, its grants, and those on its city."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Case, CharField, OuterRef, Q, Subquery, Value, When
from django.db.models.lookups import Exact, IsNull

from accounts.access.actor import Actor
from accounts.access.visibility import GovernedQuerySet
from config.kernel import registry
from config.kernel.errors import LimitReached
from config.kernel.roles import Share
from config.kernel.states import State

_HELD = {share: f"{share}_project" for share in Share}


class ProjectQuerySet(GovernedQuerySet):
    """A company's admin has the owner's rights on its projects, a member the viewer's (domain.md §3)."""

    def within(self, cities: Iterable[str]) -> Self:
        return self.filter(city__key__in=list(cities))

    def visible_to(self, by: Actor) -> Self:
        if by.company is not None:
            return self.filter(company=by.company).annotate(held=_constant(Share.OWNER))
        if by.is_system or by.user is None:
            return super().visible_to(by)
        found = self.annotate(held=_held(self, by)).reached_by(by)
        return found if by.may_browse else found.filter(held__isnull=False)

    def with_chain(self) -> Self:
        """With company and city, in the same query."""
        return self.select_related("company", "city")

    def listed(self, by: Actor) -> Self:
        """What a list without a scope holds: the company's, and what was granted directly; without the bin."""
        assert by.user is not None
        granted = self._grants_of(by).filter(live=True).values("content_object")
        return self.filter(Q(company=by.user.corp_id) | Q(pk__in=granted)).reached_by(by)

    def owned_by(self, by: Actor) -> Self:
        assert by.user is not None
        owned = self.filter(company=by.user.corp_id) if by.user.is_corp_admin else self.none()
        return owned.reached_by(by)

    def binned_for(self, by: Actor) -> Self:
        return self.owned_by(by).filter(state=State.DELETED)

    def check_room(self, company: Any) -> None:
        """Pass, or LimitReached: may the company, locked, have one more? Its default project does not count."""
        held = self.of_company(company).filter(is_default=False)
        LimitReached.check(held[: company.project_limit].count(), company.project_limit)

    def of_company(self, company: Any) -> Self:
        """A company's, without the bin, in the order of their making."""
        return self.filter(company=company).exclude(state=State.DELETED).order_by("pk")


def _held(projects: ProjectQuerySet, by: Actor) -> Case:
    """The strongest share that somebody has: an admin of the company owns, then grants, then a member views."""
    assert by.user is not None
    is_own = Q(company=by.user.corp_id)
    direct = Subquery(projects._grants_of(by).filter(content_object=OuterRef("pk")).values("permission__codename")[:1])
    above = Subquery(_on_city(by).values("permission__codename")[:1])
    owns = [When(is_own, then=_constant(Share.OWNER))] if by.user.is_corp_admin else []
    operates = Q(Exact(direct, Value(_HELD[Share.OPERATOR]))) | Q(Exact(above, Value("operate_city")))
    views = Q(is_own) | Q(IsNull(direct, False)) | Q(IsNull(above, False))
    return Case(
        *owns,
        When(operates, then=_constant(Share.OPERATOR)),
        When(views, then=_constant(Share.VIEWER)),
        default=Value(None),
        output_field=CharField(null=True),
    )


def _on_city(by: Actor) -> models.QuerySet[Any]:
    """What somebody holds on the city: its owner sees; others' grants reach the giver's own company (S9)."""
    city: Any = registry.kind("city").model
    grants = city.grants.rel.related_model._default_manager
    mine = grants.filter(user=by.user, ends_at__gt=by.now, content_object=OuterRef("city"))
    return mine.filter(Q(permission__codename="own_city") | Q(granted_by__corp=OuterRef("company")))


def _constant(share: Share) -> Value:
    return Value(_HELD[share], CharField())
