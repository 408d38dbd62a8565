"""Reads of gateways, apps and AppCodes, each by its name. Who sees one is told by its company and by grants above."""

import uuid
from typing import Any, Self

from django.db import models

from accounts.access.inherited import CompanyQuerySet
from config.kernel import ids
from config.kernel.errors import LimitReached
from config.kernel.states import State

NOBODYS = str(uuid.UUID(int=0))


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

    def key_of(self, text: str) -> str:
        """The id of the app that is called so: by its id, dashed or not, or by its `devl_id`; "" for what is no id.

        Where no app has the `devl_id` it is an id that none has: what is then looked for costs the same (S13).
        """
        if not ids.is_key(text):
            return str(self.model.read_id(text))
        return self.filter(devl_id=text).values_list("key", flat=True).first() or NOBODYS

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
