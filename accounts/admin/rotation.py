"""Rotating a secret at the super-console: asked for on a page, shown once in the answer itself, kept nowhere."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.urls import URLPattern, re_path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.access.actor import Actor
from accounts.admin import caller, show, verbs
from accounts.admin.governed import KEY, Button, GovernedAdmin
from accounts.machine import rotation
from accounts.machine.rotation import ROTATE, Rotated
from config.kernel import words
from config.kernel.errors import DomainError

SECRETS = 20
_LONGEST_VERSION = 9  # digits
_GRACES = (0, 3_600, 86_400, 604_800)


@dataclass(frozen=True, slots=True)
class Shown:
    """The new value, what became of the one before it, and what it is called."""

    name: str
    value: str
    told: list[tuple[Any, Any]]

    @classmethod
    def rotated(cls, name: str, done: Rotated, *told: tuple[Any, Any]) -> "Shown":
        """Of a secret that is held and counted."""
        rows = [*told, (_("Number"), done.secret.number)]
        if (before := done.previous) is not None:
            rows.append((_("The one before is good until"), good_until(before.ended_at, before.good_until)))
        return cls(name, done.value, rows)


class GraceForm(verbs.VerbForm):
    """How long the present secret stays good: as its company has it (`own`), or as is chosen."""

    grace_seconds = forms.TypedChoiceField(
        label=gettext_lazy("The present one stays good for"),
        coerce=int,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, thing: Any, now: datetime, *args: Any, own: int, **kwargs: Any) -> None:
        super().__init__(thing, now, *args, **kwargs)
        self.fields["grace_seconds"].choices = [(each, _grace(each)) for each in sorted({own, *_GRACES})]
        self.initial = {"grace_seconds": own}

    def given(self) -> dict[str, Any]:
        return {"grace_seconds": self.cleaned_data["grace_seconds"]}


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


def of_version(by: Actor, data: Any) -> Actor:
    """The caller, meaning the version that their form was shown for; none fits where it names none."""
    text = data.get("version", "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_VERSION
    return replace(by, if_match=frozenset({int(text)} if is_number else ()))


def good_until(ended_at: datetime | None, until: datetime | None) -> str:
    """When a secret ends or ended, for a page."""
    return show.moment(ended_at or until) if ended_at or until else pgettext("end", "never")


def secrets_of(thing: Any, by: Actor) -> list[dict[str, Any]]:
    """The newest secrets of a thing that `by` sees, as its page shows them: never a value."""
    return secrets_and_outsiders(thing, by, ())[0]


def secrets_and_outsiders(thing: Any, by: Actor, people: Iterable[str]) -> tuple[list[dict[str, Any]], frozenset[str]]:
    """Its secrets; and who of those that have seen them, and of these people, may not operate it today."""
    rows = list(thing.secrets.defer("sealed").order_by("-number")[:SECRETS])
    live = [secret.shown_to for secret in rows if secret.is_live(by.now)]
    outside = rotation.outsiders(thing, [*live, *people], by=by)
    return [_told(secret, by.now, outside) for secret in rows], outside


def _told(secret: Any, now: datetime, outside: frozenset[str]) -> dict[str, Any]:
    return {
        "number": secret.number,
        "hint": secret.hint,
        "is_live": secret.is_live(now),
        "is_known_outside": secret.is_live(now) and secret.shown_to in outside,
        "created": show.moment(secret.created_at),
        "ends": good_until(secret.ended_at, secret.good_until),
        "used": show.moment(secret.last_used_at) if secret.last_used_at else _("never"),
    }


def _grace(seconds: int) -> str:
    return show.duration(seconds) if seconds else _("no time: it ends at once")
