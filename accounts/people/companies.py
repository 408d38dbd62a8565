"""Companies, as CloudRoom knows them: organizations of kind corp with a CompID, a secret, a switch and a limit."""

import hashlib
import hmac
import secrets
import string
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.access import book
from accounts.access.actor import Actor, Door
from accounts.audit import journal
from accounts.lifecycle import ORGANIZATION
from accounts.machine import executor
from accounts.machine.rotation import ROTATE
from accounts.models import Organization, PolicyBook, User
from accounts.models.thing import only
from accounts.people.hashers import md5_hex
from config.kernel import ids, registry
from config.kernel.errors import Code, DomainError, Forbidden, NotVisible
from config.kernel.roles import Role
from config.kernel.states import State, Verb

SUPER_COMP_ID = 1
CHECK_SECRET = "1"
_FIRST, _LAST = 100_000, 999_999
_SECRET = string.ascii_letters + string.digits
_SECRET_LENGTH = 32  # 190 bits
_TRIES = 40  # up to nine digits, as the door reads
MOST_PROJECTS = 100_000  # what a limit may be


def found(name: str, *, by: Actor) -> Organization:
    """A new company in the super zone, with what every company has from the start. Call it inside a transaction."""
    zone = Organization.objects.get(kind=Organization.Kind.ZONE, key=ids.SUPER)
    while True:
        corp = Organization(kind=Organization.Kind.CORP, name=name, parent=zone, comp_id=_new_comp_id())
        told = {"kind": "corp", "zone": zone.key, "comp_id": corp.comp_id}
        try:
            with transaction.atomic():
                executor.add(ORGANIZATION, corp, by=by, after=told)
        except IntegrityError as error:
            if "comp_id" not in str(error):
                raise
            continue  # somebody drew the same number at the same moment
        registry.company_founded(corp, by)
        return corp


def new_secret(company: Organization, *, by: Actor) -> str:
    """A new CompSecret, shown this once; the one before it is good no more. The company is locked and permitted."""
    secret = "".join(secrets.choice(_SECRET) for _ in range(_SECRET_LENGTH))
    set_secret(company, secret, by=by)
    return secret


def set_secret(company: Organization, secret: str, *, by: Actor) -> None:
    """A CompSecret that is given: for the documented check value, in development."""
    assert company.comp_id is not None
    company.secret_hash = _hashed(secret_key(company.comp_id, secret))
    executor.touch(company, "secret_hash", by=by)
    journal.write(by, ROTATE, executor.about(ORGANIZATION, company), {}, {"secret": "changed"})


def secret_key(comp_id: int, secret: str) -> str:
    """What a client proves itself with: lower-case hex MD5(CompID + "&" + CompSecret) [vendor]."""
    return md5_hex(f"{comp_id}&{secret}")


def find(comp_id: int) -> Organization | None:
    """The company of a CompID, with the edition of the policies that its call is judged by."""
    edition = {book.EDITION: PolicyBook.present_edition()}
    return only(Organization.objects.select_related("parent").annotate(**edition).filter(comp_id=comp_id))


def proves(company: Organization, key: str) -> bool:
    """Is this the company's SecretKey? Compared in constant time; a company without a secret has none.

    The documents' check value, which everybody can read there, is good in development alone.
    """
    is_right = hmac.compare_digest(_hashed(key), company.secret_hash or "-" * 64)
    return is_right and (settings.DEVELOPMENT or not has_check_value(company))


def has_check_value(company: Organization) -> bool:
    """Is its secret the one that the vendor's documents print: CompID 1, CompSecret 1?"""
    return company.secret_hash == _hashed(secret_key(SUPER_COMP_ID, CHECK_SECRET))


def check_in_service(company: Organization, by: Actor) -> None:
    """Pass, or CHAIN_CLOSED: its switch is on, it is enabled, and so is its zone."""
    assert company.parent is not None
    states = {company.state_at(by.now), company.parent.state_at(by.now)}
    if not company.has_api or states != {State.ENABLED}:
        raise DomainError(Code.CHAIN_CLOSED, link="corp")


def visible(*, by: Actor) -> Any:
    """One's own company, or every one for who may browse. Raises OUT_OF_SCOPE."""
    by.check_scope(Verb.QRI)
    by.check_unbound()
    return _visible(by)


def find_visible(key: str, *, by: Actor) -> Organization:
    """A company that the caller sees. Raises NotVisible, OUT_OF_SCOPE."""
    company: Organization | None = _visible(by).filter(key=key if ids.is_key(key) else "").first()
    if company is None:
        raise NotVisible(kind=ORGANIZATION.kind)
    by.check_scope(Verb.GET)
    by.check_unbound()
    return company


