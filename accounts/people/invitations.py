"""Invitations into a company: made by its admins to a mail, taken up or turned down by whoever has that (S13).

Whether somebody has it, nobody learns: the answer is the same, and it stays open until it is taken up.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.access.actor import Actor
from accounts.audit import journal
from accounts.lifecycle import ORGANIZATION, USER
from accounts.machine import executor
from accounts.models import Invitation, Organization, User
from accounts.people import companies, membership
from accounts.people.membership import UNINVITE
from config.kernel import ids, names
from config.kernel.errors import Code, DomainError, Forbidden, Invalid, LimitReached, NotVisible, WrongState
from config.kernel.roles import Role
from config.kernel.states import State, Verb

INVITE, JOIN = "INVITE", "JOIN"
OPEN_PER_COMPANY = 100
KIND = "invitation"


def of_company(key: str, *, by: Actor) -> Any:
    """The open ones of a company, for its admins and for who may browse. Raises NotVisible, Forbidden."""
    company = companies.find_visible(key, by=by)
    if not (companies.may_manage(company, by) or by.may_browse):
        raise Forbidden(verb=Verb.QRI, kind=KIND)
    return _rows().filter(company=company)


def find_of_company(key: str, invitation: str, *, by: Actor) -> Invitation:
    """One of them. Raises as `of_company`, and NotVisible."""
    return _one(of_company(key, by=by), invitation)


def mine(*, by: Actor) -> Any:
    """The open ones to the caller's mail. Raises OUT_OF_SCOPE, BEYOND_CITIES."""
    by.check_scope(Verb.QRI)
    by.check_unbound()
    return _to(by)


def find_mine(key: str, *, by: Actor) -> Invitation:
    """One of them. Raises NotVisible, OUT_OF_SCOPE, BEYOND_CITIES."""
    found = _one(_to(by), key)
    by.check_scope(Verb.GET)
    by.check_unbound()
    return found


def invite(key: str, *, by: Actor, read: executor.Reader) -> Invitation:
    """Ask a mail into a company; a second time it amends the first, or changes nothing.

    `read` gives `email`, and `is_admin`. Raises NotVisible; Forbidden for who is none of its admins and no god;
    OUT_OF_SCOPE, BEYOND_CITIES, Invalid; REAUTHENTICATE for who would make an admin; RESERVED for the super corp, whose
    people the platform's roles are; WrongState for a closed company; LimitReached.
    """
    with transaction.atomic():
        company = _managed(key, INVITE, by=by)
        by.check_new()
        given = read()
        mail, is_admin = clean_mail(given["email"]), bool(given.get("is_admin"))
        if is_admin:
            by.check_fresh()
        _check_open(company, by)
        former = _rows().filter(company=company, invited=mail).first()
        if former is not None and former.is_admin == is_admin:
            return former
        if former is None:
            LimitReached.check(company.invitations.all()[:OPEN_PER_COMPANY].count(), OPEN_PER_COMPANY)
            terms: dict[str, Any] = {"invited": mail, "is_admin": is_admin, "invited_by": by.user}
            made: Invitation = company.invitations.create(created_at=by.now, **terms)
        else:
            made = former
            made.is_admin, made.invited_by, made.version = is_admin, by.user, made.version + 1
            made.save(update_fields=["is_admin", "invited_by", "version"])
        journal.write(by, INVITE, executor.about(ORGANIZATION, company), {}, _told(made))
        return made


def take_back(key: str, invitation: str, *, by: Actor) -> None:
    """An open one is no more. Raises NotVisible, Forbidden, OUT_OF_SCOPE, BEYOND_CITIES, STALE."""
    with transaction.atomic():
        company = _managed(key, UNINVITE, by=by)
        found = _one(_rows().filter(company=company), invitation)
        by.check_version(found)
        _end(found, company, by)


