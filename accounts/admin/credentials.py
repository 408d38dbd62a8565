"""Tokens and access keys in the super-console: to look at. Whose they are ends them (S5), or who closes that person."""

from typing import Any, ClassVar

from django.db.models import CharField, Q, Value
from django.urls import URLPattern, re_path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe
from unfold.decorators import display

from accounts import policies
from accounts.access.actor import Actor
from accounts.admin import caller
from accounts.admin.filters import SECRET_ENDS, user_of
from accounts.admin.governed import KEY, GovernedAdmin, StateFilter
from accounts.admin.lists import Choice, LinkFilter, ReadOnlyAdmin
from accounts.audit.journal import About
from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN
from accounts.models import User
from accounts.pages import show
from config.kernel import names
from config.kernel.policies import Policy
from config.kernel.states import State, Verb, settled

# Who names one of these finds what has ended too.
_FINDS_ENDED = frozenset({"state", "owner"})


class OwnerFilter(LinkFilter):
    """The one person whose credentials are listed."""

    title = gettext_lazy("owner")
    parameter_name = "owner"
    column = "user"

    def named(self, text: str) -> Any:
        return user_of(text)


class EndFilter(Choice):
    """What is good no more soon."""

    title = gettext_lazy("end")
    parameter_name = "expires"
    words = (("soon", gettext_lazy("Within 7 days")),)

    def chosen(self, request: Any, queryset: Any, value: str) -> Any:
        return queryset.filter(ends_at__gt=request.now, ends_at__lte=request.now + SECRET_ENDS)


class SignedInFilter(Choice):
    """Tokens that came of a signing in are not among the others: they come and go by themselves."""

    title = gettext_lazy("origin")
    parameter_name = "origin"
    words = (("login", gettext_lazy("Of a sign-in")),)

    def chosen(self, request: Any, queryset: Any, value: str) -> Any:
        return queryset.filter(login__isnull=False)


class CredentialAdmin(GovernedAdmin):
    """Abstract: everybody's credentials, never a secret nor a hash of one; and one with its history."""

    rows: ClassVar[tuple[Policy, ...]]
    hidden: ClassVar[tuple[str, ...]]  # columns that are not even read
    icon = "key"
    list_display = ("name_shown", "owner", "scopes_shown", "state_shown", "ends", "used", "created")
    search_fields = ("key",)
    search_help_text = gettext_lazy("Id, its owner's id or name")

    def get_urls(self) -> list[URLPattern]:
        """No verb has an address: none is a steward's."""
        page = self.guarded(require_safe(self.page))
        return [*ReadOnlyAdmin.get_urls(self), re_path(rf"^{KEY}/change/$", page, name=self.url_name("change"))]

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return caller.may_enter(request)

    def policy_of(self, verb: str, about: About) -> Policy:
        return next(row for row in self.rows if row.verb == verb)

    def seen_by(self, by: Actor) -> Any:
        """None is held by a grant."""
        rows = self.model._default_manager.select_related("user", "shop").defer(*self.hidden)
        return rows.annotate(held=Value(None, CharField(null=True)))

    def searched(self, request: Any, queryset: Any, term: str) -> Any:
        """Without what has ended, unless a state, an owner or an id is named."""
        if term and "\0" not in term:
            owners = User.objects.filter(Q(key=term) | Q(name_key=names.name_key(term))).values_list("pk", flat=True)
            return queryset.filter(Q(key=term) | Q(user__in=list(owners)))
        return queryset if _FINDS_ENDED & request.GET.keys() else queryset.exclude(state=State.DELETED)

    def find(self, request: Any, key: str, verb: str) -> Any:
        return _named(super().find(request, key, verb))

    def offered(self, thing: Any, by: Actor) -> list[Verb]:
        return []

    def dress(self, rows: list[Any], request: Any) -> None:
        super().dress(rows, request)
        for row in rows:
            _named(row)

    @display(description=gettext_lazy("Name"))
    def name_shown(self, row: Any) -> SafeString:
        return show.link(self.address_of(row), row.name, row.key)

    @display(description=gettext_lazy("Owner"))
    def owner(self, row: Any) -> SafeString:
        return _owner(row.user)

    @display(description=gettext_lazy("Scopes"))
    def scopes_shown(self, row: Any) -> str:
        return ", ".join(row.scopes)

    @display(description=gettext_lazy("State"))
    def state_shown(self, row: Any) -> SafeString:
        return show.badge(row.state_at(row.seen_at))

    @display(description=gettext_lazy("Ends"))
    def ends(self, row: Any) -> str:
        return show.moment(row.ends_at) if row.ends_at else pgettext("end", "never")

    @display(description=gettext_lazy("Last used"))
    def used(self, row: Any) -> str:
        return show.used(row)

    @display(description=gettext_lazy("Created"))
    def created(self, row: Any) -> str:
        return show.moment(row.created_at)

    def facts_of(self, thing: Any, request: Any) -> list[tuple[Any, Any]]:
        rows = [
            (_("Id"), thing.key),
            (_("Owner"), _owner(thing.user)),
            (_("Begins with"), f"{thing.hint}…" if thing.hint else ""),
            (_("Scopes"), ", ".join(thing.scopes)),
            (_("Cities"), ", ".join(thing.cities) or _("all of its owner's")),
            (_("Project"), thing.project),
            (_("Addresses"), ", ".join(thing.addresses) or _("any")),
            (_("Audience"), thing.audience),
            (_("Shop"), thing.shop.key),
            (_("Ends"), self.ends(thing)),
            (_("Last used"), show.used(thing)),
            *show.closing(settled(thing.facts, request.now), self.list_address()),
            (_("Created"), show.moment(thing.created_at)),
        ]
        return [(word, value) for word, value in rows if value]


class TokenAdmin(CredentialAdmin):
    """Access tokens."""

    table, rows, hidden = ACCESS_TOKEN, policies.TOKENS, ("digest",)
    title = gettext_lazy("Access tokens")
    list_filter = (StateFilter, EndFilter, SignedInFilter, OwnerFilter)

    def searched(self, request: Any, queryset: Any, term: str) -> Any:
        found = super().searched(request, queryset, term)
        return found if term or "origin" in request.GET else found.filter(login__isnull=True)


class AccessKeyAdmin(CredentialAdmin):
    """Access keys: the AK, and of the SK its beginning."""

    table, rows, hidden = ACCESS_KEY, policies.ACCESS_KEYS, ("sealed",)
    title = gettext_lazy("Access keys")
    icon = "vpn_key"
    list_filter = (StateFilter, EndFilter, OwnerFilter)


def _named(row: Any) -> Any:
    """With a name to show, where its maker has given none."""
    row.name = row.name or pgettext("credential", "Unnamed")
    return row


def _owner(user: User) -> SafeString:
    return show.link(reverse("admin:accounts_user_change", args=[user.key]), user.name, user.key)
