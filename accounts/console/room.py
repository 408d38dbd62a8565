"""What every page of the console does alike: who sits before it, what its policy says, how a refusal is told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, re_path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import policies
from accounts.access.actor import Actor
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.console import kept, menu
from accounts.pages import answers
from accounts.pages.forms import ReadForm, sentence_of, tell
from accounts.people import notices, profile
from accounts.web import entry
from config.dialects.base import translated
from config.dialects.native.query import check_param
from config.kernel.errors import Code, DomainError, Invalid, NotVisible
from config.kernel.policies import Policy

# An address may name anything; whether it is an id is the model's to say.
_IDS = {"<key>": r"(?P<key>[A-Za-z0-9-]{1,64})", "<id>": r"(?P<id>[A-Za-z0-9-]{1,64})"}
_INVALID = 422
_MOST_UNREAD = 9


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who is signed in: the verb that it asks for, and what that is about."""

    request: Any
    by: Actor
    verb: str
    about: About
    # What several pieces of a page need, looked for once.
    found: dict[str, Any] = field(default_factory=dict, compare=False)

    def asked(self, name: str) -> str:
        """What the address gives by that name; "" for nothing, and for what no parameter may be (S22)."""
        try:
            self.check_asked([name])
        except Invalid:
            return ""
        return str(self.request.GET.get(name, ""))

    def check_asked(self, names: Iterable[str]) -> None:
        """Pass, or Invalid: is what the address gives by these names as parameters may be?"""
        for name in names:
            check_param(name, self.request.GET.get(name, ""))

    @property
    def is_sent(self) -> bool:
        """Was a form sent, or is it to be shown?"""
        return bool(self.request.method == "POST")


View = Callable[..., HttpResponse]


class Room:
    """Pages that stand together in the menu. `kind` is what the trail calls what they are about."""

    kind: ClassVar[str] = ""
    section: ClassVar[str] = ""
    policies: ClassVar[Mapping[str, Policy]] = {}

    def urls(self) -> list[URLPattern]:
        """Its addresses, below `/console/`."""
        raise NotImplementedError

    def at(self, route: str, view: View, name: str, verb: str = "", *, methods: Sequence[str] = ("GET",)) -> URLPattern:
        """One address; `verb` is what it does, "" where the address itself says it. A view is given a Visit."""
        for word, pattern in _IDS.items():
            route = route.replace(word, pattern)
        allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)
        return re_path(rf"^{route}/?$", require_http_methods(allowed)(self._guarded(view, verb)), name=name)

    def form_at(self, route: str, view: View, name: str, verb: str = "") -> URLPattern:
        """The address of a page that asks for something and then does it."""
        return self.at(route, view, name, verb, methods=("GET", "POST"))

    def act_at(self, route: str, view: View, name: str, verb: str = "") -> URLPattern:
        """The address of a button."""
        return self.at(route, view, name, verb, methods=("POST",))

    def policy_of(self, verb: str) -> Policy:
        """The row by which a verb is judged."""
        return self.policies[verb]

    def about(self, named: Mapping[str, str], by: Actor) -> About:
        """What an address is about, for the trail: by what it names, or by who asks."""
        return About(self.kind, named.get("key", ""))

    def check(self, visit: Visit, verb: str) -> None:
        """Pass, or raise as `policies.check`: also for a verb that comes in another's clothes (S11)."""
        self.judge(visit, self.policy_of(verb))

    def judge(self, visit: Visit, row: Policy) -> None:
        """Pass, or raise as `policies.check`, by a row that need not be the room's own."""
        policies.check(row, visit.by, is_secure=visit.request.is_secure())

    def lets(self, visit: Visit, row: Policy) -> bool:
        """Would a row let this visitor through? What a policy closes is not told on other pages either."""
        try:
            self.judge(visit, row)
        except DomainError:
            return False
        return True

    def _guarded(self, view: View, verb: str) -> View:
        @never_cache
        @sensitive_post_parameters()
        def guard(request: Any, **named: str) -> HttpResponse:
            if not request.user.is_authenticated:
                return kept.to_the_door(request)
            wanted = verb or named["verb"].upper()
            by = entry.signed_in(request)
            visit = Visit(request, by, wanted, self.about(named, by))
            with timezone.override(profile.zone_of(request.user)):
                try:
                    self.check(visit, wanted)
                    return view(visit, **named)
                except DomainError as error:
                    journal.refuse(visit.by, wanted, visit.about, error)
                    return self._refused(visit, error)
                except OperationalError as error:  # the database is busy, and so is the trail
                    return self._refused(visit, translated(error, request))

        return guard

    def _refused(self, visit: Visit, error: DomainError) -> HttpResponse:
        if isinstance(error, NotVisible):
            raise Http404
        if error.code is Code.REAUTHENTICATE:
            return kept.to_proof(visit.request)
        status = answers.STATUSES.get(error.code, 400)
        response = self.show(visit, "console/cannot.html", {"error": sentence_of(error)}, status=status)
        if "retry_after" in error.facts:
            response["Retry-After"] = str(error.facts["retry_after"])
        return response

    # ── what a page answers ──────────────────────────────────────────────────────────────────────────────────────

    def show(self, visit: Visit, template: str, told: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
        """A page of this room."""
        section = told.get("section", self.section)
        frame = {"menu": menu.of(section), "unread": unread_of(visit)}
        return render(visit.request, template, {**frame, **told}, status=status)

    def show_once(self, visit: Visit, template: str, told: Mapping[str, Any], *, leads_to: str) -> HttpResponse:
        """A page that is told this once: kept nowhere, and whoever loads it anew is elsewhere (S25)."""
        response = self.show(visit, template, told)
        response["Cache-Control"] = "no-store"
        response["HX-Push-Url"] = leads_to
        return response

    def ask(
        self,
        visit: Visit,
        form: Callable[[Any], ReadForm],
        act: Callable[[Any], HttpResponse],
        told: Mapping[str, Any],
        *,
        template: str = "console/form.html",
    ) -> HttpResponse:
        """A form: shown, or done and led on from. What stands in the way is said beside its field, or above all.

        `form` is made with what was sent, None for nothing; `act` is given the form, whose `read` the service calls.
        What is more than a refusal of this input (not seen, not proved) is raised.
        """
        if not visit.is_sent:
            empty = form(None)
            was_kept = kept.fill(visit.request, empty)
            response = self.show(visit, template, {"form": empty, **told})
            if was_kept:
                kept.forget(response)
            return response
        filled = form(visit.request.POST)
        try:
            return act(filled)
        except DomainError as error:
            if isinstance(error, NotVisible) or error.code is Code.REAUTHENTICATE:
                raise
            journal.refuse(visit.by, visit.verb, visit.about, error)
            tell(filled, error)
            status = answers.STATUSES.get(error.code, _INVALID)
            return self.show(visit, template, {"form": filled, **told}, status=status)


def unread_of(visit: Visit) -> str:
    """How many notices they have not read: "" for none, and "9+" for more than one looks at."""
    assert visit.by.user is not None
    many = notices.count_unread(visit.by.user, _MOST_UNREAD + 1)
    return f"{_MOST_UNREAD}+" if many > _MOST_UNREAD else str(many or "")
