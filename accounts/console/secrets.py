"""Secrets of a thing on its pages: made with it, rotated with a grace, ended by hand; each value is shown this once.

A form names the version that it was shown for. So the answer that shows a secret cannot be had twice: sent again by a
reload it is stale, changes nothing and shows nothing.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access.actor import Actor
from accounts.console import once, things, tryit
from accounts.console.doing import Button
from accounts.console.governed import GovernedRoom
from accounts.console.room import Visit
from accounts.console.ways import address, lead_to
from accounts.machine.rotation import MOST_LIVE, ROTATE, Rotated
from accounts.models import Organization
from accounts.pages.forms import ReadForm
from accounts.pages.secrets import GraceForm, Shown, of_version, secrets_of
from accounts.pages.verbs import VerbForm
from config.kernel.errors import DomainError, NotVisible

_A_DAY = 86_400


class SecretsRoom(GovernedRoom):
    """Abstract, for a kind whose things prove themselves by a secret. `secret` is what that is called on the wire."""

    secret: ClassVar[str]

    # ── what each kind says ──────────────────────────────────────────────────────────────────────────────────────

    def make(self, visit: Visit, form: Any) -> tuple[Any, str]:
        """Make a new one; and its secret."""
        raise NotImplementedError

    def check_rotation(self, thing: Any, by: Actor) -> None:
        """Pass, or raise as `rotate` would before it is given anything."""
        raise NotImplementedError

    def check_end(self, thing: Any, by: Actor) -> None:
        """Pass, or raise as `end` would, of what does not lie in the bin."""
        raise NotImplementedError

    def rotate(self, key: str, by: Actor, form: ReadForm) -> Rotated:
        """A new secret; a third live one is refused."""
        raise NotImplementedError

    def end(self, key: str, number: int, by: Actor) -> None:
        """End the secret of this number."""
        raise NotImplementedError

    def called(self, thing: Any) -> list[tuple[Any, Any]]:
        """What goes with the secret where it is used: pairs of a word and an id."""
        raise NotImplementedError

    def rotation_form(self, thing: Any, by: Actor, data: Any) -> ReadForm:
        """What a rotation asks for: the company's own grace is chosen already."""
        return GraceForm(thing, by.now, data, own=grace_of(thing))

    # ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────

    def urls(self) -> list[URLPattern]:
        one = f"{self.path}/<key>"
        end = rf"{one}/secrets/(?P<number>[0-9]{{1,9}})/end"
        return [
            *super().urls(),
            self.form_at(f"{one}/rotate", self.rotate_page, f"{self.kind}_rotate", ROTATE),
            self.form_at(end, self.end_page, f"{self.kind}_secret_end", ROTATE),
        ]

    def new_told(self, visit: Visit) -> dict[str, Any]:
        return {once.FIELD: once.of(visit), "effect": _("Its secret is shown to you when it is made, this once.")}

    def add(self, visit: Visit, form: Any) -> HttpResponse:
        def call() -> once.Made:
            made, value = self.make(visit, form)
            thing = self.find(made.key, visit.by)
            shown = Shown(self.secret, value, self.called(thing))
            return thing.key, show_secret(self, visit, thing, shown)

        said = _("This form has made it already: here it is. Its secret was shown then; if you missed it, rotate it.")
        meanwhile, again = address(self.path), lambda key: address(self.kind, key)
        return once.make(visit, call, again=again, said=said, meanwhile=meanwhile)

    def more_of(self, thing: Any, visit: Visit) -> dict[str, Any]:
        return self.told_secrets(thing, visit.by, secrets_of(thing, visit.by))

    def more_buttons(self, thing: Any, by: Actor) -> list[Button]:
        if not passes(self.check_rotation, thing, by):
            return []
        return [Button(pgettext("button", "Rotate the secret"), address(f"{self.kind}_rotate", thing.key))]

    def rotate_page(self, visit: Visit, key: str) -> HttpResponse:
        """Ask how long the present secret stays good; make another, and show it."""
        thing, by = self.find(key, visit.by), visit.by
        self.check_rotation(thing, by)

        def rotate(form: ReadForm) -> HttpResponse:
            done = self.rotate(thing.key, of_version(by, visit.request.POST), form)
            shown = Shown.rotated(self.secret, done, *self.called(thing))
            return show_secret(self, visit, done.secret.holder, shown)

        effect = _(
            "A new %(secret)s is made, and shown to you this once. The present one stays good for as long as you say, "
            "so that your clients can change over."
        )
        told = {
            "subtitle": pgettext("button", "Rotate the secret"),
            "submit": pgettext("button", "Rotate it"),
            "effect": effect % {"secret": self.secret},
            "live": self._in_the_way(thing, by),
        }
        form = lambda data: self.rotation_form(thing, by, data)  # noqa: E731
        return self.ask_of(visit, thing, form, rotate, told, template="console/rotate.html")

    def end_page(self, visit: Visit, key: str, number: str) -> HttpResponse:
        """Say what the end of one secret does; end it."""
        thing, by = self.find(key, visit.by), visit.by
        self._check_end(thing, by)
        row = thing.secrets.filter(number=int(number)).defer("sealed").first()
        if row is None:
            raise NotVisible(kind="secret")

        def end(form: ReadForm) -> HttpResponse:
            self.end(thing.key, row.number, of_version(by, visit.request.POST))
            messages.success(visit.request, _("The secret № %(number)s is ended.") % {"number": row.number})
            return lead_to(things.of(thing, self.kind))

        named = {"number": row.number, "hint": f"{row.hint}…" if row.hint else ""}
        told = {
            "subtitle": _("End the secret № %(number)s %(hint)s") % named,
            "effect": _("Whoever still uses it is refused from that moment on. It cannot be made good again."),
            "below": "" if self._has_another(thing, row, by) else _("No other one is good: nobody gets in any more."),
            "submit": pgettext("button", "End it now"),
            "is_dangerous": True,
        }
        return self.ask_of(visit, thing, lambda data: VerbForm(thing, by.now, data), end, told)

    # ── pieces ───────────────────────────────────────────────────────────────────────────────────────────────────

    def told_secrets(self, thing: Any, by: Actor, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Its secrets as its page shows them: the live ones, each with the way to its end, and the ended."""
        may_end = passes(self._check_end, thing, by)
        live = [{**row, "end": self._way_to_end(thing, row["number"], may_end)} for row in rows if row["is_live"]]
        return {"secret": self.secret, "live": live, "ended": [row for row in rows if not row["is_live"]]}

    def _check_end(self, thing: Any, by: Actor) -> None:
        if things.is_binned(thing):
            raise NotVisible(kind=self.kind)
        self.check_end(thing, by)

    def _way_to_end(self, thing: Any, number: int, may_end: bool) -> str:
        return address(f"{self.kind}_secret_end", thing.key, number) if may_end else ""

    def _in_the_way(self, thing: Any, by: Actor) -> list[dict[str, Any]]:
        """The secrets of which one must end before another is made; none while there is room."""
        rows = thing.secrets.filter(thing.secrets.model.live_at(by.now)).order_by("number").values("number", "hint")
        live, may_end = list(rows), passes(self._check_end, thing, by)
        if len(live) < MOST_LIVE:
            return []
        return [{**row, "end": self._way_to_end(thing, row["number"], may_end)} for row in live]

    def _has_another(self, thing: Any, row: Any, by: Actor) -> bool:
        live = thing.secrets.filter(thing.secrets.model.live_at(by.now))
        return bool(live.exclude(pk=row.pk).exists())


def show_secret(room: GovernedRoom, visit: Visit, thing: Any, shown: Shown) -> HttpResponse:
    """The one page that shows a secret of a thing."""
    way = things.of(thing, room.kind)
    told = {
        "head": things.head(thing, room.kind, visit.by),
        "subtitle": _("Your new %(secret)s") % {"secret": shown.name},
        "shown": shown,
        "call": tryit.first_call(room.kind, thing, visit.request),
        "back": way,
        "file": f"{room.kind}-{thing.key}-{shown.name.lower()}.txt",
    }
    return room.show_once(visit, "console/secret.html", told, leads_to=way)


def grace_of(thing: Any) -> int:
    """For how long a secret stays good beside the next, in seconds: as its company has it, or a day where that is none.

    Whoever presses a button should not by that put out of service what still uses the present one.
    """
    return next(each.grace_seconds for each in thing.above if isinstance(each, Organization)) or _A_DAY


def passes(check: Callable[[Any, Actor], None], thing: Any, by: Actor) -> bool:
    """Does a check raise nothing?"""
    try:
        check(thing, by)
    except DomainError:
        return False
    return True
