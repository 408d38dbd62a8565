"""createcompany: a company of somebody's own, from the shell; whom it moves out of which company, whom it refuses."""

import io
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, Organization, User
from config.kernel.roles import Role
from config.kernel.states import Verb
from projects.models import Project
from tests.cast import Company
from tests.factories import make_user
from tests.projects.reading import add, as_platform, listed

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("createcompany", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def company_of(printed: str) -> Company:
    comp_id, secret = printed.split()
    return Company(int(comp_id), secret)


def everything() -> dict[str, Any]:
    models: tuple[Any, ...] = (Organization, Project, User, AuditEvent)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_it_prints_the_comp_id_and_its_secret_and_nothing_else() -> None:
    make_user("dora")
    printed = run("Acme 会议", "--owner", "Dora")
    assert re.fullmatch(r"[1-9]\d{5} [A-Za-z0-9]{32}\n", printed)
    assert [row["ProjectName"] for row in listed(company_of(printed)).values()] == ["默认项目"]
    assert Organization.objects.get(comp_id=company_of(printed).comp_id).name == "Acme 会议"


def test_the_secret_is_kept_nowhere() -> None:
    make_user("dora")
    company = company_of(run("Acme", "--owner", "dora"))
    text = str(everything())
    assert str(company.comp_id) in text
    assert company.secret not in text
    assert company.secret_key not in text


def test_the_owner_is_its_admin_and_the_company_that_was_theirs_alone_is_gone() -> None:
    dora = make_user("dora")
    former, former_key = dora.corp_id, dora.corp.key
    company = company_of(run("Acme", "--owner", "dora"))
    dora.refresh_from_db()
    assert (dora.corp.comp_id, dora.is_corp_admin) == (company.comp_id, True)
    assert not Organization.objects.filter(pk=former).exists()
    assert not Project.objects.filter(company_id=former).exists()
    gone = AuditEvent.objects.get(verb="DEL", kind="organization")
    assert (gone.thing, gone.door) == (former_key, "command")
    assert AuditEvent.objects.filter(verb="DEL", kind="project").count() == 1


def test_it_tells_the_trail_of_the_company_the_secret_and_the_move() -> None:
    dora = make_user("dora")
    before, former = AuditEvent.objects.count(), dora.corp.key
    run("Acme", "--owner", "dora")
    dora.refresh_from_db()
    events = list(AuditEvent.objects.order_by("id")[before:])
    told = sorted((event.verb, event.kind) for event in events)
    assert told == [
        ("ADD", "organization"), ("ADD", "project"), ("DEL", "organization"), ("DEL", "project"),
        ("ROTATE", "organization"), ("SET", "user"),
    ]  # fmt: skip
    (moved,) = (event for event in events if event.kind == "user")
    assert (moved.before["corp"], moved.after["corp"]) == (former, dora.corp.key)


def test_a_company_that_others_are_in_stays_with_what_it_holds() -> None:
    dora, erik = make_user("dora"), make_user("erik")
    User.objects.filter(pk=erik.pk).update(corp=dora.corp)
    run("Acme", "--owner", "dora")
    erik.refresh_from_db()
    assert erik.corp.name == "dora"
    assert Project.objects.filter(company=erik.corp, is_default=True).count() == 1


def test_stewards_are_refused_and_nothing_is_changed() -> None:
    for name, role in (("zoe", Role.ZOON), ("root", Role.GOD)):
        make_user(name, role)
        before = everything()
        with pytest.raises(CommandError):
            run("Acme", "--owner", name)
        assert everything() == before


@pytest.mark.parametrize("is_binned", [False, True])
def test_who_would_leave_projects_behind_is_refused_and_nothing_is_changed(is_binned: bool) -> None:
    make_user("dora")
    company = company_of(run("Acme", "--owner", "dora"))
    key = add(company)
    if is_binned:
        as_platform(key, Verb.DOL)
    before = everything()
    with pytest.raises(CommandError):
        run("Other", "--owner", "dora")
    assert everything() == before
    assert company.call("project/query/list").said[0] == "0"


@pytest.mark.parametrize(
    "arguments",
    [("Acme", "--owner", "nobody"), ("", "--owner", "dora"), ("   ", "--owner", "dora"), ("a\nb", "--owner", "dora"),
     ("x" * 65, "--owner", "dora"), ("Acme",), ("--owner", "dora")],
)  # fmt: skip
def test_it_refuses_in_one_line_and_changes_nothing(arguments: tuple[str, ...]) -> None:
    make_user("dora")
    before = everything()
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert "\n" not in str(refused.value)
    assert everything() == before


def test_twice_gives_the_second_company_and_ends_the_first() -> None:
    make_user("dora")
    first, second = (company_of(run(name, "--owner", "dora")) for name in ("One", "Two"))
    assert first.call("project/query/list").said[0] == "2"
    assert second.call("project/query/list").said[0] == "0"
