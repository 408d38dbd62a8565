"""The policy registry in the super-console: every row for stewards to read, for god to override or to give back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, re_path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.admin import caller, tester
from accounts.admin.lists import ReadOnlyAdmin
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.machine import overrides
from accounts.machine.overrides import Row
from accounts.pages import answers, trail
from accounts.pages.secrets import of_version
from accounts.policies import POLICIES
from config.kernel import registry, words
from config.kernel.errors import DomainError, Forbidden, NotVisible
from config.kernel.policies import ENABLES, Policy, read_acitys, write_acitys
from config.kernel.states import Verb

HISTORY = 50
# What the rows call otherwise than the trail does.
_KINDS = {"token": "accesstoken", "access-key": "accesskey"}
# What is no kind of the trail's.
_RESOURCES = {"member": pgettext_lazy("kind", "Member"), "transfer": pgettext_lazy("kind", "Transfer")}
_NAME = r"(?P<name>[A-Za-z]{1,40})"
_ENABLES = {
    "true": pgettext_lazy("policy", "Open"),
    "Api Not Supported": pgettext_lazy("policy", "Closed: not supported"),
    "Api Not Implemented": pgettext_lazy("policy", "Closed: not implemented"),
}


class OverrideForm(forms.Form):
    """What is to be in force, in the document's words. What the row says anyway is no override."""

    enable = forms.ChoiceField(
        label="Enable", choices=[(each, _ENABLES[each]) for each in ENABLES], widget=UnfoldAdminSelectWidget
    )
    acitys = forms.CharField(
        label="Acitys",
        max_length=64,
        strip=False,
        help_text=gettext_lazy(
            "The states allowed, of city, zone, corp, shop, user, token and login, in this order: 0 enabled, "
            "1 disabled, 3 offline, 5 deleted; 03 is either of two. What is missing at the end is 0."
        ),
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off"}),
    )

    def clean_acitys(self) -> str:
        try:
            read_acitys(self.cleaned_data["acitys"])
        except DomainError as error:
            raise forms.ValidationError(error.sentence) from None
        return str(self.cleaned_data["acitys"])


