"""Lists of the super-console: read-only, newest first, never counted."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import IntegerField, QuerySet, Subquery
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe
from unfold.admin import ModelAdmin

from accounts.access import policies
from accounts.admin import caller
from accounts.admin.walk import Walk
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.pages import answers
from config.kernel.errors import DomainError
from config.kernel.policies import Policy


class Choice(admin.SimpleListFilter):
    """A filter over words that are known beforehand: no SELECT DISTINCT over the table."""

    words: Iterable[tuple[Any, Any]] = ()

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(value), word) for value, word in self.words]

    def queryset(self, request: Any, queryset: Any) -> Any:
        value = self.value()
        if value is None or value not in dict(self.lookup_choices):
            return queryset
        return self.chosen(request, queryset, value)

    def chosen(self, request: Any, queryset: Any, value: str) -> Any:
        """The rows of a value that is one of the words."""
        return queryset.filter(**{str(self.parameter_name): value})


class LinkFilter(admin.SimpleListFilter):
    """The one thing whose rows are listed: reached by a link, taken away here."""

    column: ClassVar[str]

    def named(self, text: str) -> Any:
        """The thing that an address names, None where there is none."""
        raise NotImplementedError

    @cached_property
    def found(self) -> Any:
        return self.named(self.value() or "")

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(self.value()), self.found.name)] if self.found is not None else []

    def has_output(self) -> bool:
        return self.value() is not None

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        return queryset.filter(**{self.column: self.found}) if self.found is not None else queryset.none()


def known_by(spec: Any) -> tuple[str, ...]:
    """The parameters of a filter."""
    return (*getattr(spec, "more_parameters", ()), spec.parameter_name)


COUNTED = 100  # of what a row holds: no further


class Counted(Subquery):
    """How many rows a sliced query has: it reads no further than the slice."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def count_held(rows: Sequence[Any], held: Any) -> None:
    """Give a page's rows `counted`, in one query: how many of `held`, a queryset by OuterRef("pk"), each has."""
    if not rows:
        return
    counted = Counted(held.order_by().values("pk")[: COUNTED + 1])
    found = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).annotate(many=counted)
    counts = dict(found.values_list("pk", "many"))
    for row in rows:
        many = counts.get(row.pk, 0)
        row.counted = str(many) if many <= COUNTED else f"{COUNTED}+"


_LONGEST_TERM = 256  # longer than any name or id; a pattern of any length is a cost of its own


class ReadOnlyAdmin(ModelAdmin):
    """A list to look at. It has no form, so no crafted one can change anything."""

    title: ClassVar[Any] = ""  # in the menu and over the list
    kind: ClassVar[str] = ""  # of the trail
    policies: ClassVar[Mapping[str, Policy]] = {}  # the row that each verb is judged by
    icon: ClassVar[str] = "list"  # of Material Symbols
    actions = None
    list_per_page = 50
    list_display_links: Sequence[str] | None = None
    sortable_by: Sequence[str] = ()
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_filter_sheet = True
    change_list_template = "admin/polis/list.html"

    def get_urls(self) -> list[URLPattern]:
        """The addresses that exist, and no others: neither add, change, delete nor Django's own history."""
        return [path("", self.guarded(require_safe(self.changelist_view)), name=self.url_name("changelist"))]

    def url_name(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def guarded(self, view: Any, verb: str = "") -> Any:
        """A page for stewards, judged as at every door by the policy of its verb: the address's, where none is said."""
        return self.admin_site.admin_view(self._judged(view, verb))

    def _judged(self, view: Any, verb: str) -> Any:
        def judge(request: Any, **named: Any) -> HttpResponse:
            wanted = verb or self.verb_of(named)
            by, about = caller.actor_of(request), self.about(named)
            try:
                policies.check(self.policy_of(wanted, about), by, is_secure=request.is_secure())
            except DomainError as error:
                journal.refuse(by, wanted, about, error)
                return self._closed(request, error)
            return view(request, **named)

        return judge

    def menu(self) -> list[tuple[Any, str, str]]:
        """The entries of the menu: a word, an icon, and where it leads."""
        return [(self.title, self.icon, reverse(f"admin:{self.url_name('changelist')}"))]

    def verb_of(self, named: Mapping[str, Any]) -> str:
        """The verb of an address: what it names, else that of one thing's page or of the list."""
        return str(named.get("verb", "get" if "key" in named else "qri")).upper()

    def about(self, named: Mapping[str, Any]) -> About:
        """What an address is about, for the trail."""
        return About(self.kind)

    def policy_of(self, verb: str, about: About) -> Policy:
        """The row by which a verb is judged."""
        return self.policies[verb]

    def _closed(self, request: Any, error: DomainError) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": self.title, "error": error.sentence}
        return TemplateResponse(
            request, "admin/polis/closed.html", context, status=answers.STATUSES.get(error.code, 403)
        )

    def address_of(self, row: Any) -> str:
        """The page of a row, "" where it has none."""
        return ""

    def dress(self, rows: list[Any], request: Any) -> None:
        """Give the page's rows what their columns need, in as many queries whatever the rows."""

    def get_changelist(self, request: Any, **_: Any) -> type[Walk]:
        return Walk

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """The filters' own parameters. Django allows any column, digests of secrets among them (S15)."""
        return any(lookup in known_by(each) for each in self.get_list_filter(request))

    def get_search_results(self, request: Any, queryset: QuerySet[Any], term: str) -> tuple[QuerySet[Any], bool]:
        return self.searched(request, queryset, term.strip()[:_LONGEST_TERM]), False

    def searched(self, request: Any, queryset: Any, term: str) -> Any:
        return queryset

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_module_permission(self, request: Any) -> bool:
        return self.has_view_permission(request)