def accept(key: str, *, by: Actor, read: executor.Reader = dict) -> User:
    """Into the company that asks, out of the present one (see `membership.move`); the invitation is gone with it.

    Who is of the company already becomes its admin where that was offered. Raises NotVisible; OUT_OF_SCOPE,
    BEYOND_CITIES, STALE; RESERVED for zoon and god, who belong to the super corp, and for a company in which nobody is;
    WrongState for a closed company.
    """
    assert by.user is not None
    with transaction.atomic():
        asks = _offered(key, by).company
        user = membership.lock(by.user.key, [asks.pk])
        found = _one(_to(by), key)  # it may have gone while it was waited for
        by.check_version(found)
        read()
        if user.platform_role is not Role.DEVELOPER:
            raise DomainError(Code.RESERVED, verb=JOIN, kind=USER.kind)
        company: Organization = Organization.objects.get(pk=asks.pk)
        _check_open(company, by)
        told, is_admin = {"invitation": found.key}, found.is_admin
        if not (is_admin or company.users.exists()):  # it waits for somebody, and has no admin who could receive them
            raise DomainError(Code.RESERVED, verb=JOIN, kind=ORGANIZATION.kind)
        found.delete()
        company.kept_for = ""  # whom it has waited for finds it taken
        if user.corp_id != company.pk:
            membership.move(user, company, JOIN, by=by, is_admin=is_admin, told=told)
        else:
            membership.grade(user, JOIN, by=by, is_admin=is_admin or user.is_corp_admin, told=told)
        executor.touch(company, "kept_for", by=by)
        user.corp = company
        return user


def decline(key: str, *, by: Actor, read: executor.Reader = dict) -> None:
    """Turn it down. Raises NotVisible, OUT_OF_SCOPE, BEYOND_CITIES, STALE."""
    with transaction.atomic():
        company = _offered(key, by).company
        Organization.objects.select_for_update().get(pk=company.pk)
        found = _one(_to(by), key)
        by.check_version(found)
        read()
        _end(found, company, by)


def check_may_invite(key: str, *, by: Actor) -> None:
    """Pass, or raise as `invite` would before it is given anything."""
    with transaction.atomic():
        _managed(key, INVITE, by=by)


def clean_mail(text: str, *, field: str = "email") -> str:
    """A mail in lower case. Raises Invalid."""
    mail = names.clean_text(text.lower(), field=field, longest=254)
    try:
        validate_email(mail)
    except ValidationError:
        raise Invalid(Code.WRONG_TYPE, field=field, expected="e-mail address") from None
    return mail


def _managed(key: str, verb: str, *, by: Actor) -> Organization:
    """A company, locked, for its admins and for god. Raises NotVisible, Forbidden, OUT_OF_SCOPE, BEYOND_CITIES."""
    company = companies.lock_visible(key, by=by)
    if not companies.manages_now(company, by):
        raise Forbidden(verb=verb, kind=KIND)
    by.check_scope(verb)
    by.check_unbound()
    return company


def _check_open(company: Organization, by: Actor) -> None:
    if company.key in ids.RESERVED:
        raise DomainError(Code.RESERVED, verb=INVITE, kind=ORGANIZATION.kind)
    if (state := company.state_at(by.now)) is not State.ENABLED:
        raise WrongState(verb=INVITE, state=state.name, kind=ORGANIZATION.kind)


def _end(invitation: Invitation, company: Organization, by: Actor) -> None:
    journal.write(by, UNINVITE, executor.about(ORGANIZATION, company), _told(invitation), {})
    invitation.delete()


def _offered(key: str, by: Actor) -> Invitation:
    found = _one(_to(by), key)
    by.check_scope(JOIN)
    by.check_unbound()
    return found


def _rows() -> Any:
    return Invitation.objects.select_related("company", "invited_by")


def _to(by: Actor) -> Any:
    mail = by.user.email if by.user is not None else ""
    return _rows().filter(invited=mail) if mail else _rows().none()


def _one(rows: Any, key: str) -> Invitation:
    found: Invitation | None = rows.filter(key=key if ids.is_key(key) else "").first()
    if found is None:
        raise NotVisible(kind=KIND)
    return found


def _told(invitation: Invitation) -> dict[str, Any]:
    """What the trail says: of the mail nothing but the invitation's id (S18)."""
    return {"invitation": invitation.key, "is_admin": invitation.is_admin}