class PolicyAdmin(ReadOnlyAdmin):
    """All rows on a page, a page for each, and the tester. The model is where overrides lie; no form writes it."""

    title = gettext_lazy("Policies")
    icon = "policy"
    kind = overrides.KIND
    policies = {row.verb: row for row in POLICIES}

    def get_urls(self) -> list[URLPattern]:
        ask = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path("", self.guarded(require_safe(self.list_page)), name=self.url_name("changelist")),
            path("tester/", self.guarded(ask(self.tester_page), Verb.GET), name=self.url_name("tester")),
            re_path(rf"^{_NAME}/change/$", self.guarded(ask(self.page), Verb.GET), name=self.url_name("change")),
        ]

    def guarded(self, view: Any, verb: str = "") -> Any:
        """Who is signed in and no steward is put on record."""
        inner = super().guarded(view, verb)

        def guard(request: Any, **named: str) -> HttpResponse:
            if request.user.is_authenticated and not self.has_view_permission(request):
                wanted = Verb.SET if request.method == "POST" else verb or Verb.QRI
                journal.refuse(caller.actor_of(request), wanted, self.about(named), Forbidden())
            return inner(request, **named)

        return guard

    def about(self, named: Any) -> About:
        return About(self.kind, named.get("name", ""))

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return caller.may_enter(request)

    def list_page(self, request: Any) -> HttpResponse:
        """Every row: the documents' first."""
        rows = overrides.every(by=caller.actor_of(request))
        groups = [
            (_("Of the document"), [self._told(row) for row in rows if row.policy.documented]),
            (_("Our own"), [self._told(row) for row in rows if not row.policy.documented]),
        ]
        return self._show(request, "admin/polis/policies.html", self.title, {"groups": groups}, is_list=True)

    def page(self, request: Any, name: str) -> HttpResponse:
        """One row: what the document says, what is in force; for god, the form."""
        by = caller.actor_of(request)
        try:
            if request.method == "POST":
                return self._change(request, name)
            return self._page(request, overrides.find(name, by=by))
        except NotVisible as error:
            journal.refuse(by, Verb.GET, self.about({"name": name}), error)
            raise Http404 from None

    def _change(self, request: Any, name: str) -> HttpResponse:
        by, form = caller.actor_of(request), OverrideForm(request.POST)
        before = overrides.find(name, by=by)
        try:
            after = overrides.override(name, by=of_version(by, request.POST), read=lambda: self._read(request, form))
        except DomainError as error:
            if isinstance(error, NotVisible):
                raise
            journal.refuse(by, Verb.SET, self.about({"name": name}), error)
            return self._page(request, before, form, error)
        if after.version != before.version:
            messages.success(request, _("%(name)s is changed. It holds from the next call on.") % {"name": name})
        else:
            messages.info(request, _("It was so already; nothing has changed."))
        return HttpResponseRedirect(self._address(name))

    def _read(self, request: Any, form: OverrideForm) -> dict[str, str | None]:
        if "default" in request.POST:
            return {"enable": None, "acitys": None}
        return tester.read(form)

    def _page(
        self, request: Any, row: Row, form: OverrideForm | None = None, error: DomainError | None = None
    ) -> TemplateResponse:
        by, policy = caller.actor_of(request), row.policy
        may_change = by.is_god and not policy.is_fixed
        has_faults = form is not None and "default" not in request.POST and not form.is_valid()
        context = {
            "row": self._told(row),
            "facts": _facts(row),
            "version": row.version,
            "follows": (policy.follows, self._address(policy.follows)) if policy.follows else None,
            "form": (form if has_faults else OverrideForm(initial=_given(row))) if may_change else None,
            "error": error.sentence if error is not None and not has_faults else "",
            "history": trail.history(self.kind, policy.name, at_most=HISTORY),
            "history_length": HISTORY,
            "whole_history": f"{reverse('admin:accounts_auditevent_changelist')}?q={policy.name}",
        }
        response = self._show(request, "admin/polis/policy.html", policy.name, context)
        response.status_code = 200 if error is None else answers.STATUSES.get(error.code, 400)
        return response

    def tester_page(self, request: Any) -> HttpResponse:
        """What would happen. It is sent in the body, since it names people; it changes nothing."""
        row = overrides.find(request.GET.get("row", ""), by=caller.actor_of(request)) if "row" in request.GET else None
        initial = {"policy": row.policy.name} if row is not None else {}
        form = tester.TesterForm(request.POST if request.method == "POST" else None, initial=initial)
        told = tester.answer(form, request.now) if form.is_bound else None
        response = self._show(request, "admin/polis/tester.html", _("Tester"), {"form": form, "told": told})
        response.status_code = 400 if form.is_bound and told is None else 200
        return response

    def _told(self, row: Row) -> dict[str, Any]:
        policy = row.policy
        return {
            "name": policy.name,
            "address": self._address(policy.name),
            "verb": words.verb(policy.verb),
            "method": policy.verb,
            "resource": _word_of(policy),
            "enable": _ENABLES[row.effective.enable],
            "is_open": row.effective.enable == ENABLES[0],
            "acitys": write_acitys(row.effective.acitys),
            "is_overridden": row.effective != policy,
            "is_fixed": policy.is_fixed,
        }

    def _address(self, name: str) -> str:
        return reverse(f"admin:{self.url_name('change')}", args=[name])

    def _show(
        self, request: Any, template: str, title: Any, context: dict[str, Any], *, is_list: bool = False
    ) -> TemplateResponse:
        crumbs = [] if is_list else [(reverse(f"admin:{self.url_name('changelist')}"), self.title)]
        common = self.admin_site.each_context(request)
        return TemplateResponse(request, template, {**common, "title": title, "crumbs": crumbs, **context})


def _word_of(policy: Policy) -> Any:
    """What a row is about."""
    kind = registry.kind_of_policy(policy)
    name = kind.name if kind is not None else _KINDS.get(policy.resource, policy.resource)
    return _RESOURCES.get(name) or words.KINDS.get(name, name)


def _given(row: Row) -> dict[str, str]:
    return {name: row.overridden.get(name, overrides.value_of(row.policy, name)) for name in ("enable", "acitys")}


def _facts(row: Row) -> list[tuple[str, str, str, bool]]:
    """What the document says and what is in force, field by field, and whether that is overridden."""
    said, now = row.policy.documented, row.effective
    values = {
        "HttpSchema": now.http_schema,
        "Method": str(now.verb),
        "Color": " ".join(sorted(now.colors)),
        "Audience": now.audience,
        "Shop": now.shop,
        "Subject": now.subject,
        "Roles": ", ".join(sorted(now.roles)),
        "Resource": now.resource,
        "Kparam": now.kparam,
        "Action": now.action,
        "Acitys": write_acitys(now.acitys),
        "Enable": now.enable,
    }
    differs = {"Acitys": now.acitys != row.policy.acitys, "Enable": now.enable != row.policy.enable}
    return [
        (name, said.get(f"XduaApi{name}", ""), value or "–", differs.get(name, False)) for name, value in values.items()
    ]
