"""Gateways: made in a project, their switches and limits, their key."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.access.actor import Actor, Door
from accounts.access.visibility import held_share
from accounts.machine import executor, rotation
from accounts.machine.rotation import Rotated
from accounts.people import companies
from apps.lifecycle import GATEWAY
from apps.models import Gateway
from config.kernel import ids, names, registry
from config.kernel.errors import Code, Forbidden, Invalid, LimitReached, NotVisible, WrongState
from config.kernel.roles import Share
from config.kernel.states import State, Verb
from projects import services as projects
from projects.models import Project

# A gateway's own key: 40 of letters and digits, 238 bits.
new_key = rotation.maker(ids.ALPHABET, 40)
# What an owner may set a limit to; a god may go further.
LIMITS: Mapping[str, int] = {"app_limit": 50, "app_code_limit": 5}
MOST: Mapping[str, int] = {"app_limit": 100_000, "app_code_limit": 100}
MOST_FEATURES = 50
SWITCHES = ("key_switch", "profile", "unsigned_body", *LIMITS)
FIELDS = ("name", *SWITCHES)


def create_gateway(project_key: str, *, by: Actor, read: executor.Reader) -> tuple[Gateway, str]:
    """ADD: a new gateway of a project, and its key, shown this once. `read` gives `name`, and any of SWITCHES.

    Raises NotVisible; Forbidden for less than an operator of the project, OUT_OF_SCOPE; Invalid (from `read`, and for
    a limit beyond one's own); WrongState under what is closed; LimitReached.
    """
    with transaction.atomic():
        project = projects.find_standing(project_key, by=by)
        executor.permit_below(GATEWAY, project, by=by)
        given = dict(read())
        gateway = Gateway(project=project, creator=by.user, updater=by.user, **given)
        gateway.name_key = names.name_key(gateway.name)
        if given.keys() & set(SWITCHES):
            _permit_switches(project, given, by)
        executor.check_above(GATEWAY, gateway, by=by, verb=Verb.ADD)
        Gateway.objects.check_room(project, settings.GATEWAYS_PER_PROJECT)
        told = {"project": project.key, **given, "secret": 1}
        executor.add(GATEWAY, gateway, by=by, after=told)
        return gateway, rotation.begin(gateway, new_key, by=by)[1]


def update_gateway(key: str, *, by: Actor, read: executor.Reader) -> Gateway:
    """SET: `read` gives any of FIELDS. The name is an operator's to change, the rest its owner's; at the super-console
    a god's (S11). Raises as `executor.fire`, Invalid for a limit beyond one's own, NotVisible for what is binned.
    """
    with transaction.atomic():
        gateway = find_standing(Gateway.objects.with_chain(), key, by=by)
        permit_update(gateway, by=by)
        given = {name: value for name, value in read().items() if getattr(gateway, name) != value}
        if by.door is not Door.ADMIN and given.keys() & set(SWITCHES):
            _permit_switches(gateway, given, by)
        executor.check_above(GATEWAY, gateway, by=by)
        columns = {name: given[name] for name in FIELDS if name in given}
        if "name" in columns:
            columns["name_key"] = names.name_key(columns["name"])
        executor.edit(GATEWAY, gateway, columns, by=by)
        return gateway


def permit_update(gateway: Gateway, *, by: Actor) -> None:
    """Pass, or raise as `executor.permit`, for somebody who is known to see the gateway.

    At the super-console a god alone: a zoon there is the platform's, whichever company they administer.
    """
    if by.door is not Door.ADMIN:
        executor.permit(GATEWAY, gateway, Verb.SET, by=by)
    elif not by.is_god:
        raise Forbidden(verb=Verb.SET, kind=GATEWAY.kind)
    by.check_version(gateway)


def check_update(gateway: Gateway, *, by: Actor) -> None:
    """Pass, or raise as `update_gateway` would before it is given anything: what a page asks before it offers that."""
    permit_update(gateway, by=by)
    executor.check_above(GATEWAY, gateway, by=by)
    if (state := gateway.state_at(by.now)) not in {State.ENABLED, State.OFFLINE}:
        raise WrongState(verb=Verb.SET, state=state.name, kind=GATEWAY.kind)


def set_feature(key: str, rows: Any, *, by: Actor, read: executor.Reader) -> tuple[Gateway, Mapping[str, Any]]:
    """SET of one of the vendor's features: it is kept, and told as it was given.

    `read` gives `name`, `enable` and `config`. Raises as `update_gateway`; LimitReached.
    """
    with transaction.atomic():
        gateway = find_standing(rows, key, by=by)
        executor.permit(GATEWAY, gateway, Verb.SET, by=by)
        _permit_switches(gateway, {}, by)
        given = read()
        executor.check_above(GATEWAY, gateway, by=by)
        old = gateway.features.get(given["name"])
        if old is None:
            LimitReached.check(len(gateway.features), MOST_FEATURES, kind="feature")
        kept = {"config": "", **(old or {"id": ids.new_instance_id()})}
        new = {**kept, **given}
        if new != old:
            new["update_time"] = by.now.isoformat()
        told = {"feature": given["name"], "enable": given["enable"]}
        executor.edit(GATEWAY, gateway, {"features": {**gateway.features, given["name"]: new}}, by=by, shown=told)
        return gateway, new


def rotate_key(key: str, *, by: Actor, read: executor.Reader = dict, may_end_older: bool = True) -> Rotated:
    """A new key. `read` gives `grace_seconds`, the company's own where it does not, and `expires_at`.

    Raises NotVisible, Forbidden for all but its owner (at the super-console god), OUT_OF_SCOPE, STALE, WrongState,
    LimitReached with two live ones where the older is not to be ended.
    """
    with transaction.atomic():
        gateway = find_standing(Gateway.objects.with_chain(), key, by=by)
        permit_rotation(gateway, by=by)
        given = read()
        executor.check_above(GATEWAY, gateway, by=by, verb=rotation.ROTATE)
        grace = timedelta(seconds=given.get("grace_seconds", gateway.project.company.grace_seconds))
        return rotation.rotate(
            GATEWAY,
            gateway,
            new_key,
            by=by,
            grace=grace,
            expires_at=given.get("expires_at"),
            may_end_older=may_end_older,
        )


def end_key(key: str, number: int, *, by: Actor) -> Gateway:
    """End one key now. Raises NotVisible, Forbidden, OUT_OF_SCOPE, STALE."""
    with transaction.atomic():
        gateway = find_standing(Gateway.objects.with_chain(), key, by=by)
        permit_rotation(gateway, by=by)
        rotation.end(GATEWAY, gateway, number, by=by)
        return gateway


def check_rotation(gateway: Gateway, *, by: Actor) -> None:
    """Pass, or raise as `rotate_key` would before it is given anything: what a page asks before it offers that."""
    if gateway.state == State.DELETED:
        raise NotVisible(kind=GATEWAY.kind)
    permit_rotation(gateway, by=by)
    executor.check_above(GATEWAY, gateway, by=by, verb=rotation.ROTATE)


def permit_rotation(gateway: Gateway, *, by: Actor) -> None:
    """Pass, or raise Forbidden, OUT_OF_SCOPE or STALE, for somebody who is known to see the gateway."""
    if not may_rotate(gateway, by):
        raise Forbidden(verb=rotation.ROTATE, kind=GATEWAY.kind)
    by.check_scope(rotation.ROTATE)
    by.check_version(gateway)


def may_rotate(gateway: Gateway, by: Actor) -> bool:
    """Its owner; an operator rotates no gateway's key (S9). At the super-console god."""
    if by.door is Door.ADMIN:
        return companies.may_rotate(gateway.project.company, by)
    return by.is_system or held_share(gateway) is Share.OWNER


def find_standing(rows: Any, key: str, *, by: Actor) -> Gateway:
    """A gateway that is not in the bin, locked. Raises NotVisible."""
    gateway: Gateway = executor.find(rows, key, by=by, kind=GATEWAY.kind)
    if gateway.state == State.DELETED:
        raise NotVisible(kind=GATEWAY.kind)
    return gateway


def above(project_key: str, *, by: Actor) -> Project:
    """The project whose gateways are asked for, seen but not locked. Raises NotVisible."""
    rows: Any = registry.kind("project").model._default_manager
    found = rows.visible_to(by).filter(key=project_key).exclude(state=State.DELETED).first()
    if found is None:
        raise NotVisible(kind="project")
    return found


def _permit_switches(thing: Any, given: Mapping[str, Any], by: Actor) -> None:
    """Pass, or Forbidden: what opens or closes a gateway is its owner's. Invalid for a limit beyond an owner's."""
    if by.is_system:
        return
    if held_share(thing) is not Share.OWNER:
        raise Forbidden(verb=Verb.SET, kind=GATEWAY.kind)
    for name, most in LIMITS.items():
        if name in given and given[name] > most and not by.is_god:
            raise Invalid(Code.OUT_OF_RANGE, field=name, minimum=0, maximum=most)
