"""AppCodes on their app's page, without their values; making one, which is shown once; and the end of one (S5)."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access.actor import Actor
from accounts.console import once, things
from accounts.console.governed import GovernedRoom
from accounts.console.room import Visit
from accounts.console.secrets import passes, show_secret
from accounts.console.ways import address, lead_to
from accounts.machine import executor
from accounts.pages import show
from accounts.pages.forms import ReadForm
from accounts.pages.secrets import Shown, of_version
from accounts.pages.verbs import VerbForm
from apps.lifecycle import APP, APP_CODE
from apps.models import App, AppCode
from apps.services import codes, gateways
from config.kernel import registry
from config.kernel.policies import Policy
from config.kernel.states import Verb


class CodesRoom(GovernedRoom):
    """The pages of an app that are about its codes. What is refused there is told in the app's history."""

    kind, table = APP.kind, APP

    def urls(self) -> list[URLPattern]:
        base = f"{self.path}/<key>/codes"
        return [
            self.form_at(f"{base}/new", self.new_page, "code_new", Verb.ADD),
            self.form_at(rf"{base}/(?P<code>[A-Za-z0-9]{{1,64}})/end", self.end_page, "code_end", Verb.DEL),
        ]

    def rows(self) -> Any:
        return App.objects.with_chain()

    def policy_of(self, verb: str) -> Policy:
        return registry.kind(APP_CODE.kind).policy(verb)

    def new_page(self, visit: Visit, key: str) -> HttpResponse:
        """Make one of ours, and show it."""
        app, by = self.find(key, visit.by), visit.by
        executor.permit_below(APP_CODE, app, by=by)

        def make() -> once.Made:
            code, value = codes.create_code(app.key, self.rows(), by=by, read=dict)
            shown = Shown("AppCode", value, [("AppKey", code.app.app_key)])
            return code.key, show_secret(self, visit, code.app, shown)

        def act(form: ReadForm) -> HttpResponse:
            said = _("This form has made one already. It was shown then; if you missed it, end it and make another.")
            way = things.of(app, self.kind)
            return once.make(visit, make, again=lambda __: way, said=said, meanwhile=way)

        told = {
            "subtitle": _("New AppCode"),
            "effect": _("It stands for the app by itself: whoever sends it needs no key and no secret."),
            "below": _("It is shown to you when it is made, this once."),
            "submit": pgettext("button", "Create"),
            "version": "",
            once.FIELD: once.of(visit),
        }
        return self.ask_of(visit, app, lambda data: VerbForm(app, by.now, data), act, told)

    def end_page(self, visit: Visit, key: str, code: str) -> HttpResponse:
        """Ask whether it is meant; end it."""
        app, by = self.find(key, visit.by), visit.by
        found = codes.find_code(app, code)
        codes.check_end(app, by=by)

        def end(form: ReadForm) -> HttpResponse:
            codes.end_code(app.key, found.key, self.rows(), by=of_version(by, visit.request.POST))
            messages.success(visit.request, _("The AppCode is ended."))
            return lead_to(things.of(app, self.kind))

        effect = _("The AppCode %(hint)s… is good no more from that moment on, and never again.")
        told = {
            "subtitle": pgettext("verb", "End an AppCode"),
            "effect": effect % {"hint": found.hint},
            "submit": pgettext("button", "End it now"),
            "version": found.version,
            "is_dangerous": True,
        }
        return self.ask_of(visit, app, lambda data: VerbForm(app, by.now, data), end, told)


def newest(app: App) -> list[AppCode]:
    """The codes of an app that have not been ended, newest first."""
    return list(AppCode.objects.of_app(app).defer("digest")[: gateways.MOST["app_code_limit"]])


def told(app: App, rows: Sequence[AppCode] | None, by: Actor, outside: frozenset[str]) -> dict[str, Any]:
    """What the app's page shows of them: the ways to make and to end one, "" for who may not.

    `rows` is None where they are not to be told, and so is `codes`.
    """
    may_end, may_make = passes(_check_end, app, by), passes(_check_new, app, by) and not things.is_binned(app)
    shown = [
        {
            "hint": code.hint,
            "badge": show.badge(code.state_at(by.now)),
            "is_known_outside": code.shown_to in outside,
            "created": show.moment(code.created_at),
            "used": show.used(code),
            "end": address("code_end", app.key, code.key) if may_end else "",
        }
        for code in rows or ()
    ]
    return {"codes": shown if rows is not None else None, "code_new": address("code_new", app.key) if may_make else ""}


def _check_end(app: App, by: Actor) -> None:
    codes.check_end(app, by=by)


def _check_new(app: App, by: Actor) -> None:
    executor.permit_below(APP_CODE, app, by=by)
