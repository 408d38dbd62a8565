"""Cities in the developers' console."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access.actor import Actor
from accounts.access.walks import Walk
from accounts.console import once, things
from accounts.console.doing import Button
from accounts.console.governed import GovernedRoom
from accounts.console.room import Visit
from accounts.console.ways import address, lead_to
from accounts.machine import executor
from accounts.pages import show
from accounts.pages.forms import CleanField, ReadForm, sentence_of
from cities import services, transfers
from cities.api import pages
from cities.api.filters import CityFilters
from cities.lifecycle import CITY
from cities.models import City
from config.dialects.native.query import Query
from config.kernel import names, words
from config.kernel.errors import DomainError
from config.kernel.states import Verb

_LONGEST = 64
# The name is looked up while it is typed.
_WATCHED = {"hx-trigger": "input changed delay:400ms", "hx-target": "#id_name_said", "hx-sync": "closest form:abort"}


def _line(longest: int) -> Any:
    return partial(names.clean_text, longest=longest)


class CityForm(ReadForm):
    """A new city, or what is to be different."""

    name = CleanField(
        names.clean_name,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("4 to 32 letters, digits and _, a letter first. No two cities are called the same."),
        widget=forms.TextInput({"autofocus": True, "autocomplete": "off"}),
    )
    brief = CleanField(_line(64), label=gettext_lazy("Brief"), required=False)
    type = CleanField(_line(32), label=gettext_lazy("Type"), required=False)
    avatar = CleanField(_line(40), label=gettext_lazy("Avatar"), required=False)


class CityRoom(GovernedRoom):
    """One's cities."""

    kind, table, template = CITY.kind, CITY, "console/city.html"
    filters: ClassVar[Any] = CityFilters

    def urls(self) -> list[URLPattern]:
        return [self.act_at("cities/name", self.check_name, "city_name", Verb.ADD), *super().urls()]

    def rows(self) -> Any:
        return City.objects.with_people()

    def walk(self, given: Mapping[str, str], by: Actor) -> Walk:
        query = Query(0, "", pages.ORDERINGS[0], (), False, given)
        return pages.cities_of(query, by=by)[0]

    def new_form(self, visit: Visit, data: Any) -> ReadForm:
        form = CityForm(data)
        name: Any = form.fields["name"]
        name.is_watched = True
        name.widget.attrs |= {**_WATCHED, "hx-post": address("city_name")}
        return form

    def new_told(self, visit: Visit) -> dict[str, Any]:
        executor.permit(CITY, None, Verb.ADD, by=visit.by)
        return {once.FIELD: once.of(visit)}

    def check_name(self, visit: Visit) -> HttpResponse:
        """While it is typed: is it free? What is said is a piece of the page, whatever it is."""
        try:
            services.check_name(by=visit.by, name=visit.request.POST.get("name", "")[:_LONGEST])
        except DomainError as error:
            said = sentence_of(error, field=_("Name"))
            return render(visit.request, "console/parts/said.html", {"said": said, "is_bad": True})
        return render(visit.request, "console/parts/said.html", {"said": _("This name is free.")})

    def add(self, visit: Visit, form: Any) -> HttpResponse:
        def make() -> once.Made:
            city = services.create_city(by=visit.by, read=form.read)
            messages.success(visit.request, _("%(name)s: created.") % {"name": city.name})
            return city.key, lead_to(things.of(city, self.kind))

        said, again = _("This form has made it already: here it is."), partial(address, self.kind)
        return once.make(visit, make, again=again, said=said, meanwhile=address(self.path))

    def edit_form(self, thing: City, data: Any) -> ReadForm:
        return CityForm(data, initial={name: getattr(thing, name) for name in CityForm.base_fields})

    def save(self, thing: City, by: Actor, form: Any) -> City:
        return services.update_city(thing.key, by=by, read=form.read).city

    def more_buttons(self, thing: City, by: Actor) -> list[Button]:
        if not (things.owns(thing) and transfers.is_handed_on(thing, by)):
            return []
        return [Button(words.verb(transfers.TRANSFER), address("city_transfer", thing.key))]

    def facts_of(self, thing: City, by: Actor) -> list[tuple[Any, Any]]:
        rows = [
            (_("Owner"), thing.creator.name if thing.creator is not None else show.NOTHING),
            (_("Brief"), thing.brief),
            (_("Type"), thing.type),
            (_("Created"), show.moment(thing.created_at)),
            (_("Updated"), show.moment(thing.updated_at)),
        ]
        return [(word, value) for word, value in rows if value]
