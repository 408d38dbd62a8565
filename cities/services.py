"""What can be done with a city beyond a bare move: create, update, restore by name."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.access.actor import Actor
from accounts.machine import executor
from accounts.models import User
from accounts.people import probes, sharing
from cities.lifecycle import CITY
from cities.models import City
from config.kernel import names
from config.kernel.errors import Code, DomainError, LimitReached, NameTaken
from config.kernel.registry import Quota
from config.kernel.roles import Role
from config.kernel.states import Verb

FIELDS = ("name", "avatar", "brief", "type", "igrp")
_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Updated:
    """A city after SET; `secret` is the new city secret, shown this once, "" where none was made."""

    city: City
    secret: str


def create_city(*, by: Actor, read: executor.Reader) -> City:
    """ADD: a new city, owned by who makes it.

    `read` gives name, and any of avatar, brief, type, clean (config.kernel.names). Raises OUT_OF_SCOPE; Invalid
    (from `read`); LimitReached (binned cities count); NameTaken, and TOO_MANY_REQUESTS for who has run into too
    many names; USER_DISABLED for an owner closed meanwhile.
    """
    assert by.user is not None
    executor.permit(CITY, None, Verb.ADD, by=by)
    city = City(**read(), creator=by.user, updater=by.user)
    city.name_key = names.name_key(city.name)
    with probes.counted(by), transaction.atomic():
        _lock_owner(by)
        check_quota(by.user)
        shown = {"name": city.name, "avatar": city.avatar, "brief": city.brief, "state": int(city.facts.state)}
        executor.add(CITY, city, by=by, after=shown)
        sharing.own(city, by=by)
    return city


def check_name(*, by: Actor, name: str) -> None:
    """Pass, or NameTaken, which is counted: would a new city be called so? Raises OUT_OF_SCOPE, Invalid, and
    TOO_MANY_REQUESTS for who has run into too many names.
    """
    executor.permit(CITY, None, Verb.ADD, by=by)
    wanted = names.name_key(names.clean_name(name))
    probes.check(by)
    if City.objects.filter(name_key=wanted).exists():
        probes.count(by)
        raise NameTaken(field="name")


def update_city(key: str, *, by: Actor, read: executor.Reader) -> Updated:
    """SET, and what it does in other verbs' clothes (S11): `enabled` is OFF or PUB, `secret` a new secret.

    `read` gives any of name, avatar, brief, type, igrp; `enabled` (bool); `secret` (the kid). All or nothing, one
    event for the edit and one for each of the others. Raises as `executor.fire`, NameTaken, and
    TOO_MANY_REQUESTS for who has run into too many names.
    """
    with probes.counted(by), transaction.atomic():
        city = executor.find(City.objects.with_people(), key, by=by, kind=CITY.kind)
        executor.permit(CITY, city, Verb.SET, by=by)
        given = dict(read())
        switch = _switch(given)
        if switch is not None:
            executor.permit(CITY, city, switch, by=by)
        if "name" in given:
            probes.check(by)
        executor.edit(CITY, city, _columns(given), by=by)
        secret = _new_secret(city, given["secret"], by=by) if "secret" in given else ""
        if switch is not None:
            executor.apply(CITY, city, switch, by=by, given={})
    return Updated(city, secret)


def quota(user: User) -> Quota:
    """Cities that a user holds, binned ones counted, no further than what is worth telling; stewards have no limit."""
    limit = settings.CITIES_PER_USER if user.platform_role is Role.DEVELOPER else None
    held = City.objects.filter(creator=user)
    return Quota(held[: (limit or _COUNTED) + 1].count(), limit)


def check_quota(user: User) -> None:
    """Pass, or LimitReached: may the user, whose row is locked, hold one city more?"""
    allowed = quota(user)
    if allowed.limit is not None:
        LimitReached.check(allowed.used, allowed.limit)


def recycle_by_name(*, by: Actor, read: executor.Reader) -> executor.Done:
    """RCC as the document has the developer ask for it: `read` gives their `uid` and the city's `name`.

    Raises Forbidden before anything is looked for, NotVisible where that user has no such city.
    """
    executor.permit(CITY, None, Verb.RCC, by=by)
    given = read()
    named = City.objects.filter(creator__key=given["uid"], name_key=names.name_key(given["name"]))
    key = named.values_list("key", flat=True).first()
    return executor.fire(CITY, City.objects.all(), key or "", Verb.RCC, by=by)


def _lock_owner(by: Actor) -> None:
    """The owner's row is the parent that is locked while the limit is judged (domain.md §2)."""
    assert by.user is not None
    owners = User.objects.annotate(probes=probes.recent(by.now)).select_for_update(of=("self",), no_key=True)
    owner = owners.get(pk=by.user.pk)
    if not owner.is_enabled(by.now):
        raise DomainError(Code.USER_DISABLED)
    probes.check(by, owner.probes or 0)


def _switch(given: Mapping[str, Any]) -> Verb | None:
    if "enabled" not in given:
        return None
    return Verb.PUB if given["enabled"] else Verb.OFF


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: given[name] for name in FIELDS if name in given}
    if "name" in columns:
        columns["name_key"] = names.name_key(columns["name"])
    return columns


def _new_secret(city: City, kid: str, *, by: Actor) -> str:
    """A new city secret from the caller's kid and our own random bytes; a SHA-256 of it is kept."""
    secret = hashlib.sha256(kid.encode() + secrets.token_bytes(32)).hexdigest()[:32]
    digest = hashlib.sha256(secret.encode()).hexdigest()
    executor.edit(CITY, city, {"secret_digest": digest}, by=by, shown={"secret": "changed"})
    return secret
