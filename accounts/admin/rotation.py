"""Rotating a secret at the super-console: asked for on a page, shown once in the answer itself, kept nowhere."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import URLPattern, re_path, reverse
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.admin import caller, show, verbs
from accounts.admin.governed import KEY, Button, GovernedAdmin
from accounts.machine.rotation import ROTATE
from config.kernel import words
from config.kernel.errors import DomainError, Forbidden

_LONGEST_VERSION = 9  # digits


@dataclass(frozen=True, slots=True)
class Shown:
    """The new value, what became of the one before it, and what it is called."""

    name: str
    value: str
    told: list[tuple[Any, Any]]


class RotatingAdmin(GovernedAdmin):
    """Beside the verbs, a secret that can be rotated.

    A form names the version that it was shown for. So the answer that shows a secret cannot be had twice: sent again by
    a reload it is stale, changes nothing and shows nothing.
    """

    rotation_effect: ClassVar[Any] = ""

    def get_urls(self) -> list[URLPattern]:
        view = self.guarded(require_http_methods(["GET", "HEAD", "POST"])(self.rotate_page))
        address = re_path(rf"^{KEY}/rotate/$", view, {"verb": ROTATE}, name=self.url_name("rotate"))
        return [*super().get_urls(), address]

    def may_rotate(self, thing: Any, by: Actor) -> bool:
        raise NotImplementedError

    def rotation_form(self, thing: Any, now: datetime, data: Any = None) -> verbs.VerbForm:
        """What is asked for."""
        return verbs.VerbForm(thing, now, data)

    def rotate(self, key: str, by: Actor, form: verbs.VerbForm) -> Shown:
        """Do it, and give the value, this once."""
        raise NotImplementedError

    def more_buttons(self, thing: Any, by: Actor) -> list[Button]:
        if not self.may_rotate(thing, by):
            return []
        return [Button(words.verb(ROTATE), reverse(f"admin:{self.url_name('rotate')}", args=[thing.key]), True)]

    def rotate_page(self, request: Any, key: str, verb: str) -> HttpResponse:
        thing = self.find(request, key, verb)
        if request.method == "POST":
            return self._rotate_now(request, thing)
        if not self.may_rotate(thing, caller.actor_of(request)):
            error = Forbidden()
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
        title = f"{words.verb(ROTATE)} · {thing.name}"
        response = self.show(request, "admin/polis/secret.html", title, context)
        response["Cache-Control"] = "no-store"
        return response

    def _ask_first(self, request: Any, thing: Any, form: Any, error: DomainError | None) -> HttpResponse:
        told = {"effect": self.rotation_effect, "is_dangerous": True, "version": thing.version}
        return self.form_page(request, thing, words.verb(ROTATE), form, error, **told)


def of_version(by: Actor, data: Any) -> Actor:
    """The caller, meaning the version that their form was shown for; none fits where it names none."""
    text = data.get("version", "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_VERSION
    return replace(by, if_match=frozenset({int(text)} if is_number else ()))


def good_until(ended_at: datetime | None, until: datetime | None) -> str:
    """When a secret ends or ended, for a page."""
    return show.moment(ended_at or until) if ended_at or until else pgettext("end", "never")
