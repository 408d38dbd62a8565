"""One's own notices: reading them, and marking them as read. Nobody reads another's."""

from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.access.actor import Actor
from accounts.machine.executor import Reader
from accounts.models import Notice, User
from config.kernel import ids
from config.kernel.errors import NotVisible
from config.kernel.states import Verb

KIND = "notice"


def mine(*, by: Actor) -> Any:
    """All of one's own. Raises OUT_OF_SCOPE, BEYOND_CITIES."""
    by.check_scope(Verb.QRI)
    by.check_unbound()
    return _own(by)


def find(key: str, *, by: Actor) -> Notice:
    """One of one's own. Raises NotVisible, OUT_OF_SCOPE, BEYOND_CITIES."""
    notice = _found(_own(by), key)
    by.check_scope(Verb.GET)
    by.check_unbound()
    return notice


def count_unread(user: User, at_most: int) -> int:
    """How many they have not read, counted no further than that: for the frame of a page, from the index alone."""
    unread = Notice.objects.filter(user=user, read_at__isnull=True).order_by("-pk")
    return len(unread.values_list("pk")[:at_most])


def mark(key: str, *, by: Actor, read: Reader) -> Notice:
    """As read, or as unread: `read` gives `read`. What is so already stays as it is. Raises as `find`, and STALE."""
    with transaction.atomic():
        notice = _found(_own(by).select_for_update(), key)
        by.check_scope(Verb.SET)
        by.check_unbound()
        by.check_version(notice)
        wanted = read()["read"]
        if wanted is not (notice.read_at is not None):
            notice.read_at = by.now if wanted else None
            notice.version += 1
            notice.save(update_fields=["read_at", "version"])
        return notice


def mark_until(key: str, *, by: Actor, read: Reader = dict) -> int:
    """All that are unread, up to one of them, as read. How many there were. Raises as `find`, and STALE."""
    until = check_may_mark(key, by=by)
    read()
    unread = _own(by).filter(pk__lte=until.pk, read_at__isnull=True)
    return int(unread.update(read_at=by.now, version=F("version") + 1))


def check_may_mark(key: str, *, by: Actor) -> Notice:
    """The one up to which; or raise as `mark_until` would before it is given anything."""
    until = _found(_own(by), key)
    by.check_scope(Verb.SET)
    by.check_unbound()
    by.check_new()
    return until


def _own(by: Actor) -> Any:
    return Notice.objects.filter(user=by.user)


def _found(rows: Any, key: str) -> Notice:
    notice: Notice | None = rows.filter(key=ids.foreign_id(key)).first()
    if notice is None:
        raise NotVisible(kind=KIND)
    return notice
