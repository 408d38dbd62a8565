"""Gateways in the developers' console."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access.actor import Actor
from accounts.access.walks import Walk
from accounts.api import pages
from accounts.console import things
from accounts.console.room import Visit
from accounts.console.within import WithinField, WithinRoom, named
from accounts.machine.rotation import Rotated
from accounts.pages import show
from accounts.pages.forms import CleanField, ReadForm
from apps.api.filters import GatewayFilters
from apps.lifecycle import GATEWAY
from apps.models import Gateway
from apps.services import gateways
from config.kernel import names
from projects.console import makers
from projects.lifecycle import PROJECT

clean_name = partial(names.clean_name, shortest=3, longest=64)
# The name of a gateway and of an app.
name_field = partial(
    CleanField,
    clean_name,
    label=gettext_lazy("Name"),
    help_text=gettext_lazy("3 to 64 letters, digits and _, a letter first."),
    widget=forms.TextInput({"autofocus": True, "autocomplete": "off"}),
)


class NewGatewayForm(ReadForm):
    """A new gateway of a project."""

    project = WithinField(label=gettext_lazy("Project"))
    name = name_field()

    def given(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"]}


class NameForm(ReadForm):
    """What an operator changes."""

    name = name_field()


class SettingsForm(NameForm):
    """What its owner changes."""

    key_switch = forms.BooleanField(
        label=gettext_lazy("Keys and secrets of one's own choice"),
        required=False,
        help_text=gettext_lazy("APP_KEY_SECRET_SWITCH. On: keys and secrets of apps may be their makers' own choice."),
    )
    app_limit = forms.IntegerField(
        label=gettext_lazy("Apps at most"),
        min_value=0,
        max_value=gateways.MOST["app_limit"],
        help_text=gettext_lazy("Up to 50. The recycle bin does not count."),
    )
    app_code_limit = forms.IntegerField(
        label=gettext_lazy("AppCodes at most, of each app"),
        min_value=0,
        max_value=gateways.MOST["app_code_limit"],
        help_text=gettext_lazy("Up to 5."),
    )
    profile = forms.ChoiceField(
        label=gettext_lazy("Kind of gateway"),
        choices=[(each, each) for each in Gateway.Profile.values],
        help_text=gettext_lazy("It decides which headers tell of the original request."),
    )
    unsigned_body = forms.BooleanField(
        label=gettext_lazy("Bodies that nobody checks"),
        required=False,
        help_text=gettext_lazy("On: a signed request passes although its body cannot be compared with its signature."),
    )


class GatewayRoom(WithinRoom):
    """One's company's gateways, and those that are shared with one."""

    kind, table, template, secret = GATEWAY.kind, GATEWAY, "console/gateway.html", "X-Polis-Gateway-Key"
    filters: ClassVar[Any] = GatewayFilters
    parent = PROJECT.kind

    def rows(self) -> Any:
        return Gateway.objects.with_chain()

    def walk(self, given: Mapping[str, str], by: Actor) -> Walk:
        return pages.walk(Gateway, self.filters, given, by=by)

    def new_form(self, visit: Visit, data: Any) -> ReadForm:
        form = NewGatewayForm(data, initial={self.parent: named(visit, self.parent)})
        field: Any = form.fields[self.parent]
        field.offer(self.parents(visit))
        return form

    def asks_whom_above(self, visit: Visit) -> str:
        return makers(visit)

    def make(self, visit: Visit, form: Any) -> tuple[Any, str]:
        return gateways.create_gateway(self.where_of(form), by=visit.by, read=form.read)

    def edit_form(self, thing: Gateway, data: Any) -> ReadForm:
        form = SettingsForm if things.owns(thing) else NameForm
        return form(data, initial={name: getattr(thing, name) for name in gateways.FIELDS})

    def save(self, thing: Gateway, by: Actor, form: Any) -> Gateway:
        return gateways.update_gateway(thing.key, by=by, read=form.read)

    def check_rotation(self, thing: Gateway, by: Actor) -> None:
        gateways.check_rotation(thing, by=by)

    def check_end(self, thing: Gateway, by: Actor) -> None:
        gateways.permit_rotation(thing, by=by)

    def rotate(self, key: str, by: Actor, form: ReadForm) -> Rotated:
        return gateways.rotate_key(key, by=by, read=form.read, may_end_older=False)

    def end(self, key: str, number: int, by: Actor) -> None:
        gateways.end_key(key, number, by=by)

    def called(self, thing: Gateway) -> list[tuple[Any, Any]]:
        return [(_("Instance id"), thing.key)]

    def facts_of(self, thing: Gateway, by: Actor) -> list[tuple[Any, Any]]:
        city = thing.project.city
        rows = [
            (_("Instance id"), thing.key),
            (_("Project"), f"{thing.project.name} · {thing.project.key}"),
            (_("City"), city.name if city is not None else ""),
            (_("Own keys"), show.switch(thing.key_switch)),
            (_("Apps at most"), str(thing.app_limit)),
            (_("AppCodes at most, of each app"), str(thing.app_code_limit)),
            (_("Kind of gateway"), thing.profile),
            (_("Bodies that nobody checks"), show.switch(thing.unsigned_body)),
            (_("Created"), show.moment(thing.created_at)),
            (_("Updated"), show.moment(thing.updated_at)),
        ]
        return [(word, value) for word, value in rows if value]
