"""Reads of projects, each by its name: who sees one is told by its company, its grants, and those on its city."""

from typing import Any, Self

from accounts.access.inherited import CompanyQuerySet
from config.kernel.errors import LimitReached
from config.kernel.states import State


class ProjectQuerySet(CompanyQuerySet):
    """Projects."""

    to_company = "company"
    above = {"city": "city"}

    def within_project(self, key: str) -> Self:
        return self.filter(key=key)

    def with_chain(self) -> Self:
        """With company and city, in the same query."""
        return self.select_related("company", "city")

    def check_room(self, company: Any) -> None:
        """Pass, or LimitReached: may the company, locked, have one more? Its default project does not count."""
        held = self.of_company(company).filter(is_default=False)
        LimitReached.check(held[: company.project_limit].count(), company.project_limit)

    def of_company(self, company: Any) -> Self:
        """A company's, without the bin, in the order of their making."""
        return self.filter(company=company).exclude(state=State.DELETED).order_by("pk")
