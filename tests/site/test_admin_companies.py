"""Companies in the super-console: the list, one company's page, what god sets of it, and its CompSecret."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, Organization
from config.kernel.states import State
from projects.models import Project
from tests.cast import Cast
from tests.factories import make_user
from tests.site.console import Browser, Page
from tests.site.pages import COMPANIES, SUPER, address, cost_alike, trail


def set_to(browser: Browser, company: Organization, **given: Any) -> Page:
    company.refresh_from_db()
    sent = {"version": company.version, "has_api": "on", "project_limit": "10", "grace_seconds": "0", **given}
    return browser.post(address(company, "settings"), **{name: value for name, value in sent.items() if value != ""})


def queries(browser: Browser, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status == 200
    return [query["sql"] for query in captured.captured_queries]


def test_each_page_is_for_stewards_alone(cast: Cast, company: Organization) -> None:
    for path in (COMPANIES, *(address(company, page) for page in ("change", "settings", "rotate", "dis", "enb"))):
        page = Browser().get(path)
        assert (page.status, page.headers["Location"].split("?")[0]) == (302, "/admin/login/"), path
        assert Browser(cast.alice.user).get(path).headers["Location"] == "/console/", path
        assert Browser(cast.root.user).get(path).status == 200, path


def test_a_zoon_sees_and_changes_nothing(cast: Cast, zoon: Browser, company: Organization) -> None:
    assert cast.zoe.user is not None
    assert zoon.get(COMPANIES).status == 200
    assert zoon.get(address(company)).buttons == []
    before = Organization.objects.filter(pk=company.pk).values().get()
    sent = {"version": company.version, "project_limit": "99", "grace_seconds": "5", "reason": "x"}
    for page, verb in (("settings", "SET"), ("rotate", "ROTATE"), ("dis", "DIS"), ("enb", "ENB")):
        assert zoon.get(address(company, page)).status == 403
        assert zoon.post(address(company, page), **sent).status == 403
        assert trail(company)[-1] == (verb, "admin", "refused", cast.zoe.user.key)
    assert Organization.objects.filter(pk=company.pk).values().get() == before


def test_a_zoon_changes_nothing_of_the_super_corp_whose_admin_they_are(zoon: Browser) -> None:
    before = Organization.objects.filter(comp_id=1).values().get()
    sent = {"version": before["version"], "has_api": "on", "project_limit": "99", "grace_seconds": "5"}
    for page in ("settings", "rotate", "dis"):
        assert zoon.post(f"{SUPER}{page}/", **sent).status == 403
    assert Organization.objects.filter(comp_id=1).values().get() == before


def test_a_row_tells_what_it_is(zoon: Browser, company: Organization) -> None:
    text = zoon.get(COMPANIES, q=str(company.comp_id)).text
    assert re.search(rf"alice {company.key} {company.comp_id} Enabled On 1 10 ", text)


def test_it_is_found_by_comp_id_id_name_and_person(cast: Cast, zoon: Browser, company: Organization) -> None:
    Organization.objects.filter(pk=company.pk).update(name="Acme Works")
    for term in (str(company.comp_id), company.key, "acme", "ALICE"):
        text = zoon.get(COMPANIES, q=term).text
        assert "Acme Works" in text, term
        assert "charlie" not in text, term
    assert "Nothing found." in zoon.get(COMPANIES, q="999999999").text


def test_neither_zones_nor_shops_are_there(god: Browser) -> None:
    assert god.get(COMPANIES, q="XdUaXduA").text.count("XdUaXduA") == 1
    assert Organization.objects.filter(key="XdUaXduA").count() == 3


def test_the_projects_are_counted_no_further_than_a_hundred(zoon: Browser, company: Organization) -> None:
    _make_projects(company, 99)
    assert re.search(rf"{company.comp_id} Enabled On 100 10 ", zoon.get(COMPANIES).text)
    _make_projects(company, 1)
    assert re.search(rf"{company.comp_id} Enabled On 100\+ 10 ", zoon.get(COMPANIES).text)


def _make_projects(company: Organization, many: int) -> None:
    now = timezone.now()
    Project.objects.bulk_create(
        Project(name=f"Row_{n}", name_key=f"row_{n}", company=company, created_at=now, updated_at=now)
        for n in range(many)
    )


def test_a_list_costs_the_same_for_few_companies_and_for_many(zoon: Browser, company: Organization) -> None:
    few = queries(zoon, COMPANIES)
    for number in range(30):
        make_user(f"person{number}")
    _make_projects(company, 60)
    assert cost_alike(few, queries(zoon, COMPANIES), 5)


def test_the_page_shows_its_people_and_its_first_projects(cast: Cast, zoon: Browser, company: Organization) -> None:
    few = queries(zoon, address(company))
    _make_projects(company, 60)
    page = zoon.get(address(company))
    assert cast.alice.user is not None
    for told in ("alice", cast.alice.user.key, "Admin", "Row_59", "Row_50", "The newest 10; there are more."):
        assert told in page.text
    assert "Row_49 " not in page.text
    assert f"/admin/projects/project/?company={company.comp_id}" in page.source
    assert len(few) == len(queries(zoon, address(company))) <= 7


def test_god_sets_switch_limit_and_grace(cast: Cast, god: Browser, company: Organization) -> None:
    page = set_to(god, company, has_api="", project_limit="3", grace_seconds="3600")
    assert page.headers["Location"] == address(company)
    company.refresh_from_db()
    assert (company.has_api, company.project_limit, company.grace_seconds) == (False, 3, 3600)
    assert cast.root.user is not None
    assert trail(company)[-1] == ("SET", "admin", "ok", cast.root.user.key)
    event = AuditEvent.objects.filter(thing=company.key).latest("id")
    assert event.before == {"has_api": True, "project_limit": 10, "grace_seconds": 0}
    assert event.after == {"has_api": False, "project_limit": 3, "grace_seconds": 3600}


@pytest.mark.parametrize(
    "given",
    [{"project_limit": "-1"}, {"project_limit": "100001"}, {"project_limit": "x"}, {"grace_seconds": "2592001"}],
)
def test_what_is_out_of_range_is_said_and_sets_nothing(god: Browser, company: Organization, given: Any) -> None:
    before = Organization.objects.filter(pk=company.pk).values().get()
    assert set_to(god, company, **given).status == 400
    assert Organization.objects.filter(pk=company.pk).values().get() == before


def test_settings_that_have_changed_meanwhile_are_not_overwritten(god: Browser, company: Organization) -> None:
    seen = company.version
    set_to(god, company, project_limit="3")
    assert set_to(god, company, version=seen, project_limit="7").status == 409
    company.refresh_from_db()
    assert company.project_limit == 3


def test_god_closes_a_company_and_opens_it(cast: Cast, god: Browser, company: Organization) -> None:
    assert god.get(address(company)).buttons == ["Disable", "Settings", "Rotate secret"]
    assert god.post(address(company, "dis"), reason="Unpaid").status == 302
    company.refresh_from_db()
    assert (company.state, company.reason, company.disabled_side) == (State.DISABLED, "Unpaid", "admin")
    page = god.get(address(company))
    assert page.buttons == ["Change the ban", "Enable", "Rotate secret"]
    assert "Unpaid" in page.text
    assert god.post(address(company, "enb")).status == 302
    company.refresh_from_db()
    assert company.state == State.ENABLED
    assert [verb for verb, _, outcome, _ in trail(company) if outcome == "ok"][-2:] == ["DIS", "ENB"]


def test_the_super_corp_refuses_to_be_closed(god: Browser) -> None:
    assert god.get(f"{SUPER}change/").buttons == ["Settings", "Rotate secret"]
    page = god.post(f"{SUPER}dis/", reason="x")
    assert page.status == 409
    assert "This is reserved" in page.text
    assert Organization.objects.get(comp_id=1).state == State.ENABLED
