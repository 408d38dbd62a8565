"""The recycle desk of the super-console: a developer gives their id and a city's name, and has the city back (003).

It finds and shows. What gives back is the verb's own address, which judges, permits and records as for any page.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.access.actor import Actor
from accounts.access.visibility import governed_kinds
from accounts.admin.caller import actor_of
from accounts.admin.governed import GovernedAdmin
from accounts.machine import executor
from accounts.models import Request, User
from accounts.pages import effects, show
from accounts.people import requests
from cities.lifecycle import CITY
from cities.models import City
from config.kernel import words
from config.kernel.states import Order, State, Verb, is_banned, settled

SHOWN = 20  # cities that one answer lists
ASKED = 10  # requests below the box
_BETWEEN = re.compile(r"[\s,，;；、]+")
_MOST_WORDS = 3  # an owner's id, a name, an id
_LONGEST = 200


class DeskForm(forms.Form):
    """The one box."""

    q = forms.CharField(
        label=gettext_lazy("The owner's id and the city's name, or the city's id"),
        max_length=_LONGEST,
        required=False,
        widget=UnfoldAdminTextInputWidget(
            {"autofocus": True, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What an answer says, and the cities that it is about; `every`: where all of them are, "" where these are all."""

    said: str
    cities: list[Any] = field(default_factory=list)
    every: str = ""


class DeskAdmin(GovernedAdmin):
    """Beside the list and the pages of cities, the desk."""

    def get_urls(self) -> list[URLPattern]:
        desk = self.guarded(require_safe(self.desk_page))
        return [path("recycle/", desk, name=self.url_name("recycle")), *super().get_urls()]

    def menu(self) -> list[tuple[Any, str, str]]:
        return [*super().menu(), (gettext_lazy("Recycle desk"), "restore_from_trash", self._desk())]

    def way_on(self, request: Any, thing: Any, verb: Verb) -> str:
        """Back to the desk, for the next one, where the verb was done from there."""
        is_from_desk = verb is Verb.RCC and request.POST.get("at") == "desk"
        return self._desk() if is_from_desk else super().way_on(request, thing, verb)

    def desk_page(self, request: Any) -> Any:
        by, text = actor_of(request), request.GET.get("q", "")
        found = look(text, by) if text.strip() else None
        context = {
            "form": DeskForm(initial={"q": text[:_LONGEST]}),
            "found": found,
            "rows": self._rows(found.cities, by) if found is not None else [],
            "asked": waiting(by),
            "bins": self._bins(),
            "crumbs": [],
        }
        return self.show(request, "admin/polis/desk.html", _("Recycle desk"), context)

    def _rows(self, cities: list[Any], by: Actor) -> list[dict[str, Any]]:
        """Each city as the desk shows it; what stands below is told of one alone."""
        people = show.names_of(name for city in cities for name in (city.disabled_by, city.deleted_by))
        asked = _asked_for(cities, by)
        return [self._row(city, by, people, asked, is_one=len(cities) == 1) for city in cities]

    def _row(
        self, city: Any, by: Actor, people: Mapping[str, str], asked: Mapping[str, str], *, is_one: bool
    ) -> dict[str, Any]:
        may = Verb.RCC in self.offered(city, by)
        verb = reverse(f"admin:{self.url_name('verb')}", args=[city.key, Verb.RCC.lower()])
        return {
            "thing": city,
            "address": self.address_of(city),
            "badge": show.badge(city.state_at(by.now)),
            "facts": _facts(city, by, people),
            "becomes": _becomes(city, by) if may else "",
            "below": effects.foretell(CITY, city, Verb.RCC, by=by).told if may and is_one else "",
            "asked": asked.get(city.key, ""),
            "recycle": verb if may else "",
        }

    def _bins(self) -> list[tuple[Any, str]]:
        """Where what is in the bin is listed, for each kind."""
        pages = [self.admin_site.get_model_admin(kind.model) for kind in governed_kinds()]
        return [(each.title, f"{each.list_address()}?state={int(State.DELETED)}") for each in pages]

    def _desk(self) -> str:
        return reverse(f"admin:{self.url_name('recycle')}")


