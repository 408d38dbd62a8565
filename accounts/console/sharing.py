"""Who shares a thing: under its head, for its owner to change and for stewards to read.

To whom an id or a mail belongs is not said here (S13): a share shows what it was given to; a name stands beside it
where both are of one company, and for who may browse all.
"""

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
from accounts.console import lists, naming, things
from accounts.console.room import Room, Visit
from accounts.console.ways import address, lead_to
from accounts.models import FOREVER, Grant
from accounts.pages import show
from accounts.pages.forms import ReadForm
from accounts.pages.moments import MomentField, in_zone
from accounts.pages.secrets import of_version
from accounts.people import grants, sharing
from config.kernel import registry, words
from config.kernel.errors import NotVisible
from config.kernel.policies import Policy
from config.kernel.registry import Kind
from config.kernel.roles import Share
from config.kernel.states import Verb

ROLES = (
    ("viewer", gettext_lazy("Viewer: sees it and what stands in it, and changes nothing")),
    ("operator", gettext_lazy("Operator: also changes and publishes it, takes it off line, and makes things in it")),
)
_WORDS = {share: name for name, share in sharing.ROLES.items()}


class TermsForm(ReadForm):
    """Which role, and until when."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES, widget=forms.RadioSelect, initial="viewer")
    expires_at = MomentField(label=gettext_lazy("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expires_at"].help_text = in_zone(_("Empty: for good."))

    def given(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {**given, "role": sharing.ROLES[given["role"]], "ends_at": given.pop("expires_at")}


class ShareForm(TermsForm):
    """To whom, too."""

    field_order = ("user", "role", "expires_at")
    user = forms.CharField(
        label=gettext_lazy("User id or e-mail address"),
        help_text=gettext_lazy(
            "To an id it is shared at once. To an address it is an offer: whoever signs in with it takes it up."
        ),
        max_length=254,
        widget=forms.TextInput({"autofocus": True, "autocomplete": "off", "autocapitalize": "none"}),
    )


class SharesRoom(Room):
    """The shares of the things of one kind."""

    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.GRANTS}

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.section = things.PATHS[kind]

    def urls(self) -> list[URLPattern]:
        kind, people = self.kind, f"{things.PATHS[self.kind]}/<key>/people"
        return [
            self.at(people, self.people, f"{kind}_people", Verb.QRI),
            self.form_at(f"{people}/share", self.share, f"{kind}_share", sharing.SHARE),
            self.form_at(f"{people}/<id>", self.alter, f"{kind}_grant", Verb.SET),
            self.form_at(f"{people}/<id>/end", self.unshare, f"{kind}_unshare", sharing.UNSHARE),
        ]

    def about(self, named: Mapping[str, str], by: Actor) -> About:
        """A refused sharing is told where the thing's own history is read."""
        return things.told_as(self.kind, named["key"])

    @property
    def governed(self) -> Kind:
        return registry.kind(self.kind)

    def people(self, visit: Visit, key: str) -> HttpResponse:
        """Who has which share, and to whom one is offered."""
        thing = find_thing(self.governed, key, by=visit.by)
        rows = grants.on(self.governed, key, by=visit.by)
        page = lists.page_of(keyset(rows), visit, f"people {self.kind} {key}")
        is_owner = things.owns(thing)
        told = {
            **self._head(thing, visit.by),
            "page": page,
            "rows": [self._row(grant, key, visit.by, is_owner=is_owner) for grant in page.rows],
            "is_owner": is_owner,
            "share": address(f"{self.kind}_share", key) if is_owner and not things.is_binned(thing) else "",
        }
        return self.show(visit, "console/people.html", told)

    def share(self, visit: Visit, key: str) -> HttpResponse:
        """With one more person; the same person a second time: another role, another end."""
        sharing.check_may_share(self.governed, key, by=visit.by)
        thing = find_thing(self.governed, key, by=visit.by)

        def do(form: ReadForm) -> HttpResponse:
            grant = sharing.share(self.governed, key, by=visit.by, read=form.read)
            messages.success(visit.request, said_of(grant, thing))
            return lead_to(address(f"{self.kind}_people", key))

        told = {"subtitle": _("Share it"), "submit": pgettext("button", "Share"), "effect": self._below()}
        return self.ask(visit, ShareForm, do, {**self._head(thing, visit.by), **told, "back": self._back(key)})

    def alter(self, visit: Visit, key: str, id: str) -> HttpResponse:
        """Another role, another end."""
        thing, grant = self._found(key, id, visit.by)

        def do(form: ReadForm) -> HttpResponse:
            sharing.alter(grant.key, by=of_version(visit.by, visit.request.POST), read=form.read)
            messages.success(visit.request, _("The share is changed."))
            return lead_to(self._back(key))

        assert grant.share is not None
        until = None if grant.ends_at == FOREVER else grant.ends_at
        initial = {"role": _WORDS[grant.share], "expires_at": until}
        told = {
            "subtitle": _("The share of %(person)s") % {"person": _addressee(grant)},
            "submit": pgettext("button", "Save"),
            "version": grant.version,
            "back": self._back(key),
        }
        form = lambda data: TermsForm(data, initial=initial)  # noqa: E731
        return self.ask(visit, form, do, {**self._head(thing, visit.by), **told})

    def unshare(self, visit: Visit, key: str, id: str) -> HttpResponse:
        """Take it away."""
        thing, grant = self._found(key, id, visit.by)

        def do(form: ReadForm) -> HttpResponse:
            sharing.unshare(grant.key, by=of_version(visit.by, visit.request.POST))
            messages.success(visit.request, _("The share is taken away."))
            return lead_to(self._back(key))

        told = {
            "subtitle": _("Take away the share of %(person)s") % {"person": _addressee(grant)},
            "effect": _("It ends at once. Where they know a secret that is still good, it is marked: rotate it."),
            "submit": pgettext("button", "Take it away"),
            "is_dangerous": True,
            "version": grant.version,
            "back": self._back(key),
        }
        return self.ask(visit, ReadForm, do, {**self._head(thing, visit.by), **told})

    def _found(self, key: str, id: str, by: Actor) -> tuple[Any, Grant]:
        """The thing and one of its shares, for its owner. Raises NotVisible, Forbidden."""
        sharing.check_may_share(self.governed, key, by=by)
        thing = find_thing(self.governed, key, by=by)
        grant: Grant | None = grants.on(self.governed, key, by=by).filter(key=id).first()
        if grant is None or grant.share is Share.OWNER:
            raise NotVisible(kind="grant")
        return thing, grant

    def _head(self, thing: Any, by: Actor) -> dict[str, Any]:
        return {"head": things.head(thing, self.kind, by), "tab": "people"}

    def _back(self, key: str) -> str:
        return address(f"{self.kind}_people", key)

    def _below(self) -> str:
        if self.kind == "app":
            return ""
        return _("It covers what stands in it too, as far as that is your own or your company's.")

    def _row(self, grant: Grant, key: str, by: Actor, *, is_owner: bool) -> dict[str, Any]:
        is_fixed = not is_owner or grant.share is Share.OWNER
        return {
            "whom": _addressee(grant),
            "name": naming.name_of(grant.user, by),
            "is_me": grant.user_id is not None and by.user is not None and grant.user_id == by.user.pk,
            "is_pending": grant.is_pending,
            "role": words.SHARES[grant.share] if grant.share is not None else "",
            "terms": terms_of(grant),
            "alter": "" if is_fixed else address(f"{self.kind}_grant", key, grant.key),
            "unshare": "" if is_fixed else address(f"{self.kind}_unshare", key, grant.key),
        }


def terms_of(grant: Grant) -> str:
    """Who gave it, since when it is, until when."""
    told = {
        "person": grant.granted_by.name if grant.granted_by is not None else _("System"),
        "since": show.moment(grant.created_at),
        "until": show.moment(grant.ends_at),
    }
    if grant.ends_at == FOREVER:
        return _("Given by %(person)s, since %(since)s, for good.") % told
    return _("Given by %(person)s, since %(since)s, until %(until)s.") % told


def said_of(grant: Grant, thing: Any) -> str:
    """What is said after sharing: the same, whoever that is, or nobody (S13)."""
    told = {"name": thing.name, "person": _addressee(grant)}
    if grant.is_pending:
        return _("%(name)s: offered to %(person)s. It is theirs to take up under “Shared with me”.") % told
    return _("%(name)s: shared with %(person)s.") % told


def _addressee(grant: Grant) -> str:
    """What it was given to: an id, or a mail."""
    return grant.user.key if grant.user is not None else grant.invited
