"""Apps: made at a gateway, changed, their secrets."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from accounts.access.actor import Actor, Door
from accounts.access.visibility import held_share
from accounts.machine import executor, rotation
from accounts.machine.rotation import Rotated
from accounts.people import companies, probes
from apps.lifecycle import APP, GATEWAY
from apps.models import App, Gateway
from config.kernel import ids, names
from config.kernel.errors import Code, DomainError, Forbidden, Invalid, NameTaken, NotVisible, WrongState
from config.kernel.roles import Share
from config.kernel.states import State, Verb

new_secret = rotation.maker(ids.LOWER, 32)
HIDDEN = "******"
# An operator's rotation leaves the owner's clients at least so long (S9).
OPERATORS_GRACE = 3600
_COLUMNS = ("name", "remark", "avatar", "app_key")


def create_app(gateway_key: str, rows: Any, *, by: Actor, read: executor.Reader) -> tuple[App, str]:
    """ADD: a new app of one of these gateways, and its secret, shown this once.

    `read` gives `name`, and any of `remark`, `avatar`, `app_key` and `app_secret` ("" or none for ours). Raises
    NotVisible; Forbidden for less than an operator of the gateway, or a secret of one's own from less than its owner;
    OUT_OF_SCOPE; Invalid (from `read`); SWITCH_OFF; WrongState under what is closed; LimitReached, NameTaken,
    APP_KEY_TAKEN, and TOO_MANY_REQUESTS for who has run into too many keys.
    """
    with _translated(by), transaction.atomic():
        gateway: Gateway = executor.find(rows, gateway_key, by=by, kind=GATEWAY.kind)
        executor.permit_below(APP, gateway, by=by)
        given = {name: value for name, value in read().items() if value}
        secret = given.pop("app_secret", "")
        app = App(gateway=gateway, creator=by.user, updater=by.user, **given)
        app.name_key = names.name_key(app.name)
        if "app_key" in given or secret:
            _permit_own(gateway, gateway, by, has_secret=bool(secret))
        executor.check_above(APP, app, by=by, verb=Verb.ADD)
        App.objects.check_room(gateway)
        told = {"name": app.name, "gateway": gateway.key, "app_key": app.app_key, "secret": 1}
        executor.add(APP, app, by=by, after=told)
        return app, rotation.begin(app, new_secret, by=by, given=secret)[1]


def update_app(key: str, rows: Any, *, by: Actor, read: executor.Reader) -> App:
    """SET: `read` gives any of `name`, `remark`, `avatar`, `app_key`, and `app_secret`, which is a rotation (S11).

    None or the present key, and "", the mask or a live secret, are no change. All or nothing. Raises as
    `create_app`, and NotVisible for what lies in the bin.
    """
    with _translated(by), transaction.atomic():
        app = find_standing(rows, key, by=by)
        executor.permit(APP, app, Verb.SET, by=by)
        given = {name: value for name, value in read().items() if value is not None}
        secret = _new_value(app, given, by)
        if secret:
            permit_rotation(app, by=by)
        if given.get("app_key") == app.app_key:
            del given["app_key"]
        if "app_key" in given or secret:
            _permit_own(app.gateway, app, by, has_secret=bool(secret))
        elif _is_operators(app, by) and "name" in given:
            probes.check(by)  # they need not see what else is called so
        executor.check_above(APP, app, by=by)
        executor.edit(APP, app, _columns(given), by=by)
        if secret:
            _rotate(app, {}, by=by, given=secret)
        return app


def set_acl(key: str, rows: Any, *, by: Actor, read: executor.Reader) -> App:
    """SET of who may call from where: `read` gives `acl_type` ("" for no list) and `acl_values`. Raises as SET."""
    with transaction.atomic():
        app = find_standing(rows, key, by=by)
        executor.permit(APP, app, Verb.SET, by=by)
        given = read()
        executor.check_above(APP, app, by=by)
        executor.edit(APP, app, given, by=by)
        return app


def delete_app(key: str, rows: Any, *, by: Actor) -> executor.Done:
    """DEL: final; name and key are free at once. Raises as `executor.fire`, RESERVED for one of the market's."""
    return executor.fire(APP, rows, key, Verb.DEL, by=by)


def rotate_secret(
    key: str, rows: Any, *, by: Actor, read: executor.Reader = dict, may_end_older: bool = True
) -> Rotated:
    """A new secret. `read` gives `app_secret` ("" or none for ours), `grace_seconds`, the company's own where it does
    not, and `expires_at`.

    Raises NotVisible; Forbidden, also for an operator's own secret or too short a grace; OUT_OF_SCOPE, STALE;
    SWITCH_OFF; WrongState; LimitReached with two live ones where the older is not to be ended.
    """
    with transaction.atomic():
        app = find_standing(rows, key, by=by)
        permit_rotation(app, by=by)
        given = dict(read())
        secret = given.pop("app_secret", None) or ""
        if secret:
            _permit_own(app.gateway, app, by, has_secret=True)
        return _rotate(app, given, by=by, given=secret, may_end_older=may_end_older)


