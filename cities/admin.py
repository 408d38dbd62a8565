"""Cities in the super-console."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, re_path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.access.actor import Actor
from accounts.admin import below, caller
from accounts.admin.filters import BanFilter, BinFilter, CloserFilter, CreatedFilter, user_of
from accounts.admin.governed import KEY, Button, SideFilter, StateFilter
from accounts.admin.lists import LinkFilter
from accounts.audit.journal import About
from accounts.pages import show
from accounts.pages.secrets import of_version
from accounts.pages.verbs import NameForm
from cities import policies, transfers
from cities.desk import DeskAdmin
from cities.lifecycle import CITY
from cities.transfers import TRANSFER
from config.kernel import ids, words
from config.kernel.errors import DomainError
from config.kernel.policies import Policy
from config.kernel.states import State, settled

_TRANSFER_EFFECT = _(
    "It belongs to somebody else at once, whatever state it is in. Every share in it and in what stands there ends."
)


class OwnerFilter(LinkFilter):
    """The one owner whose cities are listed."""

    title = _("owner")
    parameter_name = "owner"
    column = "creator"

    def named(self, text: str) -> Any:
        return user_of(text)


class TransferForm(NameForm):
    """To whom; and the name, typed."""

    user = forms.CharField(
        label=_("The new owner's id"),
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off"}),
    )
    field_order = ("user", "name")

    def clean_user(self) -> str:
        given: str = self.cleaned_data["user"]
        if not ids.is_key(given):
            raise forms.ValidationError(gettext("This is no user's id."))
        return given

    def given(self) -> dict[str, Any]:
        return {"user": self.cleaned_data["user"]}


class CityAdmin(DeskAdmin):
    """Every city, and one city with its history."""

    table = CITY
    title = _("Cities")
    icon = "location_city"
    page_template = "admin/polis/city.html"
    list_display = ("name_shown", "state_shown", "owner", "reason_shown", "expires", "updated")
    list_filter = (StateFilter, SideFilter, BanFilter, CreatedFilter, BinFilter, OwnerFilter, CloserFilter)
    search_fields = ("key",)
    search_help_text = _("Id, part of the name, owner")

    def get_urls(self) -> list[URLPattern]:
        view = self.guarded(require_http_methods(["GET", "HEAD", "POST"])(self.transfer_page))
        address = re_path(rf"^{KEY}/transfer/$", view, {"verb": TRANSFER}, name=self.url_name("transfer"))
        return [*super().get_urls(), address]

    def more_buttons(self, thing: Any, by: Actor) -> list[Button]:
        """A god's alone, and only where its owner is gone."""
        is_owned = thing.creator is not None and thing.creator.is_enabled(by.now)
        if is_owned or thing.is_reserved or not by.is_god:
            return []
        return [Button(words.verb(TRANSFER), reverse(f"admin:{self.url_name('transfer')}", args=[thing.key]), True)]

    def policy_of(self, verb: str, about: About) -> Policy:
        """The transfer is no verb of the document's: its row is not among theirs."""
        return policies.TRANSFER if verb == TRANSFER else super().policy_of(verb, about)

    def transfer_page(self, request: Any, key: str, verb: str) -> HttpResponse:
        """Ask to whom; when that is sent, hand it on."""
        thing, by, is_sent = self.find(request, key, verb), caller.actor_of(request), request.method == "POST"
        form = TransferForm(thing, request.now, request.POST if is_sent else None)
        try:
            if is_sent:
                transfers.force(thing.key, by=of_version(by, request.POST), read=form.read)
            else:
                transfers.check_may_force(thing.key, by=by)
        except DomainError as error:
            self.record(request, verb, key, error)
            return self._ask_to_whom(request, thing, form if is_sent else None, error)
        if not is_sent:
            return self._ask_to_whom(request, thing, form, None)
        messages.success(request, gettext("%(name)s has a new owner.") % {"name": thing.name})
        return HttpResponseRedirect(self.address_of(thing))

    def _ask_to_whom(self, request: Any, thing: Any, form: Any, error: DomainError | None) -> HttpResponse:
        told = {"effect": _TRANSFER_EFFECT, "is_dangerous": True, "version": thing.version}
        return self.form_page(request, thing, words.verb(TRANSFER), form, error, **told)

    def searched(self, request: Any, queryset: Any, term: str) -> Any:
        """Without the bin, unless a state, an owner or an id is named."""
        with_bin = bool({"state", "owner", "bin"} & request.GET.keys())
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
                (_("Disabled by"), show.closer(facts, people, self.list_address())),
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

    def more_of(self, thing: Any, request: Any) -> dict[str, Any]:
        ways = {"project": "city", "gateway": "project__city", "app": "gateway__project__city"}
        held = [below.newest(kind, way, thing, request.now, filtered="city") for kind, way in ways.items()]
        return {"held": dict(zip(("projects", "gateways", "apps"), held, strict=True))}

    def _owner_link(self, city: Any) -> SafeString:
        if city.creator is None:
            return show.person(None)
        address = f"{self.list_address()}?owner={city.creator.key}"
        return format_html('<a href="{}">{}</a>', address, show.person(city.creator))