def _visible(by: Actor) -> Any:
    rows = Organization.objects.filter(kind=Organization.Kind.CORP)
    if by.is_system or by.may_browse:
        return rows
    assert by.user is not None
    return rows.filter(pk=by.user.corp_id)


def lock_visible(key: str, *, by: Actor) -> Organization:
    """A company that the caller sees, locked; of their own people's standing in it as it is now. Raises NotVisible."""
    rows = _visible(by).select_for_update(no_key=True)
    company: Organization | None = rows.filter(key=key if ids.is_key(key) else "").first()
    if company is None:
        raise NotVisible(kind=ORGANIZATION.kind)
    return company


def _locked_for(verb: str, key: str, by: Actor) -> Organization:
    """A company, locked, for its admins and for god. Raises NotVisible, Forbidden, OUT_OF_SCOPE, STALE."""
    company = lock_visible(key, by=by)
    if not _may(verb, company, by):
        raise Forbidden(verb=verb, kind=ORGANIZATION.kind)
    by.check_scope(verb)
    by.check_unbound()
    by.check_version(company)
    return company


def _may(verb: str, company: Organization, by: Actor) -> bool:
    if verb in {Verb.DIS, Verb.ENB}:
        return may_switch(by)
    return may_rotate(company, by) if verb == ROTATE else may_manage(company, by)


def may_manage(company: Organization, by: Actor) -> bool:
    """Its admins, and god."""
    return by.is_system or by.is_god or is_admin(company, by)


def manages_now(company: Organization, by: Actor) -> bool:
    """As `may_manage`, looked at again now that the company is locked: who has waited may be nobody there any more."""
    if by.user is None:
        return by.is_system
    now = User.objects.filter(pk=by.user.pk).values_list("role", "corp", "is_corp_admin").get()
    return now[0] == Role.GOD or now[1:] == (company.pk, True)


def may_rotate(company: Organization, by: Actor) -> bool:
    """Its admins, and god: of its CompSecret, and at the super-console of its projects' secrets too.

    SET is in no role's column, so at every other door no role changes a project's secret. At the super-console god
    alone does, for whom a leak must not wait; a zoon there is the platform's, whichever company they administer.
    """
    return by.is_god if by.door is Door.ADMIN else may_manage(company, by)


def is_admin(company: Organization, by: Actor) -> bool:
    """Is the caller one of the company's own admins?"""
    return by.user is not None and by.user.corp_id == company.pk and by.user.is_corp_admin


def update(key: str, *, by: Actor, read: executor.Reader) -> Organization:
    """SET: `read` gives any of `name`, `grace_seconds`; for a god also `has_api`, `project_limit`.

    Raises NotVisible, Forbidden, OUT_OF_SCOPE, STALE, Invalid, WrongState.
    """
    with transaction.atomic():
        company = _locked_for(Verb.SET, key, by)
        changes: Mapping[str, Any] = read()
        if {"has_api", "project_limit"} & changes.keys() and not (by.is_god or by.is_system):
            raise Forbidden(verb=Verb.SET, kind=ORGANIZATION.kind)
        executor.edit(ORGANIZATION, company, changes, by=by)
        return company


def switch(key: str, verb: Verb, *, by: Actor, read: executor.Reader = dict) -> executor.Done:
    """DIS or ENB of a company, by a god alone (S10). Raises as `update`, and RESERVED for the super corp."""
    with transaction.atomic():
        company = _locked_for(verb, key, by)
        return executor.apply(ORGANIZATION, company, verb, by=by, given=read())


def check_may_switch(key: str, verb: Verb, *, by: Actor) -> None:
    """Pass, or raise as `switch` would before it is given anything."""
    with transaction.atomic():
        _locked_for(verb, key, by)


def may_switch(by: Actor) -> bool:
    """Closing a company and opening it, its switch and its limit are the platform's: god's."""
    return by.is_system or by.is_god


def rotate(key: str, *, by: Actor, read: executor.Reader = dict) -> tuple[Organization, str]:
    """A new CompSecret of a company, for its admins and for god. `read` gives nothing. Raises as `update`."""
    with transaction.atomic():
        company = _locked_for(ROTATE, key, by)
        read()
        return company, new_secret(company, by=by)


def check_may_rotate(key: str, *, by: Actor) -> None:
    """Pass, or raise as `rotate` would before it is given anything."""
    with transaction.atomic():
        _locked_for(ROTATE, key, by)


def _new_comp_id() -> int:
    """A number that no company has: six digits, and more once those are nearly all taken."""
    low, high = _FIRST, _LAST
    for attempt in range(_TRIES):
        if attempt and attempt % 10 == 0:
            low, high = high + 1, high * 10 + 9
        number = low + secrets.randbelow(high - low + 1)
        if not Organization.objects.filter(comp_id=number).exists():
            return number
    raise DomainError(Code.BUSY, retry_after=1)


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
