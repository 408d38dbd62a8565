"""Handing a city on: by an offer of its owner's that is accepted, or by a god where its owner is gone (S3, S9).

What is locked, in this order: the city, then the people, by their inner ids. Who writes an offer has locked the city.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts.access.actor import Actor
from accounts.audit import journal
from accounts.machine import executor
from accounts.models import User
from accounts.people import handing, requests, sharing
from cities import services
from cities.lifecycle import CITY
from cities.models import City, Transfer
from config.kernel import ids, registry
from config.kernel.errors import Code, DomainError, Forbidden, Invalid, NotVisible, WrongState
from config.kernel.states import State, Verb

TRANSFER, OFFER, WITHDRAW, ACCEPT, DECLINE = "TRANSFER", "OFFER", "WITHDRAW", "ACCEPT", "DECLINE"
OFFERED_FOR = timedelta(days=7)
# What is closed or in the bin is not handed on: first it must be lifted, or come out.
_HANDED_ON = frozenset({State.ENABLED, State.OFFLINE})


def offer(key: str, *, by: Actor, read: executor.Reader) -> Transfer:
    """Offer a city to somebody; a second offer takes the place of the first. `read` gives `user`, an id.

    Whose id it is, nobody looks (S13). Raises as `check_may_offer`, STALE; Invalid (from `read`), and for oneself;
    WrongState for a city that is closed or in the bin; RESERVED.
    """
    with transaction.atomic():
        city = _to_offer(key, by)
        by.check_version(city)
        addressee = read()["user"]
        assert by.user is not None
        if addressee == by.user.key:
            raise Invalid(Code.BAD_CHOICE, field="user", allowed="others than its owner")
        _check_handed_on(city, by)
        former = _standing(by).filter(city=city).first()
        told = _told(former) if former is not None else {}
        terms = {"addressee": addressee, "offered_by": by.user, "offered_at": by.now, "ends_at": by.now + OFFERED_FOR}
        made, _ = Transfer.objects.update_or_create(city=city, defaults=terms)
        journal.write(by, OFFER, executor.about(CITY, city), told, _told(made))
        return made


def check_may_offer(key: str, *, by: Actor) -> None:
    """Pass, or raise NotVisible, Forbidden for anybody but the owner, OUT_OF_SCOPE, REAUTHENTICATE."""
    with transaction.atomic():
        _to_offer(key, by)


def find(key: str, *, by: Actor) -> Transfer:
    """The offer that stands on a city, for its owner and for whom it is made to. Raises NotVisible."""
    found: Transfer | None = _visible(key, by).select_related("city", "offered_by").first()
    if found is None:
        raise NotVisible(kind=CITY.kind)
    return found


def made_to(*, by: Actor) -> Any:
    """The offers that stand to the caller. Raises OUT_OF_SCOPE, BEYOND_CITIES."""
    by.check_scope(Verb.QRI)
    by.check_unbound()
    mine = by.user.key if by.user is not None else ""
    return _standing(by).filter(addressee=mine).select_related("city", "offered_by")


def withdraw(key: str, *, by: Actor) -> None:
    """Take an offer back. Raises NotVisible, Forbidden for anybody but the owner, OUT_OF_SCOPE, STALE."""
    with transaction.atomic():
        city = sharing.find_for_owner(registry.kind(CITY.kind), key, WITHDRAW, by=by)
        by.check_version(city)
        offered = _standing(by).filter(city=city).first()
        if offered is None:
            raise NotVisible(kind=CITY.kind)
        _end(offered, city, WITHDRAW, by=by)


def decline(key: str, *, by: Actor, read: executor.Reader = dict) -> None:
    """Turn an offer down. Raises as `_offered`."""
    with transaction.atomic():
        offered = _offered(key, by)
        read()
        _end(offered, offered.city, DECLINE, by=by)


def accept(key: str, *, by: Actor, read: executor.Reader = dict) -> City:
    """Take a city over. Raises as `_offered`; USER_DISABLED for who is closed meanwhile; LimitReached.

    WrongState for a city that is closed or in the bin, by whomever, and where its owner is out of service: what an
    administrator has closed changes no hands (S7).
    """
    with transaction.atomic():
        city = _offered(key, by).city
        read()
        assert by.user is not None
        _check_handed_on(city, by)
        owner, successor = _locked(Q(pk__in=[city.creator_id, by.user.pk]), city, by.user.key)
        if successor is None or not successor.is_enabled(by.now):
            raise DomainError(Code.USER_DISABLED)
        if owner is None or not owner.is_enabled(by.now):
            raise WrongState(verb=TRANSFER, state=State.DISABLED.name, kind=CITY.kind)
        services.check_quota(successor)
        return _hand_over(city, owner, successor, by=by)


def force(key: str, *, by: Actor, read: executor.Reader) -> City:
    """Give a city to a user in service because its owner is out of it. `read` gives `user`, an id.

    A ban that holds goes along: no fact of the city's is touched (S7). Raises as `check_may_force`, STALE; Invalid
    (from `read`), and for who is not there or out of service; RESERVED; WrongState while its owner is in service;
    LimitReached.
    """
    with transaction.atomic():
        city = _to_force(key, by)
        by.check_version(city)
        wanted = read()["user"]
        owner, successor = _locked(Q(pk=city.creator_id) | Q(key=wanted), city, wanted)
        if successor is None or not successor.is_enabled(by.now):
            raise Invalid(Code.BAD_CHOICE, field="user", allowed="users in service")
        if city.is_reserved:
            raise DomainError(Code.RESERVED, verb=TRANSFER, kind=CITY.kind)
        if owner is not None and owner.is_enabled(by.now):
            raise WrongState(verb=TRANSFER, state=State.ENABLED.name, kind=CITY.kind)
        services.check_quota(successor)
        return _hand_over(city, owner, successor, by=by)


def check_may_force(key: str, *, by: Actor) -> None:
    """Pass, or raise NotVisible, Forbidden for anybody but a god, OUT_OF_SCOPE, REAUTHENTICATE."""
    with transaction.atomic():
        _to_force(key, by)


def judge_again(key: str, *, by: Actor) -> None:
    """Pass, or raise: may who has accepted still be told so (S16)? The city is theirs, or is it not."""
    city = City.objects.visible_to(by).filter(key=key).first()
    if city is None:
        raise NotVisible(kind=CITY.kind)
    executor.permit(CITY, city, Verb.GET, by=by)
    by.check_scope(TRANSFER)


def _to_offer(key: str, by: Actor) -> City:
    """The city, locked. Raises as `check_may_offer`."""
    city: City = sharing.find_for_owner(registry.kind(CITY.kind), key, TRANSFER, by=by)
    by.check_fresh()
    return city


def _to_force(key: str, by: Actor) -> City:
    """The city, locked. Raises as `check_may_force`."""
    city: City = executor.find(City.objects.all(), key, by=by, kind=CITY.kind)
    if not by.is_god:
        raise Forbidden(verb=TRANSFER, kind=CITY.kind)
    by.check_scope(TRANSFER)
    by.check_fresh()
    return city


def _standing(by: Actor) -> Any:
    """The offers that stand: not ended, and made by who is the owner today."""
    return Transfer.objects.filter(ends_at__gt=by.now, offered_by=F("city__creator"))


def _visible(key: str, by: Actor) -> Any:
    """An offer is in no city: a credential that is bound to some has it as its owner alone."""
    assert by.user is not None
    offers = _standing(by).filter(city__key=key if ids.is_key(key) else "")
    is_owners = Q(Exists(City.objects.owned_by(by).filter(pk=OuterRef("city"))))
    return offers.filter(is_owners if by.is_bound else is_owners | Q(addressee=by.user.key))


def _offered(key: str, by: Actor) -> Transfer:
    """An offer to oneself, its city locked. Raises NotVisible, Forbidden for its owner, OUT_OF_SCOPE, STALE."""
    seen = find(key, by=by)
    city = City.objects.select_for_update().filter(pk=seen.city_id).first()
    offered: Transfer | None = _visible(key, by).first() if city is not None else None
    if city is None or offered is None:  # it went while it was waited for
        raise NotVisible(kind=CITY.kind)
    assert by.user is not None
    if offered.addressee != by.user.key:
        raise Forbidden(verb=TRANSFER, kind=CITY.kind)
    by.check_scope(TRANSFER)
    by.check_version(city)
    offered.city = city
    return offered


def is_handed_on(city: City, by: Actor) -> bool:
    """Is the city such that it may be offered now, by its owner?"""
    try:
        _check_handed_on(city, by)
    except DomainError:
        return False
    return True


def _check_handed_on(city: City, by: Actor) -> None:
    """Pass, or WrongState, RESERVED."""
    if city.is_reserved:
        raise DomainError(Code.RESERVED, verb=TRANSFER, kind=CITY.kind)
    if (state := city.state_at(by.now)) not in _HANDED_ON:
        raise WrongState(verb=TRANSFER, state=state.name, kind=CITY.kind)


def _locked(who: Q, city: City, successor: str) -> tuple[User | None, User | None]:
    """The owner and who comes after, locked; None for who is not there."""
    people = User.objects.select_for_update(of=("self",), no_key=True).filter(who).order_by("pk")
    found: list[User] = list(people)
    owner = next((user for user in found if user.pk == city.creator_id), None)
    return owner, next((user for user in found if user.key == successor), None)


def _hand_over(city: City, owner: User | None, successor: User, *, by: Actor) -> City:
    """The change itself: one event, and no grant or offer outlives it, on the city or below (S9)."""
    ended = handing.hand_on(city, successor, by=by)
    Transfer.objects.filter(city=city).delete()
    requests.settle_of(city)
    city.creator = successor
    executor.touch(city, "creator", by=by)
    before = {"user": owner.key} if owner is not None else {}
    others = ended - (owner is not None)  # the owner's own is no news
    journal.write(by, TRANSFER, executor.about(CITY, city), before, {"user": successor.key, "grants": others})
    return city


def _end(offered: Transfer, city: City, verb: str, *, by: Actor) -> None:
    told = _told(offered)
    offered.delete()
    journal.write(by, verb, executor.about(CITY, city), told, {})


def _told(offered: Transfer) -> dict[str, Any]:
    return {"user": offered.addressee, "ends_at": offered.ends_at}
