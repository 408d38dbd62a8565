"""The newcomer's way: from nothing to a first call that is accepted, in five steps."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.console.having import Had
from accounts.console.ways import address
from config.kernel import registry


@dataclass(frozen=True, slots=True)
class Step:
    """`name` and `address` are of what it has led to, once it is done; before that `button` leads to `way`, which is
    "" where what it needs is not there yet.
    """

    title: Any
    told: Any
    button: Any
    way: str
    name: str = ""
    address: str = ""
    is_next: bool = False

    @property
    def is_done(self) -> bool:
        return self.name != ""


Row = Mapping[str, Any]


def steps(had: Mapping[str, Had], asks_whom: str = "") -> list[Step]:
    """All five; the first that is not done is the next. One query, and none for who has no app.

    `asks_whom`: whom somebody asks who cannot make a project; "" for who can.
    """
    city, gateway, app = (_newest(had[kind]) for kind in ("city", "gateway", "app"))
    placed = next((row for row in had["project"].newest if row["city_id"] is not None), None)
    every = [
        _done(_of_city(), "city", city),
        _done(_of_project(city, asks_whom if placed is None else ""), "project", placed),
        _done(_of_gateway(placed), "gateway", gateway),
        _done(_of_app(gateway), "app", app),
        _done(_of_call(app), "app", _called(had["app"])),
    ]
    first = next((number for number, step in enumerate(every) if not step.is_done), len(every))
    return [replace(step, is_next=number == first) for number, step in enumerate(every)]


def _of_city() -> Step:
    told = _("A tenant, in which all else of yours stands. Close it, and all in it is closed.")
    return Step(_("A city"), told, _("Create a city"), address("city_new"))


def _of_project(city: Row | None, asks_whom: str) -> Step:
    told = _("An account of your company's, by which programs are told apart.")
    if asks_whom:
        return Step(_("A project in it"), f"{told} {asks_whom}", "", "")
    way = address("project_new", city=city["key"]) if city is not None else ""
    return Step(_("A project in it"), told, _("Create a project"), way)


def _of_gateway(project: Row | None) -> Step:
    told = _("What stands before your service and asks Polis whether a call may pass. It has a key of its own.")
    way = address("gateway_new", project=project["key"]) if project is not None else ""
    return Step(_("A gateway"), told, _("Create a gateway"), way)


def _of_app(gateway: Row | None) -> Step:
    told = _("What a client comes with: a key and a secret that are good at your gateway alone.")
    way = address("app_new", gateway=gateway["key"]) if gateway is not None else ""
    return Step(_("An app"), told, _("Create an app"), way)


def _of_call(app: Row | None) -> Step:
    told = _("Ask Polis as your gateway would, with the app's secret. It shows here within a minute.")
    way = address("app_try", app["key"]) if app is not None else ""
    return Step(_("A first call"), told, _("Show the call"), way)


def _done(step: Step, kind: str, row: Row | None) -> Step:
    if row is None:
        return step
    return replace(step, name=row["name"], address=address(kind, row["key"]))


def _newest(had: Had) -> Row | None:
    return had.newest[0] if had.newest else None


def _called(had: Had) -> Row | None:
    """An app whose secret was used: with so many apps that an older one may be it, nobody needs a guide."""
    apps = {row["pk"]: row for row in had.newest}
    if not apps:
        return None
    model: Any = registry.kind("app").model
    secrets = model.secrets.rel.related_model._default_manager
    used = secrets.filter(holder__in=list(apps), last_used_at__isnull=False).values_list("holder", flat=True)
    holder = used.order_by()[:1]
    return next((apps[pk] for pk in holder), None)
