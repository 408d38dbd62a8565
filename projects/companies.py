"""Companies and what they hold: making one for somebody, who leaves the one that they had."""

from typing import Any

from django.db import transaction

from accounts.access.actor import Actor
from accounts.audit import journal
from accounts.lifecycle import ORGANIZATION, USER
from accounts.machine import executor
from accounts.models import Organization, User
from accounts.people import companies
from config.kernel import ids, names
from config.kernel.errors import Code, DomainError, Forbidden, Invalid
from config.kernel.roles import Role
from config.kernel.states import Verb
from projects.lifecycle import PROJECT
from projects.models import Project


def create_company(name: str, owner: User, *, by: Actor) -> tuple[Organization, str]:
    """A company with its default project and a CompSecret, shown this once; the owner becomes its admin.

    Their former company goes when it was theirs alone and holds nothing beside its default project. Raises Forbidden
    for anybody but the system and for a steward as owner, who is the platform's; Invalid for the name; HAS_CHILDREN
    where the former company holds more.
    """
    if not by.is_system or owner.platform_role is not Role.DEVELOPER:
        raise Forbidden(verb=Verb.ADD, kind=ORGANIZATION.kind)
    name = names.clean_text(name, field="name", longest=64)
    if not name.strip():
        raise Invalid(Code.REQUIRED, field="name")
    with transaction.atomic():
        # Without a join: whoever waited for the lock would find no row where the former company is gone meanwhile.
        user: Any = User.objects.select_for_update().get(pk=owner.pk)
        former = user.corp
        company = companies.found(name, by=by)
        user.corp, user.is_corp_admin = company, True
        executor.touch(user, "corp", "is_corp_admin", by=by)
        told = {"corp": company.key, "is_corp_admin": True}
        journal.write(by, Verb.SET, executor.about(USER, user), {"corp": former.key}, told)
        _leave(former, by)
        return company, companies.new_secret(company, by=by)


def _leave(company: Organization, by: Actor) -> None:
    """The company goes with the last who leaves it. Raises HAS_CHILDREN where it holds something."""
    locked = Organization.objects.select_for_update().get(pk=company.pk)
    if locked.key in ids.RESERVED or locked.users.exists():
        return
    held = Project.objects.filter(company=locked, is_default=False).count()
    if held or locked.children.exists():
        raise DomainError(Code.HAS_CHILDREN, children=f"project: {held}")
    for project in Project.objects.filter(company=locked):
        executor.remove(PROJECT, project, by=by)
    executor.remove(ORGANIZATION, locked, by=by)
