"""Choosing many things of a list, for one verb: the boxes on its rows, and where they are sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display

from accounts.access.policies import check
from accounts.admin import caller
from accounts.admin.lists import ReadOnlyAdmin
from accounts.admin.operations import address_of
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.machine import operations
from accounts.machine.operations import OPERATE
from accounts.pages import answers
from config.kernel import registry, words
from config.kernel.errors import Code, DomainError, Invalid
from config.kernel.policies import Policy
from config.kernel.states import Table, Verb

_LONGEST = 1_000  # boxes that one page can send


class ManyAdmin(ReadOnlyAdmin):
    """A list whose rows can be chosen, where things of its kind have the full lifecycle."""

    table: Table
    list_after_template = "admin/polis/bulk.html"

    @property
    def is_chosen_from(self) -> bool:
        return hasattr(self.model, "grants")

    def get_urls(self) -> list[URLPattern]:
        if not self.is_chosen_from:
            return super().get_urls()
        bulk = self.guarded(require_POST(self.bulk), OPERATE)
        return [*super().get_urls(), path("bulk/", bulk, name=self.url_name("bulk"))]

    def policy_of(self, verb: str, about: About) -> Policy:
        return operations.ROW if verb == OPERATE else super().policy_of(verb, about)

    def get_list_display(self, request: Any) -> Any:
        shown = super().get_list_display(request)
        return ("choose", *shown) if self._verbs(request) else shown

    @display(description=gettext_lazy("Choose"))
    def choose(self, thing: Any) -> SafeString:
        box = '<input type="checkbox" class="polis-choose" name="thing" form="polis-bulk" value="{}" aria-label="{}">'
        return format_html(box, thing.key, thing.name)

    def changelist_view(self, request: Any, extra_context: Any = None) -> HttpResponse:
        verbs = [(verb, words.verb(verb), verb is Verb.DEL) for verb in self._verbs(request)]
        told: dict[str, Any] = {"bulk_verbs": verbs}
        if verbs:
            address = reverse(f"admin:{self.url_name('bulk')}")
            told["bulk_action"] = f"{address}?{request.META['QUERY_STRING']}"
        return super().changelist_view(request, {**told, **(extra_context or {})})

    def _verbs(self, request: Any) -> list[Verb]:
        """The verbs that the caller's role gives them on all things of the kind."""
        return operations.verbs_of(caller.actor_of(request)) if self.is_chosen_from else []

    def bulk(self, request: Any) -> HttpResponse:
        """Keep what was chosen, and lead to the page that tells what would become of it."""
        by, kind = caller.actor_of(request), registry.kind(self.table.kind)
        given = request.POST.get("verb", "")
        try:
            if given not in operations.VERBS:
                raise Invalid(Code.BAD_CHOICE, field="verb", allowed=", ".join(operations.VERBS))
            check(kind.policy(given), by, is_secure=request.is_secure())
            operation = operations.plan(kind, Verb(given), self._chosen(request), by=by)
        except DomainError as error:
            journal.refuse(by, given if given in operations.VERBS else OPERATE, About(kind.name), error)
            return self._not_planned(request, error)
        return HttpResponseRedirect(address_of(operation))

    def _chosen(self, request: Any) -> Any:
        """The rows whose boxes were ticked; or all that the list, with its search and filters, shows on all pages."""
        if request.POST.get("which") == "all":
            return self.get_changelist_instance(request).queryset
        keys = [read for key in request.POST.getlist("thing")[:_LONGEST] if (read := self.model.read_id(key))]
        return self.get_queryset(request).filter(key__in=keys)

    def _not_planned(self, request: Any, error: DomainError) -> HttpResponse:
        """Back to the list with a word; of what is refused, a page of its own."""
        told = {
            Code.REQUIRED: _("Nothing was chosen."),
            Code.LIMIT_REACHED: _("One operation takes at most %(most)s. Narrow the list by its filters.")
            % {"most": f"{error.facts.get('limit', 0):,}"},
        }
        if error.code in told:
            messages.warning(request, told[error.code])
            back = reverse(f"admin:{self.url_name('changelist')}")
            return HttpResponseRedirect(f"{back}?{request.META['QUERY_STRING']}".rstrip("?"))
        context = {
            **self.admin_site.each_context(request),
            "title": self.title,
            "error": error.sentence,
        }
        status = answers.STATUSES.get(error.code, 400)
        return TemplateResponse(request, "admin/polis/not_done.html", context, status=status)
