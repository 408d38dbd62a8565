"""Reads of gateways, apps and AppCodes, each by its name. Who sees one is told by its company and by grants above."""

from typing import Any, Self

from django.db import models

from accounts.access.inherited import CompanyQuerySet
from config.kernel.errors import LimitReached
from config.kernel.states import State


class GatewayQuerySet(CompanyQuerySet):
    """Gateways."""

    to_company = "project__company"
    above = {"project": "project", "city": "project__city"}

    def within_project(self, key: str) -> Self:
        return self.filter(project__key=key)

    def with_chain(self) -> Self:
        """With all that stands above, in the same query."""
        return self.select_related("project__company", "project__city")

    def of_project(self, project: Any) -> Self:
        """A project's, without the bin, newest first."""
        return self.filter(project=project).exclude(state=State.DELETED).order_by("-pk")

    def check_room(self, project: Any, limit: int) -> None:
        """Pass, or LimitReached: may the project, locked, have one more?"""
        LimitReached.check(self.of_project(project)[:limit].count(), limit)


class AppQuerySet(CompanyQuerySet):
    """Apps."""

    to_company = "gateway__project__company"
    above = {"gateway": "gateway", "project": "gateway__project", "city": "gateway__project__city"}

    def within_project(self, key: str) -> Self:
        return self.filter(gateway__project__key=key)

    def with_chain(self) -> Self:
        """With all that stands above, in the same query."""
        return self.select_related("gateway__project__company", "gateway__project__city")

    def of_gateway(self, gateway: Any) -> Self:
        """A gateway's, without the bin, newest first."""
        return self.filter(gateway=gateway).exclude(state=State.DELETED).order_by("-pk")

    def check_room(self, gateway: Any) -> None:
        """Pass, or LimitReached: may the gateway, locked, have one more?"""
        limit = gateway.app_limit
        LimitReached.check(self.of_gateway(gateway)[:limit].count(), limit, kind="app")


class AppCodeQuerySet(models.QuerySet[Any]):
    """AppCodes."""

    def of_app(self, app: Any) -> Self:
        """An app's that have not been ended, newest first."""
        return self.filter(app=app).exclude(state=State.DELETED).order_by("-pk")
