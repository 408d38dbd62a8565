"""Many things at once, at the super-console: what would become of each, the word to begin, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, re_path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts import policies
from accounts.access.actor import Actor
from accounts.access.policies import check
from accounts.admin import caller
from accounts.admin.below import list_of
from accounts.admin.dress import dressed
from accounts.admin.stewards import StewardAdmin
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.machine import operations, outlooks, purging
from accounts.machine.outlooks import Outlook
from accounts.models import Operation, OperationItem
from accounts.pages import answers, effects, show, verbs
from config.kernel import registry, words
from config.kernel.errors import SENTENCES, Code, DomainError
from config.kernel.states import Verb

_KEY = r"(?P<key>[A-Za-z0-9]{1,64})"
_NAMED = 20  # things of one outcome that are named
_STATES = {
    "planned": ("amber", lambda: pgettext("operation", "Not begun")),
    "running": ("green", lambda: pgettext("operation", "Running")),
    "stopped": ("grey", lambda: pgettext("operation", "Stopped")),
    "done": ("grey", lambda: pgettext("operation", "Done")),
}


class CountForm(verbs.VerbForm):
    """How many, typed: nothing goes for good by a slip."""

    count = forms.IntegerField(
        label=gettext_lazy("Type how many go for good"),
        widget=UnfoldAdminTextInputWidget({"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_count(self) -> int:
        typed: int = self.cleaned_data["count"]
        if typed != self.thing:
            raise forms.ValidationError(_("This is not how many there are."))
        return typed


@dataclass(frozen=True, slots=True)
class Group:
    """The things of one outcome: how many, why, and the first by name."""

    word: Any
    colour: str
    many: int
    items: list[OperationItem]

    @property
    def more(self) -> int:
        return self.many - len(self.items)


class OperationAdmin(StewardAdmin):
    """What was and is being done to many; one of them, to be begun, followed and stopped by whose it is."""

    kind, told_as = operations.KIND, operations.OPERATE
    policies = {row.verb: row for row in policies.OPERATIONS}
    title = gettext_lazy("Operations")
    icon = "checklist"
    list_display = ("what", "who", "many", "state_shown", "begun")

    def get_urls(self) -> list[URLPattern]:
        page, stop = self.read_or(self.page, operations.OPERATE), self.guarded(require_POST(self.stop), operations.STOP)
        return [
            *super().get_urls(),
            re_path(rf"^{_KEY}/change/$", page, name=self.url_name("change")),
            re_path(rf"^{_KEY}/stop/$", stop, name=self.url_name("stop")),
        ]

    def get_queryset(self, request: Any) -> Any:
        return Operation.objects.select_related("user").exclude(state=Operation.State.PLANNED)

    def address_of(self, row: Any) -> str:
        return address_of(row)

    @display(description=gettext_lazy("Verb"))
    def what(self, row: Any) -> SafeString:
        return show.link(address_of(row), _title(row), row.key)

    @display(description=gettext_lazy("Actor"))
    def who(self, row: Any) -> SafeString:
        return show.person(row.user)

    @display(description=gettext_lazy("How many"))
    def many(self, row: Any) -> str:
        return f"{row.total:,}"

    @display(description=gettext_lazy("State"))
    def state_shown(self, row: Any) -> SafeString:
        return _badge(row)

    @display(description=gettext_lazy("Begun"))
    def begun(self, row: Any) -> str:
        return show.moment(row.started_at)

    def page(self, request: Any, key: str) -> HttpResponse:
        """One operation; of one's own a plan can be begun."""
        by, row = caller.actor_of(request), self._found(request, key)
        if request.method != "POST":
            return self._show(request, row)
        shown: list[verbs.VerbForm] = []

        def read(outlook: Outlook) -> Mapping[str, Any]:
            shown.append(_form(row, outlook, request))
            return shown[0].read()

        try:
            row = operations.start(key, by=by, read=read)
        except DomainError as error:
            journal.refuse(by, operations.OPERATE, About(operations.KIND, key), error)
            return self._show(request, self._found(request, key), shown[0] if shown else None, error)
        return HttpResponseRedirect(address_of(row))

    def stop(self, request: Any, key: str) -> HttpResponse:
        by = caller.actor_of(request)
        try:
            row = operations.stop(key, by=by)
        except DomainError as error:
            journal.refuse(by, operations.STOP, About(operations.KIND, key), error)
            return self._show(request, self._found(request, key), None, error)
        messages.info(request, _("Stopped. What was done stays done."))
        return HttpResponseRedirect(address_of(row))

    def _found(self, request: Any, key: str) -> Operation:
        """One that is not hidden: a plan is its maker's alone, and what a policy closes is not told here either."""
        by = caller.actor_of(request)
        row = Operation.objects.select_related("user").filter(key=key).first()
        if row is None or (row.state == Operation.State.PLANNED and not operations.is_of(row, by)):
            raise Http404
        try:
            check(registry.kind(row.kind).policy(Verb.QRI), by, is_secure=request.is_secure())
        except DomainError:
            raise Http404 from None
        return row

    def _show(self, request: Any, row: Operation, form: Any = None, error: DomainError | None = None) -> HttpResponse:
        by = caller.actor_of(request)
        is_running = row.state == Operation.State.RUNNING
        outlook = outlooks.look(row, by=by) if row.state == Operation.State.PLANNED else None
        if outlook is not None:
            error = error or _proof_wanted(row, by)
            may_begin = outlook.done and (error is None or error.code is not Code.REAUTHENTICATE)
            form = (form or _form(row, outlook, request, is_empty=True)) if may_begin else None
        is_about_a_field = form is not None and form.is_bound and bool(form.errors)
        context = {
            **self.admin_site.each_context(request),
            "title": _title(row),
            "crumbs": [(reverse(f"admin:{self.url_name('changelist')}"), self.title)],
            "operation": row,
            "badge": _badge(row),
            "groups": _planned(row, outlook) if outlook is not None else _done(row),
            "progress": operations.progress(row),
            "is_planned": outlook is not None,
            "is_running": is_running,
            "stop": reverse(f"admin:{self.url_name('stop')}", args=[row.key])
            if is_running and operations.may_stop(row, by)
            else "",
            "form": form and dressed(form),
            "submit": _submit(row, outlook) if outlook is not None else "",
            "is_dangerous": row.verb in {Verb.DIS, Verb.DEL},
            "effect": _EFFECTS.get(Verb(row.verb), verbs.EFFECTS[Verb(row.verb)]),
            "below": _below(row, outlook, by) if form is not None and outlook is not None else "",
            "facts": _facts(row),
            "back": list_of(row.kind),
            "trail": f"{reverse('admin:accounts_auditevent_changelist')}?q={row.key}",
            "error": error.sentence if error is not None and not is_about_a_field else "",
            "prove": answers.way_to_prove(request, error),
        }
        response = TemplateResponse(request, "admin/polis/operation.html", context)
        is_answer = error is not None and request.method == "POST"
        response.status_code = answers.STATUSES.get(error.code, 400) if error is not None and is_answer else 200
        return response


