"""People in the super-console: who they are, what was done to them, and what an administrator may do (S10)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.db.models import CharField, Value
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, re_path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.access.actor import Actor
from accounts.access.visibility import governed_kinds
from accounts.admin import caller
from accounts.admin.filters import BanFilter, CloserFilter, CreatedFilter
from accounts.admin.governed import KEY, Button, GovernedAdmin, SideFilter, StateFilter
from accounts.admin.lists import Choice
from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN, USER
from accounts.machine import executor, offers
from accounts.models import User
from accounts.pages import show
from accounts.pages.secrets import of_version
from accounts.pages.verbs import NameForm, VerbForm
from accounts.people import stewardship
from accounts.people.stewardship import SET_ROLE
from config.kernel import registry, words
from config.kernel.errors import DomainError
from config.kernel.states import Verb, settled

_CREDENTIALS = (ACCESS_TOKEN, ACCESS_KEY)


class RoleFilter(Choice):
    title = gettext_lazy("role")
    parameter_name = "role"
    words = tuple((str(role), word) for role, word in words.ROLES.items())


class RoleForm(NameForm):
    """The role, and the name, typed: nobody gets one by a slip."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=tuple((str(role), word) for role, word in words.ROLES.items()),
        widget=UnfoldAdminSelectWidget,
    )
    field_order = ("role", "name")

    def __init__(self, thing: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(thing, *args, **kwargs)
        self.initial = {"role": thing.role}

    def given(self) -> dict[str, Any]:
        return {"role": self.cleaned_data["role"]}


class UserAdmin(GovernedAdmin):
    """Everybody, and one person with their history. A zoon closes developers; a god everybody, and gives roles."""

    table = USER
    title = gettext_lazy("Users")
    icon = "group"
    effects: ClassVar[Mapping[Verb, Any]] = {
        Verb.DIS: gettext_lazy(
            "They can do nothing from now on: they cannot sign in, and all their sign-ins end. What they own stays in "
            "service. The reason is shown to administrators."
        ),
        Verb.ENB: gettext_lazy("They can sign in again. Their tokens and access keys are good again."),
    }
    list_display = ("name_shown", "role_shown", "state_shown", "company", "created")
    list_filter = (RoleFilter, StateFilter, SideFilter, BanFilter, CreatedFilter, CloserFilter)
    search_fields = ("key",)
    search_help_text = gettext_lazy("Id, beginning of the name, e-mail")

    def get_urls(self) -> list[URLPattern]:
        view = self.guarded(require_http_methods(["GET", "HEAD", "POST"])(self.role_page))
        address = re_path(rf"^{KEY}/role/$", view, {"verb": SET_ROLE}, name=self.url_name("role"))
        return [*super().get_urls(), address]

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return caller.may_enter(request)

    def seen_by(self, by: Actor) -> Any:
        """None is held by a grant."""
        return User.objects.select_related("corp").annotate(held=Value(None, CharField(null=True)))

    def searched(self, request: Any, queryset: Any, term: str) -> Any:
        return queryset.filter(stewardship.called(term)) if term and "\0" not in term else queryset

    @display(description=gettext_lazy("Name"))
    def name_shown(self, user: Any) -> SafeString:
        return show.link(self.address_of(user), user.name, user.key)

    @display(description=gettext_lazy("Role"))
    def role_shown(self, user: Any) -> str:
        return str(words.ROLES[user.platform_role])

    @display(description=gettext_lazy("State"))
    def state_shown(self, user: Any) -> SafeString:
        return show.badge(user.state_at(user.seen_at))

    @display(description=gettext_lazy("Company"))
    def company(self, user: Any) -> SafeString:
        return _company(user)

    @display(description=gettext_lazy("Created"))
    def created(self, user: Any) -> str:
        return show.moment(user.created_at)

    def facts_of(self, thing: Any, request: Any) -> list[tuple[Any, Any]]:
        rows = [
            (_("Id"), thing.key),
            (_("Role"), words.ROLES[thing.platform_role]),
            (_("E-mail"), thing.email),
            (_("Company"), _company(thing)),
            (_("Administers its company"), _("yes") if thing.is_corp_admin else _("no")),
            (_("Cities"), _cities(thing)),
            (_("Credentials"), _credentials(thing)),
            (_("Has disabled"), _bans(thing) if thing.is_staff else ""),
            *show.closing(settled(thing.facts, request.now), self.list_address()),
            (_("Created"), show.moment(thing.created_at)),
            (_("Updated"), show.moment(thing.updated_at)),
        ]
        return [(word, value) for word, value in rows if value]

    def offered(self, thing: Any, by: Actor) -> list[Verb]:
        if not stewardship.may(thing, Verb.DIS, by):
            return []
        with transaction.atomic():  # whether it is the last god's is asked of rows that stand still
            return offers.offers(self.table, thing, by=by)

    def permit(self, thing: Any, verb: Verb, by: Actor) -> None:
        stewardship.permit(thing, verb, by=by)

    def fire(self, key: str, verb: Verb, by: Actor, read: executor.Reader) -> executor.Done:
        return stewardship.switch(key, verb, by=by, read=read)

    def more_buttons(self, thing: Any, by: Actor) -> list[Button]:
        if not stewardship.may(thing, SET_ROLE, by):
            return []
        return [Button(words.verb(SET_ROLE), reverse(f"admin:{self.url_name('role')}", args=[thing.key]), True)]

    def role_page(self, request: Any, key: str, verb: str) -> HttpResponse:
        """Ask for the role and the name; when they are sent, set it."""
        thing, by = self.find(request, key, verb), caller.actor_of(request)
        form = RoleForm(thing, request.now, request.POST or None)
        try:
            if request.method != "POST":
                stewardship.permit(thing, verb, by=by)
                return self._role(request, thing, form, None)
            done = stewardship.set_role(thing.key, by=of_version(by, request.POST), read=form.read)
        except DomainError as error:
            self.record(request, verb, key, error)
            return self._role(request, thing, form if form.is_bound else None, error)
        self.tell(request, done, verb)
        return HttpResponseRedirect(self.address_of(thing))

    def _role(self, request: Any, thing: Any, form: VerbForm | None, error: DomainError | None) -> HttpResponse:
        effect = _(
            "All their sign-ins, tokens and access keys end. A zoon and a god belong to the platform's company; "
            "a developer gets one of their own. Their cities stay theirs."
        )
        told = {"effect": effect, "is_dangerous": True, "version": thing.version}
        return self.form_page(request, thing, words.verb(SET_ROLE), form, error, **told)


def _company(user: User) -> SafeString:
    address = reverse("admin:accounts_organization_change", args=[user.corp.key])
    return show.link(address, user.corp.name, user.corp.key)


def _credentials(user: User) -> SafeString:
    told = ((_changelist(registry.kind(table.kind)), user.key, words.KINDS[table.kind]) for table in _CREDENTIALS)
    return format_html_join(" · ", '<a href="{}?owner={}">{}</a>', told)


def _bans(user: User) -> SafeString:
    """What their bans are on, kind by kind."""
    lists = [(words.KINDS[kind.name], _changelist(kind)) for kind in governed_kinds()]
    told = ((address, user.key, word) for word, address in lists)
    return format_html_join(" · ", '<a href="{}?disabled_by={}">{}</a>', told)


def _changelist(kind: registry.Kind) -> str:
    return reverse(f"admin:{kind.table.app}_{kind.table.kind}_changelist")


def _cities(user: User) -> SafeString:
    every = f"{reverse('admin:cities_city_changelist')}?owner={user.key}"
    return format_html('<a href="{}">{}</a>', every, _("Show them"))
