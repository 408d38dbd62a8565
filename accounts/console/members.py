"""The people of one's company: whom it asks, who administers it, who goes."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts import policies
from accounts.console.owned import CompanyPages
from accounts.console.room import Visit
from accounts.console.ways import address, lead_to
from accounts.models import Organization, User
from accounts.pages import show
from accounts.pages.forms import CleanField, ReadForm
from accounts.pages.secrets import of_version
from accounts.people import companies, invitations, membership
from config.kernel import ids
from config.kernel.errors import Code, Forbidden, Invalid, NotVisible
from config.kernel.policies import Policy
from config.kernel.states import Verb


class InviteForm(ReadForm):
    """Whom, and whether as an admin."""

    email = CleanField(
        invitations.clean_mail,
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("Whoever signs in with it finds the invitation under “Shared with me”."),
        widget=forms.EmailInput({"autofocus": True, "autocomplete": "off"}),
    )
    is_admin = forms.BooleanField(label=gettext_lazy("As an administrator of the company"), required=False)


class InvitedRoom(CompanyPages):
    """Whom the company asks, until they answer."""

    kind = invitations.KIND
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.INVITATIONS}

    def urls(self) -> list[URLPattern]:
        return [
            self.form_at("company/invite", self.invite, "company_invite", invitations.INVITE),
            self.act_at("company/invitations/<id>/end", self.take_back, "company_uninvite", membership.UNINVITE),
        ]

    def open_ones(self, visit: Visit, company: Organization) -> list[dict[str, Any]]:
        """As a part of the company's page: there are a hundred at most. None where a policy closes them."""
        if not self.lets(visit, self.policy_of(Verb.QRI)):
            return []
        rows = invitations.of_company(company.key, by=visit.by).order_by("-pk")[: invitations.OPEN_PER_COMPANY]
        return [{"asked": each, "since": show.moment(each.created_at)} for each in rows]

    def invite(self, visit: Visit) -> HttpResponse:
        """Ask an address. What is said is the same whoever has it, or nobody (S13)."""
        company = self.own(visit)
        invitations.check_may_invite(company.key, by=visit.by)

        def do(form: ReadForm) -> HttpResponse:
            made = invitations.invite(company.key, by=visit.by, read=form.read)
            messages.success(visit.request, _("%(person)s is invited.") % {"person": made.invited})
            return lead_to(address("company"))

        told = {
            "title": company.name,
            "subtitle": _("Invite somebody"),
            "effect": _(
                "Who joins leaves the company that they are of. They see all projects, gateways and apps of yours; an "
                "administrator manages them too."
            ),
            "submit": pgettext("button", "Invite"),
            "back": address("company"),
        }
        return self.ask(visit, InviteForm, do, told)

    def take_back(self, visit: Visit, id: str) -> HttpResponse:
        """An open invitation is no more."""
        company = self.own(visit)
        invitations.take_back(company.key, id, by=of_version(visit.by, visit.request.POST))
        messages.success(visit.request, _("The invitation is taken back."))
        return lead_to(address("company"))


class MembersRoom(CompanyPages):
    """Who is in it."""

    kind = "member"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.MEMBERS}

    def urls(self) -> list[URLPattern]:
        return [
            self.form_at("company/people/<id>/admin", self.set_admin, "company_admin", Verb.SET),
            self.form_at("company/people/<id>/remove", self.remove, "company_remove", membership.LEAVE),
            self.form_at("company/leave", self.leave, "company_leave", membership.LEAVE),
        ]

    def set_admin(self, visit: Visit, id: str) -> HttpResponse:
        """An admin who was none, or the other way round."""
        company, member = self._found(visit, id)
        wanted = not member.is_corp_admin
        if wanted:
            visit.by.check_fresh()

        def do(form: ReadForm) -> HttpResponse:
            read = lambda: {"is_admin": _said_admin(form)}  # noqa: E731
            by = of_version(visit.by, visit.request.POST)
            membership.set_admin(company.key, member.key, by=by, read=read)
            messages.success(visit.request, _("%(name)s: saved.") % {"name": member.name})
            return lead_to(address("company"))

        effect = (
            _("They have the owner's rights on all projects, gateways and apps of the company, and manage its people.")
            if wanted
            else _("They see what is the company's, and manage nothing of it any more.")
        )
        told = {
            "subtitle": (_("Make %(name)s an administrator") if wanted else _("%(name)s: administrator no more"))
            % {"name": member.name},
            "effect": effect,
            "wanted": "1" if wanted else "0",
            "submit": pgettext("button", "Save"),
        }
        return self._ask(visit, company, do, told)

    def remove(self, visit: Visit, id: str) -> HttpResponse:
        """Somebody else goes."""
        company, member = self._found(visit, id)
        assert visit.by.user is not None
        if member.pk == visit.by.user.pk:
            return lead_to(address("company_leave"))
        told = {
            "subtitle": _("Remove %(name)s from the company") % {"name": member.name},
            "effect": _(
                "They get a company of their own, and do not see what is this company's any more. What its people have "
                "shared with them ends. Their cities stay theirs; the company's projects that stand in them leave them."
            ),
            "submit": pgettext("button", "Remove"),
            "is_dangerous": True,
        }
        said = _("%(name)s is not in the company any more.") % {"name": member.name}
        return self._ask(visit, company, lambda form: self._go(visit, company, member, said), told)

    def leave(self, visit: Visit) -> HttpResponse:
        """Oneself goes."""
        company = self.own(visit)
        assert visit.by.user is not None
        member = visit.by.user
        told = {
            "subtitle": _("Leave the company"),
            "effect": _(
                "You get a company of your own, and do not see what is this company's any more. What its people have "
                "shared with you ends. Your cities stay yours; the company's projects that stand in them leave them. "
                "There is no way back but an invitation."
            ),
            "submit": pgettext("button", "Leave"),
            "is_dangerous": True,
        }
        said = _("You have a company of your own now.")
        return self._ask(visit, company, lambda form: self._go(visit, company, member, said), told)

    def _go(self, visit: Visit, company: Organization, member: User, said: str) -> HttpResponse:
        membership.remove(company.key, member.key, by=of_version(visit.by, visit.request.POST))
        messages.success(visit.request, said)
        return lead_to(address("company"))

    def _found(self, visit: Visit, id: str) -> tuple[Organization, User]:
        """The company and one of its people, for its admins. Raises NotVisible, Forbidden."""
        company = self.own(visit)
        if not companies.may_manage(company, visit.by):
            raise Forbidden(verb=visit.verb, kind=company.kind)
        people = membership.listed(company.key, by=visit.by)
        member: User | None = people.filter(key=id if ids.is_key(id) else "").first()
        if member is None:
            raise NotVisible(kind="user")
        return company, member

    def _ask(self, visit: Visit, company: Organization, act: Any, told: Mapping[str, Any]) -> HttpResponse:
        common = {"title": company.name, "version": company.version, "back": address("company")}
        return self.ask(visit, ReadForm, act, {**common, **told}, template="console/member.html")


def _said_admin(form: ReadForm) -> bool:
    """Admin or none, as the form says outright: one that says neither takes nobody's rights. Raises Invalid."""
    said = form.data.get("is_admin")
    if said not in {"0", "1"}:
        raise Invalid(Code.BAD_CHOICE, field="is_admin", allowed="0, 1")
    return bool(said == "1")
