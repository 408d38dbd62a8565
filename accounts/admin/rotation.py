"""Rotating a secret at the super-console: asked for on a page, shown once in the answer itself, kept nowhere."""

from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import URLPattern, re_path, reverse
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.admin import caller
from accounts.admin.governed import KEY, Button, GovernedAdmin
from accounts.machine.rotation import ROTATE
from accounts.pages import verbs
from accounts.pages.secrets import Shown, of_version
from config.kernel import words
from config.kernel.errors import DomainError


class RotatingAdmin(GovernedAdmin):
    """Beside the verbs, a secret that can be rotated.

    A form names the version that it was shown for. So the answer that shows a secret cannot be had twice: sent again by
    a reload it is stale, changes nothing and shows nothing.
    """

    rotation_word: ClassVar[Any] = words.VERBS[ROTATE]
    rotation_effect: ClassVar[Any] = ""

    def get_urls(self) -> list[URLPattern]:
        view = self.guarded(require_http_methods(["GET", "HEAD", "POST"])(self.rotate_page))
        address = re_path(rf"^{KEY}/rotate/$", view, {"verb": ROTATE}, name=self.url_name("rotate"))
        return [*super().get_urls(), address]

    def check_rotation(self, thing: Any, by: Actor) -> None:
        """Pass, or raise as `rotate` would before it is given anything: asked before the form is offered."""
        raise NotImplementedError

    def rotation_form(self, thing: Any, now: datetime, data: Any = None) -> verbs.VerbForm:
        """What is asked for."""
        return verbs.VerbForm(thing, now, data)

    def rotate(self, key: str, by: Actor, form: verbs.VerbForm) -> Shown:
        """Do it, and give the value, this once."""
        raise NotImplementedError

    def more_buttons(self, thing: Any, by: Actor) -> list[Button]:
        try:
            self.check_rotation(thing, by)
        except DomainError:
            return []
        return [Button(str(self.rotation_word), reverse(f"admin:{self.url_name('rotate')}", args=[thing.key]), True)]

    def rotate_page(self, request: Any, key: str, verb: str) -> HttpResponse:
        thing = self.find(request, key, verb)
        if request.method == "POST":
            return self._rotate_now(request, thing)
        try:
            self.check_rotation(thing, caller.actor_of(request))
        except DomainError as error:
            self.record(request, verb, key, error)
            return self._ask_first(request, thing, None, error)
        return self._ask_first(request, thing, self.rotation_form(thing, request.now), None)

    def _rotate_now(self, request: Any, thing: Any) -> HttpResponse:
        form = self.rotation_form(thing, request.now, request.POST)
        try:
            shown = self.rotate(thing.key, of_version(caller.actor_of(request), request.POST), form)
        except DomainError as error:
            self.record(request, ROTATE, thing.key, error)
            return self._ask_first(request, thing, form, error)
        context = {"thing": thing, "shown": shown, "back": self.address_of(thing)}
        title = f"{self.rotation_word} · {thing.name}"
        response = self.show(request, "admin/polis/secret.html", title, context)
        response["Cache-Control"] = "no-store"
        return response

    def _ask_first(self, request: Any, thing: Any, form: Any, error: DomainError | None) -> HttpResponse:
        told = {"effect": self.rotation_effect, "is_dangerous": True, "version": thing.version}
        return self.form_page(request, thing, self.rotation_word, form, error, **told)
