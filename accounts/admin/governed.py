"""The base of every governed kind's pages: its list, one thing with its history, and the verbs as buttons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, re_path, reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.actor import Actor
from accounts.admin import below, caller, shares
from accounts.admin.bulk import ManyAdmin
from accounts.admin.dress import dressed
from accounts.admin.lists import Choice
from accounts.audit import journal
from accounts.audit.journal import About
from accounts.machine import executor, offers, purging
from accounts.machine.operations import OPERATE
from accounts.pages import answers, effects, show, trail, verbs
from config.kernel import registry, words
from config.kernel.errors import DomainError, Forbidden, NotVisible
from config.kernel.policies import Policy
from config.kernel.states import Side, State, Table, Verb

HISTORY = 50
# An address may name any thing; whether it is an id is the model's to say.
KEY = r"(?P<key>[A-Za-z0-9-]{1,64})"


@dataclass(frozen=True, slots=True)
class Button:
    """One verb that this person may do now."""

    word: str
    address: str
    is_dangerous: bool


class StateFilter(Choice):
    """By the state at this moment: a ban that has ended is over here too."""

    title = gettext_lazy("state")
    parameter_name = "state"
    words = tuple((int(state), word) for state, word in words.STATES.items())

    def chosen(self, request: Any, queryset: Any, value: str) -> Any:
        return queryset.in_states([State(int(value))], request.now)


class SideFilter(Choice):
    """By whose hand closed it, where it still is."""

    title = gettext_lazy("disabled by")
    parameter_name = "side"
    words = tuple(words.SIDES.items())

    def chosen(self, request: Any, queryset: Any, value: str) -> Any:
        return queryset.closed_by(Side(value), request.now)


class GovernedAdmin(ManyAdmin):
    """For one kind: `table` is its lifecycle; `facts_of` says what its page shows."""

    table: ClassVar[Table]
    page_template = "admin/polis/thing.html"
    effects: ClassVar[Mapping[Verb, Any]] = verbs.EFFECTS

    def get_urls(self) -> list[URLPattern]:
        key = KEY
        known = "|".join(row.verb.lower() for row in self.table.rows if row.sets)
        page = self.guarded(require_safe(self.page))
        verb = self.guarded(require_http_methods(["GET", "HEAD", "POST"])(self.verb_page))
        return [
            *super().get_urls(),
            re_path(rf"^{key}/change/$", page, name=self.url_name("change")),
            re_path(rf"^{key}/(?P<verb>{known})/$", verb, name=self.url_name("verb")),
        ]

    def guarded(self, view: Any, verb: str = "") -> Any:
        """The site lets stewards alone in; who is somebody else is put on record as for any other refusal."""
        inner = super().guarded(view, verb)

        def guard(request: Any, **named: str) -> HttpResponse:
            if request.user.is_authenticated and not self.has_view_permission(request):
                wanted = verb or named.get("verb", "get").upper()
                journal.refuse(caller.actor_of(request), wanted, self.about(named), Forbidden())
            return inner(request, **named)

        return guard

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return bool(request.user.has_perm(f"{self.table.app}.browse_{self.table.kind}"))

    def get_queryset(self, request: Any) -> Any:
        return self.seen_by(caller.actor_of(request))

    def seen_by(self, by: Actor) -> Any:
        """What a steward sees, with what a row of it shows."""
        return self.model._default_manager.visible_to(by).with_people()

    def dress(self, rows: list[Any], request: Any) -> None:
        for row in rows:
            row.seen_at = request.now

    def address_of(self, row: Any) -> str:
        return reverse(f"admin:{self.url_name('change')}", args=[row.key])

    def facts_of(self, thing: Any, request: Any) -> list[tuple[Any, Any]]:
        """What the page says of a thing: pairs of a word and a value."""
        raise NotImplementedError

    def offered(self, thing: Any, by: Actor) -> list[Verb]:
        """The verbs that this person may do to it now."""
        return offers.offers(self.table, thing, by=by)

    def permit(self, thing: Any, verb: Verb, by: Actor) -> None:
        """Pass, or raise as `executor.permit`, or REAUTHENTICATE for DEL (S3): asked before the form is shown."""
        executor.permit(self.table, thing, verb, by=by)
        purging.check_proved(verb, by)

    def fire(self, key: str, verb: Verb, by: Actor, read: executor.Reader) -> executor.Done:
        """Do a verb; it asks again whether that may be."""

        def read_proved() -> Mapping[str, Any]:
            purging.check_proved(verb, by)
            return read()

        return executor.fire(self.table, self.model._default_manager.all(), key, verb, by=by, read=read_proved)

    def more_buttons(self, thing: Any, by: Actor) -> list[Button]:
        """What else this person may do to it now, beside the verbs of its lifecycle."""
        return []

    def more_of(self, thing: Any, request: Any) -> dict[str, Any]:
        """What the kind's own template shows beside the facts."""
        return {}

    def page(self, request: Any, key: str) -> HttpResponse:
        """One thing: what it is, what may be done to it, and all that was."""
        thing = self.find(request, key, Verb.GET)
        by = caller.actor_of(request)
        context = {
            "thing": thing,
            "badge": show.badge(thing.state_at(by.now)),
            "facts": self.facts_of(thing, request),
            "buttons": [
                *[self._button(verb, thing, by) for verb in self.offered(thing, by)],
                *self.more_buttons(thing, by),
            ],
            "history": trail.history(self.table.kind, thing.key, at_most=HISTORY),
            "history_length": HISTORY,
            "whole_history": f"{reverse('admin:accounts_auditevent_changelist')}?q={thing.key}",
            "shares": shares.of(thing, request) if hasattr(thing, "grants") else None,
            **self.more_of(thing, request),
        }
        return self.show(request, self.page_template, thing.name, context)

    def verb_page(self, request: Any, key: str, verb: str) -> HttpResponse:
        """Ask for what the verb needs; when that is sent, do it."""
        wanted = Verb(verb.upper())
        thing = self.find(request, key, wanted)
        return self._do(request, thing, wanted) if request.method == "POST" else self._ask(request, thing, wanted)

    def _ask(self, request: Any, thing: Any, verb: Verb) -> HttpResponse:
        by = caller.actor_of(request)
        try:
            self.permit(thing, verb, by)
        except DomainError as error:
            self.record(request, verb, thing.key, error)
            return self._form(request, thing, verb, None, error)
        return self._form(request, thing, verb, verbs.form_for(verb, thing, by.now))

    def _do(self, request: Any, thing: Any, verb: Verb) -> HttpResponse:
        """Fire the verb; what stands in its way is said beside the form."""
        by = caller.actor_of(request)
        form = verbs.form_for(verb, thing, by.now, request.POST)
        try:
            done = self.fire(thing.key, verb, by, form.read)
        except DomainError as error:
            self.record(request, verb, thing.key, error)
            return self._form(request, thing, verb, form, error)
        self.tell(request, done, verb)
        return HttpResponseRedirect(self.way_on(request, thing, verb))

    def way_on(self, request: Any, thing: Any, verb: Verb) -> str:
        """Where one is led when a verb is done."""
        return self.list_address() if verb is Verb.DEL else self.address_of(thing)

    def find(self, request: Any, key: str, verb: str) -> Any:
        """The thing of an address; 404 where there is none, on record where there might have been."""
        if not (read := self.model.read_id(key)):
            raise Http404
        thing = self.get_queryset(request).filter(key=read).first()
        if thing is None:
            self.record(request, verb, key, NotVisible(kind=self.table.kind))
            raise Http404
        return thing

    def about(self, named: Mapping[str, str]) -> About:
        """What an address is about, for the trail: an id that can be spelt in two ways is one id there."""
        key = named.get("key", "")
        return About(self.table.kind, self.model.read_id(key) or key)

    def policy_of(self, verb: str, about: About) -> Policy:
        return super().policy_of(verb, about) if verb == OPERATE else registry.kind(about.kind).policy(verb)

    def record(self, request: Any, verb: str, key: str, error: DomainError) -> None:
        journal.refuse(caller.actor_of(request), verb.upper(), self.about({"key": key}), error)

    def tell(self, request: Any, done: executor.Done, verb: str) -> None:
        messages.add_message(request, *verbs.outcome(done, verb))

    def _button(self, verb: Verb, thing: Any, by: Actor) -> Button:
        word = verbs.word_for(verb, thing, by.now)
        address = reverse(f"admin:{self.url_name('verb')}", args=[thing.key, verb.lower()])
        return Button(word, address, verb in verbs.DANGEROUS)

    def _form(
        self, request: Any, thing: Any, verb: Verb, form: Any, error: DomainError | None = None
    ) -> TemplateResponse:
        told = {"effect": self.effects[verb], "is_dangerous": verb in verbs.DANGEROUS}
        if form is not None:
            by, list_of = caller.actor_of(request), below.list_within(thing)
            effect = effects.foretell(self.table, thing, verb, by=by, list_of=list_of)
            told |= {"below": effect.told, "in_the_way": effect.in_the_way}
            form = None if effect.in_the_way else form
        return self.form_page(request, thing, verbs.word_for(verb, thing, request.now), form, error, **told)

    def form_page(
        self, request: Any, thing: Any, word: Any, form: Any, error: DomainError | None, **told: Any
    ) -> TemplateResponse:
        """The page that asks; without a form it only says what stands in the way. `told` gives `effect`."""
        is_about_a_field = form is not None and form.is_bound and bool(form.errors)
        context = {
            "thing": thing,
            "badge": show.badge(thing.state_at(request.now)),
            "form": form and dressed(form),
            "verb": word,
            "back": self.address_of(thing),
            "error": error.sentence if error is not None and not is_about_a_field else "",
            "prove": answers.way_to_prove(request, error),
            **told,
        }
        response = self.show(request, "admin/polis/verb.html", f"{word} · {thing.name}", context)
        response.status_code = 200 if error is None else answers.STATUSES.get(error.code, 400)
        return response

    def show(self, request: Any, template: str, title: str, context: dict[str, Any]) -> TemplateResponse:
        crumb = (self.list_address(), self.title)
        common = self.admin_site.each_context(request)
        return TemplateResponse(request, template, {**common, "title": title, "crumbs": [crumb], **context})

    def list_address(self) -> str:
        return reverse(f"admin:{self.url_name('changelist')}")
