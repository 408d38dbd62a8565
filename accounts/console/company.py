"""One's company: what it is, who is in it; for its admins also what it is called, its secret, and whom it asks."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts import policies
from accounts.access.walks import keyset
from accounts.console import lists
from accounts.console.due import row_of
from accounts.console.members import InvitedRoom
from accounts.console.owned import CompanyPages
from accounts.console.room import Visit
from accounts.console.ways import address, lead_to
from accounts.lifecycle import ORGANIZATION
from accounts.machine.rotation import LONGEST_GRACE, ROTATE
from accounts.models import Organization
from accounts.pages import show
from accounts.pages.forms import CleanField, ReadForm, clean_label
from accounts.pages.secrets import of_version
from accounts.people import companies, membership
from config.kernel import ids
from config.kernel.errors import Forbidden
from config.kernel.policies import Policy
from config.kernel.states import State, Verb

_GRACES = (0, 3_600, 86_400, 604_800)


class CompanyForm(ReadForm):
    """What its admins may change."""

    name = CleanField(clean_label, label=gettext_lazy("Name"), widget=forms.TextInput({"autofocus": True}))
    grace_seconds = forms.TypedChoiceField(
        label=gettext_lazy("Grace"),
        coerce=int,
        help_text=gettext_lazy("For so long a project's former secret stays good when it is rotated."),
    )

    def __init__(self, company: Organization, *args: Any, **kwargs: Any) -> None:
        initial = {"name": company.name, "grace_seconds": company.grace_seconds}
        super().__init__(*args, initial=initial, **kwargs)
        lengths = sorted({company.grace_seconds, *_GRACES, int(LONGEST_GRACE.total_seconds())})
        self.fields["grace_seconds"].choices = [(each, show.duration(each)) for each in lengths]


class CompanyRoom(CompanyPages):
    """The company that one is of."""

    kind = ORGANIZATION.kind
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.ORGANIZATIONS}

    def __init__(self, invited: InvitedRoom) -> None:
        self.invited = invited

    def urls(self) -> list[URLPattern]:
        return [
            self.at("company", self.page, "company", Verb.GET),
            self.form_at("company/edit", self.edit, "company_edit", Verb.SET),
            self.form_at("company/rotate", self.rotate, "company_rotate", ROTATE),
        ]

    def page(self, visit: Visit) -> HttpResponse:
        """What it is, and its people."""
        company = self.own(visit)
        manages = companies.may_manage(company, visit.by)
        told = {
            "title": company.name,
            "company": company,
            "badge": show.badge(company.state_at(visit.by.now)),
            "facts": _facts(company, manages=manages),
            "manages": manages,
            "is_reserved": company.key in ids.RESERVED,
            "invited": self.invited.open_ones(visit, company) if manages else [],
            **self._people(visit, company),
        }
        return self.show(visit, "console/company.html", told)

    def _people(self, visit: Visit, company: Organization) -> dict[str, Any]:
        """A page of them; nothing where the policy of listing them is closed."""
        if not self.lets(visit, row_of(policies.MEMBERS, Verb.QRI)):
            return {}
        page = lists.page_of(keyset(membership.listed(company.key, by=visit.by)), visit, f"people of {company.key}")
        rows = [_row(user, visit) for user in page.rows]
        return {"page": page, "rows": rows, "is_alone": len(rows) == 1 and not page.previous}

    def edit(self, visit: Visit) -> HttpResponse:
        """Another name, another grace."""
        company = self._managed(visit)

        def do(form: ReadForm) -> HttpResponse:
            saved = companies.update(company.key, by=of_version(visit.by, visit.request.POST), read=form.read)
            messages.success(visit.request, _("%(name)s: saved.") % {"name": saved.name})
            return lead_to(address("company"))

        told = {
            "title": company.name,
            "subtitle": pgettext("page", "Edit"),
            "submit": pgettext("button", "Save"),
            "version": company.version,
            "back": address("company"),
        }
        return self.ask(visit, lambda data: CompanyForm(company, data), do, told)

    def rotate(self, visit: Visit) -> HttpResponse:
        """A new CompSecret. The version of the form makes that it is one, however often it is sent."""
        company = self._managed(visit)

        def do(form: ReadForm) -> HttpResponse:
            by = of_version(visit.by, visit.request.POST)
            rotated, secret = companies.rotate(company.key, by=by, read=form.read)
            told = {
                "title": _("The new CompSecret"),
                "values": [("CompSecret", "comp_secret", secret)],
                "facts": [("CompID", rotated.comp_id)],
                "file": f"company-{rotated.comp_id}.txt",
                "back": address("company"),
            }
            return self.show_once(visit, "console/credential_once.html", told, leads_to=address("company"))

        told = {
            "title": company.name,
            "subtitle": _("A new CompSecret"),
            "effect": _(
                "A new CompSecret is made, and shown to you alone, this once. The present one is good no more from "
                "that moment on: every call that still proves itself by it is refused."
            ),
            "submit": pgettext("button", "Make a new one"),
            "is_dangerous": True,
            "version": company.version,
            "back": address("company"),
        }
        return self.ask(visit, ReadForm, do, told)

    def _managed(self, visit: Visit) -> Organization:
        """For its admins. Raises Forbidden."""
        company = self.own(visit)
        if not companies.may_manage(company, visit.by):
            raise Forbidden(verb=visit.verb, kind=self.kind)
        return company


def _facts(company: Organization, *, manages: bool) -> list[tuple[Any, Any]]:
    facts: list[tuple[Any, Any]] = [("CompID", company.comp_id), (_("Id"), company.key)]
    if manages:
        facts += [
            ("CompSecret", _("set") if company.secret_hash else _("none")),
            (_("Grace"), show.duration(company.grace_seconds)),
            (_("Projects at most"), company.project_limit),
        ]
    return [*facts, (_("Created"), show.moment(company.created_at))]


def _row(user: Any, visit: Visit) -> dict[str, Any]:
    state = user.state_at(visit.by.now)
    return {
        "user": user,
        "is_me": visit.by.user is not None and user.pk == visit.by.user.pk,
        "badge": show.badge(state) if state is not State.ENABLED else "",
    }
