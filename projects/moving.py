"""MOVE: a project into a city, into another, or out of it; and its eviction by the owner of the city (S8).

What is locked, in this order: the company, the cities, by their inner ids, then the project: as where a city goes with
what lies in it. So the project is looked at before; where it has been moved meanwhile, all begins anew.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.access.actor import Actor
from accounts.access.visibility import find_thing, held_share
from accounts.audit import journal
from accounts.machine import executor
from accounts.models import Organization, User
from cities.lifecycle import CITY
from cities.models import City, Passage
from config.kernel import registry, roles
from config.kernel.errors import Code, Forbidden, Invalid, WrongState
from config.kernel.roles import Share
from config.kernel.states import Order, State, Verb, decide, is_banned
from projects.lifecycle import PROJECT
from projects.models import Project

MOVE = "MOVE"


class _MovedMeanwhile(Exception):
    """It stands elsewhere than where it was looked for."""


def move_project(key: str, *, by: Actor, read: executor.Reader) -> Project:
    """Move a project; `read` gives `city`: the id of one, None for none. Where it stands there already it stays.

    Raises NotVisible, for a city too; as `permit`; Forbidden for who may only evict, and for who may not change the
    city; Invalid for a city of another company's owner; BEYOND_CITIES for a credential that is bound, out of all
    cities; WrongState under a ban of an administrator's, held or remembered, on any of them (S7), and where project,
    cities or company are closed or in the bin: but that holds nobody from evicting.
    """
    while True:
        with suppress(_MovedMeanwhile), transaction.atomic():
            return _move(key, by=by, read=read)


def permit(project: Project, *, by: Actor) -> City | None:
    """The city that it stands in; or Forbidden, OUT_OF_SCOPE or STALE, for somebody who is known to see the project.

    It takes SET on the project and on its city; the city's owner may evict it.
    """
    city = City.objects.visible_to(by).filter(pk=project.city_id).first() if project.city_id is not None else None
    if not (_may_leave(project, city, by) or _may_evict(city) or _is_among_strangers(project, by)):
        raise Forbidden(verb=MOVE, kind=PROJECT.kind)
    by.check_scope(MOVE)
    by.check_version(project)
    return city


def leave(project: Project, *, by: Actor) -> None:
    """It stands in no city any more: for who has judged that it has to. It is locked."""
    _write(project, None, by)


def _move(key: str, *, by: Actor, read: executor.Reader) -> Project:
    seen = find_thing(registry.kind(PROJECT.kind), key, by=by)
    permit(seen, by=by)
    wanted: str | None = read()["city"]
    # Whose city it is to stand in must not leave the company meanwhile: who leaves locks it first, too.
    list(Organization.objects.select_for_update(no_key=True).filter(pk=seen.company_id))
    # Of what one does not see nothing is held up.
    entered = City.objects.visible_to(by).filter(key=wanted or "").values("pk")
    list(City.objects.select_for_update().filter(Q(pk=seen.city_id) | Q(pk__in=entered)).order_by("pk"))
    project: Project = executor.find(Project.objects.with_chain(), key, by=by, kind=PROJECT.kind)
    if project.city_id != seen.city_id:
        raise _MovedMeanwhile
    former = permit(project, by=by)
    target = _target(wanted, project, former, by)
    if (target.pk if target is not None else None) == project.city_id:
        return project
    if target is not None and (target.creator is None or target.creator.corp_id != project.company_id):
        raise Invalid(Code.BAD_CHOICE, field="city", allowed="cities whose owner is of the project's company")
    _check_bans(project, target, by)
    if target is not None or not (_may_evict(former) or _is_among_strangers(project, by)):
        _check_states(project, target, by)
    return _write(project, target, by)


def _target(wanted: str | None, project: Project, former: City | None, by: Actor) -> City | None:
    """Where it is to stand. Raises as `move_project`."""
    if wanted is None:
        by.check_unbound()
        return None
    if not _may_leave(project, former, by):
        raise Forbidden(verb=MOVE, kind=PROJECT.kind)
    city: City = find_thing(registry.kind(CITY.kind), wanted, by=by, rows=City.objects.with_people())
    if not _may_set(city, by):
        raise Forbidden(verb=MOVE, kind=CITY.kind)
    return city


def _may_set(thing: Any, by: Actor) -> bool:
    return roles.may(by.role, held_share(thing), Verb.SET)


def _may_leave(project: Project, city: City | None, by: Actor) -> bool:
    """May they take it from where it stands? Who does not see its city may not change that."""
    return _may_set(project, by) and (project.city_id is None or (city is not None and _may_set(city, by)))


def _is_among_strangers(project: Project, by: Actor) -> bool:
    """Does its company own it, and stand it in a city that was handed to somebody who is not of the company?

    They may close the city, and with it what stands there; so the company takes its project out, whatever they say.
    """
    if held_share(project) is not Share.OWNER or project.city_id is None:
        return False
    return not User.objects.filter(cities=project.city_id, corp=project.company_id).exists()


def _may_evict(city: City | None) -> bool:
    return city is not None and held_share(city) is Share.OWNER


def _check_bans(project: Project, target: City | None, by: Actor) -> None:
    """Pass, or WrongState: what an administrator has closed is not fled, nor what stands in it (S7)."""
    for thing in (project, *project.above, *([target] if target is not None else [])):
        if is_banned(thing.facts, by.now):
            raise WrongState(verb=MOVE, state=thing.state_at(by.now).name, kind=PROJECT.kind, banned=True)


def _check_states(project: Project, target: City | None, by: Actor) -> None:
    """Pass, or WrongState: as SET, of the project and of all that it leaves and enters (domain.md §2)."""
    decide(PROJECT, project.facts, Order(Verb.SET, now=by.now, by=by.key, side=by.side_in(Verb.SET)))
    executor.check_above(PROJECT, project, by=by, verb=MOVE)
    if target is not None and (state := target.state_at(by.now)) not in {State.ENABLED, State.OFFLINE}:
        raise WrongState(verb=MOVE, state=state.name, kind=CITY.kind)


def _write(project: Project, target: City | None, by: Actor) -> Project:
    """One event, which names both cities and is told in the history of both; its own is the one that is entered."""
    former, project.city = project.city, target
    executor.touch(project, "city", by=by)
    keys = [city.key if city is not None else None for city in (former, target)]
    about = replace(executor.about(PROJECT, project), city=keys[1] or keys[0] or "")
    event = journal.write(by, MOVE, about, {"city": keys[0]}, {"city": keys[1]})
    Passage.objects.bulk_create(Passage(city=key, event=event.pk) for key in keys if key is not None)
    return project
