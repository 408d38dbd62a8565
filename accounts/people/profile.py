"""One's own account: what `PATCH /me` may change (S10)."""

from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import transaction

from accounts.access.actor import Actor
from accounts.lifecycle import USER
from accounts.machine import executor
from accounts.models import User
from accounts.people import probes
from config.kernel import names
from config.kernel.errors import Code, Invalid
from config.kernel.states import Verb


def update_me(*, by: Actor, read: executor.Reader) -> User:
    """SET of oneself. `read` gives any of `name`, `avatar`, `language`, `time_zone`; "" is the platform's.

    Raises OUT_OF_SCOPE, STALE, Invalid, WrongState, NameTaken and TOO_MANY_REQUESTS as for a city's name.
    """
    assert by.user is not None
    by.check_scope(Verb.SET)
    by.check_unbound()
    with probes.counted(by), transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).select_related("corp").get(pk=by.user.pk)
        by.check_version(user)
        changes: dict[str, Any] = dict(read())
        if "name" in changes:
            probes.check(by)
            changes["name_key"] = names.name_key(changes["name"])
        executor.edit(USER, user, changes, by=by, is_personal=True)
        return user


def clean_name(value: str, *, field: str) -> str:
    """A sign-in name. Raises Invalid."""
    return names.clean_user_name(value)


def clean_language(value: str, *, field: str) -> str:
    """One of the platform's languages, or "". Raises Invalid."""
    known = [code for code, _ in settings.LANGUAGES]
    if value and value not in known:
        raise Invalid(Code.BAD_CHOICE, field=field, allowed=", ".join(known))
    return value


def clean_time_zone(value: str, *, field: str) -> str:
    """An IANA name, or "". Raises Invalid."""
    if value and value not in zones():
        raise Invalid(Code.BAD_CHOICE, field=field, allowed="IANA time zones, such as Asia/Shanghai")
    return value


def zone_of(user: User) -> ZoneInfo:
    """The time zone in which somebody reads moments: their own, else the platform's."""
    return ZoneInfo(user.time_zone or settings.TIME_ZONE)


@cache
def zones() -> frozenset[str]:
    """The time zones that there are."""
    return frozenset(available_timezones())
