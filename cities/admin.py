"""Cities in the super-console."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.admin import show
from accounts.admin.governed import GovernedAdmin, SideFilter, StateFilter
from accounts.models import User
from cities.lifecycle import CITY
from config.kernel import ids, words
from config.kernel.states import Side, State, settled


class OwnerFilter(SimpleListFilter):
    """The one owner whose cities are listed: reached by a link, taken away here."""

    title = _("owner")
    parameter_name = "owner"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return list(User.objects.filter(key=self._key()).values_list("key", "name"))

    def has_output(self) -> bool:
        return self.value() is not None

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(creator__key=self._key()) if self.value() is not None else queryset

    def _key(self) -> str:
        """The id that was given, "" for what is none: PostgreSQL takes no NUL."""
        given = self.value() or ""
        return given if ids.is_key(given) else ""


class CityAdmin(GovernedAdmin):
    """Every city, and one city with its history."""

    table = CITY
    title = _("Cities")
    icon = "location_city"
    list_display = ("name_shown", "state_shown", "owner", "reason_shown", "expires", "updated")
    list_filter = (StateFilter, SideFilter, OwnerFilter)
    search_fields = ("key",)
    search_help_text = _("Id, part of the name, owner")

    def searched(self, request: Any, queryset: Any, term: str) -> Any:
        """Without the bin, unless a state, an owner or an id is named."""
        with_bin = bool({"state", "owner"} & request.GET.keys())
        if not term or "\0" in term:
            return queryset if with_bin else queryset.exclude(state=State.DELETED)
        return queryset.looked_up(term, with_bin=with_bin)

    @display(description=_("Name"))
    def name_shown(self, city: Any) -> SafeString:
        shown = '<a class="polis-person" href="{}">{} <small>{}</small></a>'
        return format_html(shown, self.address_of(city), city.name, city.key)

    @display(description=_("State"))
    def state_shown(self, city: Any) -> SafeString:
        return show.badge(city.state_at(city.seen_at))

    @display(description=_("Owner"))
    def owner(self, city: Any) -> SafeString:
        return self._owner_link(city)

    @display(description=_("Reason"))
    def reason_shown(self, city: Any) -> str:
        return settled(city.facts, city.seen_at).reason or show.NOTHING

    @display(description=_("Until"))
    def expires(self, city: Any) -> str:
        facts = settled(city.facts, city.seen_at)
        return show.until(facts.expires_at) if facts.disabled_at is not None else show.NOTHING

    @display(description=_("Updated"))
    def updated(self, city: Any) -> str:
        return show.moment(city.updated_at)

    def facts_of(self, thing: Any, request: Any) -> list[tuple[Any, Any]]:
        facts = settled(thing.facts, request.now)
        people = show.names_of([facts.disabled_by, facts.deleted_by])
        rows = [(_("Id"), thing.key), (_("Owner"), self._owner_link(thing)), (_("Brief"), thing.brief)]
        if facts.disabled_at is not None:
            rows += [
                (
                    _("Disabled by"),
                    f"{show.named(facts.disabled_by, people)} · {words.SIDES[Side(facts.disabled_side)]}",
                ),
                (_("Disabled at"), show.moment(facts.disabled_at)),
                (_("Reason"), facts.reason),
                (_("Until"), show.until(facts.expires_at)),
            ]
        if facts.deleted_at is not None:
            rows += [
                (_("Deleted by"), show.named(facts.deleted_by, people)),
                (_("Deleted at"), show.moment(facts.deleted_at)),
            ]
        rows += [
            (_("Type"), thing.type),
            (_("User group"), thing.igrp),
            (_("Created"), show.moment(thing.created_at)),
            (_("Updated"), show.moment(thing.updated_at)),
            (_("Updated by"), show.person(thing.updater)),
        ]
        return [(word, value) for word, value in rows if value]

    def _owner_link(self, city: Any) -> SafeString:
        if city.creator is None:
            return show.person(None)
        address = f"{self.list_address()}?owner={city.creator.key}"
        return format_html('<a href="{}">{}</a>', address, show.person(city.creator))
