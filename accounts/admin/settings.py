"""Settings at the super-console: what the platform sets of a thing, on a page of its own."""

from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, re_path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.admin import caller
from accounts.admin.governed import KEY, Button
from accounts.admin.rotation import RotatingAdmin
from accounts.pages.secrets import of_version
from accounts.pages.verbs import VerbForm
from config.kernel.errors import DomainError
from config.kernel.states import Verb


class SettingsForm(VerbForm):
    """Fields that are named as the thing's own, filled with what it has."""

    def __init__(self, thing: Any, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(thing, now, *args, **kwargs)
        self.initial = {name: getattr(thing, name) for name in self.fields}

    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class SettingsAdmin(RotatingAdmin):
    """Beside the verbs and the rotation, a form of settings; it names the version that it was shown for."""

    settings_form: ClassVar[type[SettingsForm]]

    def get_urls(self) -> list[URLPattern]:
        view = self.guarded(require_http_methods(["GET", "HEAD", "POST"])(self.settings_page))
        address = re_path(rf"^{KEY}/settings/$", view, {"verb": Verb.SET}, name=self.url_name("settings"))
        return [*super().get_urls(), address]

    def check_settings(self, thing: Any, by: Actor) -> None:
        """Pass, or raise as `save_settings` would before it is given anything: asked before the form is offered."""
        raise NotImplementedError

    def save_settings(self, thing: Any, by: Actor, form: VerbForm) -> None:
        """Set them; it asks again whether that may be."""
        raise NotImplementedError

    def more_buttons(self, thing: Any, by: Actor) -> list[Button]:
        try:
            self.check_settings(thing, by)
        except DomainError:
            return super().more_buttons(thing, by)
        address = reverse(f"admin:{self.url_name('settings')}", args=[thing.key])
        return [Button(pgettext("verb", "Settings"), address, False), *super().more_buttons(thing, by)]

    def settings_page(self, request: Any, key: str, verb: str) -> HttpResponse:
        """Ask for the settings; when they are sent, set them."""
        thing = self.find(request, key, verb)
        by, form = caller.actor_of(request), self.settings_form(thing, request.now, request.POST or None)
        try:
            if request.method != "POST":
                self.check_settings(thing, by)
                return self._settings(request, thing, form, None)
            self.save_settings(thing, of_version(by, request.POST), form)
        except DomainError as error:
            self.record(request, verb, key, error)
            return self._settings(request, thing, form if form.is_bound else None, error)
        return HttpResponseRedirect(self.address_of(thing))

    def _settings(self, request: Any, thing: Any, form: Any, error: DomainError | None) -> HttpResponse:
        told = {"effect": _("They hold from the next call on."), "version": thing.version, "submit": _("Save")}
        return self.form_page(request, thing, pgettext("verb", "Settings"), form, error, **told)
