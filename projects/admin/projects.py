"""Projects in the super-console: every project, its secrets without their values, and rotating them."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from accounts.access.actor import Actor
from accounts.admin import below, caller
from accounts.admin.filters import BinFilter, CloserFilter, CreatedFilter, SecretFilter
from accounts.admin.governed import SideFilter, StateFilter
from accounts.admin.lists import LinkFilter
from accounts.admin.rotation import RotatingAdmin
from accounts.models import Organization
from accounts.pages import show
from accounts.pages.secrets import GraceForm, Shown, secrets_of
from accounts.pages.verbs import VerbForm
from cities.models import City
from config.kernel import ids, names
from config.kernel.states import State, settled
from projects import services
from projects.lifecycle import PROJECT
from projects.models import Project

_LONGEST_NUMBER = 9  # digits of a CompID that a column can hold
# Who names one of these finds the bin too (domain.md §2).
_FINDS_THE_BIN = frozenset({"state", "company", "city", "bin"})


class CompanyFilter(LinkFilter):
    """The one company whose projects are listed."""

    title = gettext_lazy("company")
    parameter_name = column = "company"

    def named(self, text: str) -> Any:
        return company_of(text)


class CityFilter(LinkFilter):
    """The one city whose projects are listed."""

    title = gettext_lazy("city")
    parameter_name = column = "city"

    def named(self, text: str) -> Any:
        return City.objects.filter(key=text).first() if ids.is_key(text) else None


class ProjectAdmin(RotatingAdmin):
    """Every project, and one project with its secrets and its history."""

    table = PROJECT
    title = gettext_lazy("Projects")
    icon = "deployed_code"
    page_template = "admin/polis/project.html"
    rotation_effect = gettext_lazy(
        "A new AppSecret is made, and shown to you alone, this once. At most two are good at a time: an older one ends "
        "at once."
    )
    list_display = ("name_shown", "company_shown", "city_shown", "state_shown", "expires")
    list_filter = (
        StateFilter, SideFilter, SecretFilter, CreatedFilter, BinFilter, CompanyFilter, CityFilter, CloserFilter
    )  # fmt: skip
    search_fields = ("key",)
    search_help_text = gettext_lazy("AppId, part of the name, CompID")

    def seen_by(self, by: Actor) -> Any:
        return Project.objects.visible_to(by).select_related("company", "city", "creator", "updater")

    def searched(self, request: Any, queryset: Any, term: str) -> Any:
        """Without the bin, unless a state, a company, a city or an id is named."""
        with_bin = bool(_FINDS_THE_BIN & request.GET.keys())
        standing = Q() if with_bin else ~Q(state=State.DELETED)
        if not term or "\0" in term:
            return queryset.filter(standing)
        exactly = Q(key=term)
        if (company := company_of(term)) is not None:
            exactly |= Q(company=company)
        return queryset.found_by(names.name_key(term), exactly, standing)

    @display(description=gettext_lazy("Name"))
    def name_shown(self, project: Any) -> SafeString:
        return show.link(self.address_of(project), project.name, project.key)

    @display(description=gettext_lazy("Company"))
    def company_shown(self, project: Any) -> SafeString:
        return company_link(project.company)

    @display(description=gettext_lazy("City"))
    def city_shown(self, project: Any) -> SafeString | str:
        return city_link(project.city) if project.city is not None else show.NOTHING

    @display(description=gettext_lazy("State"))
    def state_shown(self, project: Any) -> SafeString:
        return show.badge(project.state_at(project.seen_at))

    @display(description=gettext_lazy("Until"))
    def expires(self, project: Any) -> str:
        facts = settled(project.facts, project.seen_at)
        return show.until(facts.expires_at) if facts.disabled_at is not None else show.NOTHING

    def facts_of(self, thing: Any, request: Any) -> list[tuple[Any, Any]]:
        now = request.now
        rows = [
            ("AppId", thing.key),
            (_("Company"), format_html("{} {}", company_link(thing.company), show.badge(thing.company.state_at(now)))),
        ]
        if thing.city is not None:
            rows.append((_("City"), format_html("{} {}", city_link(thing.city), show.badge(thing.city.state_at(now)))))
        rows += [
            (_("In effect"), show.badge(thing.effective_at(now))),
            *show.closing(settled(thing.facts, now), self.list_address()),
            (_("Proof"), _AUTH_TYPES[thing.auth_type]),
            (_("Default project"), _("yes") if thing.is_default else ""),
            (_("Created"), show.moment(thing.created_at)),
            (_("Created by"), show.person(thing.creator)),
            (_("Updated"), show.moment(thing.updated_at)),
            (_("Updated by"), show.person(thing.updater)),
        ]
        return [(word, value) for word, value in rows if value]

    def more_of(self, thing: Any, request: Any) -> dict[str, Any]:
        by = caller.actor_of(request)
        return {"gateways": below.newest("gateway", "project", thing, by.now), "secrets": secrets_of(thing, by)}

    def check_rotation(self, thing: Any, by: Actor) -> None:
        services.check_rotation(thing, by=by)

    def rotation_form(self, thing: Any, now: datetime, data: Any = None) -> VerbForm:
        return GraceForm(thing, now, data, own=thing.company.grace_seconds)

    def rotate(self, key: str, by: Actor, form: VerbForm) -> Shown:
        done = services.rotate_secret(key, by=by, read=form.read)
        return Shown.rotated("AppSecret", done, ("AppId", key))


_AUTH_TYPES = {
    Project.AuthType.SECRET: gettext_lazy("by its secret"),
    Project.AuthType.TOKEN: gettext_lazy("by a token"),
}


def company_of(text: str) -> Organization | None:
    """The company of a CompID that somebody typed."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    return Organization.objects.filter(comp_id=int(text)).first() if is_number else None


def company_link(company: Organization) -> SafeString:
    address = reverse("admin:accounts_organization_change", args=[company.key])
    return show.link(address, company.name, company.comp_id)


def city_link(city: City) -> SafeString:
    return show.link(reverse("admin:cities_city_change", args=[city.key]), city.name, city.key)
