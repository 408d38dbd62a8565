"""Projects in the super-console: every project, its secrets without their values, and rotating them."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin import SimpleListFilter
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.access.actor import Actor
from accounts.admin import show
from accounts.admin.governed import SideFilter, StateFilter
from accounts.admin.rotation import RotatingAdmin, Shown, good_until
from accounts.admin.verbs import VerbForm
from accounts.models import Organization
from cities.models import City
from config.kernel import ids, names
from config.kernel.states import State, settled
from projects import services
from projects.lifecycle import PROJECT
from projects.models import Project

SECRETS = 20
_LONGEST_NUMBER = 9  # digits of a CompID that a column can hold
_GRACES = (0, 3_600, 86_400, 604_800)
# Who names one of these finds the bin too (domain.md §2).
_FINDS_THE_BIN = frozenset({"state", "company", "city"})


class CompanyFilter(SimpleListFilter):
    """The one company whose projects are listed: reached by a link, taken away here."""

    title = gettext_lazy("company")
    parameter_name = "company"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        found = company_of(self.value() or "")
        return [(str(found.comp_id), found.name)] if found is not None else []

    def has_output(self) -> bool:
        return self.value() is not None

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset if self.value() is None else queryset.filter(company=company_of(self.value() or "") or -1)


class CityFilter(SimpleListFilter):
    """The one city whose projects are listed."""

    title = gettext_lazy("city")
    parameter_name = "city"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        key = self._key()
        return list(City.objects.filter(key=key).values_list("key", "name")) if key else []

    def has_output(self) -> bool:
        return self.value() is not None

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(city__key=self._key()) if self.value() is not None else queryset

    def _key(self) -> str:
        given = self.value() or ""
        return given if ids.is_key(given) else ""


class RotateForm(VerbForm):
    """How long the present secret stays good: as its company has it, or as is chosen."""

    grace_seconds = forms.TypedChoiceField(
        label=gettext_lazy("The present one stays good for"),
        coerce=int,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, thing: Any, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(thing, now, *args, **kwargs)
        own = thing.company.grace_seconds
        graces = sorted({own, *_GRACES})
        self.fields["grace_seconds"].choices = [(each, _grace(each)) for each in graces]
        self.initial = {"grace_seconds": own}

    def given(self) -> dict[str, Any]:
        return {"grace_seconds": self.cleaned_data["grace_seconds"]}


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
    list_filter = (StateFilter, SideFilter, CompanyFilter, CityFilter)
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
        found, folded = Q(key=term), names.name_key(term)
        if (company := company_of(term)) is not None:
            found |= Q(company=company)
        if len(folded) >= names.SHORTEST_MATCH:
            found |= Q(name_key__contains=folded) & standing
        return queryset.filter(found)

    @display(description=gettext_lazy("Name"))
    def name_shown(self, project: Any) -> SafeString:
        shown = '<a class="polis-person" href="{}">{} <small>{}</small></a>'
        return format_html(shown, self.address_of(project), project.name, project.key)

    @display(description=gettext_lazy("Company"))
    def company_shown(self, project: Any) -> SafeString:
        return company_link(project.company)

    @display(description=gettext_lazy("City"))
    def city_shown(self, project: Any) -> SafeString | str:
        return _city_link(project.city) if project.city is not None else show.NOTHING

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
            rows.append((_("City"), format_html("{} {}", _city_link(thing.city), show.badge(thing.city.state_at(now)))))
        rows += [
            (_("In effect"), show.badge(thing.effective_at(now))),
            *show.closing(settled(thing.facts, now)),
            (_("Proof"), _AUTH_TYPES[thing.auth_type]),
            (_("Default project"), _("yes") if thing.is_default else ""),
            (_("Created"), show.moment(thing.created_at)),
            (_("Created by"), show.person(thing.creator)),
            (_("Updated"), show.moment(thing.updated_at)),
            (_("Updated by"), show.person(thing.updater)),
        ]
        return [(word, value) for word, value in rows if value]

    def more_of(self, thing: Any, request: Any) -> dict[str, Any]:
        secrets = thing.secrets.defer("sealed").order_by("-number")[:SECRETS]
        return {"secrets": [_told(secret, request.now) for secret in secrets]}

    def may_rotate(self, thing: Any, by: Actor) -> bool:
        return thing.state_at(by.now) is not State.DELETED and services.may_rotate(thing, by)

    def rotation_form(self, thing: Any, now: datetime, data: Any = None) -> VerbForm:
        return RotateForm(thing, now, data)

    def rotate(self, key: str, by: Actor, form: VerbForm) -> Shown:
        done = services.rotate_secret(key, by=by, read=form.read)
        told = [("AppId", key), (_("Number"), done.secret.number)]
        if (before := done.previous) is not None:
            told.append((_("The one before is good until"), good_until(before.ended_at, before.good_until)))
        return Shown("AppSecret", done.value, told)


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
    shown = '<a class="polis-person" href="{}">{} <small>{}</small></a>'
    return format_html(shown, address, company.name, company.comp_id)


def _city_link(city: City) -> SafeString:
    address = reverse("admin:cities_city_change", args=[city.key])
    return format_html('<a class="polis-person" href="{}">{} <small>{}</small></a>', address, city.name, city.key)


def _grace(seconds: int) -> str:
    return show.duration(seconds) if seconds else _("no time: it ends at once")


def _told(secret: Any, now: datetime) -> dict[str, Any]:
    """A secret as a page shows it: never its value."""
    return {
        "number": secret.number,
        "hint": secret.hint,
        "is_live": secret.is_live(now),
        "created": show.moment(secret.created_at),
        "ends": good_until(secret.ended_at, secret.good_until),
        "used": show.moment(secret.last_used_at) if secret.last_used_at else _("never"),
    }