def address_of(row: Operation) -> str:
    return reverse("admin:accounts_operation_change", args=[row.key])


def _title(row: Operation) -> str:
    return f"{words.verb(row.verb)} · {words.KINDS[row.kind]} × {row.total:,}"


def _badge(row: Operation) -> SafeString:
    colour, word = _STATES[row.state]
    return format_html('<span class="polis-badge is-{}">{}</span>', colour, word())


def _proof_wanted(row: Operation, by: Actor) -> DomainError | None:
    """What is removed asks for a fresh proof before it asks for anything else (S3)."""
    try:
        purging.check_proved(Verb(row.verb), by)
    except DomainError as error:
        return error
    return None


def _form(row: Operation, outlook: Outlook, request: Any, *, is_empty: bool = False) -> verbs.VerbForm:
    """What the verb asks for: of a ban the reason and the end, of a removal how many there are."""
    data = None if is_empty else request.POST
    if row.verb == Verb.DEL:
        return CountForm(len(outlook.done), request.now, data)
    form = verbs.DisableForm if row.verb == Verb.DIS else verbs.VerbForm
    return form(None, request.now, data)


def _below(row: Operation, outlook: Outlook, by: Actor) -> str:
    return effects.foretell_many(row.kind, Verb(row.verb), [item.thing for item in outlook.done], by.now)


def _submit(row: Operation, outlook: Outlook) -> str:
    return f"{words.verb(row.verb)} {len(outlook.done):,}"


def _planned(row: Operation, outlook: Outlook) -> list[Group]:
    groups = [
        Group(_("Will be done"), "green", len(outlook.done), outlook.done[:_NAMED]),
        Group(_SAME.get(Verb(row.verb), _("Is so already")), "grey", len(outlook.same), outlook.same[:_NAMED]),
        *(Group(_why(code), "amber", len(items), items[:_NAMED]) for code, items in outlook.skipped.items()),
    ]
    return [group for group in groups if group.many]


def _done(row: Operation) -> list[Group]:
    """What has become of them so far; those that were passed by are named."""
    progress, skipped = operations.progress(row), OperationItem.Outcome.SKIPPED
    groups = [
        Group(_("Done"), "green", progress.done, []),
        Group(_SAME.get(Verb(row.verb), _("Was so already")), "grey", progress.same, []),
    ]
    for code, many in progress.skipped.items():
        named = row.items.filter(outcome=skipped, code=code).order_by("pk")[:_NAMED]
        groups.append(Group(_why(code), "amber", many, list(named)))
    return [group for group in groups if group.many]


def _why(code: str) -> str:
    """Why things were passed by, in a sentence without the facts of any one of them."""
    return str(_REASONS.get(Code(code)) or SENTENCES[Code(code)])


_SAME = {Verb.DIS: gettext_lazy("Disabled already, with a reason and an end of its own, which it keeps")}
_EFFECTS = {
    Verb.RCC: gettext_lazy(
        "They come out of the recycle bin as what they were: as many as there is room for, with their owners or in "
        "what they stand in."
    ),
}
_REASONS = {
    Code.NOT_FOUND: gettext_lazy("There is none any more."),
    Code.WRONG_STATE: gettext_lazy("Its present state does not allow it."),
    Code.HAS_CHILDREN: gettext_lazy("Something still stands under it."),
    Code.LIMIT_REACHED: gettext_lazy("Its owner, or what it stands in, has no room for it."),
    Code.EXPIRES_IN_PAST: gettext_lazy("The ban would have ended already."),
    Code.BUSY: gettext_lazy("The server was too busy, or failed at it: its log tells."),
}


def _facts(row: Operation) -> list[tuple[Any, Any]]:
    rows = [
        (_("Actor"), show.person(row.user)),
        (_("Begun"), show.moment(row.started_at) if row.started_at else ""),
        (_("Over since"), show.moment(row.ended_at) if row.ended_at else ""),
        (_("Stopped, since"), _why(row.code) if row.code else ""),
        (_("Reason"), row.reason),
        (_("Until"), show.until(row.expires_at) if row.verb == Verb.DIS and row.started_at else ""),
    ]
    return [(word, value) for word, value in rows if value]
