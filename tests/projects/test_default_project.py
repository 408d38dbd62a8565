"""Every company has one default project from the moment it exists: usable, closable, editable, never deletable."""

import importlib
import re
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts.access.actor import Actor
from accounts.models import Organization
from accounts.people import companies
from config.kernel.errors import Code, DomainError
from config.kernel.roles import Role
from config.kernel.states import Verb
from projects.models import Project, ProjectSecret
from tests.cast import Company
from tests.factories import make_user
from tests.projects.reading import as_platform, default_id, done, listed, live_values


def test_a_new_company_has_one_and_lists_it(acme: Company) -> None:
    (row,) = listed(acme).values()
    assert re.fullmatch("[0-9a-z]{10}", row["AppId"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row["CreateTime"])
    assert {name: row[name] for name in row if name not in {"AppId", "CreateTime"}} == {
        "ProjectName": "默认项目", "AppSecret": "******", "Status": 1, "AuthType": 0,
    }  # fmt: skip


def test_whoever_registers_has_a_company_that_has_one(db: None) -> None:
    dora = make_user("dora")
    assert Project.objects.filter(company=dora.corp, is_default=True).count() == 1
    assert Project.objects.filter(company=dora.corp).count() == 1


def test_stewards_make_no_further_company_and_the_platforms_own_has_one(db: None) -> None:
    before = Project.objects.count()
    zoe = make_user("zoe", Role.ZOON)
    assert Project.objects.count() == before
    assert Project.objects.filter(company=zoe.corp, is_default=True).count() == 1


def test_it_has_a_secret_from_the_start_that_can_be_rotated(acme: Company) -> None:
    key = default_id(acme)
    (first,) = live_values(key)
    assert re.fullmatch("[0-9a-z]{32}", first)
    secret = acme.call("project/update/secret", OperateAppId=key).data["AppSecret"]
    assert live_values(key) == [secret]
    assert secret != first


def test_it_can_be_closed_and_opened_and_works_closed(acme: Company) -> None:
    key = default_id(acme)
    assert acme.call("project/update", OperateAppId=key, Status=0, AuthType=1).said[0] == "0"
    assert (listed(acme)[key]["Status"], listed(acme)[key]["AuthType"]) == (0, 1)
    assert acme.call("project/update/secret", OperateAppId=key).said[0] == "0"
    assert listed(acme)[key]["Status"] == 0
    assert acme.call("project/update", OperateAppId=key, Status=1).said[0] == "0"
    assert listed(acme)[key]["Status"] == 1


def test_it_cannot_be_deleted_open_or_closed_by_the_company_or_the_platform(acme: Company) -> None:
    key = default_id(acme)
    for status in (1, 0):
        acme.call("project/update", OperateAppId=key, Status=status)
        assert acme.call("project/delete", OperateAppId=key).said[0] == "24"
    for verb in (Verb.DOL, Verb.DEL):
        with pytest.raises(DomainError) as refused:
            as_platform(key, verb)
        assert refused.value.code is Code.RESERVED
    assert list(listed(acme)) == [key]
    assert [event.verb for event in done(acme)] == ["OFF"]


def test_a_company_that_was_there_before_projects_gets_one(acme: Company) -> None:
    organization = Organization.objects.get(comp_id=acme.comp_id)
    ProjectSecret.objects.filter(holder__company=organization).delete()
    Project.objects.filter(company=organization).delete()
    others = set(Project.objects.values_list("pk", flat=True))
    _migrate()
    (row,) = listed(acme).values()
    assert (row["ProjectName"], row["Status"], row["AuthType"]) == ("默认项目", 1, 0)
    (first,) = live_values(row["AppId"])
    assert re.fullmatch("[0-9a-z]{32}", first)
    secret = acme.call("project/update/secret", OperateAppId=row["AppId"]).data["AppSecret"]
    assert live_values(row["AppId"]) == [secret]
    assert acme.call("project/delete", OperateAppId=row["AppId"]).said[0] == "24"
    assert set(Project.objects.exclude(key=row["AppId"]).values_list("pk", flat=True)) == others, (
        "and no other a second"
    )


def _migrate() -> None:
    """The migration's step, on the tables as it knows them."""
    registry: Any = MigrationLoader(connection).project_state([("projects", "0001_initial")]).apps
    importlib.import_module("projects.migrations.0002_default_projects").make(registry, None)


def test_every_company_of_the_database_has_exactly_one(acme: Company, rival: Company) -> None:
    make_user("dora")
    for company in Organization.objects.filter(kind="corp"):
        assert Project.objects.filter(company=company, is_default=True).count() == 1, company


def test_its_first_secret_is_in_no_event(acme: Company) -> None:
    from accounts.models import AuditEvent

    (first,) = live_values(default_id(acme))
    event = AuditEvent.objects.get(kind="project", verb="ADD", thing=default_id(acme))
    assert event.after["secret"] == 1
    assert first not in str([event.before, event.after])
    assert companies.secret_key(acme.comp_id, acme.secret) not in str(list(AuditEvent.objects.values()))
    assert Actor.system().key == event.actor