def end_secret(key: str, number: int, *, by: Actor) -> App:
    """End one secret now. Raises NotVisible, Forbidden for all but its owner, OUT_OF_SCOPE, STALE."""
    with transaction.atomic():
        app = find_standing(App.objects.with_chain(), key, by=by)
        permit_end(app, by=by)
        rotation.end(APP, app, number, by=by)
        return app


def permit_end(app: App, *, by: Actor) -> None:
    """Pass, or raise Forbidden, OUT_OF_SCOPE or STALE: an operator ends no secret (S9)."""
    if _is_operators(app, by):
        raise Forbidden(verb=rotation.END, kind=APP.kind)
    permit_rotation(app, by=by)


def permit_rotation(app: App, *, by: Actor) -> None:
    """Pass, or raise Forbidden, OUT_OF_SCOPE or STALE, for somebody who is known to see the app."""
    if not may_rotate(app, by):
        raise Forbidden(verb=rotation.ROTATE, kind=APP.kind)
    by.check_scope(rotation.ROTATE)
    by.check_version(app)


def check_rotation(app: App, *, by: Actor) -> None:
    """Pass, or raise as `rotate_secret` would before it is given anything: what a page asks before it offers that."""
    permit_rotation(app, by=by)
    _check_open(app, by)


def may_rotate(app: App, by: Actor) -> bool:
    """Its owner, and an operator, who gets one of ours and leaves the old one an hour (S9).

    At the super-console god alone.
    """
    if by.door is Door.ADMIN:
        return companies.may_rotate(app.gateway.project.company, by)
    return by.is_system or held_share(app) in {Share.OWNER, Share.OPERATOR}


def find_standing(rows: Any, key: str, *, by: Actor) -> App:
    """An app that is not in the bin, locked. Raises NotVisible."""
    app: App = executor.find(rows, key, by=by, kind=APP.kind)
    if app.state == State.DELETED:
        raise NotVisible(kind=APP.kind)
    return app


def _rotate(app: App, terms: Mapping[str, Any], *, by: Actor, given: str, may_end_older: bool = True) -> Rotated:
    _check_open(app, by)
    if _is_operators(app, by):
        # An hour is the owner's to rely on: neither a second rotation nor an early end takes it away (S9).
        may_end_older = False
        if terms.get("expires_at") is not None:
            raise Forbidden(verb=rotation.ROTATE, kind=APP.kind)
    return rotation.rotate(
        APP,
        app,
        new_secret,
        by=by,
        grace=_grace(app, terms, by),
        expires_at=terms.get("expires_at"),
        may_end_older=may_end_older,
        given=given,
    )


def _check_open(app: App, by: Actor) -> None:
    """Pass, or WrongState: it and all that stands above it is ENABLED or OFFLINE."""
    executor.check_above(APP, app, by=by, verb=rotation.ROTATE)
    if (state := app.state_at(by.now)) not in {State.ENABLED, State.OFFLINE}:
        raise WrongState(verb=rotation.ROTATE, state=state.name, kind=APP.kind)


def _grace(app: App, terms: Mapping[str, Any], by: Actor) -> timedelta:
    """What is asked for, else the company's own. Raises Invalid for less than an operator must leave."""
    least = OPERATORS_GRACE if _is_operators(app, by) else 0
    seconds = terms.get("grace_seconds", max(least, app.gateway.project.company.grace_seconds))
    if seconds < least:
        longest = int(rotation.LONGEST_GRACE.total_seconds())
        raise Invalid(Code.OUT_OF_RANGE, field="grace_seconds", minimum=least, maximum=longest)
    return timedelta(seconds=seconds)


def _is_operators(app: App, by: Actor) -> bool:
    return by.door is not Door.ADMIN and not by.is_system and held_share(app) is not Share.OWNER


def _new_value(app: App, given: dict[str, Any], by: Actor) -> str:
    """The secret that is to be another one; "" where it stays. It is taken out of what is given.

    Only to who may choose one is the present one no change: to others that would tell a right guess.
    """
    value: str = given.pop("app_secret", "")
    if value in {"", HIDDEN} or (not _is_operators(app, by) and rotation.is_newest(app, value, now=by.now)):
        return ""
    return value


def _permit_own(gateway: Gateway, thing: Any, by: Actor, *, has_secret: bool) -> None:
    """Pass, or SWITCH_OFF, Forbidden or TOO_MANY_REQUESTS: a key or secret of one's own choice."""
    if has_secret and not by.is_system and held_share(thing) is not Share.OWNER:
        raise Forbidden(verb=rotation.ROTATE, kind=APP.kind)
    if not gateway.key_switch:
        raise DomainError(Code.SWITCH_OFF)
    probes.check(by)


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: given[name] for name in _COLUMNS if name in given}
    if "name" in columns:
        columns["name_key"] = names.name_key(columns["name"])
    return columns


@contextmanager
def _translated(by: Actor) -> Iterator[None]:
    """Around a transaction: what the database refuses as taken. It tells of what may be hidden: it is counted."""
    try:
        yield
    except IntegrityError as error:
        violated = executor.constraint_of(error)
        if not violated.endswith(("app_name", "apps_app.name_key")) and "app_key" not in violated:
            raise
        probes.count(by)
        if "app_key" in violated:
            raise DomainError(Code.APP_KEY_TAKEN, field="app_key") from None
        raise NameTaken(field="name") from None
