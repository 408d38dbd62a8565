"""Who may look at which grants: the owner of a thing at those on it, everybody at their own, browsers at all."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.access.actor import Actor
from accounts.access.visibility import find_thing, governed_kinds, held_share
from accounts.models import Grant
from config.kernel import ids
from config.kernel.errors import Forbidden, NotVisible
from config.kernel.registry import Kind
from config.kernel.roles import Share
from config.kernel.states import Verb

_OWN = f"{Share.OWNER}_"


def table_of(kind: Kind) -> Any:
    """The grants on things of a kind."""
    model: Any = kind.model
    return model.grants.rel.related_model._default_manager


def rows_of(kind: Kind, by: Actor) -> Any:
    """Those that have not ended, with what is shown of them."""
    rows = table_of(kind).select_related("permission", "content_object", "granted_by", "user")
    return rows.filter(ends_at__gt=by.now)


def mine(kind: Kind, *, by: Actor) -> Any:
    """What is granted to the caller, but for what they own, and what is offered to their mail."""
    rows = rows_of(kind, by).filter(_to(by), live=True)
    return _reached(kind, rows, by).exclude(permission__codename__startswith=_OWN)


def on(kind: Kind, key: str, *, by: Actor) -> Any:
    """The grants on a thing, for its owner and for who may browse all. Raises NotVisible, Forbidden."""
    thing = find_thing(kind, key, by=by)
    by.check_scope(Verb.GET)
    if held_share(thing) is not Share.OWNER and not by.may_browse:
        raise Forbidden(kind=kind.name)
    return rows_of(kind, by).filter(content_object=thing)


def find(key: str, *, by: Actor) -> Grant:
    """One grant, for who may give and take it, who has it, and who may browse all. Raises NotVisible."""
    for kind in governed_kinds():
        if (grant := _visible(kind, key, by).first()) is not None:
            found: Grant = grant
            return found
    raise NotVisible(kind="grant")


def _visible(kind: Kind, key: str, by: Actor) -> Any:
    rows = _reached(kind, rows_of(kind, by).filter(key=key if ids.is_key(key) else ""), by)
    if by.may_browse:
        return rows
    things: Any = kind.model._default_manager
    owned = Exists(things.owned_by(by).filter(pk=OuterRef("content_object")))
    return rows.filter(Q(owned) | _to(by))


def _to(by: Actor) -> Q:
    assert by.user is not None
    to = Q(user=by.user)
    return to | Q(user=None, invited=by.user.email) if by.user.email else to


def _reached(kind: Kind, rows: Any, by: Actor) -> Any:
    things: Any = kind.model._default_manager
    return rows.filter(content_object__in=things.reached_by(by)) if by.is_bound else rows
