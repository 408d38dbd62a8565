"""One's own access tokens and access keys: made, shown once, named, disabled, ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts import policies
from accounts.access.walks import keyset
from accounts.console import lists, once, reach, tryit
from accounts.console.room import Room, Visit
from accounts.console.ways import address, lead_to
from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN
from accounts.pages import show
from accounts.pages.forms import ReadForm
from accounts.pages.secrets import of_version
from accounts.people import credentials
from config.kernel import ids, registry, words
from config.kernel.policies import Policy
from config.kernel.states import State, Table, Verb

SOON = timedelta(days=10)
_VERBS = (Verb.DIS, Verb.ENB, Verb.DEL)
_EFFECTS = {
    Verb.DIS: gettext_lazy("Whoever calls with it is refused from now on. You can enable it again."),
    Verb.ENB: gettext_lazy("Whoever calls with it is let in again."),
    Verb.DEL: gettext_lazy("It ends for good, at once: whoever still calls with it is refused. There is no way back."),
}


@dataclass(frozen=True, slots=True)
class What:
    """What one of the two kinds is called: on pages, in addresses (of the list, and of one), on the wire."""

    table: Table
    path: str
    one: str
    title: Any
    new: Any
    secret: str
    rows: tuple[Policy, ...]


TOKENS = What(
    ACCESS_TOKEN,
    "tokens",
    "token",
    gettext_lazy("Access tokens"),
    gettext_lazy("A new access token"),
    "token",
    policies.TOKENS,
)
ACCESS_KEYS = What(
    ACCESS_KEY,
    "access-keys",
    "access_key",
    gettext_lazy("Access keys"),
    gettext_lazy("A new access key"),
    "SK",
    policies.ACCESS_KEYS,
)


class CredentialsRoom(Room):
    """One of the two kinds."""

    words_of: ClassVar[Mapping[Verb, Any]] = {
        Verb.DIS: pgettext_lazy("button", "Disable it"),
        Verb.ENB: pgettext_lazy("button", "Enable it"),
        Verb.DEL: pgettext_lazy("button", "Delete it for good"),
    }

    def __init__(self, what: What) -> None:
        self.what = what
        self.kind = what.table.kind
        self.section = f"{what.one}s"
        self.policies = {policy.verb: policy for policy in what.rows}

    def urls(self) -> list[URLPattern]:
        path, one = self.what.path, self.what.one
        verbs = "|".join(verb.lower() for verb in _VERBS)
        return [
            self.at(path, self.index, self.section, Verb.QRI),
            self.form_at(f"{path}/new", self.new, f"{one}_new", Verb.ADD),
            self.at(f"{path}/<key>", self.page, one, Verb.GET),
            self.form_at(f"{path}/<key>/edit", self.edit, f"{one}_edit", Verb.SET),
            self.form_at(f"{path}/<key>/(?P<verb>{verbs})", self.verb_page, f"{one}_verb"),
        ]

    def index(self, visit: Visit) -> HttpResponse:
        """Those that have not ended, the newest first."""
        rows = credentials.mine(self.what.table, by=visit.by).exclude(state=State.DELETED)
        page = lists.page_of(keyset(rows), visit, self.section)
        told = {
            "title": self.what.title,
            "what": self.what,
            "page": page,
            "rows": [self._row(row, visit) for row in page.rows],
            "new": address(f"{self.what.one}_new"),
        }
        return self.show(visit, "console/credentials.html", told)

    def new(self, visit: Visit) -> HttpResponse:
        """Made by whoever has just proved who they are, and shown this once."""
        credentials.check_may_make(visit.by)

        def call(form: ReadForm) -> once.Made:
            row, secret = credentials.make(self.what.table, by=visit.by, read=form.read)
            return row.key, self._show_secret(visit, row, secret)

        def do(form: ReadForm) -> HttpResponse:
            said = _("This form has made it already: here it is. It was shown then; if you missed it, make another.")
            meanwhile, again = address(self.section), lambda key: address(self.what.one, key)
            return once.make(visit, lambda: call(form), again=again, said=said, meanwhile=meanwhile)

        told = {
            "title": self.what.new,
            "effect": _("It acts for you, and never does more than you may. It is shown to you once it is made."),
            "submit": pgettext("button", "Create"),
            "back": address(self.section),
            once.FIELD: once.of(visit),
        }
        lists_cities = self.lets(visit, registry.kind("city").policy(Verb.QRI))
        form = lambda data: reach.CredentialForm(visit.by, data, lists_cities=lists_cities)  # noqa: E731
        return self.ask(visit, form, do, told)

    def page(self, visit: Visit, key: str) -> HttpResponse:
        """What it may do, until when; and how it is used."""
        row = credentials.find(self.what.table, key, by=visit.by)
        state = row.state_at(visit.by.now)
        told = {
            **self._row(row, visit),
            "title": row.name or row.key,
            "what": self.what,
            "facts": [*self._facts(row, visit), (_("Last used"), show.used(row))],
            "buttons": self._buttons(row, state),
            "root": tryit.root_of(visit.request),
        }
        return self.show(visit, "console/credential.html", told)

    def edit(self, visit: Visit, key: str) -> HttpResponse:
        """Another name."""
        row = credentials.find(self.what.table, key, by=visit.by)

        def do(form: ReadForm) -> HttpResponse:
            by = of_version(visit.by, visit.request.POST)
            saved = credentials.rename(self.what.table, key, by=by, read=form.read)
            messages.success(visit.request, _("%(name)s: saved.") % {"name": saved.name})
            return lead_to(address(self.what.one, row.key))

        told = {**self._of(row), "subtitle": pgettext("page", "Edit"), "submit": pgettext("button", "Save")}
        return self.ask(visit, lambda data: reach.NameForm(data, initial={"name": row.name}), do, told)

    def verb_page(self, visit: Visit, key: str, verb: str) -> HttpResponse:
        """Say what the verb does, and do it."""
        wanted = Verb(verb.upper())
        row = credentials.find(self.what.table, key, by=visit.by)

        def do(form: ReadForm) -> HttpResponse:
            by = of_version(visit.by, visit.request.POST)
            done = credentials.fire(self.what.table, key, wanted, by=by, read=form.read)
            told = {"verb": words.verb(wanted), "name": done.name or done.key}
            messages.success(visit.request, _("%(verb)s: %(name)s. Done.") % told)
            return lead_to(address(self.section) if wanted is Verb.DEL else address(self.what.one, row.key))

        told = {
            **self._of(row),
            "subtitle": words.verb(wanted),
            "effect": _EFFECTS[wanted],
            "submit": self.words_of[wanted],
            "is_dangerous": wanted is not Verb.ENB,
        }
        return self.ask(visit, reach.ReasonForm if wanted is Verb.DIS else ReadForm, do, told)

    def _of(self, row: Any) -> dict[str, Any]:
        return {"title": row.name or row.key, "version": row.version, "back": address(self.what.one, row.key)}

    def _show_secret(self, visit: Visit, row: Any, secret: str) -> HttpResponse:
        """The one answer that has it."""
        pair = [("AK", "ak", row.key)] if self.what is ACCESS_KEYS else []
        told = {
            "title": row.name,
            "values": [*pair, (self.what.secret, "secret", secret)],
            "facts": self._facts(row, visit)[2:],  # its id and its hint are in what is shown
            "file": f"{self.what.one}-{row.key}.txt",
            "back": address(self.what.one, row.key),
        }
        return self.show_once(visit, "console/credential_once.html", told, leads_to=address(self.what.one, row.key))

    def _buttons(self, row: Any, state: State) -> list[tuple[Any, str, bool]]:
        """A word, an address, and whether it is dangerous."""
        if state is State.DELETED:
            return []
        one, turn = self.what.one, Verb.ENB if state is State.DISABLED else Verb.DIS
        return [
            (_("Rename"), address(f"{one}_edit", row.key), False),
            (words.verb(turn), address(f"{one}_verb", row.key, turn.lower()), turn is Verb.DIS),
            (words.verb(Verb.DEL), address(f"{one}_verb", row.key, Verb.DEL.lower()), True),
        ]

    def _row(self, row: Any, visit: Visit) -> dict[str, Any]:
        now = visit.by.now
        return {
            "row": row,
            "address": address(self.what.one, row.key),
            "badge": show.badge(row.state_at(now)),
            "scopes": _short(row.scopes),
            "ends": show.moment(row.ends_at) if row.ends_at else "",
            "used": show.used(row),
            "is_over": row.ends_at is not None and row.ends_at <= now,
            "ends_soon": row.ends_at is not None and now < row.ends_at <= now + SOON,
        }

    def _facts(self, row: Any, visit: Visit) -> list[tuple[Any, Any]]:
        facts = [
            ("AK" if self.what is ACCESS_KEYS else _("Id"), row.key),
            (_("Begins with"), f"{ids.TOKEN_PREFIX if self.what is TOKENS else ''}{row.hint}…" if row.hint else ""),
            (_("What it may do"), words.listed(_short(row.scopes))),
            (_("Cities"), words.listed(_named(row.cities, visit)) if row.cities else _("all that you see")),
            (_("Addresses"), ", ".join(row.addresses) if row.addresses else _("any")),
            (_("Ends"), show.moment(row.ends_at) if row.ends_at else pgettext("end", "never")),
            (_("Created"), show.moment(row.created_at)),
            (_("Reason"), row.reason),
        ]
        return [(word, value) for word, value in facts if value]


def _short(scopes: list[str]) -> list[str]:
    """Scopes without what each of them is good for."""
    return [reach.word_of(scope).partition(":")[0].partition("：")[0] for scope in scopes]


def _named(keys: list[str], visit: Visit) -> list[str]:
    """Cities by name, those that one does not see any more by id."""
    cities: Any = registry.kind("city").model._default_manager
    seen = dict(cities.visible_to(visit.by).filter(key__in=keys).values_list("key", "name"))
    return [seen.get(key, key) for key in keys]
