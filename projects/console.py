"""Projects in the developers' console."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.access.actor import Actor
from accounts.access.walks import Walk
from accounts.api import pages
from accounts.console import things
from accounts.console.doing import Button
from accounts.console.room import Room, Visit
from accounts.console.secrets import SecretsRoom, passes
from accounts.console.ways import address, lead_to
from accounts.console.within import WithinField, named, to_choose
from accounts.machine.rotation import Rotated
from accounts.pages import show
from accounts.pages.forms import CleanField, ReadForm
from accounts.pages.secrets import of_version
from cities.lifecycle import CITY
from cities.models import City
from config.kernel import names
from config.kernel.errors import DomainError, Forbidden
from config.kernel.states import State, Verb
from projects import moving, services
from projects.api.filters import ProjectFilters
from projects.lifecycle import PROJECT
from projects.models import Project

AUTH_TYPES = {
    Project.AuthType.SECRET: gettext_lazy("by its secret"),
    Project.AuthType.TOKEN: gettext_lazy("by a token"),
}
_NONE = gettext_lazy("in no city")


class ProjectForm(ReadForm):
    """What can be changed of a project."""

    name = CleanField(
        names.clean_project_name,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("2 to 30 letters, digits, _, - and spaces within."),
        widget=forms.TextInput({"autofocus": True, "autocomplete": "off"}),
    )
    auth_type = forms.TypedChoiceField(
        label=gettext_lazy("Proof"),
        choices=list(AUTH_TYPES.items()),
        coerce=lambda value: Project.AuthType(int(value)),
        help_text=gettext_lazy("How its clients prove that they are of it."),
    )


class NewProjectForm(ProjectForm):
    """A new project; in a city, if one is chosen."""

    city = WithinField(label=gettext_lazy("City"), required=False)

    def given(self) -> dict[str, Any]:
        given = super().given()
        return given if given["city"] else {name: given[name] for name in given if name != "city"}


class MoveForm(ReadForm):
    """Where it is to stand."""

    city = WithinField(label=gettext_lazy("City"), required=False)

    def given(self) -> dict[str, Any]:
        return {"city": self.cleaned_data["city"] or None}


class ProjectRoom(SecretsRoom):
    """One's company's projects, and those that are shared with one."""

    kind, table, template, secret = PROJECT.kind, PROJECT, "console/project.html", "AppSecret"
    filters: ClassVar[Any] = ProjectFilters

    def urls(self) -> list[URLPattern]:
        move = self.form_at(f"{self.path}/<key>/move", self.move_page, "project_move", moving.MOVE)
        return [move, *super().urls()]

    def rows(self) -> Any:
        return Project.objects.with_chain()

    def walk(self, given: Mapping[str, str], by: Actor) -> Walk:
        return pages.walk(Project, self.filters, given, by=by)

    # ── making and changing ──────────────────────────────────────────────────────────────────────────────────────

    def new_form(self, visit: Visit, data: Any) -> ReadForm:
        form = NewProjectForm(data, initial={"city": named(visit, CITY.kind)})
        offer(form, cities_of(self, visit))
        return form

    def new_told(self, visit: Visit) -> dict[str, Any]:
        services.permit_creation(visit.request.user.corp, by=visit.by)
        key = named(visit, CITY.kind)
        back = {"back": things.list_of(self.kind, city=key)} if key else {}
        return {**super().new_told(visit), **back}

    def asks_whom(self, visit: Visit) -> str:
        return makers(visit)

    def make(self, visit: Visit, form: Any) -> tuple[Any, str]:
        return services.create_project(visit.request.user.corp, by=visit.by, read=form.read)

    def edit_form(self, thing: Project, data: Any) -> ReadForm:
        return ProjectForm(data, initial={"name": thing.name, "auth_type": thing.auth_type})

    def save(self, thing: Project, by: Actor, form: Any) -> Project:
        return services.update_project(thing.key, by=by, read=form.read)

    def move_page(self, visit: Visit, key: str) -> HttpResponse:
        """Into a city, into another, or out of it."""
        thing, by = self.find(key, visit.by), visit.by
        moving.permit(thing, by=by)

        def move(form: ReadForm) -> HttpResponse:
            moved = moving.move_project(thing.key, by=of_version(by, visit.request.POST), read=form.read)
            messages.success(visit.request, _told_of(moved))
            return lead_to(things.of(thing, self.kind) if things.sees(thing, by) else address(self.path))

        def ask(data: Any) -> ReadForm:
            form = MoveForm(data, initial={"city": named(visit, CITY.kind) or getattr(thing.city, "key", "")})
            offer(form, self._targets(visit, thing))
            return form

        told = {
            "subtitle": _("Move it"),
            "effect": _("The state of a city holds for what stands in it: closed with it, and open with it again."),
            "submit": pgettext("button", "Move it"),
        }
        return self.ask_of(visit, thing, ask, move, told)

    def _targets(self, visit: Visit, thing: Project) -> list[City]:
        """Where it may go to: who only has it evicted chooses no other city."""
        return cities_of(self, visit) if self.may(thing, Verb.SET, visit.by) else []

    # ── its secret ───────────────────────────────────────────────────────────────────────────────────────────────

    def check_rotation(self, thing: Project, by: Actor) -> None:
        services.check_rotation(thing, by=by)

    def check_end(self, thing: Project, by: Actor) -> None:
        services.permit_rotation(thing, by=by)

    def rotate(self, key: str, by: Actor, form: ReadForm) -> Rotated:
        return services.rotate_secret(key, by=by, read=form.read, may_end_older=False)

    def end(self, key: str, number: int, by: Actor) -> None:
        services.end_secret(key, number, by=by)

    def called(self, thing: Project) -> list[tuple[Any, Any]]:
        return [("AppId", thing.key)]

    # ── its page ─────────────────────────────────────────────────────────────────────────────────────────────────

    def more_buttons(self, thing: Project, by: Actor) -> list[Button]:
        found = super().more_buttons(thing, by)
        if thing.state_at(by.now) is not State.DELETED and passes(_check_move, thing, by):
            found.append(Button(pgettext_lazy("verb", "Move"), address("project_move", thing.key)))
        return found

    def facts_of(self, thing: Project, by: Actor) -> list[tuple[Any, Any]]:
        rows = [
            ("AppId", thing.key),
            (_("Company"), f"{thing.company.name} · {thing.company.comp_id or thing.company.key}"),
            (_("City"), thing.city.name if thing.city is not None else _NONE),
            (_("Proof"), AUTH_TYPES[Project.AuthType(thing.auth_type)]),
            (_("Default project"), _("yes") if thing.is_default else ""),
            (_("Created"), show.moment(thing.created_at)),
            (_("Updated"), show.moment(thing.updated_at)),
        ]
        return [(word, value) for word, value in rows if value]


def _told_of(moved: Project) -> str:
    if moved.city is None:
        return _("%(name)s stands in no city now.") % {"name": moved.name}
    return _("%(name)s stands in %(city)s now.") % {"name": moved.name, "city": moved.city.name}


def makers(visit: Visit) -> str:
    """Who makes projects where the visitor cannot, in a sentence; "" where they can."""
    try:
        services.permit_creation(visit.request.user.corp, by=visit.by)
    except Forbidden:
        return _("The administrators of your company create projects: ask one of them. “My company” says who they are.")
    except DomainError:
        return _("New projects are not created here: ask the platform's administrators for one.")
    return ""


def cities_of(room: Room, visit: Visit) -> list[City]:
    """One's own cities, out of the bin, and the one that is named."""
    return to_choose(room, visit, CITY.kind, City.objects.owned_by(visit.by).exclude(state=State.DELETED))


def offer(form: ReadForm, cities: list[City]) -> None:
    field: Any = form.fields["city"]
    field.offer(cities, none=_NONE)


def _check_move(project: Project, by: Actor) -> None:
    """Pass, or raise: may they take it somewhere else, or out of where it stands?"""
    moving.permit(project, by=by)
