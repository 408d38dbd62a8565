"""Apps in the super-console: every app, whether it serves and what keeps it from that, its secrets and AppCodes."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import display

from accounts.access.actor import Actor
from accounts.admin import caller
from accounts.admin.filters import BinFilter, CloserFilter, CreatedFilter, SecretFilter
from accounts.admin.governed import SideFilter, StateFilter
from accounts.admin.lists import LinkFilter
from accounts.pages import show
from accounts.pages.secrets import GraceForm, Shown, secrets_and_outsiders
from accounts.pages.verbs import VerbForm
from apps.admin import chain
from apps.admin.codes import CodesAdmin
from apps.admin.gateways import ProjectFilter as ProjectOfGateways
from apps.lifecycle import APP
from apps.models import App, Gateway
from apps.services import apps
from config.kernel import ids, names
from config.kernel.states import State
from projects.admin.projects import CityFilter as CityOfProjects
from projects.admin.projects import CompanyFilter as CompanyOfProjects

# Who names one of these finds the bin too (domain.md §2).
_FINDS_THE_BIN = frozenset({"state", "gateway", "project", "company", "city", "bin"})


class GatewayFilter(LinkFilter):
    """The one gateway whose apps are listed."""

    title = gettext_lazy("gateway")
    parameter_name = column = "gateway"

    def named(self, text: str) -> Any:
        return Gateway.objects.filter(key=text).first() if Gateway.read_id(text) else None


class ProjectFilter(ProjectOfGateways):
    """The one project whose apps are listed."""

    column = "gateway__project"


class CompanyFilter(CompanyOfProjects):
    """The one company whose apps are listed."""

    column = "gateway__project__company"


class CityFilter(CityOfProjects):
    """The one city in which the apps stand that are listed."""

    column = "gateway__project__city"


class AppAdmin(CodesAdmin):
    """Every app, and one app with its secrets, its AppCodes and its history."""

    table = APP
    title = gettext_lazy("Apps")
    icon = "apps"
    page_template = "admin/polis/app.html"
    rotation_word = pgettext_lazy("verb", "Reset secret")
    rotation_effect = gettext_lazy(
        "A new secret is made, and shown to you alone, this once. At most two are good at a time: an older one ends at "
        "once."
    )
    list_display = ("name_shown", "app_key_shown", "gateway_shown", "state_shown", "effect", "devl_id_shown")
    list_filter = (
        StateFilter, SideFilter, SecretFilter, CreatedFilter, BinFilter, GatewayFilter, ProjectFilter, CompanyFilter,
        CityFilter, CloserFilter,
    )  # fmt: skip
    search_fields = ("key",)
    search_help_text = gettext_lazy("UUID, devl_id, AppKey, part of the name")

    def seen_by(self, by: Actor) -> Any:
        return App.objects.visible_to(by).with_chain().select_related("creator", "updater")

    def searched(self, request: Any, queryset: Any, term: str) -> Any:
        """Without the bin, unless a state, a gateway, a project, a city or an id is named."""
        standing = Q() if _FINDS_THE_BIN & request.GET.keys() else ~Q(state=State.DELETED)
        if not term or "\0" in term:
            return queryset.filter(standing)
        exactly = Q(app_key=term)
        if key := App.read_id(term):
            exactly |= Q(key=key)
        if ids.is_key(term):
            exactly |= Q(devl_id=term)
        return queryset.found_by(names.name_key(term), exactly, standing)

    @display(description=gettext_lazy("Name"))
    def name_shown(self, app: Any) -> SafeString:
        return chain.link(app)

    @display(description="AppKey")
    def app_key_shown(self, app: Any) -> SafeString:
        return format_html('<code class="polis-code">{}</code>', app.app_key)

    @display(description=gettext_lazy("Gateway"))
    def gateway_shown(self, app: Any) -> SafeString:
        return chain.link(app.gateway)

    @display(description=gettext_lazy("State"))
    def state_shown(self, app: Any) -> SafeString:
        return show.badge(app.state_at(app.seen_at))

    @display(description=gettext_lazy("In effect"))
    def effect(self, app: Any) -> SafeString:
        return show.badge(app.effective_at(app.seen_at))

    @display(description="devl_id")
    def devl_id_shown(self, app: Any) -> str:
        return str(app.devl_id)

    def facts_of(self, thing: Any, request: Any) -> list[tuple[Any, Any]]:
        rows = [
            ("UUID", thing.key),
            ("devl_id", thing.devl_id),
            ("AppKey", thing.app_key),
            *chain.facts(thing, request.now),
            (_("Made by"), _ORIGINS[thing.origin]),
            (_("Remark"), thing.remark),
            (_("Callers' addresses"), _acl(thing)),
            *chain.stamps(thing),
        ]
        return [(word, value) for word, value in rows if value]

    def more_of(self, thing: Any, request: Any) -> dict[str, Any]:
        by, codes = caller.actor_of(request), self.newest_codes(thing)
        secrets, outside = secrets_and_outsiders(thing, by, [code.shown_to for code in codes])
        return {"secrets": secrets, "codes": self.told_codes(thing, codes, by, outside)}

    def check_rotation(self, thing: Any, by: Actor) -> None:
        apps.check_rotation(thing, by=by)

    def rotation_form(self, thing: Any, now: datetime, data: Any = None) -> VerbForm:
        return GraceForm(thing, now, data, own=thing.gateway.project.company.grace_seconds)

    def rotate(self, key: str, by: Actor, form: VerbForm) -> Shown:
        done = apps.rotate_secret(key, App.objects.with_chain(), by=by, read=form.read)
        return Shown.rotated("app_secret", done, ("UUID", key), ("AppKey", done.secret.holder.app_key))


_ORIGINS = {
    App.Origin.USER: gettext_lazy("a user (USER)"),
    App.Origin.MARKET: gettext_lazy("the market (MARKET)"),
}


def _acl(app: App) -> str:
    """Who may call from where."""
    if not app.acl_type:
        return _("any")
    return f"{app.acl_type}: {', '.join(app.acl_values)}"
