"""Invitations of other companies: what joining one means, said before it is done."""

from collections.abc import Mapping
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import policies
from accounts.access.actor import Actor
from accounts.console.room import Room, Visit
from accounts.console.waiting import AT_MOST, Waiting, of_row
from accounts.console.ways import address, lead_to
from accounts.models import Invitation
from accounts.pages import show
from accounts.pages.forms import ReadForm
from accounts.pages.secrets import of_version
from accounts.people import invitations
from config.kernel.policies import Policy
from config.kernel.states import Verb


class InvitationsRoom(Room):
    """Those that are to one's own mail."""

    kind, section = invitations.KIND, "shares"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in policies.INVITATIONS}

    def urls(self) -> list[URLPattern]:
        return [
            self.form_at("invitations/<key>", self.join, "invitation", invitations.JOIN),
            self.act_at("invitations/<key>/decline", self.decline, "invitation_decline", "DECLINE"),
        ]

    def waiting(self, visit: Visit) -> list[Waiting]:
        """As a part of “Shared with me”."""
        rows = lambda: [_waiting(each) for each in invitations.mine(by=visit.by).order_by("-pk")[:AT_MOST]]  # noqa: E731
        return of_row(self, visit, Verb.QRI, rows)

    def join(self, visit: Visit, key: str) -> HttpResponse:
        """What it means, and the button that does it."""
        found = invitations.find_mine(key, by=visit.by)

        def do(form: ReadForm) -> HttpResponse:
            user = invitations.accept(key, by=of_version(visit.by, visit.request.POST), read=form.read)
            told = {"company": user.corp.name}
            messages.success(visit.request, _("You are one of the people of %(company)s now.") % told)
            return lead_to(address("company"))

        told = {
            "title": _("Invitation of %(company)s") % {"company": found.company.name},
            "said": _said(found),
            "meanings": meanings(found, visit.by),
            "submit": pgettext("button", "Join"),
            "version": found.version,
            "back": address("shares"),
        }
        return self.ask(visit, ReadForm, do, told, template="console/meaning.html")

    def decline(self, visit: Visit, key: str) -> HttpResponse:
        """Turn it down."""
        invitations.decline(key, by=of_version(visit.by, visit.request.POST))
        messages.success(visit.request, _("The invitation is turned down."))
        return lead_to(address("shares"))


def meanings(found: Invitation, by: Actor) -> list[str]:
    """What becomes of whoever joins, sentence by sentence."""
    assert by.user is not None
    told = {"new": found.company.name, "old": by.user.corp.name}
    if found.company.pk == by.user.corp_id:
        return [_("You are one of its people already. You become one of its administrators.")]
    rights = (
        _("In %(new)s you are an administrator: its projects, gateways, apps and people are yours to manage.")
        if found.is_admin
        else _("You see all projects, gateways and apps of %(new)s.")
    )
    return [
        _("You leave %(old)s: everybody is of one company alone.") % told,
        rights % told,
        _("You do not see the projects of %(old)s any more, and what its people have shared with you ends.") % told,
        _("Your cities stay yours. The projects of %(old)s that stand in them leave them.") % told,
        _("There is no way back but an invitation of %(old)s.") % told,
    ]


def _said(found: Invitation) -> str:
    giver = found.invited_by.name if found.invited_by is not None else _("System")
    told = {"person": giver, "since": show.moment(found.created_at)}
    if found.is_admin:
        return _("%(person)s asks you to join as an administrator, since %(since)s.") % told
    return _("%(person)s asks you to join, since %(since)s.") % told


def _waiting(found: Invitation) -> Waiting:
    return Waiting(
        _("Company"),
        found.company.name,
        _said(found),
        address("invitation_decline", found.key),
        found.version,
        look=address("invitation", found.key),
    )
