"""Locks of signing in (S6): those that hold now, finding one's, and lifting it.

What is locked is a hash of who and from where. Nobody reads a name off this page; who knows name and address finds it.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, re_path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.admin import caller
from accounts.admin.stewards import StewardAdmin
from accounts.audit.journal import About
from accounts.lifecycle import LOGIN
from accounts.models import Lockout
from accounts.pages import show
from accounts.people import lockouts
from accounts.policies import LOCKS
from config.kernel.states import Verb

_SUBJECT = r"(?P<subject>[0-9a-f]{64})"


class FindForm(forms.Form):
    """Whom, and from where. Sent in the body: neither belongs in an address."""

    name = forms.CharField(
        label=gettext_lazy("User name, or CompID"),
        max_length=254,
        strip=False,
        widget=UnfoldAdminTextInputWidget({"autocapitalize": "none", "autocomplete": "off", "autofocus": True}),
    )
    address = forms.GenericIPAddressField(
        label=gettext_lazy("Address that they come from"),
        unpack_ipv4=True,
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off"}),
    )

    def found(self) -> Lockout | None:
        """Of what may be meant, what waits longest."""
        pairs = lockouts.pairs_of(self.cleaned_data["name"], self.cleaned_data["address"])
        return Lockout.objects.filter(subject__in=pairs, failures__gt=0).order_by("-blocked_until").first()


class LockAdmin(StewardAdmin):
    """The locks that hold at this moment; one of them, to be lifted."""

    title = gettext_lazy("Locks")
    kind, told_as = LOGIN.kind, lockouts.UNLOCK
    policies = {row.verb: row for row in LOCKS}
    icon = "lock_clock"
    change_list_template = "admin/polis/locks.html"
    list_display = ("pair", "failures_shown", "blocked", "last")

    def get_urls(self) -> list[URLPattern]:
        find = self.guarded(require_http_methods(["GET", "HEAD", "POST"])(self.find_page), Verb.QRI)
        page = self.guarded(require_safe(self.page), Verb.GET)
        unlock = self.guarded(require_POST(self.unlock_page), lockouts.UNLOCK)
        return [
            *super().get_urls(),
            path("find/", find, name=self.url_name("find")),
            re_path(rf"^{_SUBJECT}/change/$", page, name=self.url_name("change")),
            re_path(rf"^{_SUBJECT}/unlock/$", unlock, name=self.url_name("unlock")),
        ]

    def about(self, named: Mapping[str, Any]) -> About:
        return About(self.kind, lockouts.label(named.get("subject", "")))

    def get_queryset(self, request: Any) -> Any:
        return Lockout.objects.filter(blocked_until__gt=request.now)

    def address_of(self, row: Any) -> str:
        return reverse(f"admin:{self.url_name('change')}", args=[row.subject])

    @display(description=gettext_lazy("Lock"))
    def pair(self, lock: Any) -> SafeString:
        shown = '<a class="polis-person" href="{}"><code>{}</code></a>'
        return format_html(shown, self.address_of(lock), lockouts.label(lock.subject))

    @display(description=gettext_lazy("Failures"))
    def failures_shown(self, lock: Any) -> str:
        return str(lock.failures)

    @display(description=gettext_lazy("Blocked until"))
    def blocked(self, lock: Any) -> str:
        return show.second(lock.blocked_until)

    @display(description=gettext_lazy("Last failure"))
    def last(self, lock: Any) -> str:
        return show.second(lock.last_at)

    def find_page(self, request: Any) -> HttpResponse:
        """Ask for name and address; go to what is counted for them, or say that nothing is."""
        form = FindForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            if (lock := form.found()) is not None:
                return HttpResponseRedirect(self.address_of(lock))
            form.add_error(None, _("No failures are counted for these two."))
        response = self._show(request, "admin/polis/find_lock.html", _("Find a lock"), {"form": form})
        response.status_code = 400 if form.is_bound else 200
        return response

    def page(self, request: Any, subject: str) -> HttpResponse:
        lock = Lockout.objects.filter(subject=subject).first()
        if lock is None:
            raise Http404
        facts = [
            (_("Failures"), lock.failures),
            (_("Last failure"), show.second(lock.last_at)),
            (_("Blocked until"), show.second(lock.blocked_until)),
        ]
        label = lockouts.label(subject)
        context = {
            "label": label,
            "facts": facts,
            "holds": lock.blocked_until > request.now,
            "can_lift": lock.failures > 0 or lock.blocked_until > request.now,
            "unlock": reverse(f"admin:{self.url_name('unlock')}", args=[subject]),
            "history": f"{reverse('admin:accounts_auditevent_changelist')}?q={label}",
        }
        return self._show(request, "admin/polis/lock.html", label, context)

    def unlock_page(self, request: Any, subject: str) -> HttpResponse:
        if not Lockout.objects.filter(subject=subject).exists():
            raise Http404
        if lockouts.lift(subject, by=caller.actor_of(request)):
            messages.success(request, _("The lock is lifted."))
        else:
            messages.info(request, _("There was nothing to lift; nothing has changed."))
        return HttpResponseRedirect(reverse(f"admin:{self.url_name('changelist')}"))

    def _show(self, request: Any, template: str, title: str, context: dict[str, Any]) -> TemplateResponse:
        crumb = (reverse(f"admin:{self.url_name('changelist')}"), self.title)
        common = self.admin_site.each_context(request)
        return TemplateResponse(request, template, {**common, "title": title, "crumbs": [crumb], **context})
