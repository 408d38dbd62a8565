"""Exporting what a list shows of the trail: a page that says what, and a file, for a god with a fresh proof (S24)."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from accounts.admin import caller
from accounts.admin.filters import Period
from accounts.admin.lists import ReadOnlyAdmin
from accounts.admin.walk import Walk
from accounts.audit import export, journal
from accounts.pages import answers, show
from config.kernel import ids, words
from config.kernel.errors import DomainError


class ExportingAdmin(ReadOnlyAdmin):
    """The address of the list, with `export/` before its question."""

    change_list_template = "admin/polis/trail.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.guarded(require_http_methods(["GET", "HEAD", "POST"])(self.export_page), export.EXPORT)
        return [*super().get_urls(), path("export/", view, name=self.url_name("export"))]

    def changelist_view(self, request: Any, extra_context: Any = None) -> Any:
        """Nobody but a god is offered it."""
        is_offered = caller.actor_of(request).is_god
        offered = {"export": reverse(f"admin:{self.url_name('export')}")} if is_offered else {}
        return super().changelist_view(request, {**offered, **(extra_context or {})})

    def export_page(self, request: Any) -> HttpResponseBase:
        """Ask in which form; when that is sent, give the file."""
        by, form = caller.actor_of(request), request.POST.get("as", "")
        try:
            export.permit(by=by)
            if request.method != "POST" or form not in export.FORMS:
                return self._ask(request, None)
            found = self.get_changelist_instance(request)
            rows = export.export(found.queryset, form, by=by, told=_told(found))
        except DomainError as error:
            journal.refuse(by, export.EXPORT, self.about({}), error)
            return self._ask(request, error)
        return StreamingHttpResponse(rows, headers=export.head_of(form, by.now))

    def _ask(self, request: Any, error: DomainError | None) -> HttpResponse:
        changelist = reverse(f"admin:{self.url_name('changelist')}")
        found = self.get_changelist_instance(request) if error is None else None
        context = {
            **self.admin_site.each_context(request),
            "title": words.verb(export.EXPORT),
            "crumbs": [(changelist, self.title)],
            "question": _question(found) if found is not None else None,
            "forms": [("csv", "CSV"), ("jsonl", "JSON Lines")],
            "back": f"{changelist}?{request.GET.urlencode()}",
            "error": error.sentence if error is not None else "",
            "prove": answers.way_to_prove(request, error),
        }
        response = TemplateResponse(request, "admin/polis/export.html", context)
        response.status_code = 200 if error is None else answers.STATUSES.get(error.code, 400)
        return response


def _told(found: Walk) -> dict[str, str]:
    """What was asked for, as the trail may keep it: words that are known, moments, and ids (S17)."""
    told = {"q": ids.foreign_id(found.query)} if found.query else {}
    for spec in found.filter_specs:
        if isinstance(spec, Period):
            bounds = {"since": spec.since, "until": spec.until}
            told |= {name: at.isoformat() for name, at in bounds.items() if at is not None}
        elif spec.value() in dict(spec.lookup_choices):
            told[str(spec.parameter_name)] = spec.value()
    return told


def _question(found: Walk) -> list[tuple[Any, Any]]:
    """The same for a person: pairs of a word and what it is to be."""
    rows: list[tuple[Any, Any]] = [(_("Search"), found.query)] if found.query else []
    for spec in found.filter_specs:
        if isinstance(spec, Period):
            bounds = ((_("From"), spec.since), (pgettext("moment", "Before"), spec.until))
            rows += [(word, show.moment(at)) for word, at in bounds if at is not None]
        elif (word := dict(spec.lookup_choices).get(spec.value())) is not None:
            rows.append((spec.title, word))
    return rows
