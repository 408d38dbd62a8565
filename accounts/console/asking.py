"""What an owner asks of the administrators: for a thing in the bin or a closed one, and what became of it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts import policies
from accounts.access.actor import Actor
from accounts.access.visibility import find_thing
from accounts.access.walks import keyset
from accounts.audit.journal import About
from accounts.console import lists, things
from accounts.console.room import Room, Visit
from accounts.console.ways import address, lead_to
from accounts.console.wishes import Wish, wish_of
from accounts.models import Request
from accounts.pages import asked, show
from accounts.pages.forms import CleanField, ReadForm
from accounts.pages.secrets import of_version
from accounts.people import requests
from config.kernel import registry, words
from config.kernel.errors import WrongState
from config.kernel.policies import Policy
from config.kernel.states import Verb

_POLICIES: Mapping[str, Policy] = {policy.verb: policy for policy in policies.REQUESTS}


class AskForm(ReadForm):
    """Why. What is asked for, the thing's state says."""

    message = CleanField(
        asked.clean,
        label=gettext_lazy("Message"),
        required=False,
        help_text=gettext_lazy("At most 500 characters. An administrator reads it."),
        widget=forms.Textarea({"rows": 4, "autofocus": True}),
    )

    def __init__(self, wish: Wish, *args: Any, **kwargs: Any) -> None:
        self.wish = wish
        super().__init__(*args, **kwargs)

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "verb": self.wish.verb}


class AskRoom(Room):
    """Asking for the things of one kind."""

    policies: ClassVar[Mapping[str, Policy]] = _POLICIES

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.section = things.PATHS[kind]

    def urls(self) -> list[URLPattern]:
        route = f"{things.PATHS[self.kind]}/<key>/ask"
        return [self.form_at(route, self.ask_for, f"{self.kind}_ask", requests.REQUEST)]

    def about(self, named: Mapping[str, str], by: Actor) -> About:
        return things.told_as(self.kind, named["key"])

    def ask_for(self, visit: Visit, key: str) -> HttpResponse:
        """To have it back, or to have it enabled."""
        kind = registry.kind(self.kind)
        requests.check_may_ask(kind, key, by=visit.by)
        thing = find_thing(kind, key, by=visit.by)
        wish = wish_of(self.kind, thing, visit.by)
        if wish is None:
            raise WrongState(verb=requests.REQUEST, state=thing.state_at(visit.by.now).name, kind=self.kind)
        if wish.asked is not None:
            messages.info(visit.request, _("You have asked for this already."))
            return lead_to(address("request", wish.asked.key))

        def do(form: ReadForm) -> HttpResponse:
            row = requests.ask(kind, key, by=visit.by, read=form.read)
            messages.success(visit.request, _("The administrators are asked. You get a notice when they answer."))
            return lead_to(address("request", row.key))

        is_binned = wish.verb is Verb.RCC
        told = {
            "head": things.head(thing, self.kind, visit.by),
            "subtitle": _("Ask for it back") if is_binned else _("Ask for it to be enabled"),
            "effect": _("What was under it comes back with it.") if is_binned else "",
            "submit": pgettext("button", "Ask"),
            "back": things.of(thing, self.kind),
        }
        return self.ask(visit, lambda data: AskForm(wish, data), do, told)


class RequestsRoom(Room):
    """One's own requests."""

    kind, section = requests.KIND, "requests"
    policies: ClassVar[Mapping[str, Policy]] = _POLICIES

    def urls(self) -> list[URLPattern]:
        return [
            self.at("requests", self.index, "requests", Verb.QRI),
            self.at("requests/<key>", self.page, "request", Verb.GET),
            self.act_at("requests/<key>/withdraw", self.withdraw, "request_withdraw", requests.RETRACT),
        ]

    def index(self, visit: Visit) -> HttpResponse:
        """The newest first."""
        page = lists.page_of(keyset(requests.mine(by=visit.by)), visit, "requests")
        told = {"title": _("Requests"), "page": page, "rows": [_row(row) for row in page.rows]}
        return self.show(visit, "console/requests.html", told)

    def page(self, visit: Visit, key: str) -> HttpResponse:
        """One, with what was answered."""
        row: Any = requests.find(key, by=visit.by)
        is_mine = visit.by.user is not None and row.user_id == visit.by.user.pk
        told = {
            **_row(row),
            "title": f"{words.verb(row.verb)} · {row.thing_name}",
            "row": row,
            "facts": _facts(row),
            "may_withdraw": is_mine and requests.state_of(row) == Request.State.OPEN,
        }
        return self.show(visit, "console/request.html", told)

    def withdraw(self, visit: Visit, key: str) -> HttpResponse:
        """Take it back."""
        requests.withdraw(key, by=of_version(visit.by, visit.request.POST))
        messages.success(visit.request, _("The request is taken back."))
        return lead_to(address("requests"))


def _row(row: Any) -> dict[str, Any]:
    return {
        "asked": row,
        "verb": words.verb(row.verb),
        "kind_word": words.KINDS[row.kind],
        "badge": asked.badge(row),
        "thing": address(row.kind, row.thing),
        "since": show.moment(row.created_at),
    }


def _facts(row: Any) -> list[tuple[Any, Any]]:
    """Pairs of a word and a value, none where there is no value."""
    facts = [
        (_("Asked"), show.moment(row.created_at)),
        (_("Message"), row.message),
        (_("Answered"), show.moment(row.answered_at) if row.answered_at else ""),
        (_("Answer"), row.answer),
    ]
    return [(word, value) for word, value in facts if value]
