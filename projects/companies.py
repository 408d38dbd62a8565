"""Companies and what they hold: making one for somebody, and what becomes of one whose people leave."""

from typing import Any

from django.db import transaction

from accounts.access.actor import Actor
from accounts.lifecycle import ORGANIZATION
from accounts.machine import executor
from accounts.models import Organization, User
from accounts.people import companies, membership
from config.kernel import ids, names, registry
from config.kernel.errors import Code, DomainError, Forbidden, WrongState
from config.kernel.roles import Role
from config.kernel.states import Verb, is_banned
from projects import moving
from projects.lifecycle import PROJECT
from projects.models import Project
from projects.moving import MOVE


def create_company(name: str, owner: User, *, by: Actor) -> tuple[Organization, str]:
    """A company with its default project and a CompSecret, shown this once; the owner becomes its admin.

    Their former company goes when it was theirs alone and holds nothing beside its default project. Raises Forbidden
    for anybody but the system and for a steward as owner, who is the platform's; Invalid for the name; HAS_CHILDREN
    where the former company holds more.
    """
    if not by.is_system or owner.platform_role is not Role.DEVELOPER:
        raise Forbidden(verb=Verb.ADD, kind=ORGANIZATION.kind)
    name = names.clean_label(name, field="name")
    with transaction.atomic():
        user = membership.lock(owner.key)
        company = companies.found(name, by=by)
        membership.move(user, company, Verb.SET, by=by, is_admin=True)
        return company, companies.new_secret(company, by=by)


def left(company: Organization, user: User, by: Actor, keeps: bool) -> None:
    """Somebody has left a company, which is locked: its projects leave their cities (S8).

    The last one takes an empty company along. One that holds something waits for them where it is kept; else
    HAS_CHILDREN.
    """
    if company.key in ids.RESERVED or company.users.exists():
        _leave_cities(company, user, by)
    elif not (held := _held(company)):
        _check_bans(company, by)
        for project in Project.objects.filter(company=company):
            executor.remove(PROJECT, project, by=by)
        executor.remove(ORGANIZATION, company, by=by)
    elif keeps:
        company.kept_for = user.key
        executor.touch(company, "kept_for", by=by)
    else:
        raise DomainError(Code.HAS_CHILDREN, children=held)


def _check_bans(company: Organization, by: Actor) -> None:
    """Pass, or WrongState: what an administrator has closed is not fled by leaving an empty company behind (S7)."""
    if by.is_system or by.is_god:
        return
    things: list[Any] = [company]
    for project in Project.objects.filter(company=company).select_related("city"):
        things += [project, *([project.city] if project.city is not None else [])]
    closed = next((thing for thing in things if is_banned(thing.facts, by.now)), None)
    if closed is not None or not company.has_api:
        state = (closed or company).facts.state.name
        raise WrongState(verb=membership.LEAVE, state=state, kind=ORGANIZATION.kind, banned=True)


def _held(company: Organization) -> str:
    """What it holds beside its empty default project, "" where that is nothing; the bin counts."""
    projects = Project.objects.filter(company=company)
    if many := projects.filter(is_default=False).count():
        return f"project: {many}"
    for child in registry.children(PROJECT.kind):
        below: Any = child.model
        if many := below._default_manager.filter(**{f"{PROJECT.kind}__in": projects}).count():
            return f"{child.name}: {many}"
    many = company.children.count()
    return f"shop: {many}" if many else ""


def _leave_cities(company: Organization, user: User, by: Actor) -> None:
    """A project stands in cities of its company's people alone. Raises WrongState under an administrator's ban (S7)."""
    placed = Project.objects.filter(company=company, city__creator=user).select_related("city")
    for project in placed.select_for_update(of=("self",)).order_by("pk"):
        assert project.city is not None
        if is_banned(project.city.facts, by.now):
            raise WrongState(verb=MOVE, state=project.city.facts.state.name, kind=PROJECT.kind, banned=True)
        moving.leave(project, by=by)
