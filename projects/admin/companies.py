"""Companies in the super-console: who is in them, what they hold, and what god sets of them."""

from typing import Any

from django import forms
from django.db.models import CharField, OuterRef, Q, Value
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldBooleanSwitchWidget

from accounts.access.actor import Actor
from accounts.admin import below, caller, settings
from accounts.admin.filters import BanFilter, CloserFilter, CreatedFilter
from accounts.admin.governed import SideFilter, StateFilter
from accounts.admin.lists import count_held
from accounts.lifecycle import ORGANIZATION
from accounts.machine import executor, offers
from accounts.machine.rotation import LONGEST_GRACE, ROTATE
from accounts.models import Organization, User
from accounts.pages import show
from accounts.pages.secrets import Shown
from accounts.pages.verbs import VerbForm
from accounts.people import companies
from config.kernel import names
from config.kernel.errors import Forbidden, WrongState
from config.kernel.states import State, Verb, settled
from projects.admin.projects import company_of
from projects.models import Project

SHOWN = 50  # people on a company's page


class SettingsForm(settings.SettingsForm):
    """What god sets of a company."""

    has_api = forms.BooleanField(label=gettext_lazy("API switch"), required=False, widget=UnfoldBooleanSwitchWidget)
    project_limit = forms.IntegerField(
        label=gettext_lazy("Projects at most"),
        min_value=0,
        max_value=companies.MOST_PROJECTS,
        help_text=gettext_lazy("The default project and the recycle bin do not count."),
        widget=UnfoldAdminIntegerFieldWidget,
    )
    grace_seconds = forms.IntegerField(
        label=gettext_lazy("Grace, in seconds"),
        min_value=0,
        max_value=int(LONGEST_GRACE.total_seconds()),
        help_text=gettext_lazy("For so long a project's former secret stays good when it is rotated."),
        widget=UnfoldAdminIntegerFieldWidget,
    )


class CompanyAdmin(settings.SettingsAdmin):
    """Every company, and one company with its people and its projects. To see for stewards, to change for god."""

    table = ORGANIZATION
    title = gettext_lazy("Companies")
    icon = "domain"
    page_template = "admin/polis/company.html"
    settings_form = SettingsForm
    rotation_effect = gettext_lazy(
        "A new CompSecret is made, and shown to you alone, this once. The present one is good no more from that moment "
        "on: every call that still proves itself by it is refused."
    )
    list_display = ("name_shown", "number", "state_shown", "switch", "projects_shown", "limit")
    list_filter = (StateFilter, SideFilter, BanFilter, CreatedFilter, CloserFilter)
    search_fields = ("key",)
    search_help_text = gettext_lazy("CompID, id, part of the name, one of its people")

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return caller.may_enter(request)

    def seen_by(self, by: Actor) -> Any:
        """None is held by a grant: whose role it is not to change a company has nothing else to go by."""
        rows = Organization.objects.filter(kind=Organization.Kind.CORP).select_related("parent")
        return rows.annotate(held=Value(None, CharField(null=True)))

    def searched(self, request: Any, queryset: Any, term: str) -> Any:
        if not term or "\0" in term:
            return queryset
        found = Q(key=term) | Q(pk__in=User.objects.filter(name_key=names.name_key(term)).values("corp"))
        if (company := company_of(term)) is not None:
            found |= Q(pk=company.pk)
        if len(term) >= names.SHORTEST_MATCH:
            found |= Q(name__icontains=term)
        return queryset.filter(found)

    def dress(self, rows: list[Any], request: Any) -> None:
        super().dress(rows, request)
        count_held(rows, Project.objects.of_company(OuterRef("pk")))

    @display(description=gettext_lazy("Name"))
    def name_shown(self, company: Any) -> SafeString:
        return show.link(self.address_of(company), company.name, company.key)

    @display(description="CompID")
    def number(self, company: Any) -> str:
        return str(company.comp_id)

    @display(description=gettext_lazy("State"))
    def state_shown(self, company: Any) -> SafeString:
        return show.badge(company.state_at(company.seen_at))

    @display(description=gettext_lazy("API switch"))
    def switch(self, company: Any) -> SafeString:
        return show.switch(company.has_api)

    @display(description=gettext_lazy("Projects"))
    def projects_shown(self, company: Any) -> str:
        return str(company.counted)

    @display(description=gettext_lazy("At most"))
    def limit(self, company: Any) -> str:
        return str(company.project_limit)

    def facts_of(self, thing: Any, request: Any) -> list[tuple[Any, Any]]:
        rows = [
            (_("Id"), thing.key),
            ("CompID", str(thing.comp_id)),
            ("CompSecret", _("set") if thing.secret_hash else _("none")),
            (_("API switch"), show.switch(thing.has_api)),
            (_("Projects at most"), str(thing.project_limit)),
            (_("Grace"), show.duration(thing.grace_seconds)),
            *show.closing(settled(thing.facts, request.now), self.list_address()),
            (_("Created"), show.moment(thing.created_at)),
            (_("Updated"), show.moment(thing.updated_at)),
        ]
        return [(word, value) for word, value in rows if value]

    def more_of(self, thing: Any, request: Any) -> dict[str, Any]:
        people = list(User.objects.filter(corp=thing).order_by("-pk")[: SHOWN + 1])
        for row in people:
            row.badge = show.badge(row.state_at(request.now))
            row.address = reverse("admin:accounts_user_change", args=[row.key])
        return {
            "people": people[:SHOWN],
            "shown": SHOWN,
            "has_more_people": len(people) > SHOWN,
            "projects": below.newest("project", "company", thing, request.now, named=thing.comp_id),
        }

    def offered(self, thing: Any, by: Actor) -> list[Verb]:
        return offers.offers(self.table, thing, by=by) if companies.may_switch(by) else []

    def permit(self, thing: Any, verb: Verb, by: Actor) -> None:
        if not companies.may_switch(by):
            raise Forbidden(verb=verb, kind=ORGANIZATION.kind)

    def fire(self, key: str, verb: Verb, by: Actor, read: executor.Reader) -> executor.Done:
        return companies.switch(key, verb, by=by, read=read)

    def check_rotation(self, thing: Any, by: Actor) -> None:
        if not companies.may_rotate(thing, by):
            raise Forbidden(verb=ROTATE, kind=ORGANIZATION.kind)

    def rotate(self, key: str, by: Actor, form: VerbForm) -> Shown:
        company, secret = companies.rotate(key, by=by, read=form.read)
        return Shown("CompSecret", secret, [("CompID", str(company.comp_id))])

    def check_settings(self, thing: Any, by: Actor) -> None:
        self.permit(thing, Verb.SET, by)
        if (state := thing.state_at(by.now)) is not State.ENABLED:
            raise WrongState(verb=Verb.SET, state=state.name, kind=ORGANIZATION.kind)

    def save_settings(self, thing: Any, by: Actor, form: VerbForm) -> None:
        self.permit(thing, Verb.SET, by)
        companies.update(thing.key, by=by, read=form.read)
