"""Apps in the developers' console."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access.actor import Actor
from accounts.access.visibility import held_share
from accounts.access.walks import Walk
from accounts.api import pages
from accounts.console import things
from accounts.console.room import Visit
from accounts.console.secrets import grace_of
from accounts.console.within import WithinField, WithinRoom, named
from accounts.machine.rotation import Rotated
from accounts.pages import show
from accounts.pages.forms import CleanField, ReadForm
from accounts.pages.secrets import GraceForm, secrets_and_outsiders
from apps.api.filters import AppFilters
from apps.console import codes
from apps.console.gateways import name_field
from apps.lifecycle import APP, APP_CODE, GATEWAY
from apps.models import App, Gateway
from apps.services import apps
from config.kernel import keys, names, registry
from config.kernel.roles import Share
from config.kernel.states import Verb

_OWN = ("app_key", "app_secret")


class AppForm(ReadForm):
    """What an operator changes."""

    name = name_field()
    remark = CleanField(partial(names.clean_text, longest=255), label=gettext_lazy("Remark"), required=False)


class KeyForm(AppForm):
    """Where the gateway lets makers choose: its key too."""

    app_key = CleanField(
        keys.clean_app_key,
        label="AppKey",
        help_text=gettext_lazy("8 to 200 letters, digits, _ and -. Clients that send the present one are refused."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class NewAppForm(AppForm):
    """A new app at a gateway; with a key and a secret of one's own, where that is open."""

    gateway = WithinField(label=gettext_lazy("Gateway"))
    app_key = CleanField(
        keys.clean_app_key,
        label=gettext_lazy("AppKey of your own"),
        help_text=gettext_lazy("8 to 200 letters, digits, _ and -. Empty: one of ours."),
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    app_secret = CleanField(
        keys.clean_app_secret,
        label=gettext_lazy("Secret of your own"),
        help_text=gettext_lazy("8 to 128 letters, digits and _!@#$%-. Empty: one of ours, which is the safer."),
        required=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    field_order = ("gateway", "name", "remark", *_OWN)

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "gateway"}


class AppRoom(WithinRoom):
    """One's company's apps, and those that are shared with one."""

    kind, table, template, secret = APP.kind, APP, "console/app.html", "app_secret"
    filters: ClassVar[Any] = AppFilters
    parent = GATEWAY.kind

    def rows(self) -> Any:
        return App.objects.with_chain()

    def walk(self, given: Mapping[str, str], by: Actor) -> Walk:
        return pages.walk(App, self.filters, given, by=by)

    def where(self, thing: App) -> list[tuple[str, Any]]:
        """No more than the API tells of it: who is given one app alone is not told what its gateway stands in."""
        return super().where(thing)[:1]

    # ── making and changing ──────────────────────────────────────────────────────────────────────────────────────

    def new_form(self, visit: Visit, data: Any) -> ReadForm:
        form, found = NewAppForm(data, initial={self.parent: named(visit, self.parent)}), self.parents(visit)
        field: Any = form.fields[self.parent]
        field.offer(found)
        if not any(_is_open(each) for each in found if named(visit, self.parent) in {"", each.key}):
            for name in _OWN:
                del form.fields[name]
        return form

    def make(self, visit: Visit, form: Any) -> tuple[Any, str]:
        return apps.create_app(self.where_of(form), Gateway.objects.with_chain(), by=visit.by, read=form.read)

    def edit_form(self, thing: App, data: Any) -> ReadForm:
        form = KeyForm if thing.gateway.key_switch and things.owns(thing) else AppForm
        return form(data, initial={name: getattr(thing, name) for name in form.base_fields})

    def save(self, thing: App, by: Actor, form: Any) -> App:
        return apps.update_app(thing.key, self.rows(), by=by, read=form.read)

    # ── its secret ───────────────────────────────────────────────────────────────────────────────────────────────

    def check_rotation(self, thing: App, by: Actor) -> None:
        apps.check_rotation(thing, by=by)

    def rotation_form(self, thing: App, by: Actor, data: Any) -> ReadForm:
        least = 0 if things.owns(thing) else apps.OPERATORS_GRACE
        return GraceForm(thing, by.now, data, own=grace_of(thing), least=least)

    def check_end(self, thing: App, by: Actor) -> None:
        apps.permit_end(thing, by=by)

    def rotate(self, key: str, by: Actor, form: ReadForm) -> Rotated:
        return apps.rotate_secret(key, self.rows(), by=by, read=form.read, may_end_older=False)

    def end(self, key: str, number: int, by: Actor) -> None:
        apps.end_secret(key, number, by=by)

    def called(self, thing: App) -> list[tuple[Any, Any]]:
        return [("UUID", thing.key), ("AppKey", thing.app_key)]

    # ── its page ─────────────────────────────────────────────────────────────────────────────────────────────────

    def more_of(self, thing: App, visit: Visit) -> dict[str, Any]:
        by = visit.by
        rows = codes.newest(thing) if self.lets(visit, registry.kind(APP_CODE.kind).policy(Verb.QRI)) else None
        secrets, outside = secrets_and_outsiders(thing, by, [code.shown_to for code in rows or ()])
        return {**self.told_secrets(thing, by, secrets), **codes.told(thing, rows, by, outside)}

    def facts_of(self, thing: App, by: Actor) -> list[tuple[Any, Any]]:
        rows = [
            ("AppKey", thing.app_key),
            ("UUID", thing.key),
            ("devl_id", thing.devl_id),
            (_("Gateway"), f"{thing.gateway.name} · {thing.gateway.key}"),
            (_("Remark"), thing.remark),
            (_("Callers' addresses"), f"{thing.acl_type}: {', '.join(thing.acl_values)}" if thing.acl_type else ""),
            (_("Created"), show.moment(thing.created_at)),
            (_("Updated"), show.moment(thing.updated_at)),
        ]
        return [(word, value) for word, value in rows if value]


def _is_open(gateway: Gateway) -> bool:
    """May its maker choose a key or a secret there?"""
    return gateway.key_switch and held_share(gateway) is Share.OWNER
