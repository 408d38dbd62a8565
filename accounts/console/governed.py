"""The base of every governed kind's pages: its list, one thing, making and changing one, and the verbs."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access.actor import Actor
from accounts.console import doing, history, things, tryit
from accounts.console.doing import Button, closing
from accounts.console.listing import ListedRoom
from accounts.console.room import Visit
from accounts.console.ways import address, lead_to
from accounts.console.wishes import wish_of
from accounts.machine import executor, offers, purging
from accounts.pages import verbs
from accounts.pages.forms import ReadForm
from accounts.pages.secrets import of_version
from config.kernel import registry, words
from config.kernel.errors import DomainError
from config.kernel.states import State, Verb


class GovernedRoom(ListedRoom):
    """Abstract, for one kind. `template` is what its page shows beside the head."""

    template: ClassVar[str]

    # ── what each kind says ──────────────────────────────────────────────────────────────────────────────────────

    def facts_of(self, thing: Any, by: Actor) -> list[tuple[Any, Any]]:
        """What its page says of it: pairs of a word and a value."""
        raise NotImplementedError

    def more_of(self, thing: Any, visit: Visit) -> dict[str, Any]:
        """What its own template shows beside, as far as the policies let it."""
        return {}

    def more_buttons(self, thing: Any, by: Actor) -> list[Button]:
        """What else may be done to it, beside the verbs of its lifecycle."""
        return []

    def new_form(self, visit: Visit, data: Any) -> ReadForm:
        """What a new one takes."""
        raise NotImplementedError

    def add(self, visit: Visit, form: Any) -> HttpResponse:
        """Make it, and lead on."""
        raise NotImplementedError

    def new_told(self, visit: Visit) -> dict[str, Any]:
        """What stands beside the form of a new one; raises what is in its way before anything is typed."""
        return {}

    def edit_form(self, thing: Any, data: Any) -> ReadForm:
        """What can be changed of it, filled with what it is."""
        raise NotImplementedError

    def save(self, thing: Any, by: Actor, form: Any) -> Any:
        """Change it; the thing after that."""
        raise NotImplementedError

    # ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────

    def urls(self) -> list[URLPattern]:
        kind, one = self.kind, f"{self.path}/<key>"
        known = "|".join(row.verb.lower() for row in self.table.rows if row.sets)
        return [
            self.at(self.path, self.index, self.path, Verb.QRI),
            self.form_at(f"{self.path}/new", self.new, f"{kind}_new", Verb.ADD),
            self.at(one, self.page, kind, Verb.GET),
            self.form_at(f"{one}/edit", self.edit, f"{kind}_edit", Verb.SET),
            self.at(f"{one}/activity", self.activity, f"{kind}_activity", Verb.GET),
            self.at(f"{one}/try", self.try_it, f"{kind}_try", Verb.GET),
            self.form_at(f"{one}/(?P<verb>{known})", self.verb_page, f"{kind}_verb"),
        ]

    # ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────

    def page(self, visit: Visit, key: str) -> HttpResponse:
        """One thing: what it is, and what may be done to it."""
        thing, by = self.find(key, visit.by), visit.by
        executor.permit(self.table, thing, Verb.GET, by=by)
        told = {
            "tab": "show",
            "facts": [*self.facts_of(thing, by), *closing(thing, by)],
            "buttons": self.buttons(thing, by),
            "wish": wish_of(self.kind, thing, by),
            **self.more_of(thing, visit),
        }
        return self.show_of(visit, thing, self.template, told)

    def buttons(self, thing: Any, by: Actor) -> list[Button]:
        """What this person may do to it now."""
        found = []
        if self.may(thing, Verb.SET, by):
            found.append(Button(pgettext("button", "Edit"), address(f"{self.kind}_edit", thing.key)))
        found += self.more_buttons(thing, by)
        for verb in offers.offers(self.table, thing, by=by):
            if verb is not Verb.DEL or thing.state_at(by.now) is State.DELETED:  # by hand out of the bin alone
                found.append(
                    Button(verbs.word_for(verb, thing, by.now), self.verb_address(thing, verb), verb in verbs.DANGEROUS)
                )
        return found

    def may(self, thing: Any, verb: Verb, by: Actor) -> bool:
        """Would a verb that changes no state be done?"""
        try:
            offers.check(self.table, thing, verb, by=by)
            executor.check_above(self.table, thing, by=by)
        except DomainError:
            return False
        return True

    def verb_address(self, thing: Any, verb: Verb) -> str:
        return address(f"{self.kind}_verb", thing.key, verb.lower())

    def new(self, visit: Visit) -> HttpResponse:
        """A new one."""
        told = {"title": self.new_title, "submit": pgettext("button", "Create"), "back": address(self.path)}
        told |= self.new_told(visit)
        return self.ask(visit, lambda data: self.new_form(visit, data), lambda form: self.add(visit, form), told)

    @property
    def new_title(self) -> Any:
        return _("New: %(kind)s") % {"kind": words.KINDS[self.kind]}

    def edit(self, visit: Visit, key: str) -> HttpResponse:
        """Another name, and what else can be changed."""
        thing = self.find(key, visit.by)
        executor.permit(self.table, thing, Verb.SET, by=visit.by)

        def save(form: ReadForm) -> HttpResponse:
            saved = self.save(thing, of_version(visit.by, visit.request.POST), form)
            messages.success(visit.request, _("%(name)s: saved.") % {"name": saved.name})
            return lead_to(things.of(thing, self.kind))

        told = {"submit": pgettext("button", "Save"), "subtitle": pgettext("page", "Edit")}
        return self.ask_of(visit, thing, lambda data: self.edit_form(thing, data), save, told)

    def verb_page(self, visit: Visit, key: str, verb: str) -> HttpResponse:
        """Say what the verb does, ask for what it needs, do it."""
        thing, wanted, by = self.find(key, visit.by), Verb(verb.upper()), visit.by
        executor.permit(self.table, thing, wanted, by=by)
        purging.check_proved(wanted, by)

        def do(form: ReadForm) -> HttpResponse:
            done = self.fire(thing, wanted, of_version(by, visit.request.POST), form)
            self.tell(visit, done, wanted)
            return lead_to(address(self.path) if wanted is Verb.DEL else things.of(thing, self.kind))

        told = doing.told_of(self.table, thing, wanted, by)
        return self.ask_of(visit, thing, lambda data: verbs.form_for(wanted, thing, by.now, data), do, told)

    def fire(self, thing: Any, verb: Verb, by: Actor, form: ReadForm) -> executor.Done:
        """Do a verb. DEL is out of the bin alone, and needs its name."""
        if verb is not Verb.DEL:
            return executor.fire(self.table, self.rows(), thing.key, verb, by=by, read=form.read)

        def confirmed() -> Mapping[str, Any]:
            form.read()
            return {"confirm": thing.name}

        purging.purge(self.table, self.rows(), thing.key, by=by, read=confirmed)
        return executor.Done(thing, True)

    def activity(self, visit: Visit, key: str) -> HttpResponse:
        """All that was done to it."""
        self.judge(visit, history.READING)
        thing = self.find(key, visit.by)
        told = history.of_thing(registry.kind(self.kind), key, visit)
        return self.show_of(visit, thing, "console/activity.html", {"tab": "activity", **told})

    def try_it(self, visit: Visit, key: str) -> HttpResponse:
        """The calls that the pages of this thing would make, with its own ids."""
        thing = self.find(key, visit.by)
        calls = tryit.calls_of(self.kind, thing, visit.request)
        return self.show_of(visit, thing, "console/try.html", {"tab": "try", "groups": calls})

    # ── pieces ───────────────────────────────────────────────────────────────────────────────────────────────────

    def show_of(
        self, visit: Visit, thing: Any, template: str, told: Mapping[str, Any], *, status: int = 200
    ) -> HttpResponse:
        """A page of one thing, under its head."""
        return self.show(visit, template, {"head": things.head(thing, self.kind, visit.by), **told}, status=status)

    def ask_of(
        self,
        visit: Visit,
        thing: Any,
        form: Any,
        act: Any,
        told: Mapping[str, Any],
        *,
        template: str = "console/form.html",
    ) -> HttpResponse:
        """A form about one thing, under its head. It names the version that it was shown for."""
        head = things.head(thing, self.kind, visit.by)
        common = {"head": head, "version": thing.version, "back": things.of(thing, self.kind)}
        return self.ask(visit, form, act, {**common, **told}, template=template)

    def tell(self, visit: Visit, done: executor.Done, verb: Verb) -> None:
        messages.add_message(visit.request, *verbs.outcome(done, verb))
