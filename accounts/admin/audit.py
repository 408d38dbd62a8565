"""The audit trail's list: for every steward to read, for a god to take along, for nobody to change."""

from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts import policies
from accounts.admin import caller
from accounts.admin.exporting import ExportingAdmin
from accounts.admin.filters import Period
from accounts.admin.lists import Choice
from accounts.audit import reading
from accounts.machine import overrides
from accounts.models import AuditEvent, User
from accounts.pages import show, trail
from config.kernel import names, registry, words


class KindFilter(Choice):
    title = _("kind")
    parameter_name = "kind"
    words = tuple(words.KINDS.items())


class VerbFilter(Choice):
    title = _("verb")
    parameter_name = "verb"
    words = tuple((code, word) for code, word in words.VERBS.items())


class DoorFilter(Choice):
    title = _("door")
    parameter_name = "door"
    words = tuple(words.DOORS.items())


class OutcomeFilter(Choice):
    title = _("outcome")
    parameter_name = "outcome"
    words = tuple(words.OUTCOMES.items())


class TimeFilter(Period):
    """When it happened."""

    title = _("time")
    parameter_name = "at"
    column = "at"
    input = "datetime-local"
    more_parameters = ("at_from", "at_to")

    def chosen(self, queryset: Any) -> Any:
        return reading.narrowed(queryset, {}, since=self.since, until=self.until)


class AuditEventAdmin(ExportingAdmin):
    """Newest first; found by thing, actor or request."""

    title = _("Audit trail")
    kind = "audit"
    policies = {row.verb: row for row in policies.AUDIT}
    icon = "history"
    list_display = ("when", "who", "what", "thing_shown", "changed", "came_by", "request_shown")
    list_filter = (TimeFilter, KindFilter, VerbFilter, DoorFilter, OutcomeFilter)
    search_fields = ("thing",)
    search_help_text = _("Id of a thing, of an actor, of a request")
    list_display_links = None

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return caller.may_enter(request)

    def searched(self, request: Any, queryset: Any, term: str) -> Any:
        """Exact, and each way by its index; requests, whose ids are the client's choice, where nothing else has it."""
        if not term or "\0" in term:
            return queryset
        person = User.objects.filter(name_key=names.name_key(term)).values_list("key", flat=True)
        kinds = [overrides.KIND, *(kind.name for kind in registry.kinds())]
        found = queryset.filter(Q(kind__in=kinds, thing=term) | Q(actor__in=[term, *person]))
        return found if found.exists() else queryset.filter(Q(request_id=term) | Q(batch=term))

    def dress(self, rows: list[AuditEvent], request: Any) -> None:
        people = show.names_of(trail.people_in(rows))
        for row in rows:
            row.told = trail.entry(row, people)

    @display(description=_("Time"))
    def when(self, event: Any) -> SafeString:
        return format_html('<time class="polis-time">{}</time>', show.second(event.at))

    @display(description=_("Actor"))
    def who(self, event: Any) -> SafeString:
        return format_html('<span class="polis-person">{} <small>{}</small></span>', event.told.actor, event.actor)

    @display(description=_("Verb"))
    def what(self, event: Any) -> SafeString:
        told = event.told
        verb = format_html('<span class="polis-word">{}</span>', told.verb)
        times = f" × {told.count}" if told.count > 1 else ""
        if told.is_refused:
            refused = words.OUTCOMES["refused"]
            return format_html(
                '{} <span class="polis-badge is-red" title="{}">{}{}</span>', verb, told.why, refused, times
            )
        return format_html("{}{}", verb, times)

    @display(description=_("Thing"))
    def thing_shown(self, event: Any) -> SafeString:
        name = event.thing_name or words.KINDS.get(event.kind, event.kind)
        shown = format_html('<span class="polis-person">{} <small>{}</small></span>', name, event.thing)
        address = _page_of(event.kind, event.thing)
        return format_html('<a href="{}">{}</a>', address, shown) if address else shown

    @display(description=_("Changed"))
    def changed(self, event: Any) -> SafeString:
        told = ((each.word, each.before, "→" if each.before else "", each.after) for each in event.told.changes)
        changes = format_html_join("", "<span>{}: {} {} {}</span>", told)
        return format_html('<div class="polis-changes">{}</div>', changes)

    @display(description=_("Door"))
    def came_by(self, event: Any) -> SafeString:
        return format_html('<span class="polis-word">{}</span>', event.told.door)

    @display(description=_("Request"))
    def request_shown(self, event: Any) -> SafeString | str:
        if not event.request_id:
            return show.NOTHING
        return format_html('<a href="?q={0}" class="polis-code">{0}</a>', event.request_id)


def _page_of(kind: str, key: str) -> str:
    """The page of a thing of the trail, whether it still stands or not; "" for a kind that has none."""
    if kind == overrides.KIND:
        return reverse("admin:accounts_policybook_change", args=[key]) if registry.find_policy(key) else ""
    try:
        table = registry.kind(kind).table
        return reverse(f"admin:{table.app}_{table.kind}_change", args=[key])
    except (KeyError, NoReverseMatch):
        return ""
