"""What can be done with a project beyond a bare move: create, change, rotate its secret."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.access.actor import Actor, Door
from accounts.access.visibility import held_share
from accounts.machine import executor, rotation
from accounts.machine.rotation import Rotated
from accounts.models import Organization
from accounts.people import companies
from cities.lifecycle import CITY
from cities.models import City
from config.kernel import ids, names, registry
from config.kernel.errors import Code, DomainError, Forbidden, Invalid, NotVisible, WrongState
from config.kernel.roles import Share
from config.kernel.states import State, Verb
from projects.lifecycle import PROJECT
from projects.models import Project

DEFAULT_NAME = "默认项目"
# CloudRoom's AppSecret: 32 of [0-9a-z].
new_app_secret = rotation.maker(ids.LOWER, 32)


def make_default(company: Organization, by: Actor) -> Project:
    """The project that every company has from the moment it exists. Call it inside a transaction."""
    project = Project(company=company, name=DEFAULT_NAME, name_key=names.name_key(DEFAULT_NAME), is_default=True)
    _insert(project, by)
    return project


def create_project(company: Organization, *, by: Actor, read: executor.Reader) -> tuple[Project, str]:
    """ADD: a new project of a company, and its AppSecret, shown this once.

    `read` gives `name` and `auth_type`, and `city`: the id of one to place it in. Raises OUT_OF_SCOPE; Forbidden for
    who is no admin of the company; API_NOT_IMPLEMENTED where the platform makes none; Invalid (from `read`);
    CHAIN_CLOSED for a company out of service; what `_place` raises; LimitReached: the default project and what lies
    in the bin do not count.
    """
    permit_creation(company, by=by)
    given = dict(read())
    city = given.pop("city", None)
    project = Project(company=company, creator=by.user, updater=by.user, **given)
    project.name_key = names.name_key(project.name)
    with transaction.atomic():
        locked = Organization.objects.select_for_update(of=("self",)).select_related("parent").get(pk=company.pk)
        companies.check_in_service(locked, by)
        project.city = _place(city, locked, by) if city is not None else None
        Project.objects.check_room(locked)
        return project, _insert(project, by)


def permit_creation(company: Organization, *, by: Actor) -> None:
    """Pass, or raise as `create_project` would before it is given anything: what a page asks before it offers that."""
    executor.permit(PROJECT, None, Verb.ADD, by=by)
    if by.user is not None and not companies.is_admin(company, by):
        raise Forbidden(verb=Verb.ADD, kind=PROJECT.kind)
    if not settings.PROJECT_CREATION:
        raise DomainError(Code.API_NOT_IMPLEMENTED)


def _place(key: str, company: Organization, by: Actor) -> City:
    """The city that a project is placed in, locked: one that the caller may change, of an owner of the company (S8).

    Raises NotVisible, Forbidden, WrongState for a closed city, Invalid for one of another company's owner.
    """
    city: City = executor.find(City.objects.with_people(), key, by=by, kind=CITY.kind)
    executor.permit(CITY, city, Verb.SET, by=replace(by, if_match=None))
    if city.creator is None or city.creator.corp_id != company.pk:
        raise Invalid(Code.BAD_CHOICE, field="city", allowed="cities whose owner is of the project's company")
    if (state := city.state_at(by.now)) not in {State.ENABLED, State.OFFLINE}:
        raise WrongState(verb=Verb.ADD, state=state.name, kind=CITY.kind)
    return city


def update_project(key: str, *, by: Actor, read: executor.Reader) -> Project:
    """SET: `read` gives any of `name` and `auth_type`, and `is_open`, which is OFF or PUB (S11). All or nothing.

    Raises as `executor.fire`, and NotVisible for what lies in the bin.
    """
    with transaction.atomic():
        project = find_standing(key, by=by)
        executor.permit(PROJECT, project, Verb.SET, by=by)
        given = dict(read())
        if "is_open" in given:
            verb = Verb.PUB if given["is_open"] else Verb.OFF
            executor.permit(PROJECT, project, verb, by=by)
            executor.apply(PROJECT, project, verb, by=by, given={})
        if changes := _columns(given):
            check_chain(project, by)
            executor.edit(PROJECT, project, changes, by=by)
        return project


def delete_project(key: str, *, by: Actor) -> executor.Done:
    """DOL: into the bin. Raises NotVisible (for what is there already, too), Forbidden, RESERVED for the default.

    To CloudRoom's callers HAS_CHILDREN while gateways with apps stand in it: the document has a code for that.
    """
    with transaction.atomic():
        project = find_standing(key, by=by)
        executor.permit(PROJECT, project, Verb.DOL, by=by)
        if by.door is Door.CLOUDROOM and not project.refuses(Verb.DOL) and _holds_apps(project):
            raise DomainError(Code.HAS_CHILDREN, children="app")
        return executor.apply(PROJECT, project, Verb.DOL, by=by, given={})


def rotate_secret(key: str, *, by: Actor, read: executor.Reader = dict, may_end_older: bool = True) -> Rotated:
    """A new AppSecret. `read` gives `grace_seconds`, the company's own where it does not, and `expires_at`.

    Whatever the project's own state, the bin excepted. Raises NotVisible, Forbidden, OUT_OF_SCOPE, STALE, WrongState
    (see `check_chain`), LimitReached with two live ones where the older is not to be ended.
    """
    with transaction.atomic():
        project = _for_rotation(key, by)
        given = read()
        check_chain(project, by)
        grace = timedelta(seconds=given.get("grace_seconds", project.company.grace_seconds))
        return rotation.rotate(
            PROJECT,
            project,
            new_app_secret,
            by=by,
            grace=grace,
            expires_at=given.get("expires_at"),
            may_end_older=may_end_older,
        )


def end_secret(key: str, number: int, *, by: Actor) -> Project:
    """End one AppSecret now. Raises NotVisible, Forbidden, OUT_OF_SCOPE, STALE."""
    with transaction.atomic():
        project = _for_rotation(key, by)
        rotation.end(PROJECT, project, number, by=by)
        return project


def may_rotate(project: Project, by: Actor) -> bool:
    """Its company, and the company's admins; an operator rotates no project's secret (S9). At the super-console god."""
    if by.door is Door.ADMIN:
        return companies.may_rotate(project.company, by)
    return by.is_system or held_share(project) is Share.OWNER


def permit_rotation(project: Project, *, by: Actor) -> None:
    """Pass, or raise Forbidden, OUT_OF_SCOPE or STALE, for somebody who is known to see the project."""
    if not may_rotate(project, by):
        raise Forbidden(verb=rotation.ROTATE, kind=PROJECT.kind)
    by.check_scope(rotation.ROTATE)
    by.check_version(project)


def check_rotation(project: Project, *, by: Actor) -> None:
    """Pass, or raise as `rotate_secret` would before it is given anything: what a page asks before it offers that."""
    if project.state_at(by.now) is State.DELETED:
        raise NotVisible(kind=PROJECT.kind)
    permit_rotation(project, by=by)
    check_chain(project, by)


def check_chain(project: Project, by: Actor) -> None:
    """Pass, or WrongState: SET and rotation need every ancestor ENABLED or OFFLINE.

    CloudRoom's calls are exempt: they have no code for it (domain.md §2).
    """
    if by.door is Door.CLOUDROOM:
        return
    executor.check_above(PROJECT, project, by=by)


def _for_rotation(key: str, by: Actor) -> Project:
    project = find_standing(key, by=by)
    permit_rotation(project, by=by)
    return project


def _holds_apps(project: Project) -> bool:
    """Is there an app outside the bin, at a gateway outside the bin?"""
    rows: Any = registry.kind("app").model._default_manager
    live = rows.filter(gateway__project=project).exclude(gateway__state=State.DELETED).exclude(state=State.DELETED)
    return bool(live.exists())


def find_standing(key: str, *, by: Actor) -> Project:
    """A project that is not in the bin, locked. Raises NotVisible; CHAIN_CLOSED for a company out of service."""
    rows = Project.objects.select_related("company", "city")
    project: Project = executor.find(rows, key, by=by, kind=PROJECT.kind)
    if project.state == State.DELETED:
        raise NotVisible(kind=PROJECT.kind)
    if by.company is not None:
        companies.check_in_service(_anew(by.company), by)
    return project


def _anew(company: Organization) -> Organization:
    """As it is now that the caller has the lock: it may have been closed while they waited."""
    return Organization.objects.select_related("parent").get(pk=company.pk)


def _insert(project: Project, by: Actor) -> str:
    after = {"name": project.name, "company": project.company.key, "auth_type": int(project.auth_type)}
    executor.add(PROJECT, project, by=by, after={**after, "secret": 1})
    return rotation.begin(project, new_app_secret, by=by)[1]


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: given[name] for name in ("name", "auth_type") if name in given}
    if "name" in columns:
        columns["name_key"] = names.name_key(columns["name"])
    return columns
