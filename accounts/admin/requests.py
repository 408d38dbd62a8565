"""What owners ask for, at the super-console: the queue, the one that waits longest first, and a page to answer each."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, re_path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts import policies
from accounts.access.actor import Actor
from accounts.access.policies import check
from accounts.admin import caller
from accounts.admin.stewards import StewardAdmin
from accounts.admin.walk import Place, Walk
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.models import Request
from accounts.pages import answers, asked, show
from accounts.pages.secrets import of_version
from accounts.people import requests
from config.kernel import registry, words
from config.kernel.errors import Code, DomainError, Invalid

_KEY = r"(?P<key>[A-Za-z0-9]{1,64})"


class Queue(Walk):
    """What waits longest comes first: a page is what came after a row (?p=id)."""

    def get_results(self, request: Any) -> None:
        place, size = Place.read(request.GET.get("p", "")).pk, self.list_per_page
        found = list(self.queryset.filter(pk__gt=place).order_by("pk")[: size + 1])
        rows, has_more = found[:size], len(found) > size
        self.newest, self.newer = (self.get_query_string(remove=["p"]) if place else ""), ""
        self.older, self.oldest = (self._to(rows[-1], is_back=False) if has_more else ""), ""
        self._tell(rows)


class AnswerForm(forms.Form):
    """What its owner is told; which of two buttons was pressed says whether it is done."""

    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        required=False,
        strip=True,
        help_text=gettext_lazy("At most 500 characters, on one line. Who asked reads it."),
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
    )

    def clean_answer(self) -> str:
        try:
            return asked.clean(self.cleaned_data["answer"], field=_("Answer"))
        except Invalid as error:
            raise forms.ValidationError(error.sentence) from None

    def read(self) -> dict[str, Any]:
        """What the service asks for, once it is sure that the caller may. Raises Invalid."""
        if not self.is_valid():
            raise Invalid(Code.BAD_REQUEST, field=next(iter(self.errors)))
        return {"answer": self.cleaned_data["answer"], "grant": self.data.get("grant") == "1"}


class RequestAdmin(StewardAdmin):
    """The open ones; one of them, to be answered."""

    kind, told_as = requests.KIND, requests.ANSWER
    policies = {row.verb: row for row in policies.REQUESTS}
    title = gettext_lazy("Requests")
    icon = "contact_support"
    change_list_template = "admin/polis/requests.html"
    list_display = ("who", "thing_shown", "wish", "message_shown", "waits_since")

    def get_urls(self) -> list[URLPattern]:
        view = self.read_or(self.page, requests.ANSWER)
        return [*super().get_urls(), re_path(rf"^{_KEY}/change/$", view, name=self.url_name("change"))]

    def get_changelist(self, request: Any, **_: Any) -> type[Walk]:
        return Queue

    def get_queryset(self, request: Any) -> Any:
        return requests.in_state(requests.everybodys(by=caller.actor_of(request)), Request.State.OPEN)

    def address_of(self, row: Any) -> str:
        return reverse(f"admin:{self.url_name('change')}", args=[row.key])

    @display(description=gettext_lazy("Who asks"))
    def who(self, row: Any) -> SafeString:
        return show.link(self.address_of(row), row.user.name, row.user.key)

    @display(description=gettext_lazy("For what"))
    def thing_shown(self, row: Any) -> SafeString:
        return _thing(row)

    @display(description=gettext_lazy("Verb"))
    def wish(self, row: Any) -> str:
        return words.verb(row.verb)

    @display(description=gettext_lazy("Message"))
    def message_shown(self, row: Any) -> SafeString:
        return format_html('<span class="polis-text">{}</span>', row.message or show.NOTHING)

    @display(description=gettext_lazy("Waits since"))
    def waits_since(self, row: Any) -> str:
        return show.moment(row.created_at)

    def page(self, request: Any, key: str) -> HttpResponse:
        """One request; when an answer is sent, give it."""
        by = caller.actor_of(request)
        row = self._found(key, by)
        if request.method != "POST":
            return self._show(request, row, AnswerForm(), None)
        form = AnswerForm(request.POST)
        try:
            done = requests.answer(
                key,
                by=of_version(by, request.POST),
                read=form.read,
                judge=lambda row: check(row, by, is_secure=request.is_secure()),
            )
        except DomainError as error:
            journal.refuse(by, requests.ANSWER, About(requests.KIND, key), error)
            return self._show(request, self._found(key, by), form, error)
        told = {"verb": words.verb(done.verb), "name": done.thing_name}
        granted = done.state == Request.State.GRANTED
        messages.success(
            request, (_("%(verb)s: %(name)s. Granted.") if granted else _("%(verb)s: %(name)s. Refused.")) % told
        )
        return HttpResponseRedirect(reverse(f"admin:{self.url_name('changelist')}"))

    def _found(self, key: str, by: Actor) -> Any:
        try:
            return requests.find(key, by=by)
        except DomainError as error:
            journal.refuse(by, requests.ANSWER, About(requests.KIND, key), error)
            raise Http404 from None

    def _show(self, request: Any, row: Any, form: AnswerForm, error: DomainError | None) -> TemplateResponse:
        is_about_a_field = form.is_bound and bool(form.errors)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{words.verb(row.verb)} · {row.thing_name}",
            "crumbs": [(reverse(f"admin:{self.url_name('changelist')}"), self.title)],
            "asked": row,
            "verb": words.verb(row.verb),
            "badge": asked.badge(row),
            "facts": _facts(row),
            "form": form if _may_answer(row, caller.actor_of(request)) else None,
            "is_open": requests.state_of(row) == Request.State.OPEN,
            "back": reverse(f"admin:{self.url_name('changelist')}"),
            "error": error.sentence if error is not None and not is_about_a_field else "",
        }
        response = TemplateResponse(request, "admin/polis/request.html", context)
        response.status_code = 200 if error is None else answers.STATUSES.get(error.code, 400)
        return response


def _may_answer(row: Any, by: Actor) -> bool:
    try:
        requests.permit_answer(row, by=by)
    except DomainError:
        return False
    return requests.state_of(row) == Request.State.OPEN


def _facts(row: Any) -> list[tuple[Any, Any]]:
    facts = [
        (_("Who asks"), show.person(row.user)),
        (_("For what"), _thing(row)),
        (_("Waits since"), show.moment(row.created_at)),
        (_("Message"), row.message or show.NOTHING),
    ]
    if row.answered_at is not None:
        facts += [
            (_("Answered by"), show.person(row.answered_by)),
            (_("Answered at"), show.moment(row.answered_at)),
            (_("Answer"), row.answer or show.NOTHING),
        ]
    return facts


def _thing(row: Any) -> SafeString:
    """Its name, which leads to its page."""
    options = registry.kind(row.kind).model._meta
    name = f"{words.KINDS[row.kind]} {row.thing_name}"
    try:
        address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.thing])
    except NoReverseMatch:
        return format_html("{} <small>{}</small>", name, row.thing)
    return show.link(address, name, row.thing)
