"""Gateways in the super-console: every gateway, its switches and limits, its key, and the apps that it has."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import OuterRef, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldBooleanSwitchWidget

from accounts.access.actor import Actor
from accounts.admin import below, caller, settings
from accounts.admin.filters import BinFilter, CloserFilter, CreatedFilter, SecretFilter
from accounts.admin.governed import SideFilter, StateFilter
from accounts.admin.lists import LinkFilter, count_held
from accounts.pages import show
from accounts.pages.secrets import GraceForm, Shown, secrets_of
from accounts.pages.verbs import VerbForm
from apps.admin import chain
from apps.lifecycle import GATEWAY
from apps.models import App, Gateway
from apps.services import gateways
from config.kernel import names
from config.kernel.states import State
from projects.admin.projects import CityFilter as CityOfProjects
from projects.admin.projects import CompanyFilter as CompanyOfProjects
from projects.admin.projects import company_link
from projects.models import Project

# Who names one of these finds the bin too (domain.md §2).
_FINDS_THE_BIN = frozenset({"state", "project", "company", "city", "bin"})


class ProjectFilter(LinkFilter):
    """The one project whose gateways are listed."""

    title = gettext_lazy("project")
    parameter_name = column = "project"

    def named(self, text: str) -> Any:
        return project_of(text)


class CompanyFilter(CompanyOfProjects):
    """The one company whose gateways are listed."""

    column = "project__company"


class CityFilter(CityOfProjects):
    """The one city in which the gateways stand that are listed."""

    column = "project__city"


class SettingsForm(settings.SettingsForm):
    """What god sets of a gateway: its owner's switches, and limits beyond an owner's."""

    key_switch = forms.BooleanField(
        label="APP_KEY_SECRET_SWITCH",
        required=False,
        help_text=gettext_lazy("On: keys and secrets of apps may be their makers' own choice."),
        widget=UnfoldBooleanSwitchWidget,
    )
    app_limit = forms.IntegerField(
        label=gettext_lazy("Apps at most"),
        min_value=0,
        max_value=gateways.MOST["app_limit"],
        help_text=gettext_lazy("The recycle bin does not count."),
        widget=UnfoldAdminIntegerFieldWidget,
    )
    app_code_limit = forms.IntegerField(
        label=gettext_lazy("AppCodes at most, of each app"),
        min_value=0,
        max_value=gateways.MOST["app_code_limit"],
        widget=UnfoldAdminIntegerFieldWidget,
    )
    profile = forms.ChoiceField(
        label=gettext_lazy("Kind of gateway"),
        choices=[(each, each) for each in Gateway.Profile.values],
        help_text=gettext_lazy("It decides which headers tell of the original request."),
        widget=UnfoldAdminSelectWidget,
    )
    unsigned_body = forms.BooleanField(
        label=gettext_lazy("Bodies that nobody checks"),
        required=False,
        help_text=gettext_lazy("On: a signed request passes although its body cannot be compared with its signature."),
        widget=UnfoldBooleanSwitchWidget,
    )


class GatewayAdmin(settings.SettingsAdmin):
    """Every gateway, and one gateway with its key, its apps and its history."""

    table = GATEWAY
    title = gettext_lazy("Gateways")
    icon = "router"
    page_template = "admin/polis/gateway.html"
    settings_form = SettingsForm
    rotation_word = pgettext_lazy("verb", "Rotate key")
    rotation_effect = gettext_lazy(
        "A new key is made, and shown to you alone, this once. At most two are good at a time: an older one ends at "
        "once."
    )
    list_display = ("name_shown", "project_shown", "company_shown", "state_shown", "effect", "switch", "apps_shown")
    list_filter = (
        StateFilter, SideFilter, SecretFilter, CreatedFilter, BinFilter, ProjectFilter, CompanyFilter, CityFilter,
        CloserFilter,
    )  # fmt: skip
    search_fields = ("key",)
    search_help_text = gettext_lazy("Instance id, part of the name, AppId of its project")

    def seen_by(self, by: Actor) -> Any:
        return Gateway.objects.visible_to(by).with_chain().select_related("creator", "updater")

    def searched(self, request: Any, queryset: Any, term: str) -> Any:
        """Without the bin, unless a state, a project, a company, a city or an id is named."""
        standing = Q() if _FINDS_THE_BIN & request.GET.keys() else ~Q(state=State.DELETED)
        if not term or "\0" in term:
            return queryset.filter(standing)
        exactly = Q(key=term)
        if (project := project_of(term)) is not None:
            exactly |= Q(project=project)
        return queryset.found_by(names.name_key(term), exactly, standing)

    def dress(self, rows: list[Any], request: Any) -> None:
        super().dress(rows, request)
        count_held(rows, App.objects.of_gateway(OuterRef("pk")))

    @display(description=gettext_lazy("Name"))
    def name_shown(self, gateway: Any) -> SafeString:
        return chain.link(gateway)

    @display(description=gettext_lazy("Project"))
    def project_shown(self, gateway: Any) -> SafeString:
        return chain.link(gateway.project)

    @display(description=gettext_lazy("Company"))
    def company_shown(self, gateway: Any) -> SafeString:
        return company_link(gateway.project.company)

    @display(description=gettext_lazy("State"))
    def state_shown(self, gateway: Any) -> SafeString:
        return show.badge(gateway.state_at(gateway.seen_at))

    @display(description=gettext_lazy("In effect"))
    def effect(self, gateway: Any) -> SafeString:
        return show.badge(gateway.effective_at(gateway.seen_at))

    @display(description=gettext_lazy("Own keys"))
    def switch(self, gateway: Any) -> SafeString:
        return show.switch(gateway.key_switch)

    @display(description=gettext_lazy("Apps"))
    def apps_shown(self, gateway: Any) -> str:
        return str(gateway.counted)

    def facts_of(self, thing: Any, request: Any) -> list[tuple[Any, Any]]:
        rows = [
            (_("Instance id"), thing.key),
            *chain.facts(thing, request.now),
            (_("Own keys"), show.switch(thing.key_switch)),
            (_("Apps at most"), str(thing.app_limit)),
            (_("AppCodes at most, of each app"), str(thing.app_code_limit)),
            (_("Kind of gateway"), thing.profile),
            (_("Bodies that nobody checks"), show.switch(thing.unsigned_body)),
            *chain.stamps(thing),
        ]
        return [(word, value) for word, value in rows if value]

    def more_of(self, thing: Any, request: Any) -> dict[str, Any]:
        by = caller.actor_of(request)
        return {"apps": below.newest("app", "gateway", thing, by.now), "secrets": secrets_of(thing, by)}

    def check_settings(self, thing: Any, by: Actor) -> None:
        gateways.check_update(thing, by=by)

    def save_settings(self, thing: Any, by: Actor, form: VerbForm) -> None:
        gateways.update_gateway(thing.key, by=by, read=form.read)

    def check_rotation(self, thing: Any, by: Actor) -> None:
        gateways.check_rotation(thing, by=by)

    def rotation_form(self, thing: Any, now: datetime, data: Any = None) -> VerbForm:
        return GraceForm(thing, now, data, own=thing.project.company.grace_seconds)

    def rotate(self, key: str, by: Actor, form: VerbForm) -> Shown:
        done = gateways.rotate_key(key, by=by, read=form.read)
        return Shown.rotated("X-Polis-Gateway-Key", done, (_("Instance id"), key))


def project_of(text: str) -> Project | None:
    """The project of an AppId that somebody typed."""
    return Project.objects.filter(key=text).first() if Project.read_id(text) else None
