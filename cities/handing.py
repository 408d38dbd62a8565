"""Handing a city on, in the developers' console: the owner offers it, whom it is offered to takes it over."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.access.visibility import find_thing
from accounts.console import things
from accounts.console.room import Room, Visit
from accounts.console.waiting import AT_MOST, Waiting, of_row
from accounts.console.ways import address, lead_to
from accounts.pages import show
from accounts.pages.forms import ReadForm
from accounts.pages.secrets import of_version
from cities import transfers
from cities.lifecycle import CITY
from cities.models import Transfer
from cities.policies import TRANSFERS
from config.kernel import ids, registry, words
from config.kernel.errors import Code, Forbidden, Invalid, NotVisible
from config.kernel.policies import Policy
from config.kernel.states import Verb


class OfferForm(ReadForm):
    """To whom."""

    user = forms.CharField(
        label=gettext_lazy("User id of the new owner"),
        help_text=gettext_lazy("Eight letters and digits. They find it on the page of their account."),
        max_length=64,
        widget=forms.TextInput({"autofocus": True, "autocomplete": "off", "autocapitalize": "none"}),
    )

    def given(self) -> dict[str, Any]:
        if not ids.is_key(self.cleaned_data["user"]):
            raise Invalid(Code.WRONG_TYPE, field="user", expected=_("a user's id"))
        return dict(self.cleaned_data)


class TransferRoom(Room):
    """Offers of cities: one's own, and those to oneself."""

    kind, section = CITY.kind, "cities"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in TRANSFERS}

    def urls(self) -> list[URLPattern]:
        return [
            self.form_at("cities/<key>/transfer", self.offer, "city_transfer", transfers.TRANSFER),
            self.act_at("cities/<key>/transfer/withdraw", self.withdraw, "city_withdraw", transfers.WITHDRAW),
            self.form_at("transfers/<key>", self.accept, "transfer", transfers.ACCEPT),
            self.act_at("transfers/<key>/decline", self.decline, "transfer_decline", transfers.DECLINE),
        ]

    def waiting(self, visit: Visit) -> list[Waiting]:
        """As a part of “Shared with me”."""
        rows = lambda: [_waiting(each) for each in transfers.made_to(by=visit.by).order_by("-pk")[:AT_MOST]]  # noqa: E731
        return of_row(self, visit, Verb.QRI, rows)

    def offer(self, visit: Visit, key: str) -> HttpResponse:
        """The offer that stands, to be taken back; where none does, a form to make one."""
        thing: Any = find_thing(registry.kind(self.kind), key, by=visit.by)
        if not things.owns(thing):
            raise Forbidden(verb=transfers.TRANSFER, kind=self.kind)
        told = {"head": things.head(thing, self.kind, visit.by), "subtitle": words.verb(transfers.TRANSFER)}
        told |= {"meanings": _meanings(), "version": thing.version, "back": things.of(thing, self.kind)}
        with suppress(NotVisible):
            offered = transfers.find(key, by=visit.by)
            if not visit.is_sent:
                return self.show(visit, "console/offered.html", {**told, "offered": offered})
        transfers.check_may_offer(key, by=visit.by)

        def do(form: ReadForm) -> HttpResponse:
            made = transfers.offer(key, by=of_version(visit.by, visit.request.POST), read=form.read)
            told = {"name": thing.name, "person": made.addressee, "until": show.moment(made.ends_at)}
            messages.success(visit.request, _("%(name)s: offered to %(person)s until %(until)s.") % told)
            return lead_to(address("city_transfer", key))

        told["submit"] = pgettext("button", "Offer it")
        return self.ask(visit, OfferForm, do, told, template="console/meaning.html")

    def withdraw(self, visit: Visit, key: str) -> HttpResponse:
        """Take the offer back."""
        transfers.withdraw(key, by=of_version(visit.by, visit.request.POST))
        messages.success(visit.request, _("The offer is taken back. The city stays yours."))
        return lead_to(address("city", key))

    def accept(self, visit: Visit, key: str) -> HttpResponse:
        """What taking it over means, and the button that does it."""
        offered = transfers.find(key, by=visit.by)
        assert visit.by.user is not None
        if offered.addressee != visit.by.user.key:  # its owner's, whose page is another
            raise NotVisible(kind=self.kind)

        def do(form: ReadForm) -> HttpResponse:
            city = transfers.accept(key, by=of_version(visit.by, visit.request.POST), read=form.read)
            messages.success(visit.request, _("%(name)s is yours now.") % {"name": city.name})
            return lead_to(address("city", city.key))

        told = {
            "title": _("Offered to you: %(thing)s") % {"thing": offered.city.name},
            "section": "shares",
            "said": _said(offered),
            "meanings": [
                _("The city is yours, and counts against your limit of cities."),
                _("Every share and every offer on it and on what stands in it ends."),
                _("The projects in it stay where they are, and their company's. You may put them out."),
            ],
            "submit": pgettext("button", "Take it over"),
            "version": offered.city.version,
            "back": address("shares"),
        }
        return self.ask(visit, ReadForm, do, told, template="console/meaning.html")

    def decline(self, visit: Visit, key: str) -> HttpResponse:
        """Turn it down."""
        transfers.decline(key, by=of_version(visit.by, visit.request.POST))
        messages.success(visit.request, _("The offer is turned down."))
        return lead_to(address("shares"))


def _meanings() -> list[str]:
    """What becomes of a city that is taken over, for its owner."""
    return [
        _("Nothing changes until they take it over. The offer stands for seven days, and you can take it back."),
        _("Then the city is theirs. Every share and every offer on it and on what stands in it ends, yours too."),
        _("The projects in it stay where they are, and their company's. The new owner may put them out."),
    ]


def _said(offered: Transfer) -> str:
    told = {"person": offered.offered_by.name, "until": show.moment(offered.ends_at)}
    return _("%(person)s offers to hand it on to you, until %(until)s.") % told


def _waiting(offered: Transfer) -> Waiting:
    return Waiting(
        words.KINDS[CITY.kind],
        offered.city.name,
        _said(offered),
        address("transfer_decline", offered.city.key),
        offered.city.version,
        look=address("transfer", offered.city.key),
    )
