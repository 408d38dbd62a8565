"""AppCodes on their app's page, without their values; and ending one, which is final (S5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, re_path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from accounts.access.actor import Actor
from accounts.admin import caller
from accounts.admin.governed import KEY
from accounts.admin.rotation import RotatingAdmin
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.pages import show
from accounts.pages.verbs import VerbForm
from apps.lifecycle import APP_CODE
from apps.models import App, AppCode
from apps.services import codes, gateways
from config.kernel.errors import DomainError, NotVisible
from config.kernel.states import Verb


class CodesAdmin(RotatingAdmin):
    """Beside the verbs and the rotation of an app, its AppCodes."""

    def get_urls(self) -> list[URLPattern]:
        view = self.guarded(require_http_methods(["GET", "HEAD", "POST"])(self.end_page))
        code = r"codes/(?P<code>[A-Za-z0-9]{1,64})"
        address = re_path(rf"^{KEY}/{code}/end/$", view, {"verb": Verb.DEL}, name=self.url_name("end_code"))
        return [*super().get_urls(), address]

    def about(self, named: Mapping[str, str]) -> About:
        return About(APP_CODE.kind, named["code"]) if "code" in named else super().about(named)

    def newest_codes(self, app: App) -> list[AppCode]:
        """The codes of an app that have not been ended, newest first."""
        return list(AppCode.objects.of_app(app).defer("digest")[: gateways.MOST["app_code_limit"]])

    def told_codes(self, app: App, rows: list[AppCode], by: Actor, outside: frozenset[str]) -> list[dict[str, Any]]:
        """As the page shows them: the way to end each, "" for who may not, and whether one of `outside` has seen it."""
        may_end = _may_end(app, by)
        return [_told(code, by.now, self._address(app, code) if may_end else "", outside) for code in rows]

    def end_page(self, request: Any, key: str, code: str, verb: str) -> HttpResponse:
        """Ask whether it is meant; when it is, end the code."""
        by, about = caller.actor_of(request), self.about({"key": key, "code": code})
        try:
            app, found = self._find_code(request, key, code)
            if request.method == "POST":
                codes.end_code(app.key, found.key, App.objects.with_chain(), by=by)
            else:
                codes.check_end(app, by=by)
        except NotVisible as error:
            journal.refuse(by, verb, about, error)
            raise Http404 from None
        except DomainError as error:
            journal.refuse(by, verb, about, error)
            return self._end(request, app, found, None, error)
        if request.method != "POST":
            return self._end(request, app, found, VerbForm(app, request.now), None)
        messages.success(request, _("The AppCode is ended."))
        return HttpResponseRedirect(self.address_of(app))

    def _find_code(self, request: Any, key: str, code: str) -> tuple[App, AppCode]:
        app = self.get_queryset(request).filter(key=App.read_id(key)).first()
        if app is None:
            raise NotVisible(kind=APP_CODE.kind)
        return app, codes.find_code(app, code)

    def _end(self, request: Any, app: App, code: AppCode, form: Any, error: DomainError | None) -> HttpResponse:
        effect = _("The AppCode %(hint)s… is good no more from that moment on, and never again.") % {"hint": code.hint}
        told = {"effect": effect, "is_dangerous": True}
        return self.form_page(request, app, pgettext("verb", "End an AppCode"), form, error, **told)

    def _address(self, app: App, code: AppCode) -> str:
        return reverse(f"admin:{self.url_name('end_code')}", args=[app.key, code.key])


def _may_end(app: App, by: Actor) -> bool:
    try:
        codes.check_end(app, by=by)
    except DomainError:
        return False
    return True


def _told(code: AppCode, now: datetime, end: str, outside: frozenset[str]) -> dict[str, Any]:
    return {
        "key": code.key,
        "history": f"{reverse('admin:accounts_auditevent_changelist')}?q={code.key}",
        "hint": code.hint,
        "badge": show.badge(code.state_at(now)),
        "created": show.moment(code.created_at),
        "used": show.used(code),
        "end": end,
        "is_known_outside": code.shown_to in outside,
    }