def look(text: str, by: Actor) -> Found:
    """What is meant by the words of the box, in either order."""
    given = [word for word in _BETWEEN.split(text) if word]
    if "\0" in text or not 0 < len(given) <= _MOST_WORDS:
        return Found(_nothing())
    seen = City.objects.visible_to(by).with_people()
    meant = seen.meant_by(given).order_by("-pk")
    if binned := list(meant.filter(state=State.DELETED)[: SHOWN + 1]):
        several = _("Several are in the recycle bin: choose the one that is meant.")
        return _found(_("It is in the recycle bin.") if len(binned) == 1 else several, binned)
    if standing := list(meant.exclude(state=State.DELETED)[: SHOWN + 1]):
        said = ngettext("It is not in the recycle bin.", "None of these is in the recycle bin.", len(standing))
        return _found(said, standing)
    # Who knows the owner and not the whole name finds it among what that owner has there.
    owner = User.objects.filter(key__in=given).first()
    in_bin = list(seen.filter(creator=owner, state=State.DELETED).order_by("-pk")[: SHOWN + 1]) if owner else []
    if in_bin:
        return _found(_("No city of this owner has exactly this name. These are in their recycle bin."), in_bin)
    return Found(_nothing())


def waiting(by: Actor) -> dict[str, Any]:
    """The requests that wait longest: first for what is in the bin, then for what is closed."""
    rows = requests.in_state(requests.everybodys(by=by), Request.State.OPEN).order_by("pk")
    found = list(rows.filter(verb=Verb.RCC)[: ASKED + 1])
    if len(found) <= ASKED:
        found += list(rows.filter(verb=Verb.ENB)[: ASKED + 1 - len(found)])
    for row in found:
        row.address = reverse("admin:accounts_request_change", args=[row.key])
        row.wish, row.word = words.verb(row.verb), words.KINDS[row.kind]
        row.waits_since = show.moment(row.created_at)
    return {
        "rows": found[:ASKED],
        "has_more": len(found) > ASKED,
        "all": reverse("admin:accounts_request_changelist"),
    }


def _found(said: str, cities: list[Any]) -> Found:
    """As many as are shown; more than one owner has is no answer of this page."""
    owners = {city.creator.key for city in cities if city.creator is not None}
    is_more = len(cities) > SHOWN and len(owners) == 1
    every = f"{reverse('admin:cities_city_changelist')}?owner={owners.pop()}" if is_more else ""
    return Found(said, cities[:SHOWN], every)


def _nothing() -> str:
    return _("Nothing is called so. In an id capitals count, and a name must be whole.")


def _asked_for(cities: Iterable[Any], by: Actor) -> dict[str, str]:
    """Where the open request for each of them is."""
    rows = requests.in_state(requests.everybodys(by=by), Request.State.OPEN)
    asked = rows.filter(kind=CITY.kind, verb=Verb.RCC, thing__in=[city.key for city in cities])
    return {
        thing: reverse("admin:accounts_request_change", args=[key]) for thing, key in asked.values_list("thing", "key")
    }


def _becomes(city: Any, by: Actor) -> Any:
    """The state that recycling it makes: what it was before it was deleted."""
    order = Order(Verb.RCC, now=by.now, by=by.key, side=by.side_in(Verb.RCC))
    return show.badge(executor.judge(CITY, city, order).state)


def _owner(city: Any, by: Actor) -> Any:
    """Who it is, and the way to their page; where they are not in service themselves, that too."""
    if city.creator is None:
        return show.person(None)
    page = reverse("admin:accounts_user_change", args=[city.creator.key])
    link, state = show.link(page, city.creator.name, city.creator.key), city.creator.state_at(by.now)
    return link if state is State.ENABLED else format_html("{} {}", link, show.badge(state))


def _facts(city: Any, by: Actor, people: Mapping[str, str]) -> list[tuple[Any, Any]]:
    rows = [
        (_("Owner"), _owner(city, by)),
        *show.closing(settled(city.facts, by.now), reverse("admin:cities_city_changelist"), people),
    ]
    if city.deleted_at is not None and not is_banned(city.facts, by.now):
        ends_at = city.deleted_at + timedelta(days=settings.BIN_DAYS)
        rows.append((_("Gone for good after"), show.moment(ends_at)))
    return [(word, value) for word, value in rows if value]
