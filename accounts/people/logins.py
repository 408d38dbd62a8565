"""Where somebody is signed in by a browser, and ending that from elsewhere."""

from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.access.actor import Actor
from accounts.lifecycle import LOGIN
from accounts.machine import executor
from accounts.models import Login
from config.kernel import ids
from config.kernel.errors import NotVisible
from config.kernel.states import Side, State, Verb

_SHOWN = 100


def mine(*, by: Actor) -> list[Login]:
    """One's own browsers, the latest first."""
    assert by.user is not None
    rows = Login.objects.filter(user=by.user, epoch=by.user.login_epoch, ends_at__gt=by.now, state=State.ENABLED)
    return list(rows.exclude(session="").order_by("-pk")[:_SHOWN])


def end(key: str, *, by: Actor) -> None:
    """DEL of one's own: its session is gone with it, in every process at once. Raises NotVisible."""
    assert by.user is not None
    with transaction.atomic():
        rows = Login.objects.select_for_update().filter(user=by.user, key=ids.foreign_id(key))
        login = rows.exclude(session="").first()
        if login is None:
            raise NotVisible(kind=LOGIN.kind)
        executor.apply(LOGIN, login, Verb.DEL, by=by, given={}, side=Side.OWNER)
        Session.objects.filter(session_key=login.session).delete()
